"""What follows from answers: who may apply, what it costs, what is told, what comes next."""

from datetime import date

import pytest

from forms.definition import Channel, Then
from forms.questions import Broken
from forms.verdicts import MAY_NOT_APPLY, FeeLine, Quote
from tests.fakes.small_forms import TODAY, asks, choice, form, here, of, section

COPIES = asks("copies", "count", required=False)
FREE = choice("waiver", "pension", "welfare", required=False)
RELATION = choice("relation", "self", "household", "agent", "company")


def fee(identifier="copy", unit=300, **more):
    return {"id": identifier, "label": f"《{identifier}》", "unit": unit, **more}


def waived(identifier, **more):
    return {
        "id": identifier,
        "label": f"《{identifier}》",
        "when": {"field": "waiver", "is": identifier},
        **more,
    }


def lines(made, values, occasion=None):
    return [(line.id, line.amount) for line in made.quote(values, occasion or here()).lines]


def broken(*sections, **parts):
    with pytest.raises(Broken) as caught:
        form(*sections, **parts)
    return caught.value.part, caught.value.key, caught.value.rule


def test_a_fee_is_a_count_times_a_price():
    price = of(COPIES, fees=[fee(times="copies")]).quote({"copies": 3}, here())
    assert price == Quote((FeeLine("copy", "《copy》", 3, 300),))
    assert (price.lines[0].amount, price.total) == (900, 900)


@pytest.mark.parametrize(
    "values", [{}, {"copies": 0}, {"copies": -1}, {"copies": "3"}, {"copies": None}]
)
def test_what_is_not_counted_yet_costs_nothing(values):
    made = of(COPIES, fees=[fee(times="copies")])
    assert made.quote(values, here()) == Quote(())
    assert made.quote(values, here()).total == 0


def test_a_price_that_is_not_known_yet_is_no_line():
    made = of(asks("price", "money"), fees=[fee(unit="price")])
    assert lines(made, {}) == []
    assert lines(made, {"price": 0}) == [("copy", 0)]
    assert lines(made, {"price": 5}) == [("copy", 5)]


def test_every_line_that_applies_here_is_added():
    made = of(
        COPIES,
        fees=[
            fee("kiosk", 200, channels=["kiosk"], times="copies"),
            fee("counter", 300, channels=["counter", "web"], times="copies"),
            fee("stamp", 50, when={"field": "copies", "at_least": 2}),
        ],
    )
    assert lines(made, {"copies": 1}, here(Channel.KIOSK)) == [("kiosk", 200)]
    assert lines(made, {"copies": 2}, here(Channel.KIOSK)) == [("kiosk", 400), ("stamp", 50)]
    assert lines(made, {"copies": 2}) == [("counter", 600), ("stamp", 50)]
    assert made.quote({"copies": 2}, here(Channel.WEB)).total == 650


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 3, 31), [("old", 300)]),
        (date(2026, 4, 1), [("new", 350)]),
        (date(2027, 3, 31), [("new", 350)]),
        (date(2027, 4, 1), []),
    ],
)
def test_a_price_holds_from_its_first_day_to_its_last(today, found):
    made = of(
        COPIES,
        fees=[
            fee("old", 300, until="2026-03-31"),
            fee("new", 350, **{"from": "2026-04-01"}, until="2027-03-31"),
        ],
    )
    assert lines(made, {}, here(today=today)) == found


def test_an_answer_that_nobody_sees_costs_nothing():
    made = of(
        asks("more", "yes-no"),
        asks("copies", "count", when={"field": "more", "is": True}),
        fees=[fee(times="copies")],
    )
    assert lines(made, {"more": True, "copies": 3}) == [("copy", 900)]
    assert lines(made, {"more": False, "copies": 3}) == []


def test_a_waiver_takes_the_fee_away_in_a_line_of_its_own():
    made = of(COPIES, FREE, fees=[fee(times="copies")], waivers=[waived("pension")])
    assert lines(made, {"copies": 2, "waiver": "pension"}) == [("copy", 600), ("pension", -600)]
    assert made.quote({"copies": 2, "waiver": "pension"}, here()).total == 0
    assert lines(made, {"copies": 2, "waiver": "welfare"}) == [("copy", 600)]
    assert lines(made, {"waiver": "pension"}) == []


