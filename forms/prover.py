"""Walks every branch of a form and says, with answers as an example, what can never work."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from forms.answers import Answers, fault, faults, fresh_row
from forms.candidates import candidates
from forms.definition import Applicant, Channel, Field, Followup, Paper, Rule
from forms.form import Form
from forms.kinds import KINDS
from forms.questions import ROWS, Standing
from forms.scope import Occasion
from forms.search import Search
from forms.verdicts import MAY_NOT_APPLY, RELATION

_TRIES = 60
_ROUNDS = 12


@dataclass(frozen=True)
class Fault:
    """One thing that can never work, or works wrongly with the answers of the example."""

    kind: str
    part: str
    rule: str
    example: Any = None


def prove(form: Form, today: date) -> Iterator[Fault]:
    """Everything that is wrong with the form's logic; nothing where nothing is."""
    yield from _Proof(form, today).faults()


class _Proof:
    def __init__(self, form: Form, today: date) -> None:
        self._form, self._search = form, Search(form, today)
        self._channels = form.definition.channels
        self._today = today

    def faults(self) -> Iterator[Fault]:
        yield from self._unaskable()
        yield from self._unreachable()
        yield from self._never()
        yield from self._dead_ends()

    def _unaskable(self) -> Iterator[Fault]:
        """Each question is asked somewhere, and only where it can be answered."""
        for item in self._form.fields:
            if item.value is not None or not item.channels:
                continue
            offered = [channel for channel in item.channels if channel in self._channels]
            if not offered:
                yield Fault("unreachable", item.id, "asked on no channel where the form is offered")
            for channel in offered:
                if channel not in KINDS[item.kind].channels:
                    rule = f"{item.kind!r} cannot be asked at the {channel}"
                    yield Fault("unaskable", item.id, rule)

    def _unreachable(self) -> Iterator[Fault]:
        for item in self._form.fields:
            offered = [channel for channel in item.channels if channel in self._channels]
            if not offered or item.value is not None:
                continue
            if self._find([item.id], self._is_asked(item), offered) is None:
                yield Fault("unreachable", item.id, "no answers lead to this question")
                continue
            for option in item.options:
                if option.when is not None and not self._offers(item, option.value, offered):
                    yield Fault("never", f"{item.id}.{option.value}", "this option never shows")
            if not isinstance(item.required, bool):
                yield from self._never_required(item, offered)

    def _never(self) -> Iterator[Fault]:
        """Each condition holds with some answers."""
        definition = self._form.definition
        for rule in definition.rules:
            parts: list[object] = [rule.when, *([rule.at] if rule.at else [])]
            yield from self._must(f"rule {rule.id}", parts, partial(self._tells, rule))
        for fee in definition.fees:
            parts = [fee.when, fee.unit, fee.times]
            channels = [channel for channel in fee.channels if channel in self._channels]
            yield from self._must(f"fee {fee.id}", parts, partial(self._charges, fee.id), channels)
        for waiver in definition.waivers:
            parts = [waiver.when]
            for fee in definition.fees:
                parts += [fee.times, fee.unit, fee.when]
            yield from self._must(f"waiver {waiver.id}", parts, partial(self._charges, waiver.id))
        for paper in definition.papers:
            yield from self._must(f"paper {paper.id}", [paper.when], partial(self._wants, paper))
        for followup in definition.followups:
            parts = [followup.when, *([followup.each] if followup.each else [])]
            yield from self._must(
                f"followup {followup.form}", parts, partial(self._leads_to, followup)
            )
        for each in definition.who:
            yield from self._must_apply(each)

    def _tells(self, rule: Rule, standing: Standing) -> bool:
        return any(each.rule is rule for each in self._form.verdicts.found(standing, rule.then))

    def _charges(self, line_id: str, standing: Standing) -> bool:
        return any(line.id == line_id for line in self._form.verdicts.quote(standing).lines)

    def _wants(self, paper: Paper, standing: Standing) -> bool:
        return paper in self._form.verdicts.papers(standing)

    def _leads_to(self, followup: Followup, standing: Standing) -> bool:
        return any(each.followup is followup for each in self._form.verdicts.next(standing))

    def _must_apply(self, each: Applicant) -> Iterator[Fault]:
        channels = [channel for channel in each.channels if channel in self._channels]
        for relation in each.relation:

            def may(standing: Standing, wanted: str = relation) -> bool:
                if standing.values.get(RELATION) != wanted:
                    return False
                blocked = self._form.verdicts.blocked(standing)
                return blocked is None or blocked.reason != MAY_NOT_APPLY

            part = f"who {relation}"
            yield from self._must(part, [each.when, RELATION], may, channels)

    def _must(
        self,
        part: str,
        parts: Sequence[object],
        goal: Callable[[Standing], bool],
        channels: Sequence[Channel] | None = None,
    ) -> Iterator[Fault]:
        if self._find(parts, goal, self._channels if channels is None else channels) is None:
            yield Fault("never", part, "no answers make this hold")

    def _dead_ends(self) -> Iterator[Fault]:
        """From every choice there is a way to submit, or a sentence that ends it."""
        for channel in self._channels:
            occasion = Occasion(self._today, channel)
            ended, left = self._finish({}, occasion)
            if not ended:
                yield Fault("dead-end", channel, f"nobody can finish here: {_told(left)}", left[0])
            for item in self._form.fields:
                if item.kind not in ("choice", "yes-no") or channel not in item.channels:
                    continue
                yield from self._dead_branches(item, channel)

    def _dead_branches(self, item: Field, channel: Channel) -> Iterator[Fault]:
        values = [o.value for o in item.options] if item.kind == "choice" else [True, False]
        for value in values:
            found = self._find([item.id], self._is_given(item, value), [channel])
            if found is None:
                continue
            given, occasion = found
            ended, left = self._finish(given, occasion, keep=item.id)
            if not ended and any(path.rpartition(".")[2] != item.id for path, _ in left[1]):
                rule = f"with {value!r} nobody can finish at the {channel}: {_told(left)}"
                yield Fault("dead-end", item.id, rule, left[0])

    def _finish(
        self, given: dict[str, Any], occasion: Occasion, keep: str | None = None
    ) -> tuple[bool, tuple[dict[str, Any], list[tuple[str, str]]]]:
        """Whether these answers can be completed; if not, how far they went and what stayed."""
        left: tuple[dict[str, Any], list[tuple[str, str]]] = (given, [])
        for attempt in range(_TRIES):
            answers, problems = self._completed(Answers(dict(given)), occasion, attempt, keep)
            blocked = self._form.verdicts.blocked(self._form.stand(answers.values, occasion))
            if not problems and (blocked is None or keep is not None):
                return True, left
            if keep is not None and blocked is not None:
                return True, left
            told = problems or [("", blocked.reason if blocked else "")]
            if not attempt or len(told) < len(left[1]):
                left = (dict(answers.values), told)
        return False, left

    def _completed(
        self, answers: Answers, occasion: Occasion, attempt: int, keep: str | None
    ) -> tuple[Answers, list[tuple[str, str]]]:
        """Fill what is required, then change what rules complain about, a few rounds."""
        problems: list[tuple[str, str]] = []
        for turn in range(_ROUNDS):
            answers = self._filled(answers, occasion, attempt + turn)
            standing = self._form.stand(answers.values, occasion)
            problems = [(p.field, p.reason) for p in faults(self._form, answers, standing)]
            if not problems:
                break
            for path, _ in problems:
                if path != keep:
                    answers = self._changed(answers, path, standing, attempt * 7 + turn)
        return answers, problems

    def _filled(self, answers: Answers, occasion: Occasion, attempt: int) -> Answers:
        for _ in range(_ROUNDS):
            standing = self._form.stand(answers.values, occasion)
            missing = [
                question
                for question in standing.questions
                if (question.required or attempt % 4 == 3)
                and answers.at(question.path) in (None, "", [])
            ]
            if not missing:
                break
            for question in missing:
                answers = self._changed(answers, question.path, standing, attempt)
        return answers

    def _changed(self, answers: Answers, path: str, standing: Standing, attempt: int) -> Answers:
        """Another answer to the question of this path."""
        question = standing.question(path)
        if question is None:
            return answers
        if question.field.kind == ROWS:
            most, fewest = question.field.maximum or 1, max(question.field.minimum or 0, 1)
            count = min(most, fewest + attempt % 3)
            return answers.resize(path, count, fresh_row(self._form, path))
        today, found = standing.scope.occasion.today, self._search.clues_of(path)
        domain = candidates(question.field, today, found)
        fit = [value for value in domain if fault(self._form, question, value, standing) is None]
        if not fit:
            return answers
        spread = attempt if attempt < len(fit) else attempt * 31
        return answers.answer(path, fit[spread % len(fit)])

    def _never_required(self, item: Field, offered: Sequence[Channel]) -> Iterator[Fault]:
        def needed(standing: Standing) -> bool:
            return any(q.required and q.field is item for q in standing.questions)

        if self._find([item.id, item.required], needed, offered) is None:
            yield Fault("never", item.id, "its `required` never holds")

    def _offers(self, item: Field, value: str, offered: Sequence[Channel]) -> bool:
        def shows(standing: Standing) -> bool:
            return any(
                option.value == value
                for question in standing.questions
                if question.field is item
                for option in self._form.questions.options(question, standing)
            )

        option = next(option for option in item.options if option.value == value)
        return self._find([item.id, option.when], shows, offered) is not None

    def _is_given(self, item: Field, value: object) -> Callable[[Standing], bool]:
        def given(standing: Standing) -> bool:
            for question in standing.questions:
                if (
                    question.field is item
                    and standing.scope_of(question).row.get(item.id, standing.values.get(item.id))
                    == value
                ):
                    return fault(self._form, question, value, standing) is None
            return False

        return given

    @staticmethod
    def _is_asked(item: Field) -> Callable[[Standing], bool]:
        return lambda standing: any(question.field is item for question in standing.questions)

    def _find(
        self, parts: Sequence[object], goal: Callable[[Standing], bool], channels: Sequence[Channel]
    ) -> tuple[dict[str, Any], Occasion] | None:
        return self._search.find([part for part in parts if part is not None], goal, channels)


def _told(left: tuple[dict[str, Any], list[tuple[str, str]]]) -> str:
    return ", ".join(f"{path or 'blocked'}: {reason}" for path, reason in left[1])
