"""What the pages of a PDF draw: the codes shown in each font, and the operators used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from printing.proof.pdfobjects import entry

_TOKEN = re.compile(
    rb"(?P<string>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))|(?P<hex><[0-9A-Fa-f\s]*>)"
    rb"|(?P<name>/[^\s()<>\[\]{}/%]*)|(?P<mark><<|>>|\[|\])|%[^\r\n]*|(?P<word>[^\s()<>\[\]{}/%]+)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(\r\n|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NUMBER = re.compile(rb"[+-]?\d*\.?\d*")
_SHOW = {b"Tj", b"TJ", b"'", b'"'}
_DEEPEST = 6


@dataclass
class Shown:
    """What was drawn, gathered over all pages."""

    codes: dict[int, set[int]] = field(default_factory=dict)
    fonts: dict[int, Any] = field(default_factory=dict)
    operators: set[bytes] = field(default_factory=set)


def gather(
    content: bytes,
    resources: Mapping[str, Any],
    shown: Shown,
    font: Any = None,
    deepest: int = _DEEPEST,
) -> None:
    """Follow a page's content, and the forms that it draws with the font it has by then."""
    held: list[Any] = []
    for operator, operands in _operations(content):
        shown.operators.add(operator)
        match operator:
            case b"q":
                held.append(font)
            case b"Q" if held:
                font = held.pop()
            case b"Tf":
                font = entry(entry(resources, "/Font", {}), operands[0].decode())
            case b"Do" if deepest:
                form = entry(entry(resources, "/XObject", {}), operands[0].decode())
                if form is not None and entry(form, "/Subtype") == "/Form":
                    inside = entry(form, "/Resources", resources)
                    gather(form.data, inside, shown, font, deepest - 1)
            case _ if operator in _SHOW and font is not None:
                shown.fonts[id(font)] = font
                step = 2 if font["/Subtype"] == "/Type0" else 1
                seen = shown.codes.setdefault(id(font), set())
                seen.update(code for text in operands for code in _codes(text, step))


def _operations(content: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """Each operator with its strings and names; numbers are of no interest here."""
    operands: list[bytes] = []
    for token in _TOKEN.finditer(content):
        match token.lastgroup:
            case "string":
                operands.append(_ESCAPE.sub(_plain, token[0][1:-1]))
            case "hex":
                digits = re.sub(rb"\s", b"", token[0][1:-1]).decode()
                operands.append(bytes.fromhex(digits + "0" * (len(digits) % 2)))
            case "name":
                operands.append(token[0])
            case "word" if not _NUMBER.fullmatch(token[0]):
                yield token[0], operands
                operands = []


def _plain(escape: re.Match[bytes]) -> bytes:
    one = escape[1]
    if one[:1].isdigit():
        return bytes([int(one, 8) & 0xFF])
    return _ESCAPED.get(one, b"" if one in (b"\n", b"\r", b"\r\n") else one)


def _codes(text: bytes, step: int) -> Iterator[int]:
    return (int.from_bytes(text[place : place + step]) for place in range(0, len(text), step))
