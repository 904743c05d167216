"""`kakanai paper certificate|receipt|ticket|fees`: one paper from data, as PDF or as a picture."""

import json
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from msgspec import ValidationError, convert

from kiosk.config import Settings
from kiosk.errors import SetupFault
from kiosk.stationery import fonts, letterhead
from kiosk.telling import refuse, tell
from kiosk.trusting import trusted
from printing.answers import certificates_from, words_of
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.faults import MissingGlyph
from printing.letters.glyphs import Fonts
from printing.paper import FeeList, Receipt, Ticket
from printing.proof.seal import ForgedSeal, NotASeal, UnknownSealKey, digest, read
from printing.proof.trust import Trust
from printing.raster import black, pages
from printing.slips.fees import FeeListPress
from printing.slips.receipt import ReceiptPress
from printing.slips.roll import ROLLS, Roll
from printing.slips.ticket import TicketPress

SLIPS: dict[str, tuple[type[Any], Callable[[Fonts, Roll], Any]]] = {
    "receipt": (Receipt, ReceiptPress),
    "ticket": (Ticket, TicketPress),
    "fees": (FeeList, FeeListPress),
}
T = TypeVar("T")


def print_certificate(
    settings: Settings, source: Path, out: Path, trust: Path | None, *, as_json: bool
) -> int:
    """A certificate as the office answers it; without the city's own seal it is a specimen."""
    raw = read_data(source)
    paper = _taken(source, lambda: certificates_from(raw, specimen=False)[0])
    genuine = _is_sealed(paper, trusted(settings, trust))
    press = CertificatePress(fonts(settings), letterhead(settings))
    if not genuine:
        raw = {**raw, "seal": ""}
        paper = certificates_from(raw, specimen=True)[0]
    told = {"number": paper.number, "specimen": not genuine}
    return _made(lambda: press.render(paper), out, told, as_json=as_json)


def print_slip(
    kind: str, settings: Settings, source: Path, out: Path, width: str, *, as_json: bool
) -> int:
    """A slip of this kind; a file that ends in .png shows the dots of the head."""
    shape, press = SLIPS[kind]
    raw, roll = read_data(source), ROLLS[width]
    paper = _taken(source, lambda: convert(raw, shape, strict=False))
    made = press(fonts(settings), roll)

    def drawn() -> bytes:
        pdf: bytes = made.render(paper)
        return _dots(pdf, roll) if out.suffix == ".png" else pdf

    return _made(drawn, out, {"kind": kind}, as_json=as_json)


def read_data(source: Path) -> dict[str, Any]:
    """The JSON object of a file, or of standard input where it is called -."""
    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text("utf-8")
        raw = json.loads(text)
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise SetupFault(f"{source}: no JSON can be read there ({fault})") from fault
    if not isinstance(raw, dict):
        raise SetupFault(f"{source}: takes one JSON object")
    return raw


def _taken(source: Path, make: Callable[[], T]) -> T:
    try:
        return make()
    except KeyError as fault:
        raise SetupFault(f"{source}: {fault} is missing") from fault
    except (ValidationError, LookupError, TypeError, ValueError) as fault:
        raise SetupFault(f"{source}: {fault}") from fault


def _is_sealed(paper: Certificate, trust: Trust | None) -> bool:
    """Whether the city itself said these words; nobody makes a certificate by this command."""
    if trust is None or not paper.seal:
        return False
    try:
        seal = read(paper.seal, trust.seals)
    except (NotASeal, UnknownSealKey, ForgedSeal):
        return False
    return not seal.specimen and seal.digest == digest(words_of(paper))


def _made(make: Callable[[], bytes], out: Path, told: dict[str, Any], *, as_json: bool) -> int:
    try:
        paper = make()
    except MissingGlyph as fault:
        words = f"この文字は印刷できません: {fault}"
        problems = [{"message": each} for each in fault.characters]
        return refuse("unprintable-name", words, problems, as_json=as_json)
    try:
        out.write_bytes(paper)
    except OSError as fault:
        raise SetupFault(f"{out}: cannot be written ({fault.strerror})") from fault
    return tell({**told, "file": str(out)}, [str(out)], as_json=as_json)


def _dots(pdf: bytes, roll: Roll) -> bytes:
    stream = BytesIO()
    black(pages(pdf, roll.dpi)[0], roll.dots).save(stream, "PNG")
    return stream.getvalue()
