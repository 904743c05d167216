"""The 受理証明書 on fine paper: A4 on its side, framed, written from top to bottom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from printing.certificates.layouts import columns
from printing.certificates.layouts.entries import said
from printing.certificates.layouts.kit import Kit
from printing.certificates.layouts.ruby import GAP
from printing.certificates.ornaments import draw_seal
from printing.contents import Certificate, City, Juri, Party
from printing.era import wareki
from printing.sheet import Sheet

HEADING = "受理証明書"
WIDE, HIGH = 297.0, 210.0
TOP, BOTTOM = 34.0, 178.0
LEFT_EDGE, RIGHT_EDGE = 32.0, 265.0
CODE_CORNER = (238.0, 156.0, 25.0)  # left, top and side of what stays free for a signed code
BARS_CORNER = (108.5, 179.5, 80.0, 7.0)  # left, top, width and height: free for the page's bars
TITLE, NAME, TEXT, SMALL, CITY = 34.0, 27.0, 18.0, 15.0, 24.0
SEAL = 27.0
READABLE = 16.0  # of a name; smaller ones get a second column
LOOSEST, SHRINKS = 1.25, (1.0, 0.92, 0.84, 0.76, 0.68, 0.6)
FRAME, FRAME_LIGHT = Color(0.33, 0.46, 0.42), Color(0.66, 0.75, 0.71)
EDGE, BAND, WAVES = 12.0, 5.0, 7.0

SPECIMEN = "見本"  # the seal of a paper that certifies nothing
Stamp = Callable[[tuple[float, float]], None]


@dataclass(frozen=True)
class _Words:
    """What stands in a column from some height on."""

    text: str
    size: float
    top: float
    kana: str = ""


@dataclass(frozen=True)
class _Column:
    """A column and how much of the width it takes."""

    take: float
    words: tuple[_Words, ...] = ()


def draw(
    sheet: Sheet,
    certificate: Certificate,
    content: Juri,
    kit: Kit,
    *,
    signer: str = "",
    stamp: Stamp | None = None,
) -> None:
    """The whole of the paper but the codes; `stamp` puts another seal than ours around a point."""
    _draw_frame(sheet)
    every = _fitting(content, (certificate.issued, signer or _mayor(certificate.city)), kit)
    width = sum(each.take for each in every)
    share = min(LOOSEST, (RIGHT_EDGE - LEFT_EDGE) / width)
    x = (LEFT_EDGE + RIGHT_EDGE + width * share) / 2
    for each in every:
        x -= each.take * share
        for words in each.words:
            _write(sheet, x + each.take * share / 2, words, kit)
    middle = x + every[-1].take * share / 2
    if stamp:
        stamp((middle, BOTTOM - SEAL / 2))
    else:
        sealed = SPECIMEN if certificate.specimen else f"{certificate.city.name}長之印"
        draw_seal(sheet, middle - SEAL / 2, BOTTOM - SEAL, SEAL, (kit.mincho, sealed))
    number = f"発行番号{GAP}{certificate.number}"
    small = replace(kit.label, size=9, align="centre")
    sheet.write(WIDE / 2, HIGH - EDGE - BAND - 3, number, small)


def origins(party: Party) -> Iterator[tuple[str, str]]:
    """Where somebody belongs: a 国籍, or a 本籍 and its 筆頭者."""
    told = (("国籍", party.nationality), ("本籍", party.domicile), ("筆頭者", party.head))
    yield from ((label, value) for label, value in told if value)


def _mayor(city: City) -> str:
    title = city.mayor_title
    return title if title.startswith(city.name) else city.name + GAP + title


def _fitting(content: Juri, signed: tuple[date, str], kit: Kit) -> list[_Column]:
    """All columns, in the largest writing that the width has room for."""
    every: list[_Column] = []
    for shrink in SHRINKS:
        every = list(_Script(kit, shrink).columns(content, signed))
        if sum(each.take for each in every) <= RIGHT_EDGE - LEFT_EDGE:
            break
    return every


class _Script:
    """The words of the paper in columns, from right to left, in one degree of smallness."""

    def __init__(self, kit: Kit, shrink: float) -> None:
        self._kit, self._shrink = kit, shrink

    def columns(self, content: Juri, signed: tuple[date, str]) -> Iterator[_Column]:
        """From the title to the one who certifies."""
        yield _Column(30, (_Words(GAP.join(HEADING), TITLE, TOP + 4),))
        for party in content.parties:
            yield from self._presented(party)
        for entry in content.entries:
            yield from self._wrapped(f"{entry.label}{GAP}{_day(entry.value)}", SMALL, TOP + 34)
        accepted = _day(content.accepted)
        yield _Column(5 * self._shrink)
        notice = content.notice if content.notice.endswith("届") else f"{content.notice}の届出"
        told = f"右の{notice}は、{accepted}に受理したことを証明する。"
        yield from self._wrapped(told, TEXT + 2, TOP)
        issued, signer = columns.in_kanji(wareki(signed[0])), signed[1]
        yield _Column(20 * self._shrink, (_Words(issued, TEXT * self._shrink, TOP + 16),))
        style = columns.fitted(signer, replace(self._kit.value, size=CITY), 112)
        top = BOTTOM - SEAL - 3 - columns.height(signer, style)
        yield _Column(SEAL + 2, (_Words(signer, style.size, top),))

    def _presented(self, party: Party) -> Iterator[_Column]:
        """A role and a name at large, then what tells this person from others."""
        yield from self._names(party)
        for label, value in origins(party):
            yield from self._wrapped(f"{label}{GAP}{value}", SMALL, TOP + 34)
        if party.birth:
            yield from self._wrapped(f"{_day(party.birth)}生", SMALL, TOP + 34)
        yield _Column(4 * self._shrink)

    def _names(self, party: Party) -> Iterator[_Column]:
        """The role and the name in one column, or in several where it would be too small."""
        style = replace(self._kit.value, size=NAME * self._shrink)
        fitted = columns.fitted(party.name, style, BOTTOM - TOP - 30)
        role = replace(style, size=TEXT * self._shrink)
        role = columns.fitted(party.role, role, 26)
        words = _Words(party.role, role.size, TOP + 2)
        take = 21 * self._shrink
        if fitted.size >= READABLE * self._shrink:
            name = _Words(party.name, fitted.size, TOP + 30, party.kana or "")
            yield _Column(take, (words, name))
            return
        style = replace(style, size=READABLE * self._shrink)
        kana = columns.fitted(party.kana or "", replace(style, size=SMALL / 2), BOTTOM - TOP - 30)
        parts = columns.broken(party.name, style, BOTTOM - TOP - 30)
        yield _Column(take / 2, (words, _Words(party.kana or "", kana.size, TOP + 30)))
        for part in parts:
            yield _Column(take / 2, (_Words(part, style.size, TOP + 30),))

    def _wrapped(self, text: str, size: float, top: float) -> Iterator[_Column]:
        style = replace(self._kit.value, size=size * self._shrink)
        for part in columns.broken(text, style, BOTTOM - top):
            yield _Column(style.size * 0.64, (_Words(part, style.size, top),))


def _write(sheet: Sheet, x: float, words: _Words, kit: Kit) -> None:
    style = replace(kit.value, size=words.size)
    style = columns.fitted(words.text, style, BOTTOM - words.top)
    if words.kana:
        columns.write_name(sheet, (x, words.top), words.text, words.kana, style)
    else:
        columns.write(sheet, (x, words.top), words.text, style)


def _day(value: str) -> str:
    """A day in kanji numbers; the register's own words as they are."""
    told = said(value)
    return columns.in_kanji(told) if told != value else value


