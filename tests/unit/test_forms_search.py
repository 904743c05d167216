"""The search: answers that lead to what a condition asks for, tried in a sensible order."""

from datetime import date

import pytest

from forms.definition import Channel, Condition
from forms.search import Search, names_in
from tests.fakes.small_forms import TODAY, asks, choice, form, of, section


def condition(**raw):
    """One test, written as in a file but for `is`."""
    return Condition(**raw)


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
