"""Candidates: answers of one field that are good answers, and that conditions can tell apart."""

from datetime import date

import pytest

from forms.candidates import candidates, clues
from forms.definition import Condition
from forms.kinds import KINDS, parse
from tests.fakes.small_forms import TODAY, asks, choice, of

NOTHING = clues([])
EVERY_KIND = (
    *(
        asks(f"f{number}", kind)
        for number, kind in enumerate(sorted(KINDS))
        if "choice" not in kind
    ),
    choice("one", "a", "b"),
    choice("some", "a", "b", "c") | {"kind": "choices", "minimum": 2, "maximum": 2},
    asks("long", "digits", length=25),
    asks("short", "digits", minimum=10),
    asks("small", "digits", maximum=3),
    asks("my", "digits", check="mynumber"),
    asks("code", "digits", check="juminhyo-code"),
    asks("firm", "digits", check="corporate"),
    asks("card", pattern="[A-Z]{2}[0-9]{8}[A-Z]{2}"),
    asks("half", pattern=r"\d{3}-?X*Y+"),
    asks("brief", maximum=2),
    asks("few", "count", minimum=2, maximum=5),
    asks("pictures", "photos", minimum=2, maximum=3),
)


@pytest.mark.parametrize("item", of(*EVERY_KIND).fields, ids=lambda item: item.id)
def test_every_question_has_candidates_that_are_good_answers(item):
    found = candidates(item, TODAY, NOTHING)
    assert found
    first = found[0]
    assert parse(item, first) == first


def test_a_pattern_that_nobody_can_make_up_has_no_candidate():
    made = of(
        asks("a", pattern="(x|y)"), asks("b", pattern="[A-Z]{2}(?!Q)"), asks("c", pattern="a^")
    )
    assert [candidates(item, TODAY, NOTHING) for item in made.fields] == [[], [], []]


def test_clues_are_the_numbers_and_days_that_conditions_speak_of():
    parts = [
        Condition(field="a", at_least=-14),
        Condition(field="b", is_=("2026-11-20", "x")),
        Condition(field="c", is_=True),
        "2024-10-01",
        "04-01",
        "02-30",
        5,
    ]
    found = clues(parts)
    assert found.numbers == (5, 14)
    assert found.dates == (date(2024, 10, 1), date(2026, 11, 20), date(2027, 4, 1))


def test_a_date_is_tried_around_every_clue():
    item = of(asks("a", "date")).fields[0]
    found = candidates(item, TODAY, clues([14, 3, 500, "2024-10-01"]))
    assert found[0] == TODAY.isoformat()
    for day in ("2026-12-04", "2026-11-06", "2024-09-30", "2023-11-20", "2026-08-20"):
        assert day in found
    assert len(found) == len(set(found))


def test_a_count_is_tried_around_every_clue_and_within_its_bounds():
    item = of(asks("a", "count", minimum=1, maximum=9)).fields[0]
    assert candidates(item, TODAY, clues([5, 9, 100])) == [2, 1, 4, 5, 6, 8, 9]
