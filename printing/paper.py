"""The papers as plain data, before anybody thinks of ink."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict


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
    elif isinstance(part, Struct):
        for piece in asdict(part).values():
            yield from texts(piece)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))
