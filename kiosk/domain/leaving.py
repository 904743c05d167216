"""How a turn ends before its end: by silence, by wish, by a fault; a card is never kept.

`session.advance` hands every leaving and every fault to these rules, whatever the state.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from kiosk.domain.events import AskedToLeave, CardRemoved, Event, GrewQuiet, Kept, Left, TimedOut
from kiosk.domain.states import (
    Apologising,
    Blocked,
    Choosing,
    Closed,
    Consenting,
    Deferring,
    Ending,
    EnteringPin,
    Filling,
    Greeting,
    Hesitating,
    Identifying,
    Idle,
    Issuing,
    Parting,
    Patient,
    Paying,
    Reviewing,
    State,
    Submitting,
    Surveying,
    Withdrawing,
    card_inside,
    language_of,
    left_survey,
)

WARNING_SECONDS = 30
STOPPING = frozenset({"print-unclear", "wrong-sheet"})  # the next turn waits for the staff
_PATIENCE: Mapping[type, int] = {
    Greeting: 30,
    Choosing: 60,
    Identifying: 60,
    EnteringPin: 60,
    Filling: 60,
    Blocked: 60,
    Reviewing: 90,
    Consenting: 120,
    Deferring: 60,
    Surveying: 90,
    Withdrawing: 60,
    Apologising: 30,
    Parting: 20,
    Hesitating: WARNING_SECONDS,
}


def patience(state: State) -> int | None:
    """After how many silent seconds the turn grows quiet; None while the terminal is at work."""
    if isinstance(state, Paying) and not state.taking:
        return 60
    return _PATIENCE.get(type(state))


def leave(state: State, event: Event) -> State:
    """Where somebody stands who goes, is silent, or takes the card away."""
    match state, event:
        case ((Idle() | Closed()), _):
            return state
        case _, CardRemoved() if not card_inside(state):
            return state  # a card of nobody's turn: the one before was slow to take it
        case ((Parting() | Apologising()), CardRemoved()):
            return replace(state, card_inside=False)
        case Apologising(code=code), _ if code in STOPPING:
            return Closed()
        case ((Greeting() | Parting() | Apologising()), _):
            return Idle()
        case Surveying(slip=str()), (CardRemoved() | Left() | AskedToLeave()):
            return left_survey(state, inside=not isinstance(event, CardRemoved))
        case Surveying(), (Left() | AskedToLeave()):
            return _part(state, Ending.LEFT)
        case _, CardRemoved():
            return Apologising(language_of(state), "card-removed", card_inside=False)
        case Hesitating(), (AskedToLeave() | GrewQuiet()):
            return state
        case ((Choosing() | Identifying() | EnteringPin()), AskedToLeave()):
            return _part(state, Ending.LEFT)
        case _, (AskedToLeave() | GrewQuiet()) if isinstance(state, Patient):
            return Hesitating(state, silent=isinstance(event, GrewQuiet))
        case _, TimedOut():
            return _part(state, Ending.TIMED_OUT)
    return _part(state, Ending.LEFT)


def _part(state: State, ending: Ending) -> State:
    """Everything is forgotten; a card that still lies there is asked to be taken."""
    if card_inside(state):
        return Parting(language_of(state), ending, card_inside=True)
    return Idle()


def fail(state: State, code: str) -> State:
    """What a fault of the world does to a turn; nothing that was kept is forgotten silently."""
    match state:
        case Idle() | Closed() | Greeting() | Choosing() | Parting() | Apologising():
            return state
        case Paying(case, taking=False) if code == "office-unreachable":
            return Deferring(case)
        case Issuing(kept=kept) | Submitting(kept=Kept() as kept):
            return Apologising(language_of(state), code, card_inside(state), kept.receipt)
    return Apologising(language_of(state), code, card_inside(state))
