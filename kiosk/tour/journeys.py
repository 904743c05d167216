"""The journeys of the tour: the good one, and every trouble that has a screen."""

from collections.abc import Callable, Mapping
from pathlib import Path

from devices.scanners.files import codes_in_file
from devices.simulated.card.person import Holder
from devices.simulated.scanner import SimulatedScanner
from kiosk.domain.events import GrewQuiet
from kiosk.domain.states import (
    Apologising,
    Choosing,
    Deferring,
    EnteringPin,
    Filling,
    Hesitating,
    Parting,
    Paying,
    Reviewing,
)
from kiosk.tour.album import TourStuck
from kiosk.tour.walker import FORM, Walker


def whole_journey(walker: Walker, card: Holder, language: str) -> None:
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


def ordered(
    walker: Walker, card: Holder, language: str, form: str, answers: Mapping[str, object]
) -> Parting | Apologising:
    """From the card to what comes of it: the papers, or the apology; nothing is taken yet."""
    walker.begin(language, form=form, shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.fill(answers, shots=False)
    walker.press("review.confirm")
    walker.until("the fee", lambda s: isinstance(s, Paying) and s.ready)
    walker.press("pay.button")
    walker.until("the end", lambda s: isinstance(s, Parting | Apologising))
    state = walker.state
    if not isinstance(state, Parting | Apologising):
        raise TourStuck(f"{form}: stands at {type(state).__name__}")
    return state


def cancelled(walker: Walker, card: Holder, language: str) -> None:
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


def paper_out(walker: Walker, card: Holder, language: str) -> None:
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


def wrong_pin(walker: Walker, card: Holder, language: str) -> None:
    """One try left, and that one wrong: said before, and after."""
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.until("the PIN", lambda s: isinstance(s, EnteringPin))
    walker.shoot("21-ask-first")
    walker.press("pin.ask.yes")
    walker.shoot("21-last-try")
    walker.enter_pin("9999")
    walker.until("blocked", lambda s: isinstance(s, Apologising))
    walker.shoot("22-pin-blocked")
    walker.take_everything()


def office_away(walker: Walker, card: Holder, language: str, cut: Callable[[], None]) -> None:
    """The office goes away in the middle: leave it with us; the next one is told before."""
    walker.begin(language, shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.fill(shots=False)
    cut()
    walker.press("review.confirm")
    walker.until("the offer", lambda s: isinstance(s, Deferring))
    walker.shoot("23-office-away")
    walker.press("defer.leave")
    walker.until("the receipt", lambda s: isinstance(s, Parting))
    walker.shoot("24-kept")
    walker.take_everything()
    walker.until("the line to be down", lambda _: not walker.up)
    walker.shoot("27-start-while-away")
    walker.choose(language)
    walker.shoot("28-procedure-while-away")
    walker.press(walker.terminal.window.form_words(FORM, language).title())
    walker.until("what to do instead", lambda s: isinstance(s, Choosing) and bool(s.away))
    walker.shoot("29-not-now")
    walker.press("nav.leave")


def code_from_home(walker: Walker, scanner: SimulatedScanner, code: Path, language: str) -> None:
    """A code filled in at home, shown instead of a card."""
    walker.begin(language, shots=False)
    for text in codes_in_file(code):
        scanner.show(text)
    walker.until("the facts", lambda s: isinstance(s, Filling))
    walker.shoot("25-from-home")
    walker.press("known.yes")
    walker.until("all answers", lambda s: isinstance(s, Reviewing))
    walker.press("review.confirm")
    walker.until("the receipt", lambda s: isinstance(s, Parting))
    walker.shoot("26-handed-in")
    walker.take_everything()
