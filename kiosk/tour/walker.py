"""Somebody who uses a kiosk with their hands."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from devices.simulated.printer import FolderPrinter, MemoryPrinter
from devices.simulated.reader import SimulatedReader
from forms.purposes import Purposes
from kiosk.domain.states import (
    Apologising,
    Choosing,
    EnteringPin,
    Filling,
    Greeting,
    Identifying,
    Idle,
    Parting,
    Reviewing,
    State,
)
from kiosk.tour.album import Album, TourStuck, settle
from kiosk.ui.kit.button import Button
from kiosk.ui.terminal import Terminal

PATIENCE_SECONDS = 20.0
FORM = "juminhyo"
ANSWERS: Mapping[str, object] = {
    "phone": "09012345678",
    "kind": "household",
    "relationship": True,
    "domicile": True,
    "copies": 1,
    "purpose": "pension",
}


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

    @property
    def up(self) -> bool:
        """Whether the terminal believes that the office can be reached."""
        return self.terminal.attend is None or self.terminal.attend.journey.up

    @property
    def purposes(self) -> Purposes:
        """What this terminal asks consent for."""
        return self.terminal.window.purposes

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

    def begin(self, language: str, *, form: str = FORM, shots: bool = True) -> None:
        """From the start page to the place for the card."""
        self.choose(language, shots=shots)
        self.press(self.terminal.window.form_words(form, language).title())
        self.until("the card", lambda s: isinstance(s, Identifying))
        self._shot(shots, "04-card")

    def choose(self, language: str, *, shots: bool = False) -> None:
        """From the start page to the procedures."""
        self.until("the start", lambda s: isinstance(s, Idle))
        self._shot(shots, "01-start")
        self.press("start.touch")
        self.until("languages", lambda s: isinstance(s, Greeting))
        self._shot(shots, "02-language")
        texts = self.terminal.window.words(language)
        self.press(texts("language"))
        self.until("procedures", lambda s: isinstance(s, Choosing))
        self._shot(shots, "03-procedure")

    def enter_pin(self, pin: str = "1234", shot: str = "") -> None:
        """Type the digits and enter them."""
        self.until("the PIN", lambda s: isinstance(s, EnteringPin))
        for digit in pin:
            self.press(digit)
        self._shot(bool(shot), shot)
        self.press(self.terminal.window.words(self._language)("pin.done"))

    def fill(self, answers: Mapping[str, object] = ANSWERS, *, shots: bool = True) -> None:
        """Agree with the facts, answer every question, check the answers."""
        self.until("the facts", lambda s: isinstance(s, Filling))
        self._shot(shots, "06-known")
        self.press("known.yes")
        number = 7
        while isinstance(state := self.state, Filling) and state.question:
            field = state.question.rpartition(".")[2]
            onward = self._enter(state.case.form, field, answers[field])
            self._shot(shots, f"{number:02d}-ask-{state.question}")
            self.press(onward)
            number += 1
        self.until("all answers", lambda s: isinstance(s, Reviewing))
        self._shot(shots, f"{number:02d}-review")

    def _enter(self, form: str, field: str, value: object) -> str:
        """Type it or count up to it; what has to be pressed then, a choice itself."""
        texts = self.terminal.window.words(self._language)
        if isinstance(value, bool):
            return texts("answer.yes" if value else "answer.no")
        if isinstance(value, int):
            for _ in range(value - 1):
                self.press("+")
            return texts("fill.next")
        if field == "phone":
            for digit in str(value):
                self.press(digit)
            return texts("fill.next")
        return self.terminal.window.form_words(form, self._language).name(f"option.{field}.{value}")

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
            done = (
                [
                    b
                    for b in page.findChildren(Button)
                    if b.objectName() in ("part.done", "apology.done")
                ]
                if page
                else []
            )
            if done:
                done[0].click()
        self.until("the start again", lambda s: isinstance(s, Idle))
