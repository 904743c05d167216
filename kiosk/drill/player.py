"""A terminal that is ended on order: `python -m kiosk.drill.player HOME TROUBLE`.

Plays the same story again and again in processes of its own: an application is kept, its receipt
promised on standard output, and handed in. `power` ends each one step later than the one before,
as a power cut would; `disk` lets no file grow.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from kiosk.config import read_settings
from kiosk.drill.terminal import Terminal
from kiosk.errors import StoreUnusable

MOST_STEPS = 400
FULL = 3  # the exit status of a terminal that could not keep the application, and said so


@dataclass
class Fuse:
    """Burns a step at a time; where it ends, so does the process, with nothing tidied up."""

    length: int
    burnt: int = field(default=0)

    def step(self, label: str) -> None:
        """Another step of the story begins."""
        if self.burnt == self.length:
            say("ended", label)
            os.kill(os.getpid(), signal.SIGKILL)
        self.burnt += 1


class Watched:
    """Something whose every call is a step before it and a step after it."""

    def __init__(self, inner: object, name: str, fuse: Fuse) -> None:
        self._inner, self._name, self._fuse = inner, name, fuse

    def __getattr__(self, name: str) -> Any:
        """Calls are watched; values are handed on."""
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._fuse.step(f"before {self._name}.{name}")
            answer = found(*arguments, **named)
            self._fuse.step(f"after {self._name}.{name}")
            return answer

        return call


def main(home: Path, trouble: str) -> int:
    """Play the trouble; what was promised stands on standard output."""
    if trouble == "disk":
        _in_a_process(partial(_full_disk, home))
        return 0
    for length in range(MOST_STEPS):
        if _in_a_process(partial(_story, home, Fuse(length))) == 0:
            say("steps", str(length))
            return 0
    return 1


def _story(home: Path, fuse: Fuse) -> int:
    watched = partial(Watched, name="office", fuse=fuse)
    terminal = Terminal.open(read_settings(home), home, seen=watched, heard=_steps(fuse))
    for _ in range(2):
        kept = terminal.keep()
        say("kept", kept)
        fuse.step("the receipt is printed")
        terminal.hand_in(kept)
    terminal.drain()
    return 0


def _full_disk(home: Path) -> int:
    """From the next byte that a file would grow by, the disk is full; room comes back later."""
    terminal = Terminal.open(read_settings(home), home)
    say("kept", terminal.keep())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in count(0, 1024):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
        try:
            kept = terminal.keep()
        except StoreUnusable:
            say("refused", str(room))
            continue
        say("kept", kept)
        break
    return 0


def _steps(fuse: Fuse) -> Callable[[str], None]:
    return lambda statement: fuse.step(" ".join(statement.split()[:3]))


def _in_a_process(play: Callable[[], int]) -> int:
    """Its exit status; what was imported is there already, what was opened is not."""
    child = os.fork()
    if child == 0:
        status = 70
        try:
            status = play()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def say(what: str, words: str) -> None:
    """One line, on its way before anything else happens."""
    os.write(1, f"{what} {words}\n".encode())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
