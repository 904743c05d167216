"""An office whose every answer is written beforehand; it remembers what it really has."""

from collections import deque

from forms.envelope import digest
from kiosk.errors import OfficeUnreachable
from kiosk.ports.office import Delivered, Lies, Refused

LOST = "the answer is lost"  # stored, and nobody hears of it
CUT = "the line is cut before anything arrives"


class ScriptedOffice:
    """Plays the script one call after the other, then is well; `calls` tells what it was asked.

    A step is an outcome, a fault, LOST or CUT.
    """

    def __init__(self, *script: object) -> None:
        self.script = deque(script)
        self.stored: dict[str, bytes] = {}
        self.arrived: list[str] = []
        self.pieces: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        self.calls: list[tuple[str, str]] = []
        self.well = True

    def ready(self):
        if not self.well:
            raise OfficeUnreachable("not ready")

    def put(self, submission: str, body: bytes):
        self.calls.append(("put", submission))
        step = self._step()
        if step not in (None, LOST):
            return step
        known = self.stored.setdefault(submission, body)
        if known != body:
            return Refused("another body under this id")
        if submission not in self.arrived:
            self.arrived.append(submission)
        if step == LOST:
            raise OfficeUnreachable("ReadTimeout", doubtful=True)
        return Delivered()

    def submission(self, submission: str):
        self.calls.append(("get", submission))
        self._step()
        body = self.stored.get(submission)
        return body and {"sha256": digest(body)}

    def attach(self, submission: str, sha256: str, start: int, piece: bytes):
        self.calls.append((f"attach {start}", sha256))
        step = self._step()
        if step not in (None, LOST):
            return step
        there = self.pieces.setdefault(sha256, bytearray())
        if start == len(there):
            there += piece
        if step == LOST:
            raise OfficeUnreachable("ReadTimeout", doubtful=True)
        return Lies(len(there), whole=digest(bytes(there)) == sha256)

    def _step(self):
        step = self.script.popleft() if self.script else None
        if step == CUT:
            raise OfficeUnreachable("ConnectTimeout")
        if isinstance(step, Exception):
            raise step
        return step