@pytest.mark.parametrize(("percent", "left"), [(1, 301), (33, 204), (50, 152), (99, 4), (100, 0)])
def test_a_waiver_takes_its_share_and_leaves_no_part_of_a_yen(percent, left):
    made = of(FREE, fees=[fee(unit=304)], waivers=[waived("pension", percent=percent)])
    assert made.quote({"waiver": "pension"}, here()).total == left


def test_only_the_first_waiver_that_applies_is_taken():
    made = of(
        {**FREE, "kind": "choices"},
        fees=[fee()],
        waivers=[waived("welfare", percent=50), waived("pension")],
    )
    assert lines(made, {"waiver": ["pension", "welfare"]}) == [("copy", 300), ("welfare", -150)]
    assert lines(made, {"waiver": ["pension"]}) == [("copy", 300), ("pension", -300)]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 3, 31), 300),
        (date(2026, 4, 1), 0),
        (date(2026, 4, 30), 0),
        (date(2026, 5, 1), 300),
    ],
)
def test_a_waiver_holds_between_its_days(today, left):
    made = of(
        FREE,
        fees=[fee()],
        waivers=[waived("pension", **{"from": "2026-04-01"}, until="2026-04-30")],
    )
    assert made.quote({"waiver": "pension"}, here(today=today)).total == left


def test_papers_are_wanted_where_their_condition_holds():
    made = of(
        RELATION,
        papers=[
            {"id": "id_card", "label": "本人確認書類"},
            {"id": "letter", "label": "委任状", "when": {"field": "relation", "is": "agent"}},
        ],
    )

    def wanted(values):
        return [p.id for p in made.verdicts.papers(made.stand(values, here()))]

    assert wanted({}) == ["id_card"]
    assert wanted({"relation": "agent"}) == ["id_card", "letter"]


def blocked(made, values, occasion=None):
    found = made.verdicts.blocked(made.stand(values, occasion or here()))
    return found and found.reason


def test_only_those_who_are_named_may_apply():
    made = of(
        RELATION,
        asks("letter", "yes-no", required=False),
        who=[
            {"relation": ["self", "household"], "label": "本人など"},
            {
                "relation": ["agent"],
                "label": "代理人",
                "channels": ["counter"],
                "when": {"field": "letter", "is": True},
            },
        ],
    )
    assert blocked(made, {}) is None
    assert blocked(made, {"relation": "self"}) is None
    assert blocked(made, {"relation": "household"}, here(Channel.KIOSK)) is None
    assert blocked(made, {"relation": "company"}) == MAY_NOT_APPLY
    assert blocked(made, {"relation": "agent"}) == MAY_NOT_APPLY
    assert blocked(made, {"relation": "agent", "letter": True}) is None
    assert blocked(made, {"relation": "agent", "letter": True}, here(Channel.WEB)) == MAY_NOT_APPLY


def test_anyone_may_apply_where_nobody_is_named():
    assert blocked(of(RELATION), {"relation": "company"}) is None


def test_who_may_not_apply_is_told_before_anything_else():
    rule = {"id": "stopped", "then": "stop", "label": "だめ", "when": {"channel": ["counter"]}}
    made = of(RELATION, who=[{"relation": ["self"], "label": "本人"}], rules=[rule])
    assert blocked(made, {"relation": "agent"}) == MAY_NOT_APPLY
    assert blocked(made, {"relation": "self"}) == "stopped"
    assert made.verdicts.blocked(made.stand({}, here())).message == "だめ"


MOVERS = section(
    "movers",
    asks("who", "name"),
    asks("old", "yes-no"),
    repeat={"minimum": 0, "maximum": 5},
)
FIRST = section("first", asks("late", "yes-no"), asks("copies", "count"))


def rule(identifier, when, then="notice", **more):
    return {"id": identifier, "label": f"《{identifier}》", "when": when, "then": then, **more}


def found(made, then, values):
    standing = made.stand(values, here())
    return [(each.rule.id, each.path) for each in made.verdicts.found(standing, then)]


def test_each_rule_does_what_it_says():
    late = {"field": "late", "is": True}
    made = form(
        FIRST,
        rules=[rule("a", late), rule("b", late, "problem", at="late"), rule("c", late, "stop")],
    )
    assert found(made, Then.NOTICE, {"late": True}) == [("a", None)]
    assert found(made, Then.PROBLEM, {"late": True}) == [("b", "late")]
    assert found(made, Then.STOP, {"late": True}) == [("c", None)]
    assert [found(made, then, {"late": False}) for then in Then] == [[], [], []]


