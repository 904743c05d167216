"""Consent as part of a turn: asked one purpose at a time, looked at and taken back later."""

from msgspec.structs import replace

from forms.purposes import Purpose, Purposes
from kiosk.domain.agreement import Said, Word
from kiosk.domain.events import (
    Confirmed,
    ConsentsRecalled,
    ConsentWithdrawn,
    Event,
    WentBack,
    WithdrawalAsked,
)
from kiosk.domain.states import (
    Case,
    Identity,
    Recalling,
    Revoking,
    State,
    Surveying,
    Withdrawing,
    left_survey,
)


def to_ask(case: Case, purposes: Purposes) -> Purpose | None:
    """The next purpose that nothing was said to; whoever showed no card is asked none."""
    if case.identity is not Identity.CARD:
        return None
    said = {each.purpose for each in case.said}
    return next((each for each in purposes.of(case.form) if each.id not in said), None)


def say(case: Case, purpose: Purpose, *, agrees: bool) -> Case:
    """The case with this answer to this purpose."""
    word = Word.GIVEN if agrees else Word.REFUSED
    return replace(case, said=(*case.said, Said(purpose.id, purpose.notice, word)))


def unsay(case: Case) -> Case:
    """The case without its last answer: it is asked again, and not shown."""
    return replace(case, said=case.said[:-1])


def oversee(state: Recalling | Surveying | Withdrawing | Revoking, event: Event) -> State:
    """A visit to see what was agreed to, and to take it back."""
    match state, event:
        case Recalling(language), ConsentsRecalled(person, agreed, whole):
            return Surveying(language, person, agreed, whole)
        case Surveying(agreed=agreed), WithdrawalAsked(purpose):
            stands = any(each.purpose == purpose for each in agreed)
            return Withdrawing(state, purpose) if stands else state
        case Withdrawing(survey), WentBack():
            return survey
        case Withdrawing(survey, purpose), Confirmed():
            return Revoking(survey, purpose)
        case Revoking(survey, purpose, leaving), ConsentWithdrawn(gone, number) if gone == purpose:
            standing = tuple(each for each in survey.agreed if each.purpose != purpose)
            after = replace(survey, agreed=standing, slip=number)
            return left_survey(after, inside=False) if leaving else after
    return state
