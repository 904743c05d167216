"""The prover: what can never work is told with an example, and a sound form is left in peace."""

import re
from pathlib import Path

import pytest

from forms.loader import load
from forms.prover import Fault, prove
from tests.fakes.small_forms import TODAY, asks, choice, form, of, section

FORMS = Path(__file__).parents[2] / "resources" / "forms"
RELATION = choice("relation", "self", "household", "agent", "company")
SOUND = {
    "sections": (
        section(
            "wish",
            RELATION,
            choice(
                "purpose",
                "loan",
                "other",
                {"value": "clerk", "when": {"channel": ["counter"]}},
            ),
            asks("why", when={"field": "purpose", "is": "other"}),
            asks("born", "date"),
            asks("age", "count", value={"age_of": "born"}),
            asks("parent", "name", required={"field": "age", "at_most": 17}),
            asks("copies", "count", minimum=1, maximum=10),
            choice("waiver", "pension", "none"),
            asks("sign", "signature", channels=["counter", "web"]),
            asks("picture", "photos", required=False, channels=["counter", "web"]),
        ),
        section(
            "movers",
            asks("mover", "name"),
            asks("child", "yes-no"),
            choice("school", "primary", "none", when={"field": "child", "is": True}),
            repeat={"minimum": 1, "maximum": 4},
        ),
    ),
    "who": [
        {"relation": ["self", "household"], "label": "本人"},
        {"relation": ["agent"], "label": "代理人", "channels": ["counter"]},
    ],
    "fees": [
        {"id": "kiosk", "label": "写し", "unit": 200, "times": "copies", "channels": ["kiosk"]},
        {
            "id": "counter",
            "label": "写し",
            "unit": 300,
            "times": "copies",
            "channels": ["counter", "web"],
        },
        {"id": "later", "label": "手数料", "unit": 10, "from": "2027-04-01"},
    ],
    "waivers": [{"id": "pension", "label": "無料", "when": {"field": "waiver", "is": "pension"}}],
    "papers": [{"id": "letter", "label": "委任状", "when": {"field": "relation", "is": "agent"}}],
    "rules": [
        {"id": "young", "then": "notice", "label": "若い", "when": {"field": "age", "at_most": 14}},
        {
            "id": "future",
            "then": "problem",
            "label": "先の日",
            "at": "born",
            "when": {"none": [{"field": "born", "at_most": "today"}]},
        },
        {
            "id": "adults",
            "then": "problem",
            "label": "大人も",
            "at": "movers",
            "when": {"every": "movers", "where": {"field": "child", "is": True}},
        },
        {
            "id": "end",
            "then": "stop",
            "label": "終わり",
            "when": {"all": [{"field": "copies", "is": 10}, {"field": "purpose", "is": "loan"}]},
        },
        {
            "id": "row",
            "then": "notice",
            "label": "列",
            "at": "mover",
            "when": {"field": "school", "is": "primary"},
        },
    ],
    "followups": [
        {
            "form": "jido-teate",
            "label": "手当",
            "because": "子",
            "each": "movers",
            "when": {"field": "child", "is": True},
        },
        {
            "form": "kokuho",
            "label": "加入",
            "because": "借入",
            "when": {"field": "purpose", "is": "loan"},
        },
    ],
}


def proved(*sections, **parts):
    return list(prove(form(*sections, **parts), TODAY))


def proved_of(*fields, **parts):
    return list(prove(of(*fields, **parts), TODAY))


def kinds(faults):
    return [(fault.kind, fault.part) for fault in faults]


def test_a_sound_form_is_left_in_peace():
    sections = SOUND["sections"]
    parts = {key: value for key, value in SOUND.items() if key != "sections"}
    assert proved(*sections, **parts) == []


def test_a_form_without_a_question_is_sound():
    assert proved_of(asks("a", required=False)) == []


def never(**more):
    return {"all": [{"field": "copies", "is": 2}, {"field": "copies", "is": 3}], **more}


COPIES = asks("copies", "count", minimum=1, maximum=9)
KNOWN = asks("known", "yes-no", channels=[])


