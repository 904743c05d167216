"""The world's faults, as exceptions of ours: a class exists only if someone reacts to it."""

import re


class WorldFault(Exception):
    """Something outside the program is not as it should be; every leaf has an apology."""


class UnusableCode(WorldFault):
    """The QR code shown cannot be taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CodeUnreadable(UnusableCode):
    """The code is damaged, mixed with another, or not whole."""


class CodeTooOld(UnusableCode):
    """The code was made too long ago, or for questions that have changed since."""


class CodeNotOurs(UnusableCode):
    """The code belongs to another city, or is no application at all."""


class AlreadyHandedIn(WorldFault):
    """The application in this code was handed in before."""


class UnprintableName(WorldFault):
    """Characters have no glyph in the city's fonts: the paper is made at the counter."""

    def __init__(self, words: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.missing = missing


class WrongSheet(WorldFault):
    """A sheet was not this turn's: it was destroyed, and the device stops; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OfficeUnreachable(WorldFault):
    """The office did not answer in time.

    `doubtful`: what was said may have arrived all the same. `seconds`: how long it asks us to wait.
    `strange`: somebody answered, but not as the office does; perhaps only to what was said.
    """

    def __init__(
        self,
        words: str = "",
        *,
        doubtful: bool = False,
        seconds: float | None = None,
        strange: bool = False,
    ) -> None:
        super().__init__(words)
        self.doubtful, self.seconds, self.strange = doubtful, seconds, strange


class NotIssuableHere(WorldFault):
    """The office refuses, neutrally; the counter takes over."""


class StoreUnusable(WorldFault):
    """The terminal cannot keep its promises: its database does not take a row."""


class SetupFault(Exception):
    """The program cannot start: one line that names what, and how to mend it."""


def code_of(fault: Exception) -> str:
    """The short name of a fault, as apologies, logs and JSON carry it: `PaperOut` → paper-out."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(fault).__name__).lower()
