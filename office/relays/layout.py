"""What a city's file looks like: columns out of an envelope, to the byte.

A character that the file cannot carry stops its row and is named; it never becomes `?`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta

from forms.definition import Part
from office.relays.spelling import ADDRESS, SPELLINGS, Unspeakable, one_line

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
# Quotes do not help: a spreadsheet takes them off. A number with its sign is no formula.
_FORMULA = re.compile(r"[\t\r\n\0]|[ \u3000]*(?:[=@＝＠]|[+＋－-](?![\d \u3000().+＋－-]*\Z))")
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class Encoding(StrEnum):
    """What the bytes of a file mean."""

    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-bom"
    CP932 = "cp932"


class Newline(StrEnum):
    """How a line ends."""

    CRLF = "crlf"
    LF = "lf"


class Quote(StrEnum):
    """Which values stand in quotes."""

    ALL = "all"
    NEEDED = "needed"


class Formulas(StrEnum):
    """What becomes of a value that a spreadsheet would run when staff opens the file."""

    REFUSE = "refuse"
    APOSTROPHE = "apostrophe"
    AS_IS = "as-is"


class Column(Part, frozen=True, rename={"from_": "from"}):
    """One column: where its value is, or what it always is, and how it is written."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    from_: Annotated[str, Meta(description="A票.申請者.氏名, B票.purpose, receipt …")] | None = None
    constant: str | None = None
    format: Annotated[str, Meta(description=", ".join(SPELLINGS))] = "text"
    values: Annotated[dict[str, str], Meta(description="what a value is called there")] | None = (
        None
    )
    join: Annotated[str, Meta(description="between several values")] = " "
    width: Annotated[int, Meta(ge=1, description="characters at most")] | None = None
    bytes: (
        Annotated[int, Meta(ge=1, description="bytes at most, in the file's encoding")] | None
    ) = None
    required: bool = False
    formulas: Annotated[Formulas | None, Meta(description="without: the layout's")] = None


class Layout(Part, frozen=True):
    """One file's columns and how they are written."""

    columns: Annotated[tuple[Column, ...], Meta(min_length=1)]
    encoding: Encoding = Encoding.UTF_8
    newline: Newline = Newline.CRLF
    header: bool = True
    quote: Quote = Quote.NEEDED
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    formulas: Formulas = Formulas.REFUSE


class RowFault(Exception):
    """One row cannot be written: which column and why, without the value itself."""


def begin(layout: Layout) -> bytes:
    """What stands before the first row."""
    mark = b"\xef\xbb\xbf" if layout.encoding is Encoding.UTF_8_BOM else b""
    if not layout.header:
        return mark
    names = [column.name for column in layout.columns]
    return mark + b"".join(_line(layout, names, names))


def row(layout: Layout, envelope: Mapping[str, Any]) -> bytes:
    """One envelope as one row."""
    names = [column.name for column in layout.columns]
    values = [_checked(column, _cell(layout, column, envelope)) for column in layout.columns]
    pieces = list(_line(layout, names, values))
    for column, value in zip(layout.columns, values, strict=True):
        if column.bytes and len(_encoded(layout, column.name, value)) > column.bytes:
            raise RowFault(f"{column.name}: longer than {column.bytes} bytes")
    return b"".join(pieces)


def faults(layout: Layout) -> Iterator[tuple[int, str, str]]:
    """What is wrong with a layout whatever goes through it: column, key, rule."""
    seen: set[str] = set()
    for place, column in enumerate(layout.columns):
        if column.name in seen:
            yield place, "name", f"{column.name!r} stands here twice"
        seen.add(column.name)
        if (column.from_ is None) == (column.constant is None):
            yield place, "name", f"{column.name!r} takes either `from` or `constant`"
        if column.format not in SPELLINGS:
            yield place, "format", f"{column.format!r}: allowed: {', '.join(SPELLINGS)}"
        if column.from_ is not None and not steps(column.from_):
            yield place, "from", f"{column.from_!r} is no path"
        try:
            _encoded(layout, column.name, column.name + (column.constant or ""))
        except RowFault as fault:
            yield place, "name", str(fault)


