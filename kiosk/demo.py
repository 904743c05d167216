"""The demo: an office as a child process, three doors to walk through, or a tour of them all."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from devices.simulated.card.deck import holders
from forms.prefill import Prefill, seal
from forms.words import LANGUAGES
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import open_store
from kiosk.app import open_kiosk
from kiosk.config import read_settings
from kiosk.desk import add_clerk, open_counter
from kiosk.errors import SetupFault
from kiosk.nextdoor import furnish, office_next_door
from kiosk.practice import open_class
from kiosk.tour.album import Album
from kiosk.tour.branch import counter_consent, counter_slip, left_on_paper
from kiosk.tour.consents import agreed_and_withdrawn
from kiosk.tour.counter import counter_away, counter_day, counter_papers, counter_queue
from kiosk.tour.journeys import (
    cancelled,
    code_from_home,
    office_away,
    paper_out,
    whole_journey,
    wrong_pin,
)
from kiosk.tour.papers import papers
from kiosk.tour.walker import Walker
from kiosk.ui.classroom.tray import Tray
from kiosk.ui.doors import Doors
from kiosk.ui.kit.tokens import LAYOUTS
from printing.codepictures import picture
from printing.codes import qr

_PIXELS = 6
_CUT_OFF = "000000-R8-000098-1"
CLERK = ("c01", "窓口　守", "1234")
DEVICES = (*(f"K{number:02d}:kiosk" for number in range(1, 7)), "C01:counter")


def start_part(part: str, *arguments: str, scale: float) -> "subprocess.Popen[bytes]":
    """One part as its own process, small enough for this screen: a door of the start window."""
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", part, *arguments],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "QT_SCALE_FACTOR": f"{scale:.3f}"},
    )


def scale_for(part: str, width: int, height: int) -> float:
    """How much smaller a part has to be drawn to stand on a screen of this size."""
    wanted = (1920, 1080) if part == "counter" else (1080, 1920)
    return min(1.0, 0.92 * width / wanted[0], 0.92 * height / wanted[1])


def doors(home: Path, run: Callable[[], int]) -> int:
    """The start window, with the office next door for as long as it is open."""
    opened: list[subprocess.Popen[bytes]] = []
    with office_next_door(home / "office", DEVICES) as office:
        kiosk = furnish(home / "kiosk", "K01", office)
        counter = furnish(home / "counter", "C01", office)
        add_clerk(counter, *CLERK)
        sample_code(kiosk)
        arguments = {
            "kiosk": ("--home", str(kiosk), "--window"),
            "counter": ("--home", str(counter)),
            "class": (),
        }

        def open_door(part: str) -> None:
            screen = window.screen().availableSize()
            scale = scale_for(part, screen.width(), screen.height())
            opened.append(start_part(part, *arguments[part], scale=scale))

        window = Doors(open_door)
        window.show()
        status = run()
        for part in opened:
            part.terminate()
            part.wait(timeout=10)
    return status


def tour(out: Path, say: Callable[[str], None]) -> int:
    """Every journey, offscreen; pictures and papers in `out`."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise SetupFault(f"{out}: cannot be written ({fault.strerror}); use --out") from fault
    album = Album(out, say)
    with tempfile.TemporaryDirectory(prefix="kakanai-demo-") as folder:
        home = Path(folder)
        for number, (layout, language) in enumerate(product(LAYOUTS, LANGUAGES), start=1):
            _tour_kiosk(home, album, f"K{number:02d}", layout, language)
        _tour_counter(home, album)
    _tour_class(album)
    album.chapter("papers")
    papers(album, RESOURCES / "people" / "register.yaml", Folders(RESOURCES).forms())
    say(f"{album.close()}: {album.count} pictures and papers")
    return 0


