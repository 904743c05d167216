"""Conditions and formulas: each head, each test, and what holds where nothing is said."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Channel
from forms.questions import Broken
from forms.scope import Occasion
from tests.fakes.small_forms import TODAY, asks, choice, definition, form, here, of, section

BEFORE = (
    choice("purpose", "loan", "pension", "other"),
    {**choice("means", "car", "bike", "1"), "kind": "choices"},
    asks("agreed", "yes-no"),
    asks("copies", "count"),
    asks("price", "money"),
    asks("birth", "date", partial=True),
    asks("moved_on", "date"),
    asks("kana", "kana"),
    asks("home", "address"),
    asks("account", "account"),
    asks("note", "note"),
)
ROWS = section(
    "movers",
    asks("mover_name", "name"),
    asks("mover_birth", "date"),
    asks("mover_share", "count"),
    asks("mover_stays", "yes-no"),
    choice("mover_kind", "adult", "child"),
    repeat={"minimum": 0, "maximum": 50},
)


def holds(condition, values=(), occasion=None, **more):
    """Whether the condition lets a question be asked after all the others."""
    last = section("last", asks("asked", when=condition))
    made = form(section("first", *BEFORE), ROWS, last)
    occasion = occasion or here()
    standing = made.stand({**dict(values), **more}, occasion)
    return standing.question("asked") is not None


def worth(formula, values=(), occasion=None, **more):
    """What the formula comes to."""
    last = section("last", asks("result", value=formula))
    made = form(section("first", *BEFORE), ROWS, last)
    return made.stand({**dict(values), **more}, occasion or here()).values.get("result")


def unsound(when=None, value=None, fields=BEFORE):
    """The rule that such a condition or formula breaks."""
    with pytest.raises(Broken) as caught:
        form(
            section("first", *fields), ROWS, section("last", asks("result", when=when, value=value))
        )
    assert caught.value.part == "result"
    assert caught.value.key == ("when" if when is not None else "value")
    return caught.value.rule


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ({"field": "purpose", "is": "other"}, {"purpose": "other"}, {"purpose": "loan"}),
        (
            {"field": "purpose", "is": ["loan", "other"]},
            {"purpose": "loan"},
            {"purpose": "pension"},
        ),
        ({"field": "purpose", "is_not": "other"}, {"purpose": "loan"}, {"purpose": "other"}),
        (
            {"field": "purpose", "is_not": ["loan", "other"]},
            {"purpose": "pension"},
            {"purpose": "loan"},
        ),
        ({"field": "means", "is": "car"}, {"means": ["bike", "car"]}, {"means": ["bike"]}),
        ({"field": "means", "is": "1"}, {"means": ["1"]}, {"means": ["bike"]}),
        ({"field": "means", "is_not": "car"}, {"means": ["bike"]}, {"means": ["car", "bike"]}),
        ({"field": "agreed", "is": True}, {"agreed": True}, {"agreed": False}),
        ({"field": "agreed", "is": False}, {"agreed": False}, {"agreed": True}),
        ({"field": "agreed", "is": True}, {"agreed": True}, {"agreed": 1}),
        ({"field": "copies", "is": 1}, {"copies": 1}, {"copies": True}),
        ({"field": "copies", "answered": True}, {"copies": 0}, {}),
        ({"field": "copies", "answered": False}, {}, {"copies": 0}),
        ({"field": "agreed", "answered": True}, {"agreed": False}, {}),
        ({"field": "note", "answered": True}, {"note": "x"}, {"note": ""}),
        ({"field": "means", "answered": True}, {"means": ["car"]}, {"means": []}),
        ({"field": "movers", "answered": True}, {"movers": [{}]}, {"movers": []}),
        ({"field": "movers", "answered": False}, {}, {"movers": [{}]}),
        ({"field": "copies", "at_least": 3}, {"copies": 3}, {"copies": 2}),
        ({"field": "copies", "at_most": 3}, {"copies": 3}, {"copies": 4}),
        (
            {"field": "copies", "at_least": "price"},
            {"copies": 3, "price": 3},
            {"copies": 2, "price": 3},
        ),
        (
            {"field": "copies", "at_most": "price"},
            {"copies": 3, "price": 3},
            {"copies": 4, "price": 3},
        ),
        (
            {"field": "moved_on", "at_most": "today"},
            {"moved_on": "2026-11-20"},
            {"moved_on": "2026-11-21"},
        ),
        (
            {"field": "moved_on", "at_least": "today"},
            {"moved_on": "2026-11-20"},
            {"moved_on": "2026-11-19"},
        ),
        (
            {"field": "moved_on", "at_least": "2024-10-01"},
            {"moved_on": "2024-10-01"},
            {"moved_on": "2024-09-30"},
        ),
        (
            {"field": "moved_on", "at_most": "birth"},
            {"moved_on": "2024-10-01", "birth": "2024-10-01"},
            {"moved_on": "2024-10-02", "birth": "2024-10-01"},
        ),
        ({"field": "today", "at_least": "2026-11-20"}, {}, None),
        ({"field": "today", "at_most": "2026-11-20"}, {}, None),
        ({"field": "today", "is": "2026-11-20"}, {}, None),
        (
            {"field": "account.holder", "same_as": "kana"},
            {"account": {"holder": "ア"}, "kana": "ア"},
            {"account": {"holder": "ア"}, "kana": "イ"},
        ),
        (
            {"field": "kana", "same_as": "account.holder"},
            {"account": {"holder": "ア"}, "kana": "ア"},
            {"kana": "ア"},
        ),
        (
            {"field": "home.city", "is": "中野区"},
            {"home": {"city": "中野区"}},
            {"home": "東京都中野区"},
        ),
        ({"field": "home", "is": "中野区"}, {"home": "中野区"}, {"home": {"city": "中野区"}}),
        (
            {"all": [{"field": "copies", "is": 1}, {"field": "agreed", "is": True}]},
            {"copies": 1, "agreed": True},
            {"copies": 1},
        ),
        (
            {"any": [{"field": "copies", "is": 1}, {"field": "agreed", "is": True}]},
            {"copies": 1},
            {"copies": 2},
        ),
        (
            {"none": [{"field": "copies", "is": 1}, {"field": "agreed", "is": True}]},
            {"copies": 2},
            {"agreed": True},
        ),
        ({"none": [{"field": "copies", "is": 1}]}, {}, {"copies": 1}),
        (
            {"some": "movers", "where": {"field": "mover_stays", "is": True}},
            {"movers": [{}, {"mover_stays": True}]},
            {"movers": [{"mover_stays": False}]},
        ),
        (
            {"every": "movers", "where": {"field": "mover_stays", "is": True}},
            {"movers": [{"mover_stays": True}, {"mover_stays": True}]},
            {"movers": [{"mover_stays": True}, {}]},
        ),
        (
            {
                "some": "movers",
                "where": {
                    "all": [{"field": "mover_kind", "is": "child"}, {"field": "agreed", "is": True}]
                },
            },
            {"agreed": True, "movers": [{"mover_kind": "child"}]},
            {"agreed": False, "movers": [{"mover_kind": "child"}]},
        ),
        (
            {"some": "movers", "where": {"field": "mover_share", "at_least": "copies"}},
            {"copies": 2, "movers": [{"mover_share": 2}]},
            {"copies": 3, "movers": [{"mover_share": 2}]},
        ),
    ],
)
def test_a_condition_holds_with_these_answers_and_not_with_those(condition, yes, no):
    assert holds(condition, yes)
    if no is not None:
        assert not holds(condition, no)


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "purpose", "is": "other"},
        {"field": "purpose", "is_not": "other"},
        {"field": "means", "is_not": "car"},
        {"field": "copies", "at_least": 0},
        {"field": "copies", "at_most": 10**9},
        {"field": "moved_on", "at_most": "today"},
        {"field": "kana", "same_as": "account.holder"},
        {"field": "account.holder", "same_as": "kana"},
        {"field": "home.city", "is_not": "中野区"},
        {"field": "copies", "answered": True},
        {"field": "movers", "answered": True},
        {"some": "movers", "where": {"field": "mover_stays", "answered": False}},
        {"every": "movers", "where": {"field": "mover_stays", "answered": False}},
        {"all": [{"field": "copies", "answered": False}, {"field": "agreed", "is": False}]},
        {"any": [{"field": "copies", "at_least": 1}, {"field": "agreed", "is_not": True}]},
    ],
)
def test_a_test_of_what_is_not_answered_does_not_hold(condition):
    assert not holds(condition)


@pytest.mark.parametrize(
    ("channel", "asked"),
    [(Channel.KIOSK, True), (Channel.WEB, True), (Channel.COUNTER, False)],
)
def test_a_condition_may_be_the_channel(channel, asked):
    assert holds({"channel": ["kiosk", "web"]}, occasion=here(channel)) is asked


def test_a_date_known_in_part_is_told_apart_only_where_that_is_certain():
    assert not holds({"field": "birth", "at_least": "1944-05-03"}, birth="1944")
    assert holds({"field": "birth", "at_most": "1950-01-01"}, birth="1944-05")


@pytest.mark.parametrize(
    ("formula", "values", "found"),
    [
        (5, {}, 5),
        ("copies", {"copies": 3}, 3),
        ("copies", {}, None),
        ("today", {}, "2026-11-20"),
        ("account.bank", {"account": {"bank": "b"}}, "b"),
        ({"sum": ["copies", 2, {"product": [2, 3]}]}, {"copies": 3}, 11),
        ({"sum": ["copies", 2]}, {}, None),
        ({"sum": []}, {}, 0),
        ({"product": ["copies", "price"]}, {"copies": 3, "price": 200}, 600),
        ({"product": ["copies", "price"]}, {"copies": 3}, None),
        ({"difference": ["copies", 5]}, {"copies": 3}, -2),
        ({"difference": [5, "copies"]}, {}, None),
        ({"largest": ["copies", 5, 4]}, {"copies": 3}, 5),
        ({"smallest": ["copies", 5, 4]}, {"copies": 3}, 3),
        ({"largest": ["copies"]}, {}, None),
        ({"sum": ["kana"]}, {"kana": "ア"}, None),
        ({"share_of": 1005, "percent": 50}, {}, 502),
        ({"share_of": 1005, "percent": 50, "rounding": "up"}, {}, 503),
        ({"share_of": 1005, "percent": 50, "rounding": "nearest"}, {}, 503),
        ({"share_of": 1004, "percent": 50, "rounding": "up"}, {}, 502),
        ({"share_of": 1001, "percent": 33, "rounding": "nearest"}, {}, 330),
        ({"share_of": 8888, "percent": 150, "to": 10}, {}, 13330),
        ({"share_of": 8888, "percent": 150, "to": 10, "rounding": "up"}, {}, 13340),
        ({"share_of": 8888, "percent": 150, "to": 10, "rounding": "nearest"}, {}, 13330),
        ({"share_of": 8890, "percent": 150, "to": 10, "rounding": "nearest"}, {}, 13340),
        ({"share_of": 200, "percent": 150, "to": 100, "rounding": "up"}, {}, 300),
        ({"share_of": 0, "percent": 150}, {}, 0),
        ({"share_of": "price", "percent": "copies"}, {"price": 1000, "copies": 30}, 300),
        ({"share_of": "price", "percent": 30}, {}, None),
        ({"share_of": "price"}, {"price": 7}, 7),
        ({"age_of": "birth"}, {"birth": "2006-11-20"}, 20),
        ({"age_of": "birth"}, {"birth": "2006-11-21"}, 19),
        ({"age_of": "birth", "reached": "day-before"}, {"birth": "2006-11-21"}, 20),
        (
            {"age_of": "birth", "on": "moved_on"},
            {"birth": "2006-11-20", "moved_on": "2016-11-19"},
            9,
        ),
        ({"age_of": "birth", "on": "moved_on"}, {"birth": "2006-11-20"}, None),
        ({"age_of": "birth"}, {"birth": "2006-11"}, None),
        ({"age_of": "birth"}, {}, None),
        ({"days_from": "moved_on"}, {"moved_on": "2026-11-01"}, 19),
        ({"days_from": "moved_on"}, {"moved_on": "2026-11-21"}, -1),
        (
            {"days_from": "birth", "until": "moved_on"},
            {"birth": "2026-10-31", "moved_on": "2026-11-01"},
            1,
        ),
        ({"days_from": "moved_on"}, {}, None),
        ({"day": "moved_on"}, {"moved_on": "2026-11-21"}, "2026-11-21"),
        ({"day": "moved_on", "plus_days": 14}, {"moved_on": "2026-12-20"}, "2027-01-03"),
        (
            {"day": "moved_on", "plus_days": 14, "if_closed": True},
            {"moved_on": "2026-12-20"},
            "2027-01-04",
        ),
        ({"day": "moved_on", "plus_months": 1}, {"moved_on": "2026-01-31"}, "2026-02-28"),
        ({"day": "moved_on", "plus_years": 1}, {"moved_on": "2028-02-29"}, "2029-02-28"),
        (
            {"day": "moved_on", "plus_years": -1, "plus_days": -1},
            {"moved_on": "2026-01-01"},
            "2024-12-31",
        ),
        ({"day": "today"}, {}, "2026-11-20"),
        ({"day": "moved_on", "plus_days": 14}, {}, None),
        ({"day": "today", "plus_years": 9000}, {}, None),
        ({"day": "today", "plus_years": -9000}, {}, None),
        ({"day": "today", "plus_days": 10**12}, {}, None),
        ({"school_year_end": "birth"}, {"birth": "2008-04-01"}, "2026-03-31"),
        ({"school_year_end": "birth", "age": 6}, {"birth": "2020-04-02"}, "2027-03-31"),
        ({"school_year_end": "birth"}, {}, None),
        ({"fiscal_year_of": "today"}, {}, 2026),
        ({"fiscal_year_of": "moved_on", "begins": "06-01"}, {"moved_on": "2026-05-31"}, 2025),
        ({"month_end": "moved_on"}, {"moved_on": "2028-02-03"}, "2028-02-29"),
        ({"month_end": "moved_on"}, {"moved_on": "2028-02"}, None),
        ({"count": "movers"}, {"movers": [{}, {}]}, 2),
        ({"count": "movers"}, {}, 0),
        ({"count": "means"}, {"means": ["car", "bike"]}, 2),
        ({"count": "means"}, {}, 0),
        ({"count": "copies"}, {"copies": 3}, 0),
        (
            {"count": "movers", "where": {"field": "mover_stays", "is": True}},
            {"movers": [{"mover_stays": True}, {}, {"mover_stays": True}]},
            2,
        ),
        ({"count": "movers", "where": {"field": "mover_stays", "is": True}}, {}, 0),
        ({"total": "mover_share"}, {"movers": [{"mover_share": 3}, {}, {"mover_share": 4}]}, 7),
        (
            {"total": "mover_share", "where": {"field": "mover_stays", "is": True}},
            {"movers": [{"mover_share": 3, "mover_stays": True}, {"mover_share": 4}]},
            3,
        ),
        ({"total": "mover_share"}, {}, 0),
        (
            {
                "choose": [{"when": {"field": "copies", "at_least": 2}, "value": 300}],
                "otherwise": 0,
            },
            {"copies": 2},
            300,
        ),
        (
            {
                "choose": [{"when": {"field": "copies", "at_least": 2}, "value": 300}],
                "otherwise": "price",
            },
            {"copies": 1, "price": 5},
            5,
        ),
        ({"choose": [{"when": {"field": "copies", "at_least": 2}, "value": 300}]}, {}, None),
        (
            {
                "choose": [
                    {"when": {"field": "copies", "at_least": 1}, "value": 1},
                    {"when": {"field": "copies", "at_least": 2}, "value": 2},
                ]
            },
            {"copies": 5},
            1,
        ),
        ({"choose": []}, {}, None),
    ],
)
def test_a_formula_comes_to_its_value(formula, values, found):
    got = worth(formula, values)
    assert got == found
    assert type(got) is type(found)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2024-09-30", 15000),
        ("2024-10-01", 30000),
        ("2026-03-31", 30000),
        ("2026-04-01", 35000),
        ("2030-01-01", 35000),
        (None, None),
        ("2024", None),
    ],
)
def test_a_value_changes_on_its_day_whatever_order_it_is_written_in(day, found):
    steps = [{"from": "2024-10-01", "value": 30000}, {"from": "2026-04-01", "value": 35000}]
    for each in (steps, steps[::-1]):
        formula = {"by_date": each, "otherwise": 15000, "on": "birth"}
        assert worth(formula, birth=day) == found


def test_a_value_by_date_goes_by_today_and_may_be_missing_before():
    formula = {"by_date": [{"from": "2026-11-20", "value": "copies"}]}
    assert worth(formula, occasion=here(today=TODAY), copies=2) == 2
    assert worth(formula, occasion=here(today=date(2026, 11, 19)), copies=2) is None


def test_a_term_moves_on_over_the_days_on_which_this_city_is_closed():
    formula = {"day": "today", "plus_days": 1, "if_closed": True}
    assert worth(formula, occasion=Occasion(TODAY, Channel.WEB, lambda _: False)) == "2026-11-21"
    assert worth(formula) == "2026-11-24"


def test_a_row_works_out_its_own_values():
    made = form(
        section(
            "movers",
            asks("born", "date"),
            asks("years", "count", value={"age_of": "born"}),
            asks("home", "address"),
            asks("city", value="home.city"),
            asks("note", when={"field": "home.city", "is": "中野区"}),
            repeat={},
        )
    )
    rows = [{"born": "2006-11-20", "home": {"city": "中野区"}}, {"born": "2016-11-21"}]
    standing = made.stand({"movers": rows}, here())
    assert [row.get("years") for row in standing.values["movers"]] == [20, 9]
    assert [row.get("city") for row in standing.values["movers"]] == ["中野区", None]
    assert [q.path for q in standing.questions if q.field.id == "note"] == ["movers[0].note"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({}, "exactly one of field, all, any"),
        ({"field": "copies", "is": 1, "channel": ["web"]}, "exactly one of field"),
        ({"field": "copies"}, "`field` needs exactly one of is, is_not"),
        ({"field": "copies", "is": 1, "is_not": 2}, "`field` needs exactly one of"),
        ({"channel": ["web"], "is": 1}, "`field` needs exactly one of"),
        ({"some": "movers"}, "`where` goes with"),
        ({"field": "copies", "is": 1, "where": {"channel": ["web"]}}, "`where` goes with"),
        ({"field": "nothing", "is": 1}, "'nothing' is no field of this form"),
        ({"field": "result", "is": "x"}, "'result', which is not asked before"),
        ({"field": "copies", "same_as": "result"}, "not asked before"),
        ({"field": "copies", "at_least": "result"}, "not asked before"),
        ({"field": "copies", "at_least": "2026-02-30"}, "is no field"),
        ({"field": "purpose", "is": "fun"}, "'fun' is no option of 'purpose'"),
        ({"field": "purpose", "is": ["loan", "fun"]}, "'fun' is no option"),
        ({"field": "purpose", "is": True}, "True is no option"),
        ({"field": "means", "is_not": "plane"}, "'plane' is no option"),
        ({"field": "agreed", "is": "yes"}, "'yes' is no answer of 'agreed'"),
        ({"field": "agreed", "is": 1}, "1 is no answer"),
        ({"field": "copies", "is": "1"}, "'1' is no answer"),
        ({"field": "copies", "is": True}, "True is no answer"),
        ({"field": "price", "is": "1"}, "'1' is no answer"),
        ({"field": "birth", "is": "1.1.1944"}, "is no answer"),
        ({"field": "moved_on", "is": "S64.1.7"}, "is no answer"),
        ({"field": "kana", "is": "山"}, "is no answer"),
        ({"field": "note", "is": 5}, "is no answer"),
        ({"field": "account.pin", "is": "1"}, "'account' has no part 'pin'"),
        ({"field": "copies.number", "is": "1"}, "'copies' has no part 'number'"),
        ({"field": "movers.number", "answered": True}, "'movers' has no part 'number'"),
        ({"field": "mover_stays", "is": True}, "in the rows of 'movers'"),
        ({"some": "copies", "where": {"channel": ["web"]}}, "no repeated section"),
        ({"some": "nothing", "where": {"channel": ["web"]}}, "no field of this form"),
        ({"all": [{"field": "nothing", "is": 1}]}, "no field of this form"),
        ({"some": "movers", "where": {"field": "nothing", "is": 1}}, "no field of this form"),
    ],
)
def test_a_condition_that_can_mean_nothing_is_told(condition, words):
    assert words in unsound(when=condition)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ({}, "exactly one of sum, product"),
        ({"sum": [1], "product": [1]}, "exactly one of"),
        ("nothing", "no field of this form"),
        ("result", "not asked before"),
        ({"sum": ["nothing"]}, "no field of this form"),
        ({"age_of": "nothing"}, "no field of this form"),
        ({"age_of": "birth", "on": "nothing"}, "no field of this form"),
        ({"total": "copies"}, "in no repeated section"),
        ({"total": "nothing"}, "no field of this form"),
        ({"count": "nothing"}, "no field of this form"),
        ({"count": "copies", "where": {"channel": ["web"]}}, "no repeated section"),
        ({"choose": [{"when": {}, "value": 1}]}, "exactly one of"),
        ({"choose": [], "otherwise": "nothing"}, "no field of this form"),
        ("mover_share", "in the rows of 'movers'"),
    ],
)
def test_a_formula_that_can_mean_nothing_is_told(formula, words):
    assert words in unsound(value=formula)


@pytest.mark.parametrize("head", ["largest", "smallest"])
def test_the_largest_of_nothing_is_no_formula(head):
    with pytest.raises(Exception, match="length >= 1"):
        definition(section("a", asks("x", value={head: []})))


def test_a_worked_out_word_may_be_compared_with_anything():
    value = {"choose": [{"when": {"channel": ["web"]}, "value": "today"}], "otherwise": 0}
    made = of(asks("which", value=value), asks("asked", when={"field": "which", "is": 0}))
    assert made.stand({}, here()).question("asked")
    assert not made.stand({}, here(Channel.WEB)).question("asked")


EVERYTHING = form(
    section("first", *BEFORE),
    ROWS,
    section(
        "last",
        *(
            asks(f"when{number}", "count", when=condition, required=condition)
            for number, condition in enumerate(
                [
                    {"field": "purpose", "is": ["loan", "other"]},
                    {"field": "means", "is_not": "car"},
                    {"field": "home", "is": "中野区"},
                    {"field": "account", "same_as": "home"},
                    {"field": "movers", "answered": True},
                    {"field": "movers", "is": "x"},
                    {"field": "moved_on", "at_most": "birth"},
                    {"field": "copies", "at_least": "kana"},
                    {"field": "birth", "at_least": "today"},
                    {"field": "home.city", "is_not": "中野区"},
                    {"some": "movers", "where": {"field": "mover_kind", "is_not": "child"}},
                    {"every": "movers", "where": {"field": "mover_share", "at_least": 2}},
                    {"none": [{"field": "note", "is": "x"}]},
                    {"any": [{"field": "agreed", "is": False}, {"channel": ["web"]}]},
                ]
            )
        ),
        *(
            asks(f"worth{number}", "count", value=formula)
            for number, formula in enumerate(
                [
                    {"sum": ["copies", "price", "agreed"]},
                    {"product": ["copies", "price"]},
                    {"difference": ["copies", "kana"]},
                    {"largest": ["copies", "birth"]},
                    {"smallest": ["copies", "note"]},
                    {"share_of": "price", "percent": "copies", "to": 7, "rounding": "nearest"},
                    {"age_of": "birth", "on": "moved_on", "reached": "day-before"},
                    {"days_from": "birth", "until": "moved_on"},
                    {"day": "birth", "plus_days": 14, "plus_months": -3, "if_closed": True},
                    {"day": "moved_on", "plus_years": 8000},
                    {"month_end": "birth"},
                    {"school_year_end": "birth", "age": 9000},
                    {"fiscal_year_of": "moved_on"},
                    {"count": "means"},
                    {"count": "copies"},
                    {"count": "movers", "where": {"field": "mover_birth", "at_most": "birth"}},
                    {"total": "mover_share", "where": {"field": "mover_stays", "is": True}},
                    {
                        "choose": [{"when": {"field": "copies", "is": 1}, "value": "home"}],
                        "otherwise": "note",
                    },
                    {"by_date": [{"from": "2000-01-01", "value": "price"}], "on": "birth"},
                ]
            )
        ),
    ),
)
DATES = st.sampled_from(
    [
        "2026-13-45",
        "2026-02-30",
        "1999-01-01",
        "2999-12-31",
        "1000-01-01",
        "２０２６-01-01",
        "1944-05",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 10**30, math.nan, math.inf, "loan", "car", "中野区", "", "アイ"])
    | st.floats()
    | DATES
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["city", "holder", "mover_kind", "mover_share"]), inner)
    ),
    max_leaves=5,
)
NAMES = [field.id for field in EVERYTHING.fields if field.value is None] + [
    "movers",
    "hat",
    "worth1",
]
ROW = st.dictionaries(st.sampled_from([f["id"] for f in ROWS["fields"]]), JSON, max_size=5)


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=10),
    st.lists(ROW | JSON, max_size=4) | JSON,
    st.sampled_from(Channel),
    st.dates(),
)
def test_judging_any_answers_at_all_comes_to_an_end(values, rows, channel, today):
    standing = EVERYTHING.stand({**values, "movers": rows}, Occasion(today, channel))
    for question in standing.questions:
        if question.field.kind != "rows":
            EVERYTHING.questions.options(question, standing)
    EVERYTHING.verdicts.blocked(standing)