def test_a_rule_at_rows_looks_at_each_row_and_at_what_stands_outside():
    old = {"all": [{"field": "old", "is": True}, {"field": "late", "is": True}]}
    made = form(FIRST, MOVERS, rules=[rule("a", old, "problem", at="who")])
    rows = [{"old": True}, {"old": False}, {"old": True}]
    told = [("a", "movers[0].who"), ("a", "movers[2].who")]
    assert found(made, Then.PROBLEM, {"late": True, "movers": rows}) == told
    assert found(made, Then.PROBLEM, {"late": False, "movers": rows}) == []
    assert found(made, Then.PROBLEM, {"late": True}) == []


def test_a_rule_about_all_rows_is_told_once():
    some = {"some": "movers", "where": {"field": "old", "is": True}}
    made = form(FIRST, MOVERS, rules=[rule("a", some, at="movers"), rule("b", some, at="who")])
    values = {"movers": [{"old": True}, {"old": True}]}
    assert found(made, Then.NOTICE, values) == [("a", "movers"), ("b", "who")]


def followup(name, when, **more):
    return {"form": name, "label": "次", "because": "わけ", "when": when, **more}


def test_what_comes_next_is_told_once_or_for_each_row():
    made = form(
        FIRST,
        MOVERS,
        followups=[
            followup("kokuho", {"field": "late", "is": True}),
            followup("jido-teate", {"field": "old", "is": True}, each="movers"),
        ],
    )

    def following(values):
        standing = made.stand(values, here())
        return [(n.followup.form, n.row) for n in made.verdicts.next(standing)]

    values = {"late": True, "movers": [{"old": True}, {}, {"old": True}]}
    assert following(values) == [("kokuho", None), ("jido-teate", 0), ("jido-teate", 2)]
    assert following({"late": False}) == []


@pytest.mark.parametrize(
    ("parts", "part", "key", "words"),
    [
        ({"fees": [fee(times="nothing")]}, "copy", "times", "'nothing' is no field"),
        ({"fees": [fee(unit={})]}, "copy", "unit", "exactly one of"),
        ({"fees": [fee(when={"field": "who", "is": "x"})]}, "copy", "when", "in the rows"),
        ({"waivers": [waived("x")]}, "x", "when", "'waiver' is no field"),
        (
            {"papers": [{"id": "p", "label": "p", "when": {"field": "hat", "is": 1}}]},
            "p",
            "when",
            "'hat' is no field",
        ),
        ({"rules": [rule("r", {"field": "hat", "is": 1})]}, "r", "when", "'hat' is no field"),
        ({"rules": [rule("r", {"channel": ["web"]}, at="hat")]}, "r", "at", "'hat' is no field"),
        ({"rules": [rule("r", {"channel": ["web"]}, "problem")]}, "r", "at", "a problem needs"),
        (
            {"rules": [rule("r", {"field": "old", "is": "x"}, at="who")]},
            "r",
            "when",
            "'x' is no answer of 'old'",
        ),
        ({"followups": [followup("f", {"field": "old", "is": True})]}, "f", "when", "in the rows"),
        (
            {"followups": [followup("f", {"channel": ["web"]}, each="first")]},
            "f",
            "each",
            "'first' is no repeated section",
        ),
        ({"who": [{"relation": ["self"], "label": "l"}]}, "self", "relation", "needs a field"),
    ],
)
def test_a_part_that_contradicts_the_form_is_told(parts, part, key, words):
    told = broken(FIRST, MOVERS, **parts)
    assert told[:2] == (part, key)
    assert words in told[2]


def test_nobody_is_named_who_cannot_be_chosen():
    told = broken(
        section("first", RELATION), who=[{"relation": ["self", "robot"], "label": "本人"}]
    )
    assert told == ("self", "relation", "'robot' is no option of 'relation'")


def test_a_fee_may_look_at_everything_that_is_asked():
    made = form(FIRST, MOVERS, fees=[fee(unit={"product": [100, {"count": "movers"}]})])
    assert lines(made, {"movers": [{}, {}]}, here(today=TODAY)) == [("copy", 200)]
