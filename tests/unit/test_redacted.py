"""What happened and where a turn stands: values that tell no log who somebody is."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.agreement import Said, Word
from kiosk.domain.pin import Pin
from tests.fakes.samples import case, every_state, facts

NAME = "NGUYEN"
PERSON = "f" * 64
HAPPENED = [
    e.CardRead(facts(), case().answers),
    e.CodeRead("juminhyo", facts(), case().answers),
    e.Answered("name", NAME),
    e.PinEntered(Pin(b"1234")),
    e.ConsentsRecalled(PERSON, (), whole=True),
]
SAID = (Said("disaster-care", "2026-11", Word.GIVEN),)
SEEN = s.Case("ja", "juminhyo", s.Identity.CLERK, facts(), case().answers, None, SAID, {"of": NAME})
STANDING = [*dict(every_state("ja")).values(), s.Reviewing(SEEN), s.Recalling("ja", facts())]


@pytest.mark.parametrize("told", [*HAPPENED, *STANDING], ids=lambda told: type(told).__name__)
def test_nothing_personal_is_printed(told: e.Event | s.State) -> None:
    printed = repr(told)
    assert printed.startswith(f"{type(told).__name__}(")
    assert not [each for each in (NAME, "1234", PERSON, "given") if each in printed]


def test_what_is_not_personal_is_printed() -> None:
    assert repr(e.CodeRead("juminhyo", facts(), case().answers)) == (
        "CodeRead(form='juminhyo', submission=None)"
    )
    assert repr(s.Recalling("ja", facts())) == "Recalling(language='ja')"
    assert repr(e.CardPlaced(3)) == "CardPlaced(attempts_left=3)"


def test_what_holds_the_same_is_the_same_only_among_its_kind() -> None:
    assert e.PinRefused(2) == e.PinRefused(2)
    assert hash(e.PinRefused(2)) == hash(e.PinRefused(2))
    assert e.PinRefused(2) != e.CardPlaced(2)
    assert s.Blocked(case(), None) != s.Filling(case(), None)


def test_nothing_that_happened_is_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        e.PinRefused(2).attempts_left = 3  # type: ignore[misc]
