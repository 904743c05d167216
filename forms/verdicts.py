"""What follows from answers besides more questions: price, papers, rules, who may apply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.definition import (
    Applicant,
    Fee,
    Followup,
    FormDefinition,
    Paper,
    Rule,
    Then,
    Waiver,
)
from forms.questions import Broken, Questions, Standing, made
from forms.scope import Scope, Test, Unsound, Worth

MAY_NOT_APPLY = "may-not-apply"
RELATION = "relation"


@dataclass(frozen=True)
class FeeLine:
    """One line of a fee: so many at so much."""

    id: str
    label: str
    count: int
    unit: int

    @property
    def amount(self) -> int:
        """What the line comes to, in yen."""
        return self.count * self.unit


@dataclass(frozen=True)
class Quote:
    """What this application costs here and now, line by line; a waiver is a line below zero."""

    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> int:
        """The whole fee in yen."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Found:
    """A rule that holds, at a place in the answers."""

    rule: Rule
    path: str | None


@dataclass(frozen=True)
class Block:
    """Why the application ends here, in words."""

    reason: str
    message: str


@dataclass(frozen=True)
class Next:
    """Something else that has to be done, for one row or for all."""

    followup: Followup
    row: int | None


class Verdicts:
    """Everything of a form that is judged once the answers stand."""

    def __init__(self, definition: FormDefinition, questions: Questions) -> None:
        self._questions = questions
        self._relations = [
            option.value
            for item in definition.fields
            if item.id == RELATION
            for option in item.options
        ]
        self._fees = tuple(
            (fee, self._when(fee), self._worth(fee, "unit"), self._worth(fee, "times"))
            for fee in definition.fees
        )
        self._waivers = tuple((waiver, self._when(waiver)) for waiver in definition.waivers)
        self._papers = tuple((paper, self._when(paper)) for paper in definition.papers)
        self._who = tuple((each, self._applicant(each)) for each in definition.who)
        self._rules = tuple(self._rule(rule) for rule in definition.rules)
        self._next = tuple((each, self._followup(each)) for each in definition.followups)

    def quote(self, standing: Standing) -> Quote:
        """The price; a count that is not answered yet costs nothing yet."""
        scope = standing.scope
        lines: list[FeeLine] = []
        for fee, when, unit, times in self._fees:
            if scope.occasion.channel not in fee.channels or not _in_force(fee, scope):
                continue
            if when(scope):
                price, count = unit(scope), times(scope)
                if isinstance(price, int) and isinstance(count, int) and count > 0:
                    lines.append(FeeLine(fee.id, fee.label, int(count), int(price)))
        return Quote((*lines, *self._waived(lines, scope)))

    def papers(self, standing: Standing) -> tuple[Paper, ...]:
        """What has to be brought or shown."""
        return tuple(paper for paper, when in self._papers if when(standing.scope))

    def found(self, standing: Standing, then: Then) -> tuple[Found, ...]:
        """The rules of one fate that hold."""
        found: list[Found] = []
        for rule, test, section in self._rules:
            if rule.then is not then:
                continue
            if section is None:
                if test(standing.scope):
                    found.append(Found(rule, rule.at))
                continue
            found += [
                Found(rule, f"{section}[{number}].{rule.at}")
                for number in _rows(standing, section, test)
            ]
        return tuple(found)

    def blocked(self, standing: Standing) -> Block | None:
        """Why these answers end here, if they do."""
        relation = standing.values.get(RELATION)
        if self._who and relation is not None and not self._may_apply(relation, standing.scope):
            return Block(MAY_NOT_APPLY, "この関係の方は、この手続きをここでは申請できません。")
        for found in self.found(standing, Then.STOP):
            return Block(found.rule.id, found.rule.label)
        return None

    def next(self, standing: Standing) -> tuple[Next, ...]:
        """What else these answers make necessary."""
        found: list[Next] = []
        for followup, test in self._next:
            if followup.each is None:
                if test(standing.scope):
                    found.append(Next(followup, None))
                continue
            found += [Next(followup, row) for row in _rows(standing, followup.each, test)]
        return tuple(found)

    def _may_apply(self, relation: object, scope: Scope) -> bool:
        return any(relation in each.relation and test(scope) for each, test in self._who)

    def _waived(self, lines: Iterable[FeeLine], scope: Scope) -> tuple[FeeLine, ...]:
        total = sum(line.amount for line in lines)
        for waiver, when in self._waivers:
            if total and _in_force(waiver, scope) and when(scope):
                return (FeeLine(waiver.id, waiver.label, 1, -(total * waiver.percent // 100)),)
        return ()

    def _when(self, part: Fee | Waiver | Paper) -> Test:
        return self._test(part.id, part.when)

    def _test(self, part: str, condition: Any, row_of: str | None = None) -> Test:
        test: Test = made(part, "when", lambda: self._questions.maker(row_of).test(condition))
        return test

    def _worth(self, fee: Fee, key: str) -> Worth:
        operand = getattr(fee, key)
        worth: Worth = made(fee.id, key, lambda: self._questions.maker().worth(operand))
        return worth

    def _applicant(self, applicant: Applicant) -> Test:
        part = applicant.relation[0]
        if not self._relations:
            raise Broken(part, "relation", "`who` needs a field `relation`")
        for relation in applicant.relation:
            if relation not in self._relations:
                raise Broken(part, "relation", f"{relation!r} is no option of 'relation'")
        test = self._test(part, applicant.when)
        return lambda scope: scope.occasion.channel in applicant.channels and test(scope)

    def _rule(self, rule: Rule) -> tuple[Rule, Test, str | None]:
        """A rule at a field of rows looks at each row; one that can be told outside, once."""
        section = None
        if rule.at is not None:
            try:
                self._questions.field(rule.at)
            except KeyError as fault:
                raise Broken(rule.id, "at", f"{rule.at!r} is no field of this form") from fault
            section = self._questions.rows_of(rule.at)
        elif rule.then is Then.PROBLEM:
            raise Broken(rule.id, "at", "a problem needs the field to look at")
        if section is None:
            return rule, self._test(rule.id, rule.when), None
        try:
            test = self._questions.maker().test(rule.when)
        except Unsound:
            return rule, self._test(rule.id, rule.when, section), section
        return rule, test, None

    def _followup(self, followup: Followup) -> Test:
        if followup.each and followup.each not in [each.id for each in self._questions.repeated()]:
            raise Broken(followup.form, "each", f"{followup.each!r} is no repeated section")
        return self._test(followup.form, followup.when, followup.each)


def _in_force(part: Fee | Waiver, scope: Scope) -> bool:
    today: date = scope.occasion.today
    return (part.from_ is None or part.from_ <= today) and (
        part.until is None or today <= part.until
    )


def _rows(standing: Standing, section: str, test: Test) -> list[int]:
    rows: list[Mapping[str, Any]] = standing.values.get(section) or []
    return [number for number, row in enumerate(rows) if test(standing.scope.within(row))]
