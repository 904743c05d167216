"""No receipt number is ever given twice, whatever of a terminal is lost."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from kiosk.adapters.keys import KeyFolder
from kiosk.config import Settings, read_settings
from kiosk.ground import stand_on
from kiosk.nextdoor import OfficeNextDoor, furnish, office_next_door, start_office
from kiosk.pairing import Paired, invitation, pair
from tests.fakes.samples import FORMS, case

LATER = re.compile(r"K01-[2-9A-HJ-NP-Z]{3}-\d{6}")


def kept(home: Path, times: int = 1, settings: Settings | None = None) -> list[str]:
    """Applications kept by a terminal that is started, used and ended."""
    ground = stand_on(settings or Settings(office_url="http://127.0.0.1:9"), home)
    try:
        submit = ground.submit(SimulatedTill(), FORMS, Channel.KIOSK)
        return [submit.keep(case(), None).receipt for _ in range(times)]
    finally:
        ground.office.close()
        ground.store.close()


def lose(home: Path) -> None:
    for file in home.glob("terminal.db*"):
        file.unlink()


def test_as_long_as_nothing_is_lost_numbers_are_plain_and_go_on(tmp_path: Path) -> None:
    assert kept(tmp_path, 2) == ["K01-000001", "K01-000002"]
    assert kept(tmp_path) == ["K01-000003"]


def test_a_terminal_that_lost_its_database_begins_a_series_of_its_own(tmp_path: Path) -> None:
    given = kept(tmp_path, 3)
    for _ in range(3):
        lose(tmp_path)
        fresh = kept(tmp_path, 2) + kept(tmp_path)
        assert all(LATER.fullmatch(number) for number in fresh)
        assert len({number.rpartition("-")[0] for number in fresh}) == 1
        assert [number[-6:] for number in fresh] == ["000001", "000002", "000003"]
        given += fresh
    assert len(set(given)) == len(given)


def test_a_database_from_before_there_were_series_goes_on_as_it_was(tmp_path: Path) -> None:
    assert kept(tmp_path) == ["K01-000001"]
    with closing(sqlite3.connect(tmp_path / "terminal.db")) as base, base:
        base.execute("DELETE FROM memo WHERE name = 'life'")
    assert kept(tmp_path) == ["K01-000002"]


def test_a_start_that_was_cut_off_costs_no_more_than_a_longer_number(tmp_path: Path) -> None:
    KeyFolder(tmp_path / "keys").begin_life()
    assert LATER.fullmatch(kept(tmp_path)[0])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeNextDoor]:
    with office_next_door(tmp_path / "office", ("K01:kiosk",)) as started:
        yield started


def test_where_everything_burnt_the_office_tells_that_numbers_were_given(
    tmp_path: Path, office: OfficeNextDoor
) -> None:
    home = furnish(tmp_path / "kiosk", "K01", office)
    assert kept(home, settings=read_settings(home)) == ["K01-000001"]
    shutil.rmtree(home)
    office.stop()
    again = start_office(tmp_path / "office", ("K01:kiosk",))
    try:
        home.mkdir(mode=0o700)
        assert isinstance(pair(home, invitation(again.pairings["K01"])), Paired)
        assert LATER.fullmatch(kept(home, settings=read_settings(home))[0])
    finally:
        again.stop()


def test_pairing_brings_the_key_that_slips_are_sealed_to(
    tmp_path: Path, office: OfficeNextDoor
) -> None:
    home = furnish(tmp_path / "kiosk", "K01", office)
    assert KeyFolder(home / "keys").reseed_key() is not None
