"""What is asked: every condition made a function, every answer judged by one walk."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.conditions import Maker
from forms.definition import Channel, Condition, Field, FormDefinition, Option, Section
from forms.kinds import KINDS, Unreadable, parse
from forms.kinds.numbers import CHECKS
from forms.names import Known
from forms.scope import Occasion, Scope, Test, Unsound, Worth

ROWS = "rows"
NOTHING: tuple[object, ...] = ("", [], ())


class Broken(Exception):
    """A definition that contradicts itself: which of its parts, which key, which rule."""

    def __init__(self, part: str, key: str, rule: str) -> None:
        super().__init__(part, key, rule)
        self.part, self.key, self.rule = part, key, rule


@dataclass(frozen=True, slots=True)
class Question:
    """A field as it is asked here and now; in a repeated section, of one row."""

    path: str
    field: Field
    required: bool
    row: int | None = None


@dataclass(frozen=True)
class Standing:
    """What these answers leave standing: the questions in order, and the values that count."""

    questions: tuple[Question, ...]
    values: Mapping[str, Any]
    scope: Scope

    def question(self, path: str) -> Question | None:
        """The question of that path, if it is asked."""
        return next((each for each in self.questions if each.path == path), None)

    def scope_of(self, question: Question) -> Scope:
        """What a condition of this question looks at."""
        if question.row is None:
            return self.scope
        return self.scope.within(self.values[question.path.partition("[")[0]][question.row])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field with its conditions made ready."""

    field: Field
    when: Test | None
    needed: Test | None
    worth: Worth | None
    options: tuple[tuple[Option, Test | None], ...]
    plain: Question


@dataclass(frozen=True, slots=True)
class _Part:
    """A section with its conditions made ready."""

    section: Section
    when: Test | None
    only: Test | None
    fields: tuple[_Asked, ...]
    rows: Question | None


class Questions:
    """The questions of a form, ready to be asked."""

    def __init__(self, definition: FormDefinition) -> None:
        self._known = Known(definition)
        self._parts = tuple(self._part(section) for section in definition.sections)
        self._asked = {each.field.id: each for part in self._parts for each in part.fields}
        self._repeated = {part.section.id: part for part in self._parts if part.rows}
        self._rows = {part.section.id: part.rows for part in self._parts if part.rows}

    def field(self, path: str) -> Field:
        """The field of that id or path; asking for another is a mistake of ours."""
        name = path.rpartition(".")[2]
        if name in self._asked:
            return self._asked[name].field
        return self._rows[name].field

    def knows(self, name: str) -> bool:
        """Whether an answer of that name belongs to this form outside of rows."""
        if name in self._repeated:
            return True
        return name in self._asked and self._known.home(name) is None

    def rows_of(self, field_id: str) -> str | None:
        """The repeated section that a field stands in, if it does."""
        return self._known.home(field_id)

    def row_fields(self, section: str) -> tuple[Field, ...]:
        """What is asked in each row of a repeated section."""
        return tuple(each.field for each in self._repeated[section].fields)

    def repeated(self) -> Iterator[Section]:
        """The sections that are asked once for each of several."""
        return (part.section for part in self._repeated.values())

    def stand(self, values: Mapping[str, Any], occasion: Occasion) -> Standing:
        """One walk: what is asked with these answers, and which of them count."""
        standing: dict[str, Any] = {}
        walk = _Walk(Scope(standing, {}, occasion, occasion.today.isoformat()), [])
        for part in self._parts:
            if part.when is not None and not part.when(walk.scope):
                continue
            if part.rows is not None:
                name = part.section.id
                standing[name] = _ask_rows(part, part.rows, values.get(name), walk)
                continue
            for each in part.fields:
                _ask(each, values, standing, walk)
        return Standing(tuple(walk.questions), standing, walk.scope)

    def options(self, question: Question, standing: Standing) -> tuple[Option, ...]:
        """What can be chosen here and now."""
        scope = standing.scope_of(question)
        options = self._asked[question.field.id].options
        return tuple(option for option, test in options if test is None or test(scope))

    def concerns(self, section: str, row: Mapping[str, Any], occasion: Occasion) -> bool:
        """Whether a known row is one that this form is about."""
        part = self._repeated[section]
        if part.only is None:
            return True
        standing: dict[str, Any] = {}
        walk = _Walk(Scope({}, standing, occasion, occasion.today.isoformat()), [])
        for each in part.fields:
            _ask(each, row, standing, walk)
        return part.only(walk.scope)

    def maker(self, row_of: str | None = None) -> Maker:
        """Makes functions of conditions that may look at the whole form."""
        return Maker(self._known, row_of)

    def _part(self, section: Section) -> _Part:
        row_of = section.id if section.repeat else None
        when = self._test(section.id, "when", section.when)
        if row_of:
            made(section.id, "id", lambda: self._known.ask(section.id))
        fields = tuple(self._field(item, row_of) for item in section.fields)
        only = self._test(section.id, "only", section.only, row_of)
        return _Part(section, when, only, fields, _rows_question(section))

    def _field(self, item: Field, row_of: str | None) -> _Asked:
        _sound(item)
        worth, needed = None, None
        if item.value is not None:
            operand = item.value
            worth = made(item.id, "value", lambda: self.maker(row_of).worth(operand))
        if isinstance(item.required, Condition):
            needed = self._test(item.id, "required", item.required, row_of)
        when = self._test(item.id, "when", item.when, row_of)
        options = tuple(
            (option, self._test(item.id, "options", option.when, row_of)) for option in item.options
        )
        made(item.id, "id", lambda: self._known.ask(item.id))
        plain = Question(item.id, item, required=item.required is True)
        return _Asked(item, when, needed, worth, options, plain)

    def _test(
        self, part: str, key: str, condition: Condition | None, row_of: str | None = None
    ) -> Test | None:
        if condition is None:
            return None
        test: Test = made(part, key, lambda: self.maker(row_of).test(condition))
        return test