def steps(path: str) -> list[str | int]:
    """`B票.persons[0].name` as keys and numbers; empty where it is no path."""
    found = _STEP.findall(path)
    if "".join(f"[{n}]" if n else f".{key}" for key, n in found)[1:] != path:
        return []
    return [int(number) if number else key for key, number in found]


def _cell(layout: Layout, column: Column, envelope: Mapping[str, Any]) -> str:
    """What people said never runs on the machine of whoever opens the file."""
    value, formulas = _value(column, envelope), column.formulas or layout.formulas
    if column.constant is not None or formulas is Formulas.AS_IS or not _FORMULA.match(value):
        return value
    if formulas is Formulas.APOSTROPHE:
        return f"'{value}"
    sign = value.lstrip(" \u3000")[0]
    shown = f"{sign} " if sign.isprintable() else ""
    raise RowFault(f"{column.name}: begins with {shown}(U+{ord(sign):04X}), as a formula does")


def _value(column: Column, envelope: Mapping[str, Any]) -> str:
    if column.constant is not None:
        return column.constant
    found = _found(envelope, steps(column.from_ or ""))
    if found in _EMPTY:
        return ""
    several = found if isinstance(found, list) else [found]
    return column.join.join(_spelt(column, each) for each in several)


def _found(part: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        if isinstance(step, int):
            part = part[step] if isinstance(part, list) and step < len(part) else None
        else:
            part = part.get(step) if isinstance(part, Mapping) else None
    return part


def _spelt(column: Column, value: Any) -> str:
    if column.format == ADDRESS and isinstance(value, Mapping):
        value = one_line(value)
    if isinstance(value, Mapping | list):
        raise RowFault(f"{column.name}: {column.from_} has parts; name one of them")
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    if column.values is not None:
        if plain not in column.values:
            raise RowFault(f"{column.name}: `values` does not say what this answer is called")
        plain = column.values[plain]
    try:
        return SPELLINGS[column.format](plain)
    except Unspeakable as fault:
        raise RowFault(f"{column.name}: {fault}") from fault


def _checked(column: Column, value: str) -> str:
    if column.required and not value:
        raise RowFault(f"{column.name}: is required there, and empty here")
    if column.width and len(value) > column.width:
        raise RowFault(f"{column.name}: longer than {column.width} characters")
    return value


def _line(layout: Layout, names: Sequence[str], values: Sequence[str]) -> Iterator[bytes]:
    """The row as CSV; each value is proven alone first, so that a fault can name its column."""
    for name, value in zip(names, values, strict=True):
        _encoded(layout, name, value)
    out = io.StringIO()
    broken = any("\r" in value for value in values)  # what our csv overlooks, others end a row at
    every = layout.quote is Quote.ALL or broken
    quoting: Literal[0, 1] = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    end = "\r\n" if layout.newline is Newline.CRLF else "\n"
    csv.writer(out, delimiter=layout.delimiter, quoting=quoting, lineterminator=end).writerow(
        values
    )
    yield _bytes(layout, out.getvalue())


def _encoded(layout: Layout, name: str, value: str) -> bytes:
    try:
        return _bytes(layout, value)
    except UnicodeEncodeError as fault:
        raise RowFault(f"{name}: {_named(value, fault.start)} is not in {layout.encoding}") from (
            None  # the value stays out of tracebacks
        )


def _bytes(layout: Layout, text: str) -> bytes:
    if layout.encoding is Encoding.CP932:
        return text.translate(_SAME_IN_CP932).encode("cp932")
    return text.encode("utf-8")


def _named(value: str, place: int) -> str:
    """A selector is named with what it stands behind: 邉󠄂 (U+9089 U+E0102)."""
    first = place - 1 if place and _selects(value[place]) else place
    last = place + 1
    while last < len(value) and _selects(value[last]):
        last += 1
    points = " ".join(f"U+{ord(each):04X}" for each in value[first:last])
    shown = value[first:last].encode("utf-8", "ignore").decode()
    return f"{shown} ({points})"


def _selects(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


# One sign of Shift_JIS each, which Unicode's and Microsoft's tables call by two names.
_SAME_IN_CP932 = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
