"""What differs on paper from city to city: words, seal, screen and margins, as data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from msgspec import Struct, ValidationError, convert
from reportlab.lib.colors import HexColor

from printing.certificates.impression import Impression, read_impression
from printing.certificates.screen import Screen
from printing.certificates.source import LetterheadFault, PaperSource, read
from printing.contents import City, Content
from printing.faults import BadImpression

DEFAULT = Path(__file__).parents[2] / "resources" / "papers" / "default.yaml"
SEAL_SIDES = 15.0, 27.0
LEFTS, TOPS = (13.0, 27.0), (12.0, 20.0)
LIGHTEST = 0.5  # how light the screen's ink must be, so that words stay legible on it
MOST_WORDS, LONGEST_WORD, LONGEST = 4, 6, 96
_PLACES = frozenset({"city", "mayor"})
_TAX_PLACES = _PLACES | {"year", "earned"}
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


class _Part(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A piece of the file; whatever it does not say stays as it was."""


class _Wording(_Part, frozen=True):
    title: str | None = None
    heading: str | None = None
    subheading: str | None = None
    attestation: str | None = None
    signer: str | None = None
    seal: str | None = None


class _Kinds(_Part, frozen=True):
    household: _Wording = _Wording()
    part: _Wording = _Wording()
    person: _Wording = _Wording()
    whole: _Wording = _Wording()
    removed: _Wording = _Wording()
    removed_person: _Wording = _Wording()
    income: _Wording = _Wording()
    tax: _Wording = _Wording()
    exempt: _Wording = _Wording()
    paid: _Wording = _Wording()
    fine: _Wording = _Wording()


class _Paper(_Wording, frozen=True):
    kinds: _Kinds = _Kinds()


class _Papers(_Part, frozen=True):
    juminhyo: _Paper = _Paper()
    kisai: _Paper = _Paper()
    inkan: _Paper = _Paper()
    shotoku: _Paper = _Paper()
    nozei: _Paper = _Paper()
    koseki: _Paper = _Paper()
    fuhyo: _Paper = _Paper()
    juri: _Paper = _Paper()
    risai: _Paper = _Paper()


class _Margins(_Part, frozen=True):
    left: float = 20.0
    top: float = 17.0


class _Screen(_Part, frozen=True):
    colour: str = "#ffffff"
    words: tuple[str, ...] = ()


class _Seal(_Part, frozen=True):
    words: str = ""
    side: float = 24.0
    picture: str | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    margins: _Margins = _Margins()
    inkan_sex: bool = False
    screen: _Screen = _Screen()
    seal: _Seal = _Seal()
    signer: str = ""
    papers: _Papers = _Papers()


@dataclass(frozen=True)
class Wording:
    """What one paper is called, what it certifies, and who signs and seals it."""

    title: str
    heading: str
    subheading: str
    attestation: str
    signer: str
    seal: str


@dataclass(frozen=True)
class Letterhead:
    """A city's papers; `shift` is how far its margins are from ours, to the right and down."""

    shift: tuple[float, float]
    inkan_sex: bool
    screen: Screen | None
    seal_side: float
    seal_picture: Impression | None
    _words: Mapping[str, Mapping[str, Mapping[str, str]]]

    def wording(self, content: Content, kind: str, city: City, years: Mapping[str, str]) -> Wording:
        """The words of this paper, with the city's name and the mayor's in their places."""
        kinds = self._words[str(type(content).__struct_config__.tag)]
        title = city.mayor_title
        mayor = title if title.startswith(city.name) else f"{city.name}　{title}"
        places = {"city": city.name, "mayor": mayor, "year": "", "earned": "", **years}
        said = kinds.get(kind, kinds[""])
        return Wording(**{name: text.format(**places) for name, text in said.items()})

    def texts(self) -> Iterator[str]:
        """Every word of it, for the gate."""
        for kinds in self._words.values():
            for said in kinds.values():
                yield from said.values()
        yield from self.screen.words if self.screen else ()


@lru_cache(maxsize=1)
def default_letterhead() -> Letterhead:
    """Ours, for a city that has not set up its own."""
    return _letterhead(_checked(read(DEFAULT)), DEFAULT)


def letterhead(file: Path) -> Letterhead:
    """The city's own file over ours; LetterheadFault says which line cannot be used."""
    source = read(file)
    data = _merged(_checked(read(DEFAULT)), _checked(source))
    return _letterhead(data, file, source)


