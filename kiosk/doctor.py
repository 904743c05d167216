"""What works on this machine and what does not, each with its remedy."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import PySide6

from devices import readers
from devices.cards.reading import Burst
from devices.faults import DeviceFault
from devices.pages import CupsPrinter
from devices.pcsc import PcscSlot
from devices.simulated.printer import FolderPrinter
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.passes import NOT_PAIRED
from kiosk.adapters.rowkeys import row_keys
from kiosk.config import Settings, read_settings
from kiosk.errors import OfficeUnreachable, SetupFault, StoreUnusable, code_of
from kiosk.ground import office_of, page_printer, slip_printer
from kiosk.stationery import fonts, letterhead
from kiosk.trusting import trusted
from printing.faults import MissingFont
from printing.letters.glyphs import find_fonts

_ROOM = 1_000_000_000


@dataclass(frozen=True)
class Row:
    """One thing that was looked at."""

    what: str
    works: bool
    found: str
    remedy: str = ""


class _Absent(Exception):
    """Something that should be there is not."""


def examine(home: Path, *, as_json: bool) -> int:
    """Look at everything; 0 if all works, 1 if something does not."""
    rows = [
        _python(),
        _try("settings", lambda: f"{read_settings(home).device} in {home}", "correct kakanai.toml"),
        _try("row key", lambda: _row_key(home), "see docs/queue.md"),
        _try("database", lambda: _database(home), "end the program that holds it, or use --home"),
        _try("fonts", lambda: find_fonts().mincho.name, "apt-get install the package named"),
        _room(home),
        *_office_row(home),
        *_card_rows(home),
        *_paper_rows(home),
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
    except (DeviceFault, StoreUnusable) as fault:
        return Row(what, works=False, found=code_of(fault), remedy=remedy)


def _python() -> Row:
    version = ".".join(map(str, sys.version_info[:3]))
    return Row("python", works=True, found=f"Python {version}, PySide6 {PySide6.__version__}")


def _row_key(home: Path) -> str:
    """Where it lies; looking makes none."""
    wanted = read_settings(home).row_key
    if wanted == "file" and not (home / "keys" / "rows.key").exists():
        return "file, not made yet"
    return row_keys(wanted, home).place


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


def _office_row(home: Path) -> list[Row]:
    """As what the office knows this terminal; where it was never named, nothing is missing."""
    try:
        settings = read_settings(home)
    except SetupFault:
        return []  # told in a row of its own
    paired = DeviceKeys(home / "keys").candidates()
    if not paired and settings.office_url == Settings.office_url:
        return [Row("office", works=True, found=f"{NOT_PAIRED} (./kakanai pair CODE)")]
    remedy = "ask the office for a code (office pair), then ./kakanai pair CODE"
    return [_try("office", lambda: _known(settings, home), remedy)]


def _known(settings: Settings, home: Path) -> str:
    with closing(office_of(settings, home)) as office:
        try:
            opened = office.known_by.open()
        except OfficeUnreachable as fault:
            raise _Absent(f"{settings.office_url}: not reached ({fault})") from fault
    if isinstance(opened, str):
        raise _Absent(f"{settings.device} at {settings.office_url}: {opened}")
    return f"{settings.device} ({opened.role}) at {settings.office_url}"


def _card_rows(home: Path) -> list[Row]:
    """Everything between us and a card; where cards are made up, what is missing is no fault."""
    rows = [_driver(), *(_usb(found) for found in readers.plugged())]
    slot = PcscSlot()
    try:
        rows += [
            _try("pcscd", lambda: _service(slot), "systemctl enable --now pcscd"),
            _try("card reader", lambda: _reader_names(slot), "plug in a reader; restart pcscd"),
            _try("extended APDU", lambda: _extended(slot), "none needed: short APDUs are used"),
        ]
    finally:
        slot.close()
    if _wanted(home):
        return rows
    return [
        Row(row.what, works=True, found=f'{row.found} (not needed: reader = "simulated")')
        if not row.works
        else row
        for row in rows
    ]


def _wanted(home: Path) -> bool:
    try:
        return read_settings(home).reader == "pcsc"
    except SetupFault:
        return True


def _paper_rows(home: Path) -> list[Row]:
    """Whatever papers need, as the settings have it."""
    try:
        settings = read_settings(home)
    except SetupFault:
        return []  # told in a row of its own
    folder = FolderPrinter(home / "tray")
    rows = [
        _try("letterhead", lambda: _letterhead(settings), "correct the file at that line"),
        _try("page printer", lambda: _printer(settings, folder), "see docs/papers.md"),
        _try("slip printer", lambda: _slips(settings, folder), "see docs/papers.md"),
    ]
    if settings.fonts:
        rows.append(_try("own fonts", lambda: _own_fonts(settings), "name TrueType files"))
    if settings.paper_trust:
        rows.append(_try("seal keys", lambda: _seal_keys(settings), "ask the office for its keys"))
    return rows


def _letterhead(settings: Settings) -> str:
    letterhead(settings)
    return settings.letterhead or "ours"


def _printer(settings: Settings, folder: FolderPrinter) -> str:
    printer = page_printer(settings, folder)
    printer.check()
    notes = printer.notes() if isinstance(printer, CupsPrinter) else ("files in tray/",)
    return "; ".join((settings.printer_queue, *notes)).strip("; ")


def _slips(settings: Settings, folder: FolderPrinter) -> str:
    slip_printer(settings, folder, page_printer(settings, folder)).check()
    return settings.slip_printer


def _own_fonts(settings: Settings) -> str:
    return ", ".join(face.name for face in fonts(settings).own)


def _seal_keys(settings: Settings) -> str:
    trust = trusted(settings, None)
    return f"{len(trust.seals) if trust else 0} keys"


def _driver() -> Row:
    there = readers.CCID_DRIVER.exists()
    return Row("card driver", there, "CCID" if there else "no driver", "apt-get install libccid")


def _usb(found: readers.Plugged) -> Row:
    words = found.name if found.works else f"{found.name} {readers.WHY_NOT}"
    return Row("USB reader", found.works, words, "plug in another reader")


def _service(slot: PcscSlot) -> str:
    slot.readers()
    return "answers"


def _reader_names(slot: PcscSlot) -> str:
    if not (names := slot.readers()):
        raise _Absent("no card reader")
    return ", ".join(names)


def _extended(slot: PcscSlot) -> str:
    """Asked of the card that lies there, if one does; nothing depends on the answer."""
    if not slot.readers() or slot.lying() is None:
        return "not tried: no card lies there"
    with slot.powered() as card, Burst(card) as burst:
        return "carried" if burst.carries_extended() else "not carried: short APDUs are used"