def _tour_kiosk(home: Path, album: Album, device: str, layout: str, language: str) -> None:
    album.chapter(f"kiosk {layout} {language}")
    prefix = f"kiosk-{layout}/{language}"
    with office_next_door(home / "office", DEVICES) as office:
        place = furnish(home / device, device, office, orientation=layout)
        kiosk = open_kiosk(read_settings(place), place)
        kiosk.terminal.window.show()
        walker = Walker(kiosk.terminal, kiosk.reader, kiosk.printer, album, prefix)
        try:
            file = RESOURCES / "people" / "cards.yaml"
            cards = {card.id: card for card in holders(file)}
            whole_journey(walker, cards["p2"], language)
            cancelled(walker, cards["p1"], language)
            paper_out(walker, cards["p1"], language)
            wrong_pin(walker, cards["p3"], language)
            code_from_home(walker, kiosk.scanner, sample_code(place), language)
            agreed_and_withdrawn(walker, cards["p2"], language)
            office_away(walker, cards["p1"], language, office.stop)
        finally:
            kiosk.terminal.window.close()
            kiosk.terminal.close()
        if (layout, language) == ("portrait", "ja"):
            for sheet in sorted((place / "tray").glob("*.pdf")):
                album.paper(sheet.stem, sheet.read_bytes())


def sample_code(place: Path) -> Path:
    """The picture a resident's phone would show: sealed to this terminal's own key."""
    answers = {
        "name": "髙橋　花子",
        "address": "かかない県書蒼市本町一丁目2番3号",
        "birth": "1944-05-03",
        "phone": "0312345678",
        "kind": "person",
        "relationship": False,
        "domicile": False,
        "copies": 1,
        "purpose": "pension",
    }
    made = datetime.now(UTC).isoformat()
    key, *_old = KeyFolder(place / "keys").prefill_keys()
    form = Folders(RESOURCES).named("juminhyo")
    prefill = Prefill(form.id, form.version, made, answers)
    (text,) = seal(prefill, key.public_key(), secrets.token_bytes(12))
    file = place / "QRコードの見本.png"
    picture(qr(text), _PIXELS).save(file)
    return file


def _tour_counter(home: Path, album: Album) -> None:
    album.chapter("counter")
    with office_next_door(home / "office", DEVICES) as office:
        place = furnish(home / "counter", "C01", office)
        burnt = furnish(home / "burnt", "K06", office, reseed="yes")
        add_clerk(place, *CLERK)
        _cut_off(place)
        counter = open_counter(read_settings(place), place)
        counter.window.show()
        try:
            counter_day(counter.desk, album, CLERK[0], CLERK[2])
            cards = {card.id: card for card in holders(RESOURCES / "people" / "cards.yaml")}
            counter_consent(counter.desk, album, cards["p2"])
            counter_papers(counter.desk, album)
            codes = left_on_paper(burnt, Folders(RESOURCES).forms())
            counter_slip(counter.desk, album, counter.scanner, codes)
            office.stop()
            counter_away(counter.desk, album)
            counter_queue(counter.desk, album)
        finally:
            counter.window.close()
            counter.close()


def _cut_off(place: Path) -> None:
    """The power went while a paper was being printed, the day before."""
    store = open_store(place / "terminal.db")
    ledger = SqliteLedger(store)
    ledger.issue([_CUT_OFF])
    ledger.release(_CUT_OFF)
    store.close()


def _tour_class(album: Album) -> None:
    album.chapter("class")
    room = open_class(RESOURCES, LAYOUTS["portrait"])
    tray = Tray(room.cards, room.reader, room.scanner, room.printer)
    room.terminal.window.show()
    tray.show()
    album.keep(tray, "class/00-tray", "00-tray")
    walker = Walker(room.terminal, room.reader, room.printer, album, "class")
    try:
        whole_journey(walker, room.cards[0], "ja")
    finally:
        room.terminal.window.close()
        tray.close()
        room.terminal.close()
    for title, pdf in room.printer.sheets:
        album.paper(f"class-{title}", pdf)
