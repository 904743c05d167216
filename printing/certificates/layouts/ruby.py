"""Names with their reading above them, part over part."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from printing.letters.faces import clusters
from printing.sheet import NARROWEST, Sheet, Style

SHARE = 0.5
LIFT = 0.96  # of the size: from the name's baseline to the reading's
GAP = "\u3000"


@dataclass(frozen=True)
class Part:
    """A part of a name and the reading that stands over it."""

    text: str
    kana: str


def parts(name: str, kana: str) -> tuple[Part, ...]:
    """Surname over surname and given name over given name; as one where they do not match."""
    names, readings = name.split(GAP), kana.split(GAP)
    if len(names) != len(readings):
        return (Part(name, kana),)
    ends = [GAP] * (len(names) - 1) + [""]
    return tuple(
        Part(text + end, reading) for text, reading, end in zip(names, readings, ends, strict=True)
    )


def small(style: Style) -> Style:
    """What the reading of such a name is written in."""
    return replace(style, size=style.size * SHARE, align="left")


def width(name: str, kana: str, style: Style) -> float:
    """How wide a name comes out with its reading, in millimetres."""
    return sum(_room(part, style) for part in parts(name, kana))


def write(
    sheet: Sheet, at: tuple[float, float], name: str, kana: str, style: Style, room: float
) -> None:
    """The name with its baseline at the height given, no wider than the room."""
    style = _fitted(name, kana, style, room)
    x, y = at
    lefts = []
    for part in parts(name, kana):
        text = part.text.removesuffix(GAP)
        own = _room(part, style) - style.width(part.text) + style.width(text)
        for place, each, reading in _spread(part.kana, x, own, small(style)):
            sheet.write(place, y - style.size * LIFT / mm, each, reading)
        lefts.append((x + (own - style.width(text)) / 2, part.text))
        x += _room(part, style)
    for left, text in lefts:  # all of the reading before all of the name, for whoever copies it
        sheet.write(left, y, text, replace(style, align="left"))


def _room(part: Part, style: Style) -> float:
    """What a part takes: its reading narrowed as far as it may be, or itself if it is wider."""
    text = part.text.removesuffix(GAP)
    reading = small(style).width(part.kana) * NARROWEST
    return max(style.width(text), reading) + style.width(part.text) - style.width(text)


def _fitted(name: str, kana: str, style: Style, room: float) -> Style:
    """Narrower first, then smaller: the rule that all names follow."""
    share = room / max(width(name, kana, style), room)
    if share >= NARROWEST:
        return replace(style, scale=style.scale * share)
    return replace(style, scale=NARROWEST, size=style.size * share / NARROWEST)


def _spread(kana: str, x: float, room: float, style: Style) -> Iterator[tuple[float, str, Style]]:
    """The reading loosened over a wider part, or narrowed over a tighter one."""
    wide = style.width(kana)
    if wide >= room:
        yield x, kana, style.fitted(kana, room)
        return
    each = list(clusters(kana))
    air = (room - wide) / max(len(each), 1)
    x += air / 2
    for one in each:
        yield x, one, style
        x += style.width(one) + air
