"""The papers as plain data, before anybody thinks of ink."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime

CERTIFICATES = frozenset({"juminhyo"})  # what can be printed so far


@dataclass(frozen=True)
class Resident:
    """One person on a certificate; None is what was not asked for."""

    name: str
    kana: str
    birth: date
    sex: str
    relationship: str | None
    became_resident: date | None
    domicile: str | None
    head_of_domicile: str | None


@dataclass(frozen=True)
class Certificate:
    """A 住民票の写し; `kind` is "household" or "person", an empty `head` was not asked for."""

    number: str
    title: str
    kind: str
    city: str
    mayor_title: str
    issued: date
    address: str
    head: str
    rows: tuple[Resident, ...]
    specimen: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What a resident takes home; `waiting` while the office has not got it yet."""

    number: str
    city: str
    office_name: str
    at: datetime
    procedure: str
    fee: int
    lines: tuple[tuple[str, str], ...]
    waiting: bool
    status_url: str | None
    how_to_ask: str
    specimen: bool


def texts(part: object) -> Iterator[str]:
    """Every line of text of a paper, so that no field can be forgotten at the gate."""
    if isinstance(part, str):
        yield from part.splitlines()
    elif isinstance(part, tuple):
        for piece in part:
            yield from texts(piece)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))
