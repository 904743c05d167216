"""The process that opens files of strangers: pixels, codes and claims out of them, no judgement."""

import resource
import sys
from collections.abc import Sequence
from io import BytesIO

import msgspec
from cryptography import x509
from PIL import Image

from printing.proof.look import DPI, Look, Question
from printing.proof.pictures import Unreadable, picture, sheets
from printing.proof.seal import MARK
from printing.proof.signed import claims
from printing.proof.spotting import ENOUGH, spot

_CODE_DPI, _CODE_DPI_AGAIN = 200, 300
_MEMORY = 2 << 30


def look(file: bytes, authorities: Sequence[x509.Certificate]) -> Look:
    """Look from near."""
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
    glances = [spot(sheet, MARK, 0) for sheet in sheets(file, _CODE_DPI)]
    codes = {text for found in glances for text in found}
    if not any(text.startswith(MARK) for text in codes):
        patience = ENOUGH / len(glances)
        for sheet in sheets(file, _CODE_DPI_AGAIN):
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
