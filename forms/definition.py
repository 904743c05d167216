"""The shape of a procedure's form: what a city may write in a file, and nothing else.

These classes are the schema. `docs/forms.md` explains them with examples; the JSON Schema that
editors complete from (`resources/forms/schema.json`) is generated from them.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="a-z, 0-9 and _")]
FormId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="a-z, 0-9 and -")]
Label = Annotated[str, Meta(min_length=1, description="Japanese words, as the paper has them")]
Law = Annotated[str, Meta(description="the law, ordinance or rule that this stands on")]
Scalar = bool | int | str


class Channel(StrEnum):
    """Where a form is filled in; some questions are asked on some channels only."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    WEB = "web"


ALL_CHANNELS = tuple(Channel)


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every part of a definition is: fixed, and closed to words it does not know."""


class Condition(Part, frozen=True, rename={"is_": "is", "all_": "all", "any_": "any"}):
    """Something that holds or does not: one head, and for `field` one test.

    A test of something that is not answered does not hold, whichever it is, except
    `answered: false`.
    """

    field: Annotated[str, Meta(description="test this answer; `today` is a date too")] | None = None
    is_: Annotated[Scalar | tuple[Scalar, ...], Meta(description="is this, or one of these")] | (
        None
    ) = None
    is_not: Annotated[Scalar | tuple[Scalar, ...], Meta(description="is none of these")] | None = (
        None
    )
    answered: Annotated[bool, Meta(description="whether there is an answer at all")] | None = None
    at_least: Annotated[int | str, Meta(description="a number, an ISO date, or a field")] | None = (
        None
    )
    at_most: Annotated[int | str, Meta(description="a number, an ISO date, or a field")] | None = (
        None
    )
    same_as: Annotated[str, Meta(description="holds the same as that field")] | None = None
    all_: Annotated[tuple["Condition", ...], Meta(min_length=1)] | None = None
    any_: Annotated[tuple["Condition", ...], Meta(min_length=1)] | None = None
    none: Annotated[tuple["Condition", ...], Meta(min_length=1)] | None = None
    some: Annotated[str, Meta(description="a repeated section with a row where `where`")] | None = (
        None
    )
    every: Annotated[str, Meta(description="… whose rows are all so; it needs a row")] | None = None
    where: "Condition | None" = None
    channel: Annotated[tuple[Channel, ...], Meta(min_length=1)] | None = None


class Branch(Part, frozen=True):
    """One branch of a `choose`."""

    when: Condition
    value: "Operand"


class Dated(Part, frozen=True, rename={"from_": "from"}):
    """A value from a day on."""

    from_: date
    value: "Operand"


class Reached(StrEnum):
    """When a year of age is reached: 年齢計算ニ関スル法律 says the day before."""

    BIRTHDAY = "birthday"
    DAY_BEFORE = "day-before"


class Rounding(StrEnum):
    """What becomes of the rest of a share."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"


class Formula(Part, frozen=True):
    """A value worked out from answers: one head; None where something it needs is missing."""

    sum: tuple["Operand", ...] | None = None
    product: tuple["Operand", ...] | None = None
    difference: tuple["Operand", "Operand"] | None = None
    largest: Annotated[tuple["Operand", ...], Meta(min_length=1)] | None = None
    smallest: Annotated[tuple["Operand", ...], Meta(min_length=1)] | None = None
    share_of: "Operand | None" = None
    percent: "Operand" = 100
    rounding: Rounding = Rounding.DOWN
    to: Annotated[int, Meta(ge=1, description="round to multiples of this")] = 1
    age_of: Annotated[str, Meta(description="a date of birth")] | None = None
    reached: Reached = Reached.BIRTHDAY
    on: Annotated[str, Meta(description="the day that counts: a field or today")] = "today"
    days_from: str | None = None
    until: str = "today"
    day: Annotated[str, Meta(description="a date, moved by plus_…")] | None = None
    plus_days: int = 0
    plus_months: int = 0
    plus_years: int = 0
    if_closed: Annotated[bool, Meta(description="move on to the next open day")] = False
    school_year_end: Annotated[str, Meta(description="a date of birth")] | None = None
    age: int = 18
    fiscal_year_of: str | None = None
    begins: Annotated[str, Meta(pattern=r"^\d\d-\d\d$", description="MM-DD")] = "04-01"
    month_end: Annotated[str, Meta(description="last day of that date's month")] | None = None
    count: Annotated[str, Meta(description="a repeated section, or a `choices` field")] | None = (
        None
    )
    total: Annotated[str, Meta(description="sum of a row's field over a repeated section")] | (
        None
    ) = None
    where: Condition | None = None
    choose: tuple[Branch, ...] | None = None
    by_date: tuple[Dated, ...] | None = None
    otherwise: "Operand | None" = None


Operand = int | str | Formula  # a number, a field's id, or a formula