def made(part: str, key: str, make: Callable[[], Any]) -> Any:
    """What `make` makes; what is unsound there is named with its place."""
    try:
        return make()
    except Unsound as fault:
        raise Broken(part, key, str(fault)) from fault


def _ask(each: _Asked, given: Mapping[str, Any], standing: dict[str, Any], walk: "_Walk") -> None:
    """Ask one field, if it is asked, and let its answer stand."""
    if each.when is not None and not each.when(walk.scope):
        return
    field = each.field
    if each.worth is not None:
        value = each.worth(walk.scope)
    else:
        value = given.get(field.id)
        if walk.channel in field.channels:
            question = each.plain
            if each.needed is not None:
                question = replace(question, required=each.needed(walk.scope))
            if walk.row is not None:
                path = f"{walk.prefix}.{field.id}"
                question = replace(question, path=path, row=walk.row)
            walk.questions.append(question)
        elif field.channels:
            return
    if value is not None and value not in NOTHING:
        standing[field.id] = value


def _ask_rows(part: _Part, rows: Question, given: object, walk: "_Walk") -> list[dict[str, Any]]:
    """Ask a repeated section: how many, then each row."""
    channels = (item.field.channels for item in part.fields)
    if any(walk.channel in each for each in channels):
        walk.questions.append(rows)
    standing: list[dict[str, Any]] = []
    for number, row in enumerate(given if isinstance(given, list | tuple) else ()):
        found: dict[str, Any] = {}
        standing.append(found)
        inner = walk.within(f"{part.section.id}[{number}]", number, found)
        for each in part.fields:
            _ask(each, row if isinstance(row, Mapping) else {}, found, inner)
    return standing


@dataclass(slots=True)
class _Walk:
    """One pass over a form: what was found so far, and where it is."""

    scope: Scope
    questions: list[Question]
    prefix: str = ""
    row: int | None = None

    @property
    def channel(self) -> Channel:
        return self.scope.occasion.channel

    def within(self, prefix: str, number: int, row: Mapping[str, Any]) -> "_Walk":
        return _Walk(self.scope.within(row), self.questions, prefix, number)


def _rows_question(section: Section) -> Question | None:
    """How many there are, asked before the rows themselves."""
    if section.repeat is None:
        return None
    few, many = section.repeat.minimum, section.repeat.maximum
    field = Field(id=section.id, kind=ROWS, label=section.label, minimum=few, maximum=many)
    return Question(section.id, field, required=few > 0)


def _sound(item: Field) -> None:
    """Each kind has keys of its own; a key that means nothing there is a slip."""
    if item.kind not in KINDS:
        raise Broken(item.id, "kind", f"{item.kind!r} is no kind; allowed: {', '.join(KINDS)}")
    for key, kinds in _KEYS.items():
        unused = any(getattr(item, key) is each for each in (None, (), False))
        if not unused and item.kind not in kinds:
            raise Broken(item.id, key, f"means nothing for {item.kind!r}")
    if item.kind in ("choice", "choices"):
        values = [option.value for option in item.options]
        if len(set(values)) != len(values):
            raise Broken(item.id, "options", "two options have the same value")
        if not values:
            raise Broken(item.id, "options", "a choice needs options")
    if item.check is not None and item.check not in CHECKS:
        raise Broken(item.id, "check", f"allowed: {', '.join(CHECKS)}")
    if item.pattern is not None:
        try:
            re.compile(item.pattern)
        except re.error as fault:
            raise Broken(item.id, "pattern", str(fault)) from fault
    if item.default is not None:
        try:
            parse(item, item.default)
        except Unreadable as fault:
            raise Broken(item.id, "default", f"is no answer: {fault.reason}") from fault


_KEYS: Mapping[str, tuple[str, ...]] = {
    "options": ("choice", "choices"),
    "length": ("digits",),
    "check": ("digits",),
    "pattern": ("text",),
    "partial": ("date",),
    "minimum": ("choices", "count", "money", "digits", "photos", "files"),
    "maximum": ("choices", "count", "money", "digits", "photos", "files", "text", "note"),
}
