"""Kinds that are not typed: a signature, photos, files. The bytes travel beside the answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.definition import Field
from forms.kinds.reading import LONGEST_NAME, Unreadable, among, plain

ON_PAPER = "paper"
PARTS = ("name", "type", "size", "sha256")
LARGEST = 20_000_000
PICTURES = ("image/jpeg", "image/png", "image/heic", "image/webp")
DOCUMENTS = (*PICTURES, "application/pdf")
_SHOWN = re.compile(
    r"(?P<name>.+)（(?P<type>[^（）]+)・(?P<size>[0-9]{1,9})・(?P<sha256>[0-9a-f]{64})）"
)
_ON_PAPER_SHOWN = "紙に署名"


@dataclass(frozen=True)
class Attachment:
    """The bytes of a photo or file that a form names by their fingerprint."""

    sha256: str
    content: bytes = field(repr=False)


def signature(_: Field, value: object) -> object:
    """Signed on the paper itself, or drawn on a pad."""
    if value in (ON_PAPER, _ON_PAPER_SHOWN):
        return ON_PAPER
    return "" if value == "" else _attachment(value, PICTURES)


def show_signature(_: Field, value: object) -> str:
    """紙に署名, or the picture's name."""
    return _ON_PAPER_SHOWN if value == ON_PAPER else _show(value)


def photos(field: Field, value: object) -> object:
    """Pictures, as many as the field wants."""
    return _list(field, value, PICTURES)


def files(field: Field, value: object) -> object:
    """Pictures or documents."""
    return _list(field, value, DOCUMENTS)


def show_list(_: Field, value: object) -> str:
    """A line for each."""
    several: list[object] = value  # type: ignore[assignment]
    return "\n".join(_show(each) for each in several)


def fingerprints(value: object) -> Iterator[str]:
    """Of every file that some answers name, wherever they do."""
    if isinstance(value, Mapping):
        if value.keys() >= set(PARTS):
            yield str(value["sha256"])
        else:
            for each in value.values():
                yield from fingerprints(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from fingerprints(each)


def _list(field: Field, value: object, types: tuple[str, ...]) -> object:
    if isinstance(value, str):
        value = value.split("\n") if value else []
    if not isinstance(value, list | tuple):
        raise Unreadable("not-a-file")
    if value:
        among(len(value), field)
    return [_attachment(each, types) for each in value]


def _attachment(value: object, types: tuple[str, ...]) -> dict[str, object]:
    if isinstance(value, str) and (shown := _SHOWN.fullmatch(value)):
        value = {**shown.groupdict(), "size": int(shown["size"])}
    if not isinstance(value, Mapping) or set(value) != set(PARTS):
        raise Unreadable("not-a-file")
    name, size = plain(value["name"], LONGEST_NAME), value["size"]
    digest = plain(value["sha256"], LONGEST_NAME)
    if not name or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Unreadable("not-a-file")
    if value["type"] not in types:
        raise Unreadable("wrong-type-of-file")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= LARGEST:
        raise Unreadable("too-large")
    return {"name": name, "type": value["type"], "size": size, "sha256": digest}


def _show(value: object) -> str:
    parts: Mapping[str, object] = value  # type: ignore[assignment]
    return f"{parts['name']}（{parts['type']}・{parts['size']}・{parts['sha256']}）"