class Option(Part, frozen=True):
    """One choice of a choice field."""

    value: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    label: Label
    when: Condition | None = None
    law: Law | None = None


class Field(Part, frozen=True):
    """One question, of one kind, taken from a known fact where there is one."""

    id: Id
    kind: str
    label: Label
    required: bool | Condition = True
    when: Condition | None = None
    channels: tuple[Channel, ...] = ALL_CHANNELS
    fact: Annotated[str, Meta(description="known under this name; in rows, of the row")] | None = (
        None
    )
    default: Scalar | None = None
    value: Annotated[Operand, Meta(description="worked out, never asked")] | None = None
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    length: Annotated[int, Meta(description="digits: exactly so many")] | None = None
    check: Annotated[str, Meta(description="digits: mynumber, juminhyo-code, corporate")] | None = (
        None
    )
    pattern: Annotated[str, Meta(description="text: the whole of it matches")] | None = None
    partial: Annotated[bool, Meta(description="date: month or day may be unknown")] = False
    law: Law | None = None


class Repeat(Part, frozen=True):
    """A section asked once for each of several people or things."""

    minimum: Annotated[int, Meta(ge=0)] = 1
    maximum: Annotated[int, Meta(ge=1, le=50)] = 10


class Section(Part, frozen=True):
    """Questions that belong together under one heading."""

    id: Id
    label: Label
    fields: tuple[Field, ...]
    when: Condition | None = None
    repeat: Repeat | None = None
    fact: Annotated[str, Meta(description="rows known under this name")] | None = None
    only: Annotated[Condition, Meta(description="which of the known rows")] | None = None


class Then(StrEnum):
    """What a rule does: ends here with a sentence, asks to mend an answer, or only tells."""

    STOP = "stop"
    PROBLEM = "problem"
    NOTICE = "notice"


class Rule(Part, frozen=True):
    """A sentence for a situation."""

    id: Id
    when: Condition
    then: Then
    label: Label
    at: Annotated[str, Meta(description="the field to look at; a problem needs it")] | None = None
    law: Law | None = None


class Applicant(Part, frozen=True):
    """Who may apply: answers of the field `relation`, where, and on which condition."""

    relation: Annotated[tuple[str, ...], Meta(min_length=1)]
    label: Label
    channels: tuple[Channel, ...] = ALL_CHANNELS
    when: Condition | None = None
    law: Law | None = None


class Paper(Part, frozen=True):
    """Something to bring or show."""

    id: Id
    label: Label
    when: Condition | None = None
    later: Annotated[bool, Meta(description="may be handed in afterwards")] = False
    law: Law | None = None


class Fee(Part, frozen=True, rename={"from_": "from"}):
    """One line of the price, on these channels, between these days."""

    id: Id
    label: Label
    unit: Operand
    times: Operand = 1
    channels: tuple[Channel, ...] = ALL_CHANNELS
    from_: date | None = None
    until: Annotated[date, Meta(description="the last day")] | None = None
    when: Condition | None = None
    law: Law | None = None


class Waiver(Part, frozen=True, rename={"from_": "from"}):
    """A reason for which this share of the fee is not taken."""

    id: Id
    label: Label
    when: Condition
    percent: Annotated[int, Meta(ge=1, le=100)] = 100
    from_: date | None = None
    until: date | None = None
    law: Law | None = None


class Followup(Part, frozen=True):
    """Something else to be done, which these answers make necessary."""

    form: FormId
    label: Label
    because: Label
    when: Condition
    each: Annotated[str, Meta(description="a repeated section: one for each row that")] | None = (
        None
    )
    law: Law | None = None


class Block(Part, frozen=True):
    """Sections that several forms share, with their rules and papers."""

    id: FormId
    label: Label
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()
    papers: tuple[Paper, ...] = ()


class FormDefinition(Part, frozen=True):
    """A procedure as its counter would ask it, in order."""

    id: FormId
    version: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}(\.\d+)?$", description="2026-11.2")]
    label: Label
    law: Law
    sections: tuple[Section, ...]
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)] = ALL_CHANNELS
    category: str = "other"
    anonymous: Annotated[bool, Meta(description="at the kiosk, nobody shows a card")] = False
    certificate: Annotated[str, Meta(description="the paper it yields")] | None = None
    begins: Annotated[tuple[FormId, ...], Meta(description="blocks before the sections")] = ()
    ends: Annotated[tuple[FormId, ...], Meta(description="blocks after the sections")] = ()
    without: Annotated[tuple[Id, ...], Meta(description="fields of blocks left out")] = ()
    who: tuple[Applicant, ...] = ()
    fees: tuple[Fee, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    papers: tuple[Paper, ...] = ()
    rules: tuple[Rule, ...] = ()
    followups: tuple[Followup, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field in the order it is asked, rows' fields once."""
        return tuple(item for section in self.sections for item in section.fields)
