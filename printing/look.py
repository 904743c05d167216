"""A first look at a file that anybody may have made, in a process that may fail alone.

PDF and picture decoders meet hostile bytes here: bounded in time and memory, believed in nothing.
"""

import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import msgspec
from cryptography import x509
from PIL import Image

from printing.pictures import Unreadable, picture, sheets
from printing.seal import MARK
from printing.signed import claims
from printing.spotting import ENOUGH, spot

LARGEST = 50_000_000
_OVERTIME = (-signal.SIGXCPU, -signal.SIGKILL)
DPI, CODE_DPI, CODE_DPI_AGAIN = 100, 200, 300
SECONDS, _MEMORY = 25, 2 << 30  # of the processor, which waits for others too


@dataclass(frozen=True)
class Look:
    """What was found; `trouble` where nothing could be."""

    kind: str = "unknown"
    codes: tuple[str, ...] = ()
    pages: tuple[bytes, ...] = ()
    signature: str = "not-checked"
    signers: tuple[str, ...] = ()
    data: bytes | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Question:
    """What the other process is given."""

    file: bytes
    authorities: bytes
    seconds: int


def looked(file: bytes, authorities: str, seconds: int = SECONDS) -> Look:
    """Look from a safe distance."""
    if not file:
        return Look(trouble="empty")
    if len(file) > LARGEST:
        return Look(trouble="file-too-large")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "printing.look"],
            input=msgspec.msgpack.encode(Question(file, authorities.encode(), seconds)),
            capture_output=True,
            cwd=Path(__file__).parents[1],
            timeout=3 * seconds,
            check=True,
        )
        return msgspec.msgpack.decode(run.stdout, type=Look)
    except subprocess.TimeoutExpired:
        return Look(trouble="too-long")
    except subprocess.CalledProcessError as fault:
        return Look(trouble="too-long" if fault.returncode in _OVERTIME else "broken")
    except msgspec.DecodeError:
        return Look(trouble="broken")


def look(file: bytes, authorities: Sequence[x509.Certificate]) -> Look:
    """Look from near: only for bytes of our own making, and for the other process."""
    try:
        if file.startswith(b"%PDF-"):
            return _at_pdf(file, authorities)
        if file.startswith((b"\x89PNG", b"\xff\xd8\xff")) or file[8:12] == b"WEBP":
            return Look("picture", spot(picture(file), MARK))
    except Unreadable as fault:
        return Look(trouble=fault.reason)
    return Look(trouble="not-a-paper")


def _at_pdf(file: bytes, authorities: Sequence[x509.Certificate]) -> Look:
    codes = _codes(file)
    said = claims(file, authorities)
    pages = tuple(_png(sheet) for sheet in sheets(file, DPI)) if said.data is not None else ()
    kind = "signed-pdf" if said.signers else "pdf"
    return Look(kind, codes, pages, said.signature, said.signers, said.data)


def _codes(file: bytes) -> tuple[str, ...]:
    """Of all pages: a glance at each, and only where that finds nothing, time for each."""
    glances = [spot(sheet, MARK, 0) for sheet in sheets(file, CODE_DPI)]
    codes = {text for found in glances for text in found}
    if not any(text.startswith(MARK) for text in codes):
        patience = ENOUGH / len(glances)
        for sheet in sheets(file, CODE_DPI_AGAIN):
            codes |= {*spot(sheet, MARK, patience)}
    return tuple(sorted(codes))


def _png(sheet: Image.Image) -> bytes:
    held = BytesIO()
    sheet.save(held, "PNG", compress_level=1)
    return held.getvalue()


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    question = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Question)
    resource.setrlimit(resource.RLIMIT_CPU, (question.seconds, question.seconds))
    bundle = question.authorities
    answer = look(question.file, x509.load_pem_x509_certificates(bundle) if bundle else ())
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    _main()
