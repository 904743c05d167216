"""Who is here: a card's facts, and a PIN that is gone whatever comes of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.faults import CardGone, ExpiredCard, ForgedCard, UnknownCard, UnreadableCard
from forms.facts import Source
from kiosk.domain.events import PinRefused
from kiosk.domain.pin import Pin
from kiosk.usecases.identify import Identify
from tests.fakes.clock import StandingClock
from tests.fakes.reader import PlainReader
from tests.fakes.samples import FORMS, NOW
from tests.fakes.terminal import Person

CARD = Person(1).card


def identify(card=CARD, **reader):
    plain = PlainReader()
    plain.lies = card
    vars(plain).update(reader)
    return Identify(plain, FORMS, StandingClock())


def test_an_empty_reader_is_nothing():
    assert identify(None).look() is None


def test_a_my_number_card_is_seen_with_its_tries():
    assert identify().look().attempts_left == 3


@pytest.mark.parametrize("kind", ["juki", "phone-android", "suica"])
def test_anything_else_is_refused(kind):
    with pytest.raises(UnknownCard):
        identify(replace(CARD, kind=kind)).look()


def test_a_card_is_good_on_its_last_day_and_not_after():
    last = identify(replace(CARD, expires=date(2026, 11, 21)))
    assert last.look().expires == "2026-11-21"
    last.clock.moment = datetime(2026, 11, 22, tzinfo=UTC)
    with pytest.raises(ExpiredCard):
        last.look()


def test_a_card_that_does_not_say_its_term_is_taken():
    assert identify(replace(CARD, expires=None)).look().kind == "mynumber"


def test_a_day_of_birth_that_nobody_knows_is_left_to_be_asked():
    read = identify(replace(CARD, birth=None)).read("juminhyo", Pin(b"0001"))
    assert read.facts.about("birth") is None
    assert "birth" not in read.answers.values


def test_a_reading_becomes_facts_and_first_answers():
    read = identify().read("juminhyo", Pin(b"0001"))
    assert {fact.name: fact.value for fact in read.facts.known} == {
        "name": CARD.name,
        "address": CARD.address,
        "sex": "2",
        "birth": "1951-01-01",
    }
    assert read.facts.sources() == {Source.CARD}
    assert read.facts.known[0].at == NOW
    assert read.answers.values["name"] == CARD.name


def test_a_wrong_pin_tells_the_tries_left():
    assert identify().read("juminhyo", Pin(b"9999")) == PinRefused(2)


def test_the_last_try_is_not_used_without_a_yes():
    last = identify(replace(CARD, attempts_left=1))
    assert last.read("juminhyo", Pin(b"0001")) == PinRefused(1)
    assert last.read("juminhyo", Pin(b"0001"), last_try=True).facts.about("name")


def test_a_blocked_pin_has_no_try_left():
    blocked = identify(replace(CARD, attempts_left=0))
    assert blocked.read("juminhyo", Pin(b"0001"), last_try=True) == PinRefused(0)


def test_a_forged_card_gives_no_facts():
    with pytest.raises(ForgedCard):
        identify(genuine=False).read("juminhyo", Pin(b"0001"))


def test_a_card_that_left_is_a_fault():
    with pytest.raises(CardGone):
        identify(None).read("juminhyo", Pin(b"0001"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([None, CARD]),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
    st.sampled_from([b"0001", b"9999"]),
)
def test_a_pin_is_wiped_whatever_comes_of_it(card, left, genuine, last_try, digits):
    card = card and replace(card, attempts_left=left)
    pin = Pin(digits)
    with suppress(CardGone, ForgedCard):
        identify(card, genuine=genuine).read("juminhyo", pin, last_try=last_try)
    assert pin.digits() == b""


@pytest.mark.parametrize("changes", [{"address": ""}, {"name": "　"}, {"name": "長" * 300}])
def test_a_card_whose_facts_the_form_cannot_take_goes_to_the_counter(changes):
    with pytest.raises(UnreadableCard):
        identify(replace(CARD, **changes)).read("juminhyo", Pin(CARD.pin.encode()))


def test_a_very_long_name_is_a_name():
    name = "MARIA DE LOS ANGELES FERNANDEZ DE CORDOBA Y RODRIGUEZ VILLANUEVA（山田　真理亜）"
    read = identify(replace(CARD, name=name)).read("juminhyo", Pin(CARD.pin.encode()))
    assert read.facts.about("name").value == name
