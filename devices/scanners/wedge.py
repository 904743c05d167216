"""A scanner that types: told from a hand by its speed, and mended where the keyboard garbled it."""

import re
import time
import unicodedata
from dataclasses import dataclass
from queue import Empty, SimpleQueue

FASTEST_HAND = 0.035
SHORTEST = 6
LONGEST = 4296
ENDS = ("\r", "\n", "\t")
# No scanner types kana: an input method made them of its letters, and they cannot be undone.
_KANA = re.compile("[\u3041-\u30ff]")
# What a scanner set to an American keyboard comes out as on a Japanese one.
_US_ON_JIS = str.maketrans(
    {
        '"': "@",
        "&": "^",
        "'": "&",
        "(": "*",
        ")": "(",
        "=": "_",
        "^": "=",
        "~": "+",
        "@": "[",
        "`": "{",
        "[": "]",
        "{": "}",
        "+": ":",
        "*": '"',
        ":": "'",
        "]": "\\",
        "}": "|",
    }
)


@dataclass(frozen=True)
class Typed:
    """A code that a scanner typed, and what was amiss with the keyboard: `ime` or `layout`."""

    text: str
    mended: str = ""


class Wedge:
    """Keys in, codes out; a person's typing is never kept longer than a moment."""

    def __init__(self, marks: tuple[str, ...] = ()) -> None:
        self._marks = marks
        self._burst = ""
        self._last = 0.0

    def key(self, character: str, at: float) -> Typed | None:
        """One key at its moment; the code, when this key ends one."""
        if at - self._last > FASTEST_HAND:
            self._burst = ""
        self._last = at
        if character in ENDS:
            burst, self._burst = self._burst, ""
            return self._mended(burst) if SHORTEST <= len(burst) <= LONGEST else None
        self._burst = (self._burst + character)[-LONGEST - 1 :]
        return None

    def still(self, at: float) -> None:
        """Let go of keys that no longer can become a code: they were a person's."""
        if at - self._last > FASTEST_HAND:
            self._burst = ""

    def _mended(self, burst: str) -> Typed:
        """As it was meant: full width folded, a foreign layout translated back where marks fit."""
        folded = unicodedata.normalize("NFKC", burst)
        mended = "ime" if folded != burst else ""
        if self._fits(folded):
            return Typed(folded, mended)
        translated = folded.translate(_US_ON_JIS)
        if self._fits(translated):
            return Typed(translated, "layout")
        return Typed(folded, "ime" if _KANA.search(folded) else mended)

    def _fits(self, text: str) -> bool:
        return any(text.startswith(mark) for mark in self._marks)


class WedgeScanner:
    """A `Scanner` whose keys come from a window."""

    def __init__(self, marks: tuple[str, ...]) -> None:
        self._wedge = Wedge(marks)
        self._codes: SimpleQueue[str] = SimpleQueue()

    def key(self, character: str, at: float) -> bool:
        """Take a key; whether it ended a code, so that nothing else takes it."""
        typed = self._wedge.key(character, at)
        if typed is None:
            return False
        self._codes.put(typed.text)
        return True

    def forget(self) -> None:
        """Drop codes that were typed before."""
        while self.scan() is not None:
            pass

    def scan(self) -> str | None:
        """The next code, if one was typed; a person's last keys do not outlive this look."""
        self._wedge.still(time.monotonic())
        try:
            return self._codes.get_nowait()
        except Empty:
            return None
