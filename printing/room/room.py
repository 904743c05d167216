"""The door of the room: papers are asked for here, and drawn in a process that can be ended.

What a paper library has seen of a name is gone with the process, and so is its memory. A process
that dies or hangs is replaced once for each job; drawing and reading have no effects to repeat.
"""

import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from socket import socketpair
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

from msgspec import MsgspecError
from msgspec.msgpack import Decoder

from printing.contents import Certificate
from printing.faults import MissingGlyph, Undrawable
from printing.paper import Receipt
from printing.room import jobs
from printing.room.line import Line

SECONDS = 60.0  # that a job may take before its process is thought to hang
_TRIES = 2
_PROJECT = Path(__file__).parents[2]
_A = TypeVar("_A")
_answers: Decoder[jobs.Answer] = Decoder(jobs.Answer)


class PaperRoom:
    """Draws and reads papers for one turn after another."""

    def __init__(self, furnishing: jobs.Furnishing, seconds: float = SECONDS) -> None:
        self._furnishing, self._seconds = furnishing, seconds
        self._turn = Lock()
        self._inside: _Inside | None = None
        self.ailing = False  # whether the last who asked found nobody who could draw

    def leave(self) -> None:
        """The turn is over: the room is cleared, with everything it has seen."""
        with self._turn:
            self._left()

    def check(self) -> None:
        """Return if papers can be drawn here; else `Undrawable` says what is missing."""
        self._ask(jobs.Furnished, jobs.Check())

    def render(
        self, paper: Certificate | Receipt, agreed: Mapping[str, str] = MappingProxyType({})
    ) -> bytes:
        """The paper as PDF; MissingGlyph where a character has no shape.

        `agreed` are the substitutes that a clerk has looked at for this one paper.
        """
        if isinstance(paper, Receipt):
            wall = paper.at.replace(tzinfo=None)  # the line would bring a moment with a zone as UTC
            return self._ask(jobs.Drawn, jobs.Acknowledge(replace(paper, at=wall))).pdf
        return self._ask(jobs.Drawn, jobs.Certify(paper, dict(agreed))).pdf

    def codes(self, pdf: bytes) -> Sequence[Collection[str]]:
        """What the codes of each page say; Undrawable where nobody could look."""
        return [frozenset(page) for page in self._ask(jobs.Codes, jobs.ReadBack(pdf)).pages]

    def missing(self, text: str) -> Sequence[str]:
        """The characters that cannot be printed, named with their code points."""
        return self._ask(jobs.Characters, jobs.Seek(text)).found

    def substitutes(self, character: str) -> tuple[str, ...]:
        """What could be drawn instead of a character, nearest first; nothing if nobody knows."""
        try:
            return self._ask(jobs.Characters, jobs.Suggest(character)).found
        except Undrawable:
            return ()

    def _ask(self, wanted: type[_A], job: jobs.Job) -> _A:
        with self._turn:
            answer = self._answered(job)
            self.ailing = isinstance(answer, jobs.Unfit)
        match answer:
            case jobs.Unfit(reason) | jobs.NoPlace(reason):
                raise Undrawable(reason)
            case jobs.Shapeless(missing):
                raise MissingGlyph(missing)
            case jobs.Bug(kind, place):
                raise RuntimeError(f"{kind} at {place}")
        if not isinstance(answer, wanted):
            self.leave()
            raise TypeError(f"{type(answer).__name__} is no answer to {type(job).__name__}")
        return answer

    def _answered(self, job: jobs.Job) -> jobs.Answer:
        for _ in range(_TRIES):
            try:
                inside = self._entered()
                answer = inside.answer(job)
            except (OSError, MsgspecError):
                self._left()
            except (OverflowError, UnicodeError):
                return jobs.NoPlace("a value that no message can carry")
            else:
                if not inside.stands:  # what is missing may be there when somebody asks again
                    self._left()
                return answer
        return jobs.Unfit("the process that draws papers does not answer")

    def _entered(self) -> "_Inside":
        if self._inside is None:
            self._inside = _Inside(self._seconds)
            self._inside.furnish(self._furnishing)
        return self._inside

    def _left(self) -> None:
        inside, self._inside = self._inside, None
        if inside is not None:
            inside.end()


class _Inside:
    """The process of one turn, and the line to it."""

    def __init__(self, seconds: float) -> None:
        ours, theirs = socketpair()
        self._line = Line(ours)
        self._furnished: jobs.Answer | None = None
        ours.settimeout(seconds)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "printing.room.inside", str(theirs.fileno())],
                    cwd=_PROJECT,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    process_group=0,  # whoever ends us at the keyboard ends it by the line
                )
            except OSError:
                self._line.close()
                raise

    @property
    def stands(self) -> bool:
        """Whether it is set up, as far as anybody asked."""
        return isinstance(self._furnished, jobs.Furnished)

    def furnish(self, furnishing: jobs.Furnishing) -> None:
        """Say what it is set up with, and wait for nothing."""
        self._line.say(furnishing)

    def answer(self, job: jobs.Job) -> jobs.Answer:
        """What it answers; OSError where it is gone, or takes too long."""
        self._furnished = self._furnished or self._heard()
        if not self.stands:
            return self._furnished
        self._line.say(job)
        return self._heard()

    def end(self) -> None:
        """Whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._line.close()

    def _heard(self) -> jobs.Answer:
        if body := self._line.hear():
            return _answers.decode(body)
        raise ConnectionResetError
