"""Text from top to bottom, for the papers that are still written so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from reportlab.lib.units import mm

from printing.certificates.layouts import ruby
from printing.letters.faces import clusters
from printing.sheet import Sheet, Style

RISE = 0.12  # of the size: how far the baseline stands above the foot of a character's square
DIGIT = 0.92
TOGETHER = 2  # digits that share one square
_TURNED = frozenset("ー－―—–‐−～〜…‥（）「」『』【】〔〕〈〉《》［］｛｝：；＝゠")
_RAISED = frozenset("、。，．")
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")  # and the Ainu ones, below
_NEVER_FIRST = frozenset("、。，．」』）】〕〉》］｝ー々？！") | _SMALL
_NEVER_LAST = frozenset("「『（【〔〈《［｛")
_AINU = range(0x31F0, 0x3200)
_TENS = ("", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十")
_ONES = "〇一二三四五六七八九"
Manner = Literal["upright", "turned", "raised", "small", "digits", "digit"]


@dataclass(frozen=True)
class Piece:
    """What stands on one place of a column; `length` is in squares."""

    text: str
    manner: Manner
    length: float = 1.0


def in_kanji(text: str) -> str:
    """A day's numbers as vertical text writes them: 令和8年11月21日 is 令和八年十一月二十一日."""
    return re.sub("[0-9]+", lambda found: _kanji(int(found[0])), text)


def height(text: str, style: Style) -> float:
    """How tall the text comes out, in millimetres."""
    return sum(piece.length for piece in _pieces(text, style)) * style.size / mm


def fitted(text: str, style: Style, room: float) -> Style:
    """The same style, smaller where one column cannot hold the text."""
    tall = height(text, style)
    return style if tall <= room else replace(style, size=style.size * room / tall)


def broken(text: str, style: Style, room: float) -> list[str]:
    """The text in columns that fit; none starts with a closing mark or ends with an opening one."""
    columns: list[list[Piece]] = [[]]
    left = room
    for piece in _pieces(text, style):
        tall = piece.length * style.size / mm
        if columns[-1] and tall > left + 1e-6:
            brought = _brought(columns[-1], piece)
            columns.append(brought)
            left = room - sum(each.length for each in brought) * style.size / mm
        columns[-1].append(piece)
        left -= tall
    return ["".join(piece.text for piece in column) for column in columns]


def write(sheet: Sheet, at: tuple[float, float], text: str, style: Style) -> None:
    """A column around x from the height y down; aligned centre or right, around y or up to it."""
    x, y = at
    y -= {"left": 0.0, "centre": 0.5, "right": 1.0}[style.align] * height(text, style)
    style = replace(style, align="centre")
    for piece in _pieces(text, style):
        tall = piece.length * style.size / mm
        _draw(sheet, (x, y), piece, style)
        y += tall


def write_name(sheet: Sheet, at: tuple[float, float], name: str, kana: str, style: Style) -> None:
    """A name from y downwards with its reading on its right, part beside part."""
    x, y = at
    reading = ruby.small(style)
    beside = x + (style.size + reading.size) / 2 / mm
    tops = []
    for part in ruby.parts(name, kana):
        text = part.text.removesuffix(ruby.GAP)
        own, whole = height(text, style), height(part.text, style)
        _write_reading(sheet, (beside, y), part.kana, reading, (own, whole))
        tops.append((y, part.text))
        y += whole
    for top, text in tops:
        write(sheet, (x, top), text, replace(style, align="left"))


def _write_reading(
    sheet: Sheet, at: tuple[float, float], kana: str, style: Style, room: tuple[float, float]
) -> None:
    """A reading loosened along its part of the name, or grown into the space after it."""
    (x, y), (own, most) = at, room
    tall = height(kana, style)
    if tall >= own:
        middle = x, y + own / 2
        write(sheet, middle, kana, replace(fitted(kana, style, most), align="centre"))
        return
    air = (own - tall) / max(len(kana), 1)
    y += air / 2
    for each in clusters(kana):
        write(sheet, (x, y), each, style)
        y += height(each, style) + air


def _pieces(text: str, style: Style) -> Iterator[Piece]:
    for plain, run in groupby(clusters(text), lambda each: each.isascii()):
        together = "".join(run)
        if not plain:
            yield from (_piece(each) for each in clusters(together))
        elif together.isdigit() and len(together) <= TOGETHER:
            yield Piece(together, "digits")
        elif together.isdigit():
            yield from (Piece(each, "digit", DIGIT) for each in together)
        else:
            yield from _sideways(together, style)


def _piece(cluster: str) -> Piece:
    if cluster in _TURNED:
        return Piece(cluster, "turned")
    if cluster in _RAISED:
        return Piece(cluster, "raised")
    small = cluster in _SMALL or ord(cluster[0]) in _AINU
    return Piece(cluster, "small" if small else "upright")


def _sideways(text: str, style: Style) -> Iterator[Piece]:
    """Words in Latin letters lie on their side, and a column may end between them."""
    for word in re.findall(r"\S+\s*|\s+", text):
        if re.fullmatch(r"[0-9]{1,2}", word):
            yield Piece(word, "digits")
        else:
            yield Piece(word, "turned", replace(style, scale=1.0).width(word) * mm / style.size)


def _brought(column: list[Piece], piece: Piece) -> list[Piece]:
    """What goes over to the next column together with this piece."""
    brought: list[Piece] = []
    while (brought or [piece])[0].text in _NEVER_FIRST and len(column) > 1:
        brought.insert(0, column.pop())
    while len(column) > 1 and column[-1].text in _NEVER_LAST:
        brought.insert(0, column.pop())
    return brought


def _draw(sheet: Sheet, at: tuple[float, float], piece: Piece, style: Style) -> None:
    """One piece, its top edge at y."""
    x, y = at
    em = style.size / mm
    base = y + em * (piece.length - RISE)
    match piece.manner:
        case "turned":
            _turned(sheet, (x, y + piece.length * em / 2), piece.text, style)
        case "raised":
            sheet.write(x + em * 0.62, base - em * 0.60, piece.text, style)
        case "small":
            sheet.write(x + em * 0.10, base - em * 0.10, piece.text, style)
        case "digits":
            sheet.write(x, base - em * 0.03, piece.text, style, em)
        case "digit":
            sheet.write(x, y + em * (DIGIT - 0.06), piece.text, style)
        case _:
            sheet.write(x, base, piece.text, style)


def _turned(sheet: Sheet, middle: tuple[float, float], text: str, style: Style) -> None:
    """The piece lying on its right side."""
    x, y = middle
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(x * mm, (sheet.height - y) * mm)
    canvas.rotate(-90)
    canvas.translate(-x * mm, (y - sheet.height) * mm)
    sheet.write(x, y + style.size / mm * (0.5 - RISE), text, style)
    canvas.restoreState()


def _kanji(number: int) -> str:
    if number == 0 or number > 99:
        return "".join(_ONES[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (_ONES[ones] if ones else "")
