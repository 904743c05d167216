"""Paper: one certificate beside Typst, WeasyPrint and the floor; the first; ten thousand."""

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.generic import IndirectObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from devices.escpostalk import bands
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.letters.embedding import LEVEL
from printing.letters.glyphs import find_fonts
from printing.raster import black, pages
from printing.slips.roll import ROLL_80
from printing.slips.ticket import TicketPress
from tests.bench.measure import ROOT, Row
from tests.bench.papers.peers import Typst, WeasyPrint, background
from tests.bench.papers.sample import certificates
from tests.unit.test_printing_slips import TICKET

ROUNDS, SLOW_ROUNDS, FIRSTS = 60, 12, 11
WARM_UP, MANY = 500, 10_000
_SAME = (
    "one-page 住民票 of four, other hard names each time, warm p50 (alike: words, IPAmj明朝 and"
    " BIZ UDPゴシック subset, screen, seal, QR and Code 128 as paths, from the same makers; not"
    " alike: only ours reads its QR back, asks the glyph gate, and fits words to their cells)"
)


def paper() -> list[Row]:
    """Every row of this bench."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        background(folder)
        made = list(certificates(ROUNDS + 2 * SLOW_ROUNDS))
        press = CertificatePress(find_fonts())
        beside, sizes = _beside(folder, press, made)
        rows = [*beside, _floor(folder, press, made), _first(made), _size(press, made, sizes)]
    return [*rows, _memory(), _ticket()]


def _beside(
    folder: Path, press: CertificatePress, made: list[Certificate]
) -> tuple[list[Row], dict[str, float]]:
    """The peers, each alternating with ours over the same certificates."""
    rows, sizes = [], {}
    for peer, rounds, goal in (
        (Typst(folder), ROUNDS, 0.8),
        (WeasyPrint(folder), SLOW_ROUNDS, 0.04),
    ):
        for each in made[:2]:
            press.render(each), peer.press(each)
        ours, theirs = [], []
        for each in made[2 : 2 + rounds]:
            ours.append(_clock(lambda each=each: press.render(each)))
            theirs.append(_clock(lambda each=each, peer=peer: peer.press(each)))
        a, b = statistics.median(ours), statistics.median(theirs)
        sizes[peer.name] = len(peer.press(made[2])) / 1000
        rows.append(Row(_SAME, "ms", a, b, a / b, peer.name, goal, {peer.name: b}))
    return rows, sizes


def _floor(folder: Path, press: CertificatePress, made: list[Certificate]) -> Row:
    """Packing what differs from paper to paper, and the same bytes safely on the disk."""
    ours, floor, file = [], [], folder / "certificate.pdf"
    for each in made[:ROUNDS]:
        pdf = press.render(each)
        streams = list(_streams(pdf))
        floor.append(_clock(lambda s=streams, p=pdf: _packed_and_kept(s, p, file)))
        ours.append(_clock(lambda each=each: _kept(press.render(each), file)))
    a, b = statistics.median(ours), statistics.median(floor)
    what = (
        f"the same to the disk, write and fsync, against deflate (level {LEVEL}) of the streams"
        " of the same file that differ from paper to paper, write and fsync of the same bytes"
    )
    return Row(what, "ms", a, b, a / b, "floor", 4.0)


def _packed_and_kept(streams: list[bytes], pdf: bytes, file: Path) -> None:
    for each in streams:
        zlib.compress(each, LEVEL)
    _kept(pdf, file)


def _kept(pdf: bytes, file: Path) -> None:
    place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(place, pdf)
    os.fsync(place)
    os.close(place)


def _streams(pdf: bytes) -> Iterator[bytes]:
    """What the file packs, unpacked; not the screen, whose packed form is kept from the first."""
    reader = PdfFileReader(BytesIO(pdf))
    for number in range(1, int(reader.trailer["/Size"])):
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(thing, StreamObject) and "/Subtype" not in thing:
            yield thing.data


def _first(made: list[Certificate]) -> Row:
    """Fresh processes, after one that leaves compiled modules behind."""
    command = [sys.executable, "-m", "tests.bench.papers.first"]
    told = []
    for number in range(FIRSTS + 1):
        done = subprocess.run(
            command,
            cwd=ROOT,
            input=pickle.dumps(made[number]),
            capture_output=True,
            check=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        told.append(float(done.stdout.split()[0]))
    a = statistics.median(told[1:])
    what = "first document of a fresh process: imports, fonts, press, bytes; against 250 ms"
    return Row(what, "ms", a, min(told), a / 250, "250 ms", 1.0)


def _size(press: CertificatePress, made: list[Certificate], peers: dict[str, float]) -> Row:
    """The largest of all."""
    sizes = [len(press.render(each)) / 1000 for each in made]
    return Row(
        "PDF, the largest, against 90 kB",
        "kB",
        max(sizes),
        min(sizes),
        max(sizes) / 90,
        "90 kB",
        1.0,
        peers,
    )


def _memory() -> Row:
    command = [sys.executable, "-m", "tests.bench.papers.many", str(WARM_UP), str(MANY)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=1200,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    before, after = (int(line) / 1e6 for line in done.stdout.split())
    what = f"resident after {MANY:,} certificates, other hard names each time"
    return Row(what, "MB", after, before, after / before, f"after {WARM_UP}", 1.05)


def _ticket() -> Row:
    """A place in the queue, from data to what the receipt printer is told."""
    press, sent = TicketPress(find_fonts()), []
    times = []
    for number in range(ROUNDS):
        ticket = replace(TICKET, number=f"A{number}", code=f"T20261121-A{number}")
        times.append(_clock(lambda ticket=ticket: sent.append(_dots(press, ticket))))
    a = statistics.median(times)
    what = "a 番号札 with QR and Code 128, from data to ESC/POS bytes; against 60 ms"
    return Row(what, "ms", a, min(times), a / 60, "60 ms", 1.0)


def _dots(press: TicketPress, ticket) -> bytes:
    (page,) = pages(press.render(ticket), ROLL_80.dpi)
    return b"".join(bands(black(page, ROLL_80.dots)))


def _clock(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000
