"""The whole logic of a form without a screen: everything that some answers come to."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from forms.answers import Answers, Problem, faults
from forms.definition import Paper, Then
from forms.form import Form
from forms.kinds import LONGEST_TEXT
from forms.questions import Standing
from forms.scope import Occasion
from forms.verdicts import Block, Found, Next, Quote

Say = Callable[..., str]


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


def to_json(outcome: Outcome, form: Form, say: Say) -> dict[str, Any]:
    """The outcome as `forms fill --json` prints it."""
    questions = outcome.standing.questions
    worked_out = {item.id for item in form.fields if item.value is not None}
    values = outcome.standing.values
    return {
        "form": form.id,
        "version": form.version,
        "visible": [question.path for question in questions],
        "required": [question.path for question in questions if question.required],
        "problems": in_words(form, outcome.problems, say),
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


def in_words(form: Form, problems: Iterable[Problem], say: Say) -> list[dict[str, str]]:
    """Problems as they are printed, each with its sentence."""
    return [
        {"field": each.field, "reason": each.reason, "message": sentence(form, each, say)}
        for each in problems
    ]


def sentence(form: Form, problem: Problem, say: Say) -> str:
    """What is wrong and what to do about it, naming the field; `say` has the words of a key."""
    for rule in form.definition.rules:
        if rule.id == problem.reason:
            return rule.label
    label, longest = problem.field, LONGEST_TEXT
    with suppress(KeyError):
        item = form.field(problem.field)
        label, longest = item.label, item.maximum or LONGEST_TEXT
    limit = say("limit.characters", longest=longest) if problem.reason == "too-long" else ""
    return f"「{label}」: {say(f'reason.{problem.reason}')}{limit}"


REASONS = frozenset(
    {
        "required",
        "unknown-field",
        "not-rows",
        "too-few",
        "too-many",
        "not-text",
        "too-long",
        "odd-character",
        "not-of-form",
        "not-kana",
        "not-email",
        "not-a-number",
        "out-of-range",
        "not-digits",
        "wrong-length",
        "wrong-check-digit",
        "not-phone",
        "not-date",
        "not-time",
        "not-a-point",
        "not-a-choice",
        "unknown-part",
        "not-a-prefecture",
        "not-whole-address",
        "not-a-postcode",
        "not-an-account",
        "not-a-file",
        "wrong-type-of-file",
        "too-large",
    }
)
