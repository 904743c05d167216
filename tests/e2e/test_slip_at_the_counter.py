"""A terminal burns; at another branch a clerk brings its application back with scanner and keys."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from kiosk.adapters.procedures import RESOURCES, Folders
from kiosk.config import read_settings
from kiosk.domain.reseeding import PicturesChosen, Reseeding
from kiosk.domain.tending import Tending
from kiosk.drill.wire import FINE, Trouble, Wire
from kiosk.ground import office_of, stand_on
from kiosk.nextdoor import furnish, office_next_door
from kiosk.usecases.spare import SpareCodes
from tests.fakes.clerk import ClerkAtWork
from tests.fakes.consulting import DAMAGED
from tests.fakes.samples import desk_case
from tests.fakes.slips import OTHER

NAME = DAMAGED["name"]


@dataclass(frozen=True)
class Left:
    """An application that was left with a terminal, and the codes on its slip."""

    id: str
    receipt: str
    codes: tuple[str, ...]
    home: Path


@dataclass(frozen=True)
class City:
    """An office, a terminal of it, and a branch with a clerk."""

    folder: Path
    wire: Wire
    kiosk: Path
    clerk: ClerkAtWork

    def arrived(self) -> list[dict]:
        home = self.clerk.home
        with closing(office_of(read_settings(home), home)) as office:
            return list(office.submissions(None)[0])

    def scan(self, *texts: str) -> None:
        for text in texts:
            self.clerk.counter.scanner.show(text)

    def words(self) -> str:
        page = self.clerk.window.page
        return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


@pytest.fixture
def city(tmp_path: Path, qapp: QApplication) -> Iterator[City]:
    with office_next_door(tmp_path / "office", ("K01:kiosk", "C01:counter")) as office:
        kiosk = furnish(tmp_path / "K01", "K01", office, reseed="yes")
        home = furnish(tmp_path / "C01", "C01", office)
        address = urlsplit(office.url)
        wire = Wire(str(address.hostname), int(address.port or 0))
        file = home / "kakanai.toml"
        file.write_text(file.read_text("utf-8").replace(office.url, wire.url), "utf-8")
        clerk = ClerkAtWork(home)
        try:
            yield City(tmp_path, wire, kiosk, clerk)
        finally:
            clerk.close()
            wire.close()


def left_with(home: Path) -> Left:
    """Kept in a real store and not sent; its codes are those that its slip bears."""
    ground = stand_on(read_settings(home), home)
    try:
        forms = Folders(RESOURCES).forms()
        case = desk_case("risai", {**DAMAGED, "damage": "屋根が飛んだ。" * 60})
        kept = ground.submit(SimulatedTill(), forms, Channel.KIOSK).keep(case, None)
        codes = SpareCodes(ground.outbox, ground.keys, ground.office.reseed_key).of(kept.submission)
        return Left(kept.submission, kept.receipt, codes.codes, home)
    finally:
        ground.office.close()
        ground.store.close()


def sent_after_all(home: Path) -> list[str]:
    """The terminal was not burnt: it sends what it kept."""
    ground = stand_on(read_settings(home), home)
    try:
        forms = Folders(RESOURCES).forms()
        ground.submit(SimulatedTill(), forms, Channel.KIOSK).deliver.drain()
        return [row.state for row in ground.outbox.rows()]
    finally:
        ground.office.close()
        ground.store.close()


def written(clerk: ClerkAtWork) -> list[tuple]:
    with closing(sqlite3.connect(clerk.home / "terminal.db", timeout=5)) as base:
        return base.execute("SELECT who, about FROM journal WHERE what = 'reseeded'").fetchall()


def opened(clerk: ClerkAtWork) -> None:
    clerk.press(Qt.Key.Key_F7)
    clerk.stands(Tending)
    clerk.press(Qt.Key.Key_F8)
    clerk.stands(Reseeding)


def asked(clerk: ClerkAtWork) -> Reseeding:
    clerk.until(lambda: isinstance(clerk.state, Reseeding) and clerk.state.found is not None)
    assert isinstance(clerk.state, Reseeding)
    return clerk.state


def test_what_was_left_with_a_terminal_that_burnt_is_brought_back_once(city: City) -> None:
    left, clerk = left_with(city.kiosk), city.clerk
    shutil.copytree(city.kiosk, city.folder / "aside")
    shutil.rmtree(city.kiosk)
    opened(clerk)
    assert len(left.codes) > 1
    city.scan(*left.codes[1:])
    clerk.until(lambda: len(clerk.state.symbols) == len(left.codes) - 1)
    assert f"{len(left.codes) - 1}／{len(left.codes)}" in city.words()
    city.scan(left.codes[0])
    state = asked(clerk)
    assert (state.found.receipt, state.found.form, state.asks) == (left.receipt, "risai", True)
    assert left.receipt in city.words()
    assert "罹災証明" in city.words()
    assert NAME not in city.words()
    assert city.arrived() == []

    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.state.taken is not None)
    assert "戻しました" in city.words()
    (there,) = city.arrived()
    assert (there["id"], there["device"]) == (left.id, "K01")
    assert there["envelope"]["A票"]["申請者"]["氏名"] == NAME
    assert written(clerk) == [("clerk:mamoru", left.id)]

    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.state.reads)
    city.scan(*left.codes)
    assert asked(clerk).found.there
    assert "もう市役所に届いています" in city.words()
    assert sent_after_all(city.folder / "aside") == ["delivered"]
    assert [each["id"] for each in city.arrived()] == [left.id]


def test_while_the_line_is_cut_the_slip_stays_on_the_page_and_goes_on_by_itself(city: City) -> None:
    left, clerk = left_with(city.kiosk), city.clerk
    opened(clerk)
    city.wire.be(Trouble(dead=True))
    city.scan(*left.codes)
    clerk.until(lambda: clerk.state.away)
    assert "市役所とつながりません" in city.words()
    city.wire.be(FINE)
    clerk.press(Qt.Key.Key_Return)
    assert asked(clerk).asks

    city.wire.be(Trouble(dead=True))
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.state.away)
    assert "まだわかりません" in city.words()
    assert written(clerk) == []
    city.wire.be(FINE)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.state.taken is not None)
    assert [each["id"] for each in city.arrived()] == [left.id]
    assert written(clerk) == [("clerk:mamoru", left.id)]


def test_what_is_no_slip_of_this_city_is_told_and_nothing_is_done(city: City) -> None:
    left, clerk = left_with(city.kiosk), city.clerk
    opened(clerk)
    for shown, wrong in (
        (("https://city.example/v1/receipts/x",), "no-code"),
        ((left.codes[0][:-1] + "1",), "damaged"),
        (OTHER, "another-key"),
    ):
        city.scan(*shown)
        clerk.until(lambda wrong=wrong: clerk.state.wrong == wrong)
    clerk.say(PicturesChosen((str(city.folder / "nothing.png"),)))
    clerk.until(lambda: clerk.state.wrong == "picture")
    clerk.press(Qt.Key.Key_Escape)
    clerk.stands(Tending)
    assert (city.arrived(), written(clerk)) == ([], [])
