"""Where a drill is played: a copy of this terminal, an office of its own, a line between them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.adapters.store import open_store
from kiosk.config import SETTINGS_FILE, Settings, read_settings
from kiosk.drill.terminal import NAME, JumpingClock, Terminal
from kiosk.drill.wire import FINE, Wire
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.ground import office_of
from kiosk.nextdoor import OfficeNextDoor, furnish, start_office
from kiosk.ports.outbox import RowState

WATCHER = "drill-watcher"
_NOT_ALONG = {"device", "office_url", "row_key"}  # the copy has a key and an office of its own
_ROUNDS = 40
_NOBODY = (
    "UPDATE outbox SET payload = x'', person = NULL",
    "UPDATE outbox SET state = 'set-aside' WHERE state != 'delivered'",
    "DELETE FROM attachment",
    "DELETE FROM consent",
    "DELETE FROM clerk",
    "VACUUM",
)


@dataclass
class Stage:
    """The copy may be troubled in every way; nothing of it reaches the real office."""

    home: Path
    folder: Path
    office: OfficeNextDoor
    wire: Wire
    settings: Settings
    clock: JumpingClock

    @contextmanager
    def terminal(self) -> Iterator[Terminal]:
        """The terminal as after a start."""
        opened = Terminal.open(self.settings, self.home, self.clock)
        try:
            yield opened
        finally:
            opened.close()

    def end_office(self) -> None:
        """It is gone in the middle of whatever it does."""
        self.office.kill()

    def restore_office(self) -> None:
        """Another process over the same database."""
        self.office = start_office(self.folder / "office", purposes=self.settings.purposes)
        self.wire.target = _place(self.office.url)

    def bring_home(self, terminal: Terminal) -> None:
        """The trouble is over: what waits goes, in as many rounds as it takes."""
        self.wire.be(FINE)
        for _ in range(_ROUNDS):
            terminal.drain()
            if not terminal.waiting():
                return

    def arrived(self) -> list[tuple[str, int]]:
        """Ids and sequence numbers at the office, in order of arrival, as a counter pulls them."""
        device, found, after = self.settings.device, [], None
        settings = read_settings(self.folder / "watcher")
        watched = replace(settings, office_url=self.office.url)
        with closing(office_of(watched, self.folder / "watcher")) as office:
            while True:
                items, after = office.submissions(after)
                found += [(i["id"], i["sequence"]) for i in items if i["device"] == device]
                if after is None or not items:
                    return found

    def shown(self) -> int:
        """In how many of the terminal's files the made-up person's name can be read."""
        told = [NAME.encode(), NAME.encode("unicode-escape")]
        files = (file for file in self.home.rglob("*") if file.is_file())
        return sum(any(name in file.read_bytes() for name in told) for file in files)

    def taken_back(self) -> set[str]:
        """The ids of whatever may not go any more."""
        with self.terminal() as terminal:
            rows = terminal.ground.outbox.undelivered()
            return {row.id for row in rows if row.state == RowState.SET_ASIDE}


@contextmanager
def stage(home: Path, folder: Path) -> Iterator[Stage]:
    """Set up in `folder`, and taken down whatever happens."""
    settings = read_settings(home)
    devices = (f"{settings.device}:kiosk", f"{WATCHER}:counter")
    office = start_office(folder / "office", devices, settings.purposes)
    wire = Wire(*_place(office.url))
    try:
        furnish(folder / "watcher", WATCHER, office)
        place = _copied(home, folder / "terminal")
        along = {
            f.name: getattr(settings, f.name)
            for f in fields(settings)
            if f.name not in _NOT_ALONG and getattr(settings, f.name) != f.default
        }
        furnish(place, settings.device, office, **along)
        _set_line(place, office.url, wire.url)
        made = Stage(place, folder, office, wire, read_settings(place), JumpingClock())
        yield made
        office = made.office
    finally:
        wire.close()
        office.stop()


def _copied(home: Path, place: Path) -> Path:
    """The database as it stands, with nobody in it, and no key.

    The drill's office keeps readable what it gets, and the power may go in the middle.
    """
    place.mkdir(mode=0o700)
    file = home / "terminal.db"
    if file.exists():
        try:
            with (
                closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as real,
                closing(sqlite3.connect(place / "terminal.db")) as copy,
            ):
                real.backup(copy)
        except sqlite3.Error as fault:
            raise SetupFault(f"{file}: cannot be copied ({fault})") from fault
        store = open_store(place / "terminal.db")
        with store.reading() as base:
            for statement in _NOBODY:
                base.execute(statement)
        store.close()
    return place


def _set_line(place: Path, direct: str, spoilt: str) -> None:
    """From now on the terminal speaks to its office through the line that fails on order."""
    file = place / SETTINGS_FILE
    text = file.read_text("utf-8")
    if direct not in text:
        raise OfficeUnreachable("the drill's office is not in its settings")
    file.write_text(text.replace(direct, spoilt), "utf-8")


def _place(url: str) -> tuple[str, int]:
    split = urlsplit(url)
    return str(split.hostname), int(split.port or 80)
