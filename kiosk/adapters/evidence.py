"""A terminal's database as an auditor reads it: all of one moment, and without a touch."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.adapters.journal import ANCHOR, read_anchor
from kiosk.domain.journal import Entry, Linked
from kiosk.errors import StoreUnusable

_JOURNAL = "SELECT place, at, who, what, about, more, hash FROM journal ORDER BY place"
_ANCHOR = f"SELECT value FROM memo WHERE name = '{ANCHOR}'"  # noqa: S608 (a word of ours)
# `kept_at` came with the journal, which begins with what was kept until then
_KEPT = "SELECT id, sha256 FROM outbox WHERE kept_at IS NOT NULL ORDER BY sequence"
_MANY = 1000


class SqliteEvidence:
    """What lies in the file, whatever somebody did to it."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def entries(self) -> Iterator[Linked]:
        """In their order; a word that is no text any more is shown as what it is."""
        for place, at, who, what, about, more, link in self._pages(_JOURNAL):
            words = (_told(each) for each in (at, who, what, about, more))
            yield Linked(Entry(place, *words), _told(link))

    def told(self) -> Mapping[int, str]:
        """The last place that the office was told."""
        for (value,) in self._pages(_ANCHOR):
            return read_anchor(_told(value))
        return {}

    def submissions(self) -> Iterator[tuple[str, str]]:
        """Id and hash of what was kept."""
        for submission, sha256 in self._pages(_KEPT):
            yield _told(submission), _told(sha256)

    def _pages(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            found = self._base.execute(query)
            while page := found.fetchmany(_MANY):
                yield from page
        except sqlite3.DatabaseError as fault:
            if "no such" not in str(fault):  # a terminal that was never started has no journal
                raise StoreUnusable(type(fault).__name__) from fault


@contextmanager
def evidence(file: Path) -> Iterator[SqliteEvidence]:
    """The file, held still while it is read; one that is not there says nothing at all."""
    try:
        where = f"{file.absolute().as_uri()}?mode=ro" if file.exists() else ":memory:"
        base = sqlite3.connect(where, uri=True, timeout=5, isolation_level=None)
        base.text_factory = lambda raw: raw.decode(errors="replace")
    except sqlite3.Error as fault:
        raise StoreUnusable(type(fault).__name__) from fault
    try:
        base.execute("BEGIN")
        yield SqliteEvidence(base)
    finally:
        base.close()


def _told(value: object) -> str:
    """Text as it stands; anything else cannot be mistaken for it."""
    return value if isinstance(value, str) else f"not text: {value!r}"