@pytest.mark.parametrize(
    ("more", "parts", "fault"),
    [
        ([asks("why", when=never())], {}, ("unreachable", "why")),
        ([asks("why", when={"field": "copies", "at_least": 10})], {}, ("unreachable", "why")),
        ([asks("why", required=never())], {}, ("never", "why")),
        ([choice("a", "x", {"value": "y", "when": never()})], {}, ("never", "a.y")),
        ([], {"fees": [{"id": "f", "label": "f", "unit": 1, "when": never()}]}, ("never", "fee f")),
        (
            [],
            {
                "fees": [{"id": "f", "label": "f", "unit": 1, "channels": ["web"]}],
                "channels": ["kiosk"],
            },
            ("never", "fee f"),
        ),
        (
            [],
            {
                "fees": [
                    {"id": "f", "label": "f", "unit": 1, "times": {"difference": ["copies", 20]}}
                ]
            },
            ("never", "fee f"),
        ),
        (
            [],
            {"waivers": [{"id": "w", "label": "w", "when": {"field": "copies", "is": 2}}]},
            ("never", "waiver w"),
        ),
        ([], {"papers": [{"id": "p", "label": "p", "when": never()}]}, ("never", "paper p")),
        (
            [],
            {"rules": [{"id": "r", "label": "r", "then": "notice", "when": never()}]},
            ("never", "rule r"),
        ),
        (
            [],
            {
                "rules": [
                    {"id": "r", "label": "r", "then": "problem", "at": "copies", "when": never()}
                ]
            },
            ("never", "rule r"),
        ),
        (
            [],
            {"followups": [{"form": "f", "label": "f", "because": "b", "when": never()}]},
            ("never", "followup f"),
        ),
        (
            [RELATION],
            {
                "who": [
                    {"relation": ["self", "household"], "label": "x", "when": never()},
                    {"relation": ["agent"], "label": "y"},
                ]
            },
            ("never", "who self"),
        ),
        (
            [RELATION],
            {
                "who": [
                    {"relation": ["self"], "label": "x", "channels": ["web"]},
                    {"relation": ["agent"], "label": "y"},
                ],
                "channels": ["kiosk"],
            },
            ("never", "who self"),
        ),
        ([asks("a", channels=["web"])], {"channels": ["kiosk"]}, ("unreachable", "a")),
        ([asks("a", "signature")], {}, ("unaskable", "a")),
        ([asks("a", "photos", required={"field": "copies", "is": 2})], {}, ("unaskable", "a")),
        ([asks("a", "point")], {"channels": ["kiosk"]}, ("unaskable", "a")),
    ],
)
def test_what_can_never_work_is_told(more, parts, fault):
    faults = proved_of(COPIES, *more, **parts)
    assert fault in kinds(faults)
    assert all(each.rule for each in faults)


def test_what_is_offered_where_it_can_be_asked_is_no_fault():
    assert proved_of(asks("a", "signature"), channels=["counter", "web"]) == []
    kiosk = proved_of(asks("a", "signature", required=False))
    assert kinds(kiosk) == [("unaskable", "a")]


STUCK = {
    "id": "stuck",
    "then": "problem",
    "label": "行き止まり",
    "at": "copies",
}


def test_a_form_that_nobody_can_finish_is_told_with_an_example():
    rule = {**STUCK, "when": {"field": "copies", "at_least": 1}}
    faults = proved_of(COPIES, channels=["kiosk"], rules=[rule])
    assert ("dead-end", "kiosk") in kinds(faults)
    (fault,) = [each for each in faults if each.part == "kiosk"]
    assert fault.rule == "nobody can finish here: copies: stuck"
    assert isinstance(fault, Fault)
    assert 1 <= fault.example["copies"] <= 9


def test_a_choice_that_leads_nowhere_is_told_with_an_example():
    rule = {
        **STUCK,
        "when": {"all": [{"field": "a", "is": "y"}, {"field": "copies", "at_least": 1}]},
    }
    faults = proved_of(choice("a", "x", "y"), COPIES, channels=["web"], rules=[rule])
    assert kinds(faults) == [("dead-end", "a")]
    assert faults[0].rule.startswith("with 'y' nobody can finish at the web: copies: stuck")
    assert faults[0].example["a"] == "y"


