"""The shape of a procedure's form, so that a city can change one without code."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Where a form is filled in; some questions are asked on some channels only."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    WEB = "web"


@dataclass(frozen=True)
class When:
    """A condition on earlier answers: `field` holds one of `values`."""

    field: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class Option:
    """One choice of a choice field; its words stand in the texts under the field's key."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question: asked once, of one kind, taken from a known fact where there is one."""

    id: str
    kind: str
    label: str
    required: bool = True
    default: object = None
    fact: str | None = None
    when: When | None = None
    channels: tuple[Channel, ...] = (Channel.KIOSK, Channel.COUNTER, Channel.WEB)
    options: tuple[Option, ...] = ()
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True)
class Section:
    """Questions that belong together under one heading."""

    id: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Fee:
    """What one copy costs on a channel."""

    channel: Channel
    unit: int
    times: str
    label: str


@dataclass(frozen=True)
class FormDefinition:
    """A procedure as its counter would ask it, in order."""

    id: str
    version: str
    label: str
    law: str
    certificate: str | None
    sections: tuple[Section, ...]
    fees: tuple[Fee, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field in the order it is asked."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, field_id: str) -> Field:
        """The field of that id; asking for another is a mistake of ours."""
        return next(field for field in self.fields if field.id == field_id)
