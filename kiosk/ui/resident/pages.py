"""Which page shows which state; loaded behind the first frame, before which only the start is."""

from kiosk.domain import states
from kiosk.domain.states import State
from kiosk.ui.kit.label import Label
from kiosk.ui.resident import arrival, closing, consenting, filling, standing
from kiosk.ui.resident.page import Page
from kiosk.ui.resident.window import Known


def every_page(page: Page, state: State, known: Known) -> Label | None:
    """Lay out the page of the state; where seconds are counted on it, the label that shows them."""
    journey = known.journey
    match state:
        case states.Idle():
            arrival.start(page, state, journey, known.notices)
        case states.Closed():
            standing.closed(page, state)
        case states.Greeting():
            arrival.language(page, state, known.texts)
        case states.Choosing():
            arrival.choose(page, state, journey, known.notices)
        case states.Identifying():
            arrival.identify(page, state)
        case states.EnteringPin():
            arrival.enter_pin(page, state)
        case states.Reading():
            arrival.reading(page, state)
        case states.Filling():
            filling.fill(page, state, journey)
        case states.Blocked():
            filling.blocked(page, state, journey)
        case states.Reviewing():
            closing.review(page, state, journey)
        case states.Consenting():
            consenting.consent(page, state, journey)
        case states.Recalling():
            consenting.working(page, "recall")
        case states.Surveying():
            consenting.survey(page, state, journey)
        case states.Withdrawing():
            consenting.withdraw(page, state, journey)
        case states.Revoking():
            consenting.working(page, "revoke")
        case states.Paying():
            closing.pay(page, state)
        case states.Deferring():
            closing.defer(page, state)
        case states.Submitting():
            closing.submit(page, state)
        case states.Issuing():
            closing.issue(page, state)
        case states.Parting():
            closing.part(page, state)
        case states.Apologising():
            closing.apologise(page, state)
        case states.Hesitating():
            return closing.hesitate(page, state)
    return None
