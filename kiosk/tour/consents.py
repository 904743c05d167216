"""The journey of a consent: asked after an application, looked at later, and taken back."""

from collections.abc import Mapping

from devices.simulated.card.person import Holder
from kiosk.domain.events import Answered
from kiosk.domain.states import (
    Choosing,
    Consenting,
    Filling,
    Greeting,
    Identifying,
    Idle,
    Parting,
    Reviewing,
    Surveying,
    Withdrawing,
)
from kiosk.tour.walker import Walker

ANSWERS: Mapping[str, object] = {
    "request": "new",
    "contact_place": "relatives",
    "contact_phone": "09011112222",
    "disaster": "typhoon-2026-10",
    "cause": "storm",
    "same_place": False,
    "place_words": "港町の駐車場",
    "targets": ["vehicle", "exterior"],
    "vehicle_number": "書蒼500あ1234",
    "damage": "車が流された。",
    "copies": 1,
}


def agreed_and_withdrawn(walker: Walker, card: Holder, language: str) -> None:
    """A yes and a no after 罹災証明; then the visit that takes the yes back."""
    _apply(walker, card, language)
    walker.until("the start", lambda s: isinstance(s, Idle))
    walker.press("start.touch")
    walker.until("languages", lambda s: isinstance(s, Greeting))
    walker.press(walker.terminal.window.words(language)("language"))
    walker.until("procedures", lambda s: isinstance(s, Choosing))
    walker.press("choose.consents")
    walker.until("the card", lambda s: isinstance(s, Identifying))
    walker.shoot("32-card-for-consents")
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.until("what was agreed to", lambda s: isinstance(s, Surveying))
    walker.shoot("33-agreed")
    state = walker.state
    if isinstance(state, Surveying):
        words = walker.purposes.say("title", state.agreed[0].purpose, language)
        walker.press(words)
    walker.until("the question", lambda s: isinstance(s, Withdrawing))
    walker.shoot("34-withdraw")
    walker.press("withdraw.yes")
    walker.until("that it is done", lambda s: isinstance(s, Surveying) and s.slip is not None)
    walker.shoot("35-withdrawn")
    walker.press("survey.close")
    walker.until("the farewell", lambda s: isinstance(s, Parting))
    walker.shoot("36-consent-ended")
    walker.take_everything()


def _apply(walker: Walker, card: Holder, language: str) -> None:
    walker.begin(language, form="risai", shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.until("the facts", lambda s: isinstance(s, Filling))
    walker.press("known.yes")
    while isinstance(state := walker.state, Filling) and state.question and walker.terminal.attend:
        walker.terminal.attend.handle(Answered(state.question, ANSWERS.get(state.question)))
    walker.until("all answers", lambda s: isinstance(s, Reviewing))
    walker.press("review.confirm")
    for number, answer in enumerate(("answer.yes", "answer.no"), start=30):
        walker.until("a purpose", lambda s: isinstance(s, Consenting))
        walker.shoot(f"{number}-may-we-share")
        walker.press(answer)
    walker.until("the receipt", lambda s: isinstance(s, Parting))
    walker.take_everything()
