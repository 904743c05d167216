"""Codes from home: opened whole and fresh, or not at all."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.simulated.scanner import SimulatedScanner
from forms.facts import Source
from forms.prefill import Prefill, seal
from kiosk.errors import UnusableCode
from kiosk.usecases.prefill import OpenPrefill
from tests.fakes.clock import StandingClock
from tests.fakes.samples import FORMS, NOW
from tests.fakes.terminal import KEYS, NONCE, Person

PERSON = Person(1)
KNOWN = {
    "name": PERSON.card.name,
    "address": PERSON.card.address,
    "birth": PERSON.card.birth.isoformat(),
}
MADE = Prefill("juminhyo", "2026-11", NOW.isoformat(), {**KNOWN, **PERSON.answers})
LONG = {
    **MADE.answers,
    "purpose": "other",
    "purpose_other": "".join(map(chr, range(0x4E00, 0x4EC8))),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
BLANK = frozenset({"", "　"})
FIELDS = [field.id for field in FORMS["juminhyo"].fields]


@pytest.fixture
def opener():
    return OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())


def sealed(prefill=MADE, **changes):
    return "\n".join(seal(replace(prefill, **changes), KEYS.prefill_keys()[0].public_key(), NONCE))


def opened(opener, text):
    """All symbols of a code, one after another; the last of them brings the answers."""
    for symbol in text.split("\n"):
        read = opener.open(symbol)
    return read


def reason_of(opener, text):
    with pytest.raises(UnusableCode) as caught:
        opened(opener, text)
    return caught.value.reason


def test_a_code_becomes_facts_and_answers(opener):
    read = opened(opener, sealed())
    assert read.form == "juminhyo"
    assert MADE.answers.items() <= read.answers.values.items()
    assert {fact.name: fact.value for fact in read.facts.known} == {
        **KNOWN,
        "phone": PERSON.answers["phone"],
    }
    assert read.facts.sources() == {Source.PREFILL}


def test_answers_are_stored_as_their_kinds_store_them(opener):
    read = opened(
        opener, sealed(answers={**MADE.answers, "birth": "昭和26年1月1日", "copies": "３"})
    )
    assert read.answers.values["birth"] == "1951-01-01"
    assert read.facts.about("birth").value == "1951-01-01"
    assert read.answers.values["copies"] == 3


def test_an_empty_scanner_is_nothing(opener):
    assert opener.scan() is None


def test_a_code_is_scanned_once(opener):
    code = PERSON.code
    opener.scanner.show(code)
    assert opener.scan() == opener.open(code)
    assert opener.scan() is None


def test_codes_shown_before_are_forgotten(opener):
    for _ in range(3):
        opener.scanner.show(PERSON.code)
    opener.clear()
    assert opener.scan() is None


def test_a_code_of_somebody_else_is_not_ours(opener):
    assert reason_of(opener, "https://example.org") == "not-ours"


@pytest.mark.parametrize("changes", [{"form": "minami-no-kuni"}, {"version": "2020-01"}])
def test_a_form_that_is_not_ours_or_of_old_is_told(opener, changes):
    assert reason_of(opener, sealed(**changes)) == "old-form"


@pytest.mark.parametrize("age", [timedelta(days=-1), timedelta(0), timedelta(days=30)])
def test_a_code_within_its_term_is_taken(opener, age):
    assert opened(opener, sealed(made=(NOW - age).isoformat())).form == "juminhyo"


@pytest.mark.parametrize(
    "made",
    [
        (NOW - timedelta(days=30, seconds=1)).isoformat(),
        (NOW + timedelta(days=1, seconds=1)).isoformat(),
        "2026-11-21T10:00:00",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_code_outside_its_term_or_without_a_time_is_told(opener, made):
    assert reason_of(opener, sealed(made=made)) == "expired"


@pytest.mark.parametrize(
    "wrong", [{"copies": 99}, {"name": 5}, {"kind": ["person"]}, {"stranger": "x"}]
)
def test_one_answer_that_is_wrong_spoils_the_code(opener, wrong):
    assert reason_of(opener, sealed(answers={**MADE.answers, **wrong})) == "damaged"


@pytest.mark.parametrize("missing", sorted(KNOWN))
def test_a_code_that_does_not_say_who_is_told(opener, missing):
    answers = {name: value for name, value in MADE.answers.items() if name != missing}
    assert reason_of(opener, sealed(answers=answers)) == "incomplete"


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), JSON, max_size=6), st.booleans()
)
def test_whatever_stands_in_a_code_is_taken_whole_or_told(answers, over):
    opener = OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())
    told = {**MADE.answers, **answers} if over else answers
    try:
        text = sealed(answers=told)
    except UnicodeEncodeError:
        assume(False)
    with suppress(UnusableCode):
        read = opened(opener, text)
        given = {name for name, value in told.items() if value not in (None, "", [], {})}
        assert given <= read.answers.values.keys() | BLANK


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_made_in_text_is_in_term_or_expired(made):
    opener = OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())
    assert reason_of(opener, sealed(made=made)) == "expired"


@pytest.mark.parametrize("field", ["name", "address"])
def test_a_blank_where_somebody_must_be_named_is_incomplete(opener, field):
    answers = {**MADE.answers, field: "　"}
    assert reason_of(opener, sealed(answers=answers)) == "incomplete"


def test_a_code_of_several_symbols_is_read_in_any_order(opener):
    symbols = sealed(answers=LONG).split("\n")
    assert len(symbols) > 1
    first = opener.open(symbols[-1])
    assert (first.have, first.of) == (1, len(symbols))
    for symbol in (*symbols[-1:], *reversed(symbols[1:-1])):
        opener.open(symbol)
    assert opener.open(symbols[0]).answers.values["purpose_other"] == LONG["purpose_other"]


def test_symbols_of_two_people_are_never_mixed(opener):
    mine, theirs = sealed(answers=LONG).split("\n"), sealed(answers=LONG).split("\n")
    opener.open(mine[0])
    assert reason_of(opener, theirs[1]) == "mixed"
    assert opener.open(mine[0]).have == 1


def test_the_same_code_is_the_same_submission_wherever_it_is_shown(opener):
    text = sealed()
    other = OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())
    assert opened(opener, text).submission == opened(other, text).submission
    assert opened(opener, text).submission != opened(opener, sealed()).submission


def test_what_another_resident_began_to_show_is_forgotten(opener):
    opener.open(sealed(answers=LONG).split("\n")[0])
    opener.clear()
    assert opened(opener, sealed()).form == "juminhyo"
