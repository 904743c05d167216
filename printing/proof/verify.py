"""Is this paper ours, and untouched: of an electronic copy, a scan or a photo."""

import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

import rfc8785
from msgspec import MsgspecError
from PIL import Image

from printing.faults import MissingGlyph
from printing.proof.comparison import Place, differences
from printing.proof.finding import BAD, GOOD, NOT_CHECKED, UNKNOWN, Finding, checks
from printing.proof.look import DPI, Look, looked
from printing.proof.pictures import sheets
from printing.proof.seal import (
    MARK,
    PRACTICE,
    ForgedSeal,
    NotASeal,
    Seal,
    UnknownSealKey,
    digest,
    read,
)
from printing.proof.trust import Trust

Render = Callable[[Mapping[str, Any]], bytes]


def verify(file: bytes, trust: Trust, render: Render | None = None) -> Finding:
    """What can be said of a file without the office; `render` is the press that made it."""
    look = looked(file, trust.bundle())
    if look.trouble is not None:
        return Finding("unknown", checks(), reasons=(look.trouble,))
    code, seal, reason = _code(look.codes, trust)
    reasons = [reason] if reason else []
    if look.kind != "picture":
        reasons.append(f"signature-{look.signature}")
    text, said, places = _text(look, seal, render)
    return Finding(
        look.kind,
        checks(code=code, signature=look.signature, text=text),
        seal,
        places,
        (*reasons, said) if seal else tuple(reasons),
    )


def _code(texts: Iterable[str], trust: Trust) -> tuple[str, Seal | None, str | None]:
    """The one seal of these texts; one that is false spoils the others."""
    ours = [text for text in texts if text.startswith(MARK)]
    if not ours:
        return NOT_CHECKED, None, "other-code" if texts else "no-code"
    try:
        seals = {read(text, trust.seals) for text in ours}
    except ForgedSeal:
        return BAD, None, "forged-code"
    except NotASeal:
        return BAD, None, "damaged-code"
    except UnknownSealKey as fault:
        return UNKNOWN, None, "practice-code" if fault.kid == PRACTICE else "unknown-code"
    if len(seals) > 1:
        return BAD, None, "several-codes"
    return GOOD, seals.pop(), None


def _text(
    look: Look, seal: Seal | None, render: Render | None
) -> tuple[str, str, tuple[Place, ...]]:
    """Are the words those that were issued: first the data, by the seal; then the page, by it."""
    if look.data is None or seal is None:
        return NOT_CHECKED, "text-not-checked", ()
    data = _parsed(look.data)
    if data is None or digest(data) != seal.digest:
        return BAD, "data-bad", ()
    if render is None:
        return NOT_CHECKED, "data-only", ()
    try:
        fresh = tuple(sheets(render(data), DPI))
    except (MissingGlyph, MsgspecError, LookupError, TypeError, ValueError):  # another edition's
        return UNKNOWN, "text-unknown", ()
    places = differences([_opened(page) for page in look.pages], fresh, DPI)
    return (BAD, "text-bad", places) if places else (GOOD, "text-good", ())


def _parsed(attached: bytes) -> dict[str, Any] | None:
    """The data, if these are its canonical bytes: nothing hides in another spelling."""
    try:
        data = json.loads(attached)
        exact = isinstance(data, dict) and rfc8785.dumps(data) == attached
    except (ValueError, RecursionError):
        return None
    return data if exact else None


def _opened(page: bytes) -> Image.Image:
    with Image.open(BytesIO(page), formats=("PNG",)) as image:
        return image.convert("RGB")
