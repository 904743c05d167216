"""An application that outlives its terminal: kept offline, carried home on paper, taken in once."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication

from devices.scanners.files import codes_in_file
from devices.simulated.card.deck import holders
from forms.definition import Channel
from forms.reseed import MARK
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.app import open_kiosk
from kiosk.config import read_settings
from kiosk.domain.states import Choosing, Deferring, Ending, Idle, Parting
from kiosk.drill.wire import FINE, Trouble, Wire
from kiosk.ground import office_of, stand_on
from kiosk.nextdoor import furnish, office_next_door
from kiosk.tour.album import Album, settle
from kiosk.tour.walker import FORM, Walker
from kiosk.ui.kit.code import Code
from printing.raster import black, pages

ROOT = Path(__file__).parents[2]
DPI, DOTS = 203.2, 384
NOTICED = 10.0
PUBLIC = "https://kakanai.city.example.lg.jp"


@dataclass(frozen=True)
class City:
    """A kiosk and a counter, and the line between the kiosk and the office."""

    folder: Path
    url: str
    wire: Wire
    walker: Walker
    kiosk: Path
    counter: Path


@pytest.fixture
def city(tmp_path: Path, qapp: QApplication) -> Iterator[City]:
    with office_next_door(tmp_path / "office", ("K01:kiosk", "C01:counter")) as office:
        settings = {"reseed": "yes", "slip_width": "58mm", "receipt_url": PUBLIC}
        home = furnish(tmp_path / "kiosk", "K01", office, **settings)
        counter = furnish(tmp_path / "counter", "C01", office)
        address = urlsplit(office.url)
        wire = Wire(str(address.hostname), int(address.port or 0))
        behind(home, office.url, wire.url)
        kiosk = open_kiosk(read_settings(home), home)
        kiosk.terminal.window.show()
        album = Album(tmp_path / "album", lambda _: None)
        album.chapter("outage")
        walker = Walker(kiosk.terminal, kiosk.reader, kiosk.printer, album, "k")
        try:
            yield City(tmp_path, office.url, wire, walker, home, counter)
        finally:
            kiosk.terminal.window.close()
            kiosk.terminal.close()
            wire.close()


def behind(home: Path, url: str, other: str) -> None:
    """The same terminal, whose office is somewhere else."""
    file = home / "kakanai.toml"
    file.write_text(file.read_text("utf-8").replace(url, other), "utf-8")


def kakanai(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "kiosk", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def leave_with_us(city: City) -> Parting:
    """About to pay for a certificate when the line goes."""
    walker = city.walker
    card = next(each for each in holders(RESOURCES / "people" / "cards.yaml") if each.id == "p2")
    walker.begin("ja", shots=False)
    walker.reader.place(card)
    walker.enter_pin(card.pin)
    walker.fill(shots=False)
    city.wire.be(Trouble(dead=True))
    walker.press("review.confirm")
    walker.until("the offer", lambda s: isinstance(s, Deferring))
    walker.press("defer.leave")
    walker.until("the receipt", lambda s: isinstance(s, Parting))
    state = walker.state
    assert isinstance(state, Parting)
    assert state.ending is Ending.KEPT_WAITING
    return state


def photographed(city: City, number: str) -> Path:
    """The slip as the head of a 58 mm printer burnt it, as a picture."""
    slip = city.kiosk / "tray"
    limit = time.monotonic() + 20
    while not (found := sorted(slip.glob(f"*receipt-{number}*.pdf"))):
        assert time.monotonic() < limit, list(slip.iterdir())
        QApplication.processEvents()
        time.sleep(0.02)
    (page,) = pages(found[0].read_bytes(), DPI)
    dots = black(page, DOTS).convert("L")
    paper = Image.new("L", (DOTS + 80, dots.height), 255)
    paper.paste(dots, (40, 0))
    file = city.folder / "slip.png"
    paper.save(file)
    return file


def arrived(city: City) -> list[dict]:
    with closing(office_of(read_settings(city.counter), city.counter)) as office:
        return list(office.submissions(None)[0])


def page_of(city: City, address: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(address.replace(PUBLIC, city.url), timeout=10)


def drained(home: Path, city: City) -> list[str]:
    """What a terminal that was not burnt after all does when the line is back."""
    behind(home, city.wire.url, city.url)
    ground = stand_on(read_settings(home), home)
    try:
        from devices.simulated.till import SimulatedTill

        forms = Folders(RESOURCES).forms()
        ground.submit(SimulatedTill(), forms, Channel.KIOSK).deliver.drain()
        return [row.state for row in ground.outbox.rows()]
    finally:
        ground.office.close()
        ground.store.close()


def test_an_application_outlives_the_terminal_that_it_was_left_with(city: City) -> None:
    parting = leave_with_us(city)
    assert parting.status is not None
    assert parting.status.startswith(f"{PUBLIC}/v1/receipts/")
    slip = photographed(city, parting.receipt or "")
    codes = codes_in_file(slip)
    spare = [code for code in codes if code.startswith(f"{MARK}.")]
    assert {parting.receipt, parting.status} <= set(codes)
    assert spare
    assert arrived(city) == []
    assert page_of(city, parting.status).status_code == 404

    aside = city.folder / "aside"
    shutil.copytree(city.kiosk, aside)
    shutil.rmtree(city.kiosk)
    done = kakanai("reseed", str(slip), "--home", str(city.counter), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["receipt"], told["photos"]) == (parting.receipt, 0)

    (there,) = arrived(city)
    name = there["envelope"]["A票"]["申請者"]["氏名"]
    assert (there["device"], there["id"], there["sha256"]) == ("K01", told["id"], told["sha256"])
    assert name
    assert name not in done.stdout
    assert page_of(city, parting.status).status_code == 200
    assert "reseeded" in kakanai("audit", "show", "--home", str(city.counter)).stdout

    assert drained(aside, city) == ["delivered"]
    assert kakanai("reseed", *spare, "--home", str(city.counter)).returncode == 0
    assert [each["id"] for each in arrived(city)] == [told["id"]]


def test_a_photographed_screen_leads_to_the_same_page_as_the_slip(city: City) -> None:
    parting = leave_with_us(city)
    page = city.walker.terminal.window.page
    assert page is not None
    (code,) = page.findChildren(Code)
    file = city.folder / "screen.png"
    page.grab().save(str(file))
    with Image.open(file) as screen:
        found = [each.text for each in zxingcpp.read_barcodes(screen.convert("L"))]
    assert found == [parting.status]
    assert code.accessibleName()


def test_nobody_arms_a_mode_and_everything_goes_by_itself(city: City) -> None:
    walker = city.walker
    parting = leave_with_us(city)
    walker.take_everything()
    began = time.monotonic()
    walker.until("the line to be down", lambda _: not walker.up)
    assert time.monotonic() - began < NOTICED
    walker.choose("ja")
    walker.press(walker.terminal.window.form_words(FORM, "ja").title())
    walker.until("what to do instead", lambda s: isinstance(s, Choosing) and s.away == FORM)
    city.wire.be(FINE)
    began = time.monotonic()
    walker.until("the line to be up", lambda s: walker.up and s == Choosing("ja"))
    assert time.monotonic() - began < NOTICED
    began = time.monotonic()
    while not (there := arrived(city)):
        assert time.monotonic() - began < NOTICED
        QApplication.processEvents()
    assert there[0]["envelope"]["receipt"] == parting.receipt
    walker.press("nav.leave")


def test_a_hanging_office_never_freezes_the_screen(city: City) -> None:
    city.walker.until("the start", lambda s: isinstance(s, Idle))
    city.wire.be(Trouble(mute=True))
    longest, limit = 0.0, time.monotonic() + 2 * NOTICED
    while city.walker.up and time.monotonic() < limit:
        began = time.monotonic()
        QApplication.processEvents()
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.01)
    assert not city.walker.up
    assert longest < 0.3
    settle()


def test_half_a_set_of_codes_is_told_with_the_number_that_is_missing(city: City) -> None:
    parting = leave_with_us(city)
    slip = photographed(city, parting.receipt or "")
    spare = sorted(code for code in codes_in_file(slip) if code.startswith(f"{MARK}."))
    if len(spare) > 1:
        done = kakanai("reseed", spare[0], "--home", str(city.counter))
        assert done.returncode == 1
        assert "2" in done.stderr
    done = kakanai("reseed", spare[0][:-1] + "1", "--home", str(city.counter))
    assert done.returncode == 1
    assert kakanai("reseed", "nothing.png", "--home", str(city.counter)).returncode == 2
    done = kakanai("reseed", *spare, "--home", str(city.kiosk))
    assert done.returncode == 9  # its line is cut
    city.wire.be(FINE)
    done = kakanai("reseed", *spare, "--home", str(city.kiosk))
    assert done.returncode == 10  # a kiosk may not
