"""The tour: plays whole journeys offscreen and keeps every screen and paper to be looked at."""

import html
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from devices.simulated.people import PracticeCard
from devices.simulated.printer import FolderPrinter, MemoryPrinter
from devices.simulated.reader import SimulatedReader
from kiosk.domain.events import GrewQuiet
from kiosk.domain.states import (
    Apologising, Choosing, Deferring, EnteringPin, Filling, Greeting, Hesitating, Identifying,
    Idle, Parting, Paying, Reviewing, State,
)
from kiosk.ui.kit.button import Button
from kiosk.ui.terminal import Terminal


PATIENCE_SECONDS = 20.0


class TourStuck(Exception):
    """A journey did not reach the page it should."""


@dataclass
class Album:
    """Where pictures and papers are laid down, in order."""

    folder: Path
    said: Callable[[str], None]
    chapters: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """A new row of pictures."""
        self.chapters.append((title, []))
        self.said(title)

    def keep(self, widget: QWidget, name: str, caption: str) -> None:
        """One screen as PNG."""
        settle()
        file = self.folder / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not widget.grab().save(str(file)):
            raise TourStuck(f"cannot write {file}")
        self.chapters[-1][1].append((f"{name}.png", caption))

    def paper(self, name: str, pdf: bytes) -> None:
        """One paper as PDF."""
        file = self.folder / "papers" / f"{name}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pdf)
        self.chapters[-1][1].append((f"papers/{name}.pdf", name))

    def close(self) -> Path:
        """The page that shows everything in order."""
        rows = "\n".join(_row(title, pictures) for title, pictures in self.chapters)
        index = self.folder / "index.html"
        index.write_text(_PAGE.replace("ROWS", rows), "utf-8")
        return index


_PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>書かない窓口 — tour</title>
<style>body{font:18px/1.6 sans-serif;margin:2rem;color:#1a1a1a}h1,h2{color:#0017c1}
div{display:flex;gap:1rem;overflow-x:auto;padding-bottom:1rem}figure{margin:0;flex:none}
img{height:480px;border:1px solid #949494;border-radius:6px}
object{height:480px;width:340px;border:1px solid #949494}figcaption{font-size:15px}</style>
<h1>書かない窓口</h1>ROWS</html>"""


def _row(title: str, pictures: list[tuple[str, str]]) -> str:
    cells = "".join(
        f'<figure><a href="{html.escape(file)}">{_cell(file, caption)}</a>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        for file, caption in pictures
    )
    return f"<h2>{html.escape(title)}</h2><div>{cells}</div>"


def _cell(file: str, caption: str) -> str:
    if file.endswith(".pdf"):
        return f'<object data="{html.escape(file)}" type="application/pdf">{html.escape(caption)}</object>'
    return f'<img loading="lazy" src="{html.escape(file)}" alt="{html.escape(caption)}">'


def settle() -> None:
    """Let Qt do what it has to do, and really destroy what was left."""
    for _ in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@dataclass(frozen=True)
class Walker:
    """Somebody who uses one terminal with their hands."""

    terminal: Terminal
    reader: SimulatedReader
    printer: FolderPrinter | MemoryPrinter
    album: Album
    prefix: str

    @property
    def state(self) -> State:
        """Where the turn stands."""
        return self.terminal.attend.state if self.terminal.attend else Idle()

    def until(self, what: str, reached: Callable[[State], bool]) -> None:
        """Wait until the turn stands there."""
        limit = time.monotonic() + PATIENCE_SECONDS
        while self.terminal.attend is None or not reached(self.state):
            QApplication.processEvents()
            time.sleep(0.005)
            if self.terminal.fault is not None:
                raise TourStuck(str(self.terminal.fault))
            if time.monotonic() > limit:
                raise TourStuck(f"waited for {what}, stands at {type(self.state).__name__}")
        settle()

    def shoot(self, name: str) -> None:
        """Keep what is on the screen."""
        self.album.keep(self.terminal.window, f"{self.prefix}/{name}", name)

    def press(self, key: str) -> None:
        """Press the button of that key, or with those words."""
        page = self.terminal.window.page
        buttons = page.findChildren(Button) if page else []
        found = [b for b in buttons if key in (b.objectName(), b.accessibleName(), b.words)]
        if not found or not found[0].isEnabled():
            raise TourStuck(f"no button {key!r} on {type(self.state).__name__}")
        found[0].click()
        settle()

    def begin(self, language: str, *, shots: bool = True) -> None:
        """From the start page to the place for the card."""
        self.until("the start", lambda s: isinstance(s, Idle))
        self._shot(shots, "01-start")
        self.press("start.touch")
        self.until("languages", lambda s: isinstance(s, Greeting))
        self._shot(shots, "02-language")
        texts = self.terminal.window.words(language)
        self.press(texts("language"))
        self.until("procedures", lambda s: isinstance(s, Choosing))
        self._shot(shots, "03-procedure")
        self.press(texts("form.juminhyo"))
        self.until("the card", lambda s: isinstance(s, Identifying))
        self._shot(shots, "04-card")

    def enter_pin(self, pin: str = "1234", shot: str = "") -> None:
        """Type the digits and enter them."""
        self.until("the PIN", lambda s: isinstance(s, EnteringPin))
        for digit in pin:
            self.press(digit)
        self._shot(bool(shot), shot)
        self.press(self.terminal.window.words(self._language)("pin.done"))

    def fill(self, *, shots: bool = True) -> None:
        """Agree with the facts, answer every question, check the answers."""
        texts = self.terminal.window.words(self._language)
        self.until("the facts", lambda s: isinstance(s, Filling))
        self._shot(shots, "06-known")
        self.press("known.yes")
        number = 7
        while isinstance(state := self.state, Filling) and state.question:
            self._answer(state.question, texts("fill.next"), shots, number)
            number += 1
        self.until("all answers", lambda s: isinstance(s, Reviewing))
        self._shot(shots, f"{number:02d}-review")

    def _answer(self, question: str, forward: str, shots: bool, number: int) -> None:  # noqa: FBT001
        texts = self.terminal.window.words(self._language)
        if question == "phone":
            for digit in "09012345678":
                self.press(digit)
        self._shot(shots, f"{number:02d}-ask-{question}")
        words = {
            "phone": forward,
            "copies": forward,
            "kind": texts("option.kind.household"),
            "purpose": texts("option.purpose.pension"),
        }
        self.press(words.get(question, texts("answer.yes")))

    @property
    def _language(self) -> str:
        window = self.terminal.window
        return window.page.texts.language if window.page else "ja"

    def _shot(self, wanted: bool, name: str) -> None:  # noqa: FBT001
        if wanted:
            self.shoot(name)

    def take_everything(self) -> None:
        """Take card and papers; the start page comes back."""
        self.reader.remove()
        if isinstance(self.state, Parting | Apologising):
            page = self.terminal.window.page
            done = [b for b in page.findChildren(Button) if b.objectName() in ("part.done", "apology.done")] if page else []
            if done:
                done[0].click()
        self.until("the start again", lambda s: isinstance(s, Idle))


def whole_journey(walker: Walker, card: PracticeCard, language: str) -> None:
    """Start to papers, every page kept."""
    walker.begin(language)
    walker.reader.place(card)
    walker.enter_pin(card.pin, "05-pin")
    walker.fill()
    walker.press("review.confirm")
    walker.until("the fee", lambda s: isinstance(s, Paying) and s.ready)
    walker.shoot("14-fee")
    walker.press("pay.button")
    walker.until("the papers", lambda s: isinstance(s, Parting | Apologising))
    walker.shoot("15-take-your-things")
    walker.take_everything()


def cancelled(walker: Walker, card: PracticeCard, language: str) -> None:
    """Silence, then going on, then leaving; then a card pulled away."""
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.until("the facts", lambda s: isinstance(s, Filling))
    if walker.terminal.attend:
        walker.terminal.attend.handle(GrewQuiet())
    walker.until("the warning", lambda s: isinstance(s, Hesitating))
    walker.shoot("16-still-there")
    walker.press("hesitate.continue")
    walker.press("nav.leave")
    walker.shoot("17-really-stop")
    walker.press("hesitate.leave")
    walker.until("the farewell", lambda s: isinstance(s, Parting))
    walker.shoot("18-stopped")
    walker.take_everything()
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.until("the PIN", lambda s: isinstance(s, EnteringPin))
    walker.reader.remove()
    walker.until("the apology", lambda s: isinstance(s, Apologising))
    walker.shoot("19-card-removed")
    walker.take_everything()


def paper_out(walker: Walker, card: PracticeCard, language: str) -> None:
    """No paper: said before any money is taken."""
    walker.printer.paper_out = True
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.fill(shots=False)
    walker.press("review.confirm")
    walker.until("the apology", lambda s: isinstance(s, Apologising))
    walker.shoot("20-paper-out")
    walker.printer.paper_out = False
    walker.take_everything()


def wrong_pin(walker: Walker, card: PracticeCard, language: str) -> None:
    """One try left, and that one wrong: said before, and after."""
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.until("the PIN", lambda s: isinstance(s, EnteringPin))
    walker.shoot("21-last-try")
    walker.enter_pin("9999")
    walker.until("blocked", lambda s: isinstance(s, Apologising))
    walker.shoot("22-pin-blocked")
    walker.take_everything()


def office_away(walker: Walker, card: PracticeCard, language: str) -> None:
    """The office cannot be reached: leave it with us, and keep the receipt."""
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.fill(shots=False)
    walker.press("review.confirm")
    walker.until("the offer", lambda s: isinstance(s, Deferring))
    walker.shoot("23-office-away")
    walker.press("defer.leave")
    walker.until("the receipt", lambda s: isinstance(s, Parting))
    walker.shoot("24-kept")
    walker.take_everything()


