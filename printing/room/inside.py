"""The process inside the room: one job after another, until whoever asks is gone."""

import resource
import sys
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from socket import socket
from traceback import extract_tb

from msgspec import msgpack
from msgspec.msgpack import Decoder

from printing.certificates.letterhead import default_letterhead, letterhead
from printing.certificates.press import CertificatePress
from printing.certificates.source import LetterheadFault
from printing.faults import MissingFont, MissingGlyph, Undrawable
from printing.letters.glyphs import GlyphGate, find_fonts
from printing.letters.substitutes import Substitutes
from printing.readback import codes
from printing.room import jobs
from printing.room.line import Line
from printing.slips.receipt import ReceiptPress
from printing.slips.roll import ROLLS

_MEMORY = 3 << 30
_jobs: Decoder[jobs.Job] = Decoder(jobs.Job)
_SECONDS = 300  # of the processor in one turn; nobody may be left who ends it


class Room:
    """Presses, fonts and a reader of codes."""

    def __init__(self, furnishing: jobs.Furnishing) -> None:
        fonts = find_fonts(own=[Path(file) for file in furnishing.fonts])
        self._fonts, self._letterhead = fonts, furnishing.letterhead
        self._receipts = ReceiptPress(fonts, ROLLS[furnishing.roll])
        self._gate = GlyphGate(fonts.names())
        self._substitutes = Substitutes(self._gate, furnishing.substitutes)

    @cached_property
    def certificates(self) -> CertificatePress:
        """Under the city's letterhead; receipts come out without one."""
        file = Path(self._letterhead)
        head = letterhead(file) if self._letterhead else default_letterhead()
        try:
            return CertificatePress(self._fonts, head)
        except MissingGlyph as fault:
            raise LetterheadFault(file, None, f"no font draws {fault}") from fault

    def do(self, job: jobs.Job) -> jobs.Answer:
        """One job."""
        match job:
            case jobs.Certify(certificate, agreed):
                return jobs.Drawn(self.certificates.render(certificate, agreed))
            case jobs.Acknowledge(receipt):
                return jobs.Drawn(self._receipts.render(receipt))
            case jobs.ReadBack(pdf):
                return jobs.Codes(tuple(tuple(sorted(page)) for page in codes(pdf)))
            case jobs.Seek(text) if self.certificates:  # before money is taken, not after
                return jobs.Characters(self._gate.missing(text))
            case jobs.Suggest(character):
                return jobs.Characters(self._substitutes.of(character))
            case jobs.Check() if self.certificates:
                return jobs.Furnished()
        raise TypeError(type(job).__name__)


def tried(act: Callable[[], jobs.Answer]) -> jobs.Answer:
    """What came of it; of a mistake of ours only where it is, for messages may name people."""
    try:
        return act()
    except MissingGlyph as fault:
        return jobs.Shapeless(fault.missing)
    except Undrawable as fault:
        return jobs.NoPlace(str(fault))
    except (MissingFont, LetterheadFault) as fault:
        return jobs.Unfit(str(fault))
    except (MemoryError, OSError) as fault:  # the world's: no room, or a font that went away
        return jobs.Unfit(type(fault).__name__)
    except Exception as fault:  # noqa: BLE001
        last = extract_tb(fault.__traceback__)[-1]
        return jobs.Bug(type(fault).__name__, f"{last.filename}:{last.lineno}")


def serve(line: Line) -> None:
    """Set up the room, then do what is asked."""
    furnishing = msgpack.decode(line.hear(), type=jobs.Furnishing)
    rooms: list[Room] = []

    def furnish() -> jobs.Answer:
        rooms.append(Room(furnishing))
        return jobs.Furnished()

    line.say(tried(furnish))
    while rooms and (asked := line.hear()):
        line.say(tried(partial(_done, rooms[0], asked)))


def _done(room: Room, asked: bytes) -> jobs.Answer:
    return room.do(_jobs.decode(asked))


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # names would stand in it
    for limit, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
        _, hard = resource.getrlimit(limit)
        most_here = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most_here, most_here))
    line = Line(socket(fileno=int(sys.argv[1])))
    try:
        serve(line)
    except OSError:  # whoever asked went away without waiting for the answer
        sys.exit(1)
    finally:
        line.close()


if __name__ == "__main__":
    _main()
