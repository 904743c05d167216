"""One state of every kind, with the longest words that are likely."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

from forms.answers import start
from forms.definition import Channel
from forms.facts import Facts, Source, from_mapping
from forms.loader import load_all
from forms.purposes_loader import told_purposes
from forms.scope import Occasion
from forms.words_loader import load_words
from kiosk.domain import states
from kiosk.domain.agreement import Agreement
from kiosk.domain.events import Kept
from kiosk.domain.pin import Pin
from kiosk.domain.session import Journey
from kiosk.domain.states import Case, Ending, Identity, State
from kiosk.ui.apologies import APOLOGIES
from tests.fakes.answers import ANSWERS

ROOT = Path(__file__).parents[2]
FORMS = load_all(ROOT / "resources" / "forms")
WORDS = load_words(
    ROOT / "resources" / "texts" / "forms", {name: form.definition for name, form in FORMS.items()}
)
NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
OCCASION = Occasion(NOW.date(), Channel.KIOSK)
AT_DESK = Occasion(NOW.date(), Channel.COUNTER)
PURPOSES = told_purposes(
    ROOT / "resources" / "consent" / "purposes.yaml",
    ROOT / "resources" / "texts" / "consent" / "purposes.yaml",
    FORMS,
)
JOURNEY = Journey(FORMS, NOW.date, words=WORDS, purposes=PURPOSES)
AGREED = tuple(Agreement(each.id, date(2026, 11, 3), date(2028, 11, 3)) for each in PURPOSES.every)
AT_THE_COUNTER = {
    "relation": "self",
    "nationals": "japanese",
    "pay_method": "cash",
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
    "identity_method": "card-pin",
}
NOBODY = Facts()
KEPT = Kept("01930000-0000-7000-8000-000000000000", "K01-000001")


def facts(source: Source = Source.CARD) -> Facts:
    return from_mapping(
        {
            "name": "NGUYEN THI MINH CHAU",
            "address": "かかない県書蒼市駅前二丁目8番1号　書蒼ハイツ1105",
            "birth": "1999-08-08",
            "sex": "2",
        },
        source,
        NOW,
    )


def case(language: str = "ja", identity: Identity = Identity.CARD) -> Case:
    known = facts(Source.CARD if identity is Identity.CARD else Source.PREFILL)
    answers = start(FORMS["juminhyo"], known, OCCASION)
    for field, value in ANSWERS.items():
        answers = answers.answer(field, value)
    return Case(language, "juminhyo", identity, known, answers)


def desk_case(form: str, answers: Mapping[str, object], known: Facts = NOBODY) -> Case:
    """What a clerk entered, as far as the form asks for it, over what it begins with."""
    made = start(FORMS[form], known, AT_DESK)
    for name, value in answers.items():
        if FORMS[form].questions.knows(name):
            made = made.answer(name, value)
    return Case("ja", form, Identity.CLERK, known, made)


def every_state(language: str) -> Iterator[tuple[str, State]]:
    """A name and a state for every page there is."""
    whole = case(language)
    price = FORMS["juminhyo"].quote(whole.answers.values, OCCASION)
    yield "idle", states.Idle()
    yield "closed", states.Closed(("R8-000123-1", "R8-000123-2"))
    yield "greeting", states.Greeting()
    yield "choosing", states.Choosing(language)
    yield "identifying", states.Identifying(language, "juminhyo")
    yield "identifying-consents", states.Identifying(language, None)
    yield "pin", states.EnteringPin(language, "juminhyo", 3)
    yield "pin-ask", states.EnteringPin(language, "juminhyo", 1, refused=True)
    yield "pin-last", states.EnteringPin(language, "juminhyo", 1, refused=True, agreed=True)
    yield "reading", states.Reading(language, "juminhyo", Pin(b"1234"))
    yield "known", states.Filling(whole)
    for question in JOURNEY.questions(whole):
        yield f"ask-{question}", states.Filling(whole, question)
    yield "blocked", states.Blocked(whole, "kind")
    yield "reviewing", states.Reviewing(whole)
    struck = states.Case(language, "risai", Identity.CARD, facts(), case(language).answers)
    for purpose in PURPOSES.of("risai"):
        yield f"consenting-{purpose.id}", states.Consenting(struck, purpose.id)
    survey = states.Surveying(language, "f" * 64, AGREED, whole=True)
    yield "recalling", states.Recalling(language, facts())
    yield "surveying", survey
    here = {"agreed": AGREED[1:], "whole": False, "slip": "K01-3F9A21"}
    yield "surveying-away", replace(survey, **here)
    yield "surveying-nothing", replace(survey, agreed=(), slip="K01-3F9A21")
    yield "withdrawing", states.Withdrawing(survey, AGREED[0].purpose)
    yield "revoking", states.Revoking(survey, AGREED[0].purpose)
    yield "parting-withdrawn", states.Parting(language, Ending.WITHDRAWN, True, "K01-3F9A21")
    yield "paying-checking", states.Paying(whole, price)
    yield "paying", states.Paying(whole, price, ready=True)
    yield "paying-taking", states.Paying(whole, price, ready=True, taking=True)
    yield "deferring", states.Deferring(whole)
    yield "submitting", states.Submitting(whole)
    yield "issuing", states.Issuing(whole, "P1", KEPT)
    yield "parting-issued", states.Parting(language, Ending.ISSUED, True, "K01-000001", 10)
    yield "parting-handed-in", states.Parting(language, Ending.HANDED_IN, False, "K01-000001")
    yield "parting-waiting", states.Parting(language, Ending.KEPT_WAITING, True, "K01-000001")
    yield "parting-left", states.Parting(language, Ending.LEFT, True)
    yield "parting-timed-out", states.Parting(language, Ending.TIMED_OUT, True)
    for code in (row.code for row in APOLOGIES):
        yield (
            f"apology-{code}",
            states.Apologising(language, code, card_inside=code != "card-removed"),
        )
    yield "hesitating-silent", states.Hesitating(states.Reviewing(whole), silent=True)
    yield "hesitating-wish", states.Hesitating(states.Reviewing(whole), silent=False)