def test_a_no_that_leads_nowhere_is_told():
    rule = {
        **STUCK,
        "when": {"all": [{"field": "a", "is": False}, {"field": "copies", "at_least": 1}]},
    }
    faults = proved_of(asks("a", "yes-no"), COPIES, channels=["web"], rules=[rule])
    assert kinds(faults) == [("dead-end", "a")]
    assert faults[0].example["a"] is False


def test_an_answer_that_has_itself_to_be_mended_is_no_dead_end():
    rule = {**STUCK, "at": "a", "when": {"field": "a", "is": "y"}}
    assert proved_of(choice("a", "x", "y"), COPIES, rules=[rule]) == []


def test_an_answer_that_ends_here_with_a_sentence_is_no_dead_end():
    rule = {"id": "stop", "then": "stop", "label": "ここまで", "when": {"field": "a", "is": "y"}}
    assert proved_of(choice("a", "x", "y"), COPIES, rules=[rule]) == []


def test_a_form_that_ends_for_everybody_is_told():
    rule = {
        "id": "stop",
        "then": "stop",
        "label": "ここまで",
        "when": {"field": "copies", "answered": True},
    }
    faults = proved_of(COPIES, channels=["kiosk"], rules=[rule])
    assert kinds(faults) == [("dead-end", "kiosk")]
    assert faults[0].rule == "nobody can finish here: blocked: stop"


def test_a_question_that_no_answer_fits_is_told():
    faults = proved_of(asks("a", pattern="(x|y)"), channels=["web"])
    assert ("dead-end", "web") in kinds(faults)
    assert "a: required" in faults[0].rule


def test_a_choice_of_which_nothing_is_offered_is_told():
    faults = proved_of(
        asks("gate", "yes-no", channels=["counter"]),
        choice("a", {"value": "x", "when": {"field": "gate", "is": True}}),
        channels=["kiosk", "counter"],
    )
    assert kinds(faults) == [("dead-end", "kiosk"), ("dead-end", "gate")]
    assert faults[1].example["gate"] is False


def test_a_problem_at_a_question_that_nobody_sees_is_a_dead_end():
    faults = proved_of(
        asks("gate", "yes-no"),
        asks("inner", when={"field": "gate", "is": True}),
        channels=["web"],
        rules=[{**STUCK, "at": "inner", "when": {"field": "gate", "is": False}}],
    )
    assert kinds(faults) == [("dead-end", "gate")]
    assert "inner: stuck" in faults[0].rule


def test_a_mistake_in_rows_is_found_and_told():
    rule = {
        **STUCK,
        "at": "mover",
        "when": {"all": [{"field": "child", "is": True}, {"field": "mover", "answered": True}]},
    }
    rows = section("movers", asks("child", "yes-no"), asks("mover", "name"), repeat={"maximum": 2})
    faults = proved(rows, channels=["web"], rules=[rule])
    assert kinds(faults) == [("dead-end", "child")]
    assert re.search(r"movers\[\d\]\.mover: stuck", faults[0].rule)
    assert any(row["child"] for row in faults[0].example["movers"])


def test_a_known_row_and_a_known_field_need_no_question():
    made = proved(
        section("a", KNOWN, asks("b", required={"field": "known", "is": True})),
        section("c", asks("d", channels=[]), asks("e", "yes-no"), repeat={}),
    )
    assert made == []


def test_an_option_of_a_row_may_depend_on_the_row():
    rows = section(
        "movers",
        asks("child", "yes-no"),
        choice(
            "school",
            "none",
            {"value": "primary", "when": {"field": "child", "is": True}},
        ),
        repeat={},
    )
    assert proved(rows) == []


def test_a_section_that_nobody_sees_is_told_with_its_questions():
    faults = proved(
        section("a", COPIES),
        section("b", asks("x"), asks("y", value={"sum": [1]}), when=never()),
    )
    assert kinds(faults) == [("unreachable", "x")]


def test_the_same_form_is_judged_the_same_every_time():
    made = form(section("a", COPIES, asks("b", when=never())), section("c", asks("d"), repeat={}))
    assert list(prove(made, TODAY)) == list(prove(made, TODAY))


@pytest.mark.parametrize("name", ["juminhyo", "inu", "shimin-no-koe"])
def test_procedures_of_the_city_are_sound(name):
    assert list(prove(load(FORMS / f"{name}.yaml"), TODAY)) == []
