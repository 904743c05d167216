"""The outcome of a form as `forms fill --json` prints it: others rely on every key."""

import ast
import json
from pathlib import Path

import pytest

from forms.answers import Answers, Problem, take
from forms.definition import Channel
from forms.kinds import LONGEST_TEXT
from forms.outcome import REASONS, judge, sentence, to_json
from kiosk.ui.texts import load_texts
from tests.fakes.small_forms import asks, choice, form, here, of, section

TEXTS = load_texts(Path(__file__).parents[2] / "resources" / "texts")
SAY = TEXTS["ja"]
WHOLE = form(
    section(
        "wish",
        choice("relation", "self", "agent", "company"),
        asks("copies", "count", minimum=1, maximum=10),
        asks("late", "yes-no", required=False),
        asks("price", "money", value={"product": ["copies", 300]}),
    ),
    section(
        "movers",
        asks("who", "name"),
        asks("child", "yes-no", required=False),
        repeat={"minimum": 0},
    ),
    who=[{"relation": ["self", "agent"], "label": "本人か代理人"}],
    fees=[{"id": "copy", "label": "写し", "unit": 300, "times": "copies"}],
    waivers=[
        {"id": "free", "label": "無料", "percent": 50, "when": {"field": "copies", "at_least": 3}}
    ],
    papers=[
        {
            "id": "letter",
            "label": "委任状",
            "later": True,
            "law": "民法第99条",
            "when": {"field": "relation", "is": "agent"},
        },
        {"id": "card", "label": "本人確認書類"},
    ],
    rules=[
        {
            "id": "was_late",
            "then": "notice",
            "label": "遅れています",
            "when": {"field": "late", "is": True},
        },
        {
            "id": "child_alone",
            "then": "problem",
            "label": "大人も書いてください",
            "at": "who",
            "when": {"field": "child", "is": True},
        },
        {
            "id": "closed",
            "then": "stop",
            "label": "ここではできません",
            "when": {"field": "copies", "is": 9},
        },
    ],
    followups=[
        {
            "form": "kokuho",
            "label": "加入",
            "because": "わけ",
            "law": "法",
            "when": {"field": "late", "is": True},
        },
        {
            "form": "jido-teate",
            "label": "手当",
            "because": "子",
            "when": {"field": "child", "is": True},
            "each": "movers",
        },
    ],
)


def printed(values, channel=Channel.COUNTER):
    found = to_json(judge(WHOLE, Answers(values), here(channel)), WHOLE, SAY)
    assert json.loads(json.dumps(found)) == found
    return found


def test_an_outcome_has_every_key_that_others_rely_on():
    found = printed({})
    assert {"visible", "required", "problems", "fee", "followups", "blocked"} <= set(found)
    assert list(found) == [
        "form",
        "version",
        "visible",
        "required",
        "problems",
        "fee",
        "followups",
        "blocked",
        "notices",
        "papers",
        "values",
    ]


def test_an_empty_form_comes_to_what_is_asked_and_missing():
    assert printed({}) == {
        "form": "small",
        "version": "2026-11",
        "visible": ["relation", "copies", "late", "movers"],
        "required": ["relation", "copies"],
        "problems": [
            {
                "field": "relation",
                "reason": "required",
                "message": "「「relation」」: まだ答えていません。",
            },
            {
                "field": "copies",
                "reason": "required",
                "message": "「「copies」」: まだ答えていません。",
            },
        ],
        "fee": {"total": 0, "lines": []},
        "followups": [],
        "blocked": None,
        "notices": [],
        "papers": [{"id": "card", "label": "本人確認書類", "later": False, "law": None}],
        "values": {},
    }


def test_a_whole_form_comes_to_everything_that_follows():
    values = {
        "relation": "agent",
        "copies": 3,
        "late": True,
        "movers": [{"who": "山田"}, {"who": "山田", "child": True}],
    }
    assert printed(values) == {
        "form": "small",
        "version": "2026-11",
        "visible": [
            "relation",
            "copies",
            "late",
            "movers",
            "movers[0].who",
            "movers[0].child",
            "movers[1].who",
            "movers[1].child",
        ],
        "required": ["relation", "copies", "movers[0].who", "movers[1].who"],
        "problems": [
            {"field": "movers[1].who", "reason": "child_alone", "message": "大人も書いてください"}
        ],
        "fee": {
            "total": 450,
            "lines": [
                {"id": "copy", "label": "写し", "count": 3, "unit": 300, "amount": 900},
                {"id": "free", "label": "無料", "count": 1, "unit": -450, "amount": -450},
            ],
        },
        "followups": [
            {"form": "kokuho", "label": "加入", "because": "わけ", "law": "法", "row": None},
            {"form": "jido-teate", "label": "手当", "because": "子", "law": None, "row": 1},
        ],
        "blocked": None,
        "notices": [{"rule": "was_late", "field": None, "message": "遅れています"}],
        "papers": [
            {"id": "letter", "label": "委任状", "later": True, "law": "民法第99条"},
            {"id": "card", "label": "本人確認書類", "later": False, "law": None},
        ],
        "values": {"price": 900},
    }


def test_what_ends_here_is_said_with_its_reason():
    assert printed({"relation": "company"})["blocked"] == {
        "reason": "may-not-apply",
        "message": "この関係の方は、この手続きをここでは申請できません。",
    }
    assert printed({"copies": 9})["blocked"] == {
        "reason": "closed",
        "message": "ここではできません",
    }


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_a_sentence_that_names_the_field(reason):
    said = sentence(WHOLE, Problem("copies", reason), SAY)
    assert said.startswith("「「copies」」: ")
    assert said.endswith("。")


def test_every_reason_is_said_in_every_language_and_nothing_else_is():
    for texts in TEXTS.values():
        said = {key for key in sorted(texts.keys()) if key.startswith("reason.")}
        assert said == {f"reason.{reason}" for reason in REASONS}


def test_what_is_too_long_is_told_with_its_limit():
    made = form(section("only", asks("words", maximum=7), asks("more")))
    assert sentence(made, Problem("words", "too-long"), SAY).endswith("7文字までです。")
    assert f"{LONGEST_TEXT}文字" in sentence(made, Problem("more", "too-long"), SAY)


@pytest.mark.parametrize("path", ["hat", "movers[3]", "", "movers[0].hat"])
def test_a_problem_at_no_field_names_what_was_given(path):
    assert (
        sentence(WHOLE, Problem(path, "unknown-field"), SAY)
        == f"「{path}」: この手続きにない項目です。"
    )


def test_a_sentence_about_a_row_names_its_field():
    assert sentence(WHOLE, Problem("movers[3].who", "required"), SAY).startswith("「「who」」")


def test_no_reason_is_raised_that_has_no_sentence():
    forms = Path(__file__).parents[2] / "forms"
    calls = [
        node
        for file in (*(forms / "kinds").glob("*.py"), forms / "answers.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Unreadable", "Problem")
    ]
    reasons = {
        call.args[-1].value
        for call in calls
        if isinstance(call.args[-1], ast.Constant) and isinstance(call.args[-1].value, str)
    }
    assert reasons
    assert reasons <= REASONS


def test_what_cannot_be_taken_and_what_is_wrong_speak_the_same_way():
    made = of(asks("copies", "count"))
    answers, problems = take(made, {"copies": "two", "hat": 1})
    assert [sentence(made, each, SAY) for each in problems] == [
        "「「copies」」: 数で答えてください。",
        "「hat」: この手続きにない項目です。",
    ]
    assert to_json(judge(made, answers, here()), made, SAY)["problems"][0]["reason"] == "required"