def _draw_frame(sheet: Sheet) -> None:
    """Two lines with a calm twist of waves between them, and a knot in every corner."""
    inner = EDGE + BAND
    for inset, weight in ((EDGE, 1.6), (inner, 0.7)):
        size = WIDE - 2 * inset, HIGH - 2 * inset
        sheet.box((inset, inset), size, weight, FRAME)
    middle = EDGE + BAND / 2
    for far in (middle, HIGH - middle):
        _twist(sheet, (inner, far), WIDE - 2 * inner, lying=True)
    for far in (middle, WIDE - middle):
        _twist(sheet, (far, inner), HIGH - 2 * inner, lying=False)
    for x in (EDGE, WIDE - inner):
        for y in (EDGE, HIGH - inner):
            _knot(sheet, (x, y))


def _twist(sheet: Sheet, start: tuple[float, float], length: float, *, lying: bool) -> None:
    canvas, count = sheet.canvas, round(length / WAVES)
    step, lift = length / count / 2, BAND * 0.3
    canvas.setStrokeColor(FRAME_LIGHT)
    canvas.setLineWidth(0.8)
    for side in (1, -1):
        path = canvas.beginPath()
        path.moveTo(*_at(sheet, start, 0, 0, lying=lying))
        for number in range(count * 2):
            along, off = number * step, lift * side * (1 if number % 2 else -1) * 1.33
            path.curveTo(
                *_at(sheet, start, along + step * 0.36, off, lying=lying),
                *_at(sheet, start, along + step * 0.64, off, lying=lying),
                *_at(sheet, start, along + step, 0, lying=lying),
            )
        canvas.drawPath(path)


def _at(
    sheet: Sheet, start: tuple[float, float], along: float, off: float, *, lying: bool
) -> tuple[float, float]:
    x, y = (along, off) if lying else (off, along)
    return (start[0] + x) * mm, (sheet.height - start[1] - y) * mm


def _knot(sheet: Sheet, corner: tuple[float, float]) -> None:
    x, y = corner
    sheet.box(corner, (BAND, BAND), 0.7, FRAME)
    sheet.canvas.setStrokeColor(FRAME)
    middle = (x + BAND / 2) * mm, (sheet.height - y - BAND / 2) * mm
    for share in (0.36, 0.2):
        sheet.canvas.circle(*middle, BAND * share * mm)
