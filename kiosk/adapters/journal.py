"""The journal as a table that is only added to, inside the transaction of what it tells."""

import os
import pwd
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from kiosk.adapters.clock import WallClock
from kiosk.adapters.memo import SqliteMemo
from kiosk.adapters.store import Store, open_store
from kiosk.domain.journal import BEGINNING, Deed, entry, link, plain
from kiosk.errors import SetupFault, StoreUnusable
from kiosk.ports.lanes import Clock

ANCHOR = "journal-anchor"

_LAST = "SELECT place, hash FROM journal ORDER BY place DESC LIMIT 1"
_ADD = "INSERT INTO journal (place, at, who, what, about, more, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


def append(
    base: sqlite3.Connection,
    at: str,
    who: str,
    what: Deed,
    about: str = "",
    more: str = "",
) -> None:
    """One more entry, committed or forgotten with the transaction it stands in.

    The end is read anew each time: another process may have written since. For what becomes of a
    submission `about` is its id; KEPT says `more="sha256=…"`, so that its row cannot be changed.
    """
    place, previous = base.execute(_LAST).fetchone() or (0, BEGINNING)
    told = entry(place + 1, at, who, what, about, more)
    row = (told.place, at, who, told.what, about, more, link(previous, told))
    base.execute(_ADD, row)


class SqliteJournal:
    """The journal beside the outbox: written to, and remembered how far the office knows it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._anchor = SqliteMemo(store, ANCHOR)

    def write(self, who: str, what: Deed, about: str = "", more: str = "") -> None:
        """One entry in a transaction of its own."""
        with self._store.transaction() as base:
            append(base, self._clock.now().isoformat(), who, what, about, more)

    def end(self) -> tuple[int, str]:
        """The last entry's place and hash."""
        with self._store.reading() as base:
            last: tuple[int, str] | None = base.execute(_LAST).fetchone()
        return last or (0, BEGINNING)

    def told(self) -> Mapping[int, str]:
        """The last place that the office was told, with its hash."""
        return read_anchor(self._anchor.read() or "")

    def remember(self, place: int, link: str) -> None:
        """The office knows it up to here."""
        self._anchor.write(f"{place} {link}")


def this_command() -> str:
    """Who acts where a command acts: the login it runs under."""
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        login = str(os.getuid())
    return f"command:{plain(login)}"


def write_down(home: Path, what: Deed, about: str = "", more: str = "") -> None:
    """What a command did, in the journal of that home."""
    file = home / "terminal.db"
    store = open_store(file)
    try:
        SqliteJournal(store, WallClock()).write(this_command(), what, about, more)
    except StoreUnusable as fault:
        raise SetupFault(f"{file}: the journal cannot be written; check the disk") from fault
    finally:
        store.close()


def read_anchor(text: str) -> Mapping[int, str]:
    """What `remember` wrote; nothing where somebody else wrote."""
    place, _, link = text.partition(" ")
    return {int(place): link} if place.isdecimal() and link else {}