def _letterhead(
    data: Mapping[str, Any], file: Path, source: PaperSource | None = None
) -> Letterhead:
    told = convert(data, _File)
    picture = None
    if told.seal.picture is not None:
        picture = _picture(file.parent / told.seal.picture, told.seal.side, source)
    return Letterhead(
        shift=(told.margins.left - 20, told.margins.top - 17),
        inkan_sex=told.inkan_sex,
        screen=Screen(told.screen.colour, told.screen.words) if told.screen.words else None,
        seal_side=told.seal.side,
        seal_picture=picture,
        _words={
            paper: _kinds(getattr(told.papers, paper), told) for paper in _Papers.__struct_fields__
        },
    )


def _kinds(paper: _Paper, told: _File) -> Mapping[str, Mapping[str, str]]:
    """The words of a paper for each of its kinds; the empty one is for all others."""
    plain = {"signer": told.signer, "seal": told.seal.words, **_said(paper)}
    names = zip(_Kinds.__struct_fields__, _Kinds.__struct_encode_fields__, strict=True)
    kinds = {name: {**plain, **_said(getattr(paper.kinds, field))} for field, name in names}
    return {"": plain, **kinds}


def _said(wording: _Wording) -> Mapping[str, str]:
    names = _Wording.__struct_fields__
    known = {name: getattr(wording, name) for name in names}
    silent = {"subheading": ""} if isinstance(wording, _Paper) else {}
    return silent | {name: text for name, text in known.items() if text is not None}


def _checked(source: PaperSource) -> Mapping[str, Any]:
    """The data of one file, if every part of it can be used."""
    try:
        told = convert(source.data, _File)
    except ValidationError as fault:
        rule, _, where = str(fault).partition(" - at `$")
        unknown = _UNKNOWN.search(rule)
        steps: list[str | int] = [
            int(number) if number else word for word, number in _STEP.findall(where)
        ]
        raise source.fault([*steps, *(unknown.groups() if unknown else ())], rule) from fault
    for steps, rule in _broken(told, source.data):
        raise source.fault(steps, rule)
    data: Mapping[str, Any] = source.data
    return data


def _broken(told: _File, data: Mapping[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    """What has the right type and cannot be used all the same."""
    for name, limits in (("left", LEFTS), ("top", TOPS)):
        yield from _outside(["margins", name], getattr(told.margins, name), limits)
    yield from _outside(["seal", "side"], told.seal.side, SEAL_SIDES)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", told.screen.colour):
        yield ["screen", "colour"], "write a colour as #rrggbb"
    elif _light(told.screen.colour) < LIGHTEST:
        yield ["screen", "colour"], "too dark: words would not be legible on it"
    if len(told.screen.words) > MOST_WORDS:
        yield ["screen", "words"], f"more than {MOST_WORDS} words"
    for number, word in enumerate(told.screen.words):
        if not 0 < len(word) <= LONGEST_WORD:
            yield ["screen", "words", number], f"a word of 1 to {LONGEST_WORD} characters"
    yield from _wrong_texts(data, [])


def _wrong_texts(part: Any, steps: list[str | int]) -> Iterator[tuple[list[str | int], str]]:
    """Texts that are too long, or that have a place nobody fills."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from _wrong_texts(value, [*steps, name])
    elif isinstance(part, str):
        allowed = _TAX_PLACES if steps[:2] == ["papers", "shotoku"] else _PLACES
        try:
            places = [place for _, *place in Formatter().parse(part) if place[0] is not None]
        except ValueError:
            yield steps, "a brace that is not closed"
            return
        for name, form, turn in places:
            if name not in allowed or form or turn:
                yield steps, f"{{{name}}} is no place that is filled in here"
        if len(part) > LONGEST or len(part.splitlines()) > 1:
            yield steps, f"write one line of at most {LONGEST} characters"


def _outside(
    steps: list[str | int], value: float, limits: tuple[float, float]
) -> Iterator[tuple[list[str | int], str]]:
    if not limits[0] <= value <= limits[1]:
        yield steps, f"from {limits[0]:g} to {limits[1]:g} millimetres"


def _light(colour: str) -> float:
    red, green, blue = HexColor(colour).rgb()
    return float(0.299 * red + 0.587 * green + 0.114 * blue)


def _picture(file: Path, side: float, source: PaperSource | None) -> Impression:
    try:
        return read_impression(file.read_bytes(), side, SEAL_SIDES)
    except OSError as fault:
        rule = f"{file}: {fault.strerror or fault}"
        raise _seal_fault(file, source, rule) from fault
    except BadImpression as fault:
        raise _seal_fault(file, source, f"{file}: {fault.reason}") from fault


def _seal_fault(file: Path, source: PaperSource | None, rule: str) -> LetterheadFault:
    if source is None:
        return LetterheadFault(file, None, rule)
    return source.fault(["seal", "picture"], rule)


def _merged(ours: Any, theirs: Any) -> Any:
    if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
        return theirs
    return {**ours, **{name: _merged(ours.get(name), value) for name, value in theirs.items()}}
