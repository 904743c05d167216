"""The whole logic of a form without a screen: everything that some answers come to."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from forms.answers import Answers, Problem, faults
from forms.definition import Paper, Then
from forms.form import Form
from forms.formulas import Occasion
from forms.kinds import LONGEST_TEXT
from forms.questions import Standing
from forms.verdicts import Block, Found, Next, Quote


@dataclass(frozen=True)
class Outcome:
    """What is asked, what is wrong, what it costs, what follows."""

    standing: Standing
    problems: tuple[Problem, ...]
    quote: Quote
    papers: tuple[Paper, ...]
    notices: tuple[Found, ...]
    next: tuple[Next, ...]
    blocked: Block | None


def judge(form: Form, answers: Answers, occasion: Occasion) -> Outcome:
    """Everything that follows from these answers, here and today."""
    standing = form.stand(answers.values, occasion)
    verdicts = form.verdicts
    return Outcome(
        standing=standing,
        problems=tuple(faults(form, answers, standing)),
        quote=verdicts.quote(standing),
        papers=verdicts.papers(standing),
        notices=verdicts.found(standing, Then.NOTICE),
        next=verdicts.next(standing),
        blocked=verdicts.blocked(standing),
    )


def to_json(outcome: Outcome, form: Form) -> dict[str, Any]:
    """The outcome as `forms fill --json` prints it."""
    questions = outcome.standing.questions
    worked_out = {item.id for item in form.fields if item.value is not None}
    values = outcome.standing.values
    return {
        "form": form.id,
        "version": form.version,
        "visible": [question.path for question in questions],
        "required": [question.path for question in questions if question.required],
        "problems": in_words(form, outcome.problems),
        "fee": {
            "total": outcome.quote.total,
            "lines": [
                {"id": x.id, "label": x.label, "count": x.count, "unit": x.unit, "amount": x.amount}
                for x in outcome.quote.lines
            ],
        },
        "followups": [
            {
                "form": each.followup.form,
                "label": each.followup.label,
                "because": each.followup.because,
                "law": each.followup.law,
                "row": each.row,
            }
            for each in outcome.next
        ],
        "blocked": None
        if outcome.blocked is None
        else {"reason": outcome.blocked.reason, "message": outcome.blocked.message},
        "notices": [
            {"rule": each.rule.id, "field": each.path, "message": each.rule.label}
            for each in outcome.notices
        ],
        "papers": [
            {"id": paper.id, "label": paper.label, "later": paper.later, "law": paper.law}
            for paper in outcome.papers
        ],
        "values": {name: values[name] for name in values if name in worked_out},
    }


def in_words(form: Form, problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as they are printed, each with its sentence."""
    return [
        {"field": each.field, "reason": each.reason, "message": sentence(form, each)}
        for each in problems
    ]


def sentence(form: Form, problem: Problem) -> str:
    """What is wrong and what to do about it, naming the field."""
    for rule in form.definition.rules:
        if rule.id == problem.reason:
            return rule.label
    label, longest = problem.field, LONGEST_TEXT
    with suppress(KeyError):
        item = form.field(problem.field)
        label, longest = item.label, item.maximum or LONGEST_TEXT
    return f"「{label}」: {_SENTENCES[problem.reason].format(longest=longest)}"


_SENTENCES = {
    "required": "まだ答えていません。",
    "unknown-field": "この手続きにない項目です。",
    "not-rows": "一件ずつの一覧にしてください。",
    "too-few": "件数が足りません。",
    "too-many": "件数が多すぎます。",
    "not-text": "文字で答えてください。",
    "too-long": "長すぎます（{longest}文字まで）。",
    "odd-character": "使えない文字（制御文字など）が入っています。",
    "not-of-form": "決まった書き方と違います。",
    "not-kana": "かなで書いてください。",
    "not-email": "メールアドレスの形ではありません。",
    "not-a-number": "数で答えてください。",
    "out-of-range": "決められた範囲の外です。",
    "not-digits": "数字だけで書いてください。",
    "wrong-length": "けた数が違います。",
    "wrong-check-digit": "番号のどこかが違います（検査数字が合いません）。",
    "not-phone": "0から始まる10けたか11けたの番号を書いてください。",
    "not-date": "その日付はありません。",
    "not-time": "時刻の形ではありません。",
    "not-a-point": "地図の位置ではありません。",
    "not-a-choice": "ここでは選べない答えです。",
    "unknown-part": "住所や口座にない項目が入っています。",
    "not-a-prefecture": "都道府県の名前ではありません。",
    "not-whole-address": "住所が途中までです。",
    "not-a-postcode": "郵便番号は7けたです。",
    "not-an-account": "口座として足りないところがあります。",
    "not-a-file": "ファイルの情報が足りません。",
    "wrong-type-of-file": "この種類のファイルは受け取れません。",
    "too-large": "大きすぎます。",
}
REASONS = frozenset(_SENTENCES)
