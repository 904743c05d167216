"""The search: answers that lead to what a condition asks for, tried in a sensible order."""

from datetime import date

import pytest

from forms.definition import Channel, Condition
from forms.kinds import KINDS, parse
from forms.search import Search, clues, names_in
from tests.fakes.small_forms import TODAY, asks, choice, form, here, of, section

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


def condition(**raw):
    """One test, written as in a file but for `is`."""
    return Condition(**raw)


@pytest.mark.parametrize("item", of(*EVERY_KIND).fields, ids=lambda item: item.id)
def test_every_question_has_candidates_that_are_good_answers(item):
    search = Search(of(*EVERY_KIND), TODAY)
    found = search.candidates(item, here(), NOTHING)
    assert found
    first = found[0]
    assert parse(item, first) == first


def test_a_pattern_that_nobody_can_make_up_has_no_candidate():
    made = of(
        asks("a", pattern="(x|y)"), asks("b", pattern="[A-Z]{2}(?!Q)"), asks("c", pattern="a^")
    )
    search = Search(made, TODAY)
    assert [search.candidates(item, here(), NOTHING) for item in made.fields] == [[], [], []]


def test_clues_are_the_numbers_and_days_that_conditions_speak_of():
    parts = [
        condition(field="a", at_least=-14),
        condition(field="b", is_=("2026-11-20", "x")),
        condition(field="c", is_=True),
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
    search = Search(of(asks("a", "date")), TODAY)
    found = search.candidates(item, here(), clues([14, 3, 500, "2024-10-01"]))
    assert found[0] == TODAY.isoformat()
    for day in ("2026-12-04", "2026-11-06", "2024-09-30", "2023-11-20", "2026-08-20"):
        assert day in found
    assert len(found) == len(set(found))


def test_a_count_is_tried_around_every_clue_and_within_its_bounds():
    search = Search(of(asks("a", "count", minimum=1, maximum=9)), TODAY)
    item = of(asks("a", "count", minimum=1, maximum=9)).fields[0]
    assert search.candidates(item, here(), clues([5, 9, 100])) == [2, 1, 4, 5, 6, 8, 9]


def test_names_are_found_wherever_a_condition_hides_them():
    inner = condition(field="d.city", same_as="e")
    whole = Condition(all_=(Condition(some="rows", where=inner), condition(field="today", is_="x")))
    assert names_in(whole) == {"rows", "d", "e"}
    assert names_in("account.holder") == {"account"}
    assert names_in("today") == set()
    assert names_in(5) == set()
    assert names_in(None) == set()


ROWS = form(
    section("first", choice("kind", "a", "b"), asks("open", "yes-no"), asks("total", "count")),
    section(
        "movers",
        asks("who", "name", required=False),
        choice("role", "head", "child", "other"),
        {**choice("means", "car", "bike"), "kind": "choices"},
        asks("born", "date"),
        asks("share", "count", minimum=0, maximum=99),
        asks("years", "count", value={"age_of": "born"}),
        choice("school", "x", {"value": "y", "when": {"field": "share", "at_least": 40}}),
        repeat={"minimum": 1, "maximum": 8},
        when={"field": "open", "is": True},
    ),
)


@pytest.mark.parametrize(
    "wanted",
    [
        Condition(some="movers", where=condition(field="share", at_least=77)),
        Condition(some="movers", where=condition(field="share", at_most=1)),
        Condition(every="movers", where=condition(field="role", is_=("child", "other"))),
        Condition(every="movers", where=condition(field="role", is_not="child")),
        Condition(some="movers", where=condition(field="means", is_="bike")),
        Condition(some="movers", where=condition(field="who", answered=False)),
        Condition(some="movers", where=condition(field="who", answered=True)),
        Condition(some="movers", where=condition(field="born", at_least="today")),
        Condition(some="movers", where=condition(field="born", at_most="2020-04-01")),
        Condition(some="movers", where=condition(field="years", at_least=75)),
        Condition(some="movers", where=condition(field="school", is_="y")),
        Condition(some="movers", where=condition(field="share", at_least="total")),
        Condition(
            all_=(
                Condition(some="movers", where=condition(field="role", is_="head")),
                Condition(some="movers", where=condition(field="role", is_="child")),
                Condition(any_=(condition(field="kind", is_="b"), condition(field="total", is_=3))),
                Condition(none=(condition(field="kind", is_="a"),)),
            )
        ),
        Condition(
            all_=(condition(field="movers", answered=True), Condition(channel=(Channel.WEB,)))
        ),
    ],
)
def test_rows_are_found_with_which_a_condition_holds(wanted):
    test = ROWS.questions.maker().test(wanted)
    found = Search(ROWS, TODAY).find(
        [wanted], lambda standing: test(standing.scope), [Channel.COUNTER, Channel.WEB]
    )
    assert found is not None
    values, occasion = found
    assert test(ROWS.stand(values, occasion).scope)


def test_a_day_is_found_on_which_something_begins_or_ends():
    made = of(asks("a", "yes-no"))
    wanted = condition(field="today", at_least="2027-04-01")
    test = made.questions.maker().test(wanted)
    _, occasion = Search(made, TODAY).find([wanted], lambda s: test(s.scope), [Channel.WEB])
    assert occasion.today >= date(2027, 4, 1)


def test_what_cannot_be_is_not_found():
    made = of(asks("a", "count", minimum=1, maximum=3))
    wanted = condition(field="a", at_least=4)
    test = made.questions.maker().test(wanted)
    assert Search(made, TODAY).find([wanted], lambda s: test(s.scope), [Channel.WEB]) is None


def test_clues_of_a_question_are_all_that_decide_about_it():
    made = of(
        asks("a", "count"),
        asks("b", "count", when={"field": "a", "at_least": 17}),
        rules=[
            {
                "id": "r",
                "then": "problem",
                "label": "r",
                "at": "a",
                "when": {"field": "a", "at_least": 99},
            }
        ],
    )
    assert Search(made, TODAY).clues_of("rows[3].b").numbers == (17, 99)
    assert Search(made, TODAY).clues_of("nobody").numbers == (99,)
