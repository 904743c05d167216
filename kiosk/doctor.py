"""What works on this machine and what does not, each with its remedy."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.config import read_settings
from kiosk.errors import SetupFault
from printing.faults import MissingFont
from printing.glyphs import find_fonts

_ROOM = 1_000_000_000


@dataclass(frozen=True)
class Row:
    """One thing that was looked at."""

    what: str
    works: bool
    found: str
    remedy: str = ""


def examine(home: Path, *, as_json: bool) -> int:
    """Look at everything; 0 if all works, 1 if something does not."""
    rows = [
        _python(),
        _try("settings", lambda: f"{read_settings(home).device} in {home}", "correct kakanai.toml"),
        _try("database", lambda: _database(home), "end the program that holds it, or use --home"),
        _try("fonts", lambda: find_fonts().mincho.name, "apt-get install the package named"),
        _room(home),
        _try("pcsc", _readers, "apt-get install pcscd; systemctl start pcscd; plug in a reader"),
    ]
    if as_json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}, ensure_ascii=False))
    else:
        for row in rows:
            mark = "○" if row.works else "×"
            print(f"{mark} {row.what}: {row.found}" + ("" if row.works else f" → {row.remedy}"))
    return 0 if all(row.works for row in rows) else 1


def _try(what: str, look: Callable[[], str], remedy: str) -> Row:
    try:
        return Row(what, works=True, found=look())
    except (SetupFault, MissingFont, sqlite3.Error, OSError, _Absent) as fault:
        return Row(what, works=False, found=str(fault), remedy=remedy)


class _Absent(Exception):
    """Something that should be there is not."""


def _python() -> Row:
    import PySide6

    version = ".".join(map(str, sys.version_info[:3]))
    return Row("python", works=True, found=f"Python {version}, PySide6 {PySide6.__version__}")


def _database(home: Path) -> str:
    file = home / "terminal.db"
    if not file.exists():
        return "not made yet"
    with sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=1) as connection:
        connection.execute("BEGIN IMMEDIATE").close()
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _room(home: Path) -> Row:
    free = shutil.disk_usage(home).free
    return Row("disk", free > _ROOM, f"{free // 1_000_000} MB free", "make room on this disk")


def _readers() -> str:
    from smartcard.Exceptions import SmartcardException
    from smartcard.System import readers

    try:
        found = [str(reader) for reader in readers()]
    except SmartcardException as fault:
        raise _Absent("pcscd does not answer") from fault
    if not found:
        raise _Absent("no card reader")
    return ", ".join(found)
