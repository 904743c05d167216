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
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
FIELDS = [field.id for field in FORMS["juminhyo"].fields]


@pytest.fixture
def opener():
    return OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())


def sealed(prefill=MADE, **changes):
    return seal(replace(prefill, **changes), KEYS.prefill_keys()[0].public_key(), NONCE)


def reason_of(opener, text):
    with pytest.raises(UnusableCode) as caught:
        opener.open(text)
    return caught.value.reason


def test_a_code_becomes_facts_and_answers(opener):
    read = opener.open(sealed())
    assert read.form == "juminhyo"
    assert read.answers.values == MADE.answers
    assert {fact.name: fact.value for fact in read.facts.known} == {
        **KNOWN,
        "phone": PERSON.answers["phone"],
    }
    assert read.facts.sources() == {Source.PREFILL}


def test_answers_are_stored_as_their_kinds_store_them(opener):
    read = opener.open(sealed(answers={**MADE.answers, "birth": "昭和26年1月1日", "copies": "３"}))
    assert read.answers.values["birth"] == "1951-01-01"
    assert read.facts.about("birth").value == "1951-01-01"
    assert read.answers.values["copies"] == 3


def test_an_empty_scanner_is_nothing(opener):
    assert opener.scan() is None


def test_a_code_is_scanned_once(opener):
    opener.scanner.show(PERSON.code)
    assert opener.scan() == opener.open(PERSON.code)
    assert opener.scan() is None


def test_codes_shown_before_are_forgotten(opener):
    for _ in range(3):
        opener.scanner.show(PERSON.code)
    opener.clear()
    assert opener.scan() is None


def test_a_code_of_somebody_else_is_not_ours(opener):
    assert reason_of(opener, "https://example.org") == "not-ours"


@pytest.mark.parametrize("changes", [{"form": "koseki"}, {"version": "2020-01"}])
def test_a_form_that_is_not_ours_or_of_old_is_told(opener, changes):
    assert reason_of(opener, sealed(**changes)) == "old-form"


@pytest.mark.parametrize("age", [timedelta(days=-1), timedelta(0), timedelta(days=30)])
def test_a_code_within_its_term_is_taken(opener, age):
    assert opener.open(sealed(made=(NOW - age).isoformat())).form == "juminhyo"


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
        read = opener.open(text)
        assert read.answers.values.keys() == told.keys()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_made_in_text_is_in_term_or_expired(made):
    opener = OpenPrefill(SimulatedScanner(), KEYS, FORMS, StandingClock())
    assert reason_of(opener, sealed(made=made)) == "expired"


@pytest.mark.parametrize("field", ["name", "address"])
def test_a_blank_where_somebody_must_be_named_is_incomplete(opener, field):
    answers = {**MADE.answers, field: "　"}
    assert reason_of(opener, sealed(answers=answers)) == "incomplete"
