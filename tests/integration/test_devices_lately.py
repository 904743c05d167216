"""What the office holds of its devices for a second: asked for together, never believed longer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from office.app import now
from office.devices import Devices, Standing
from office.pairing import Pairings
from office.store import open_store

NAMES = ("K01", "K02", "K03")


class Clock:
    """It stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class DeadDatabase:
    """Every connection takes its time, and then there is none; it counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def connect(self) -> None:
        self.asked += 1
        time.sleep(0.5)
        raise OperationalError("connect", {}, OSError("nobody there"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_store(tmp_path / "office.db")
    pairings = Pairings(made, now)
    for name in NAMES:
        pairings.take(pairings.offer(name, "kiosk"), f"key of {name}")
    yield made
    made.dispose()


@pytest.fixture
def selects(engine: Engine) -> list[str]:
    found: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return found


def test_whoever_asks_first_after_a_second_asks_for_all_that_spoke_within_it(
    engine: Engine, selects: list[str]
) -> None:
    clock = Clock()
    devices = Devices(engine, now, clock)
    for name in NAMES:
        assert devices.lately(name) == Standing("kiosk", f"key of {name}", 1, revoked=False)
    assert len(selects) == len(NAMES)
    clock.at += 1.1
    assert [devices.held(name) for name in NAMES] == [None] * 3
    assert devices.lately("K02")
    assert all(devices.held(name) for name in NAMES)
    assert len(selects) == len(NAMES) + 1


def test_who_was_silent_for_a_second_is_not_asked_for_again(
    engine: Engine, selects: list[str]
) -> None:
    clock = Clock()
    devices = Devices(engine, now, clock)
    for name in NAMES:
        devices.lately(name)
    for _ in range(2):
        clock.at += 1.1
        devices.lately("K02")
    assert devices.held("K02")
    assert devices.held("K01") is None
    assert devices.lately("K01")


def test_one_that_was_revoked_elsewhere_is_out_with_the_next_asking(engine: Engine) -> None:
    clock = Clock()
    here, elsewhere = Devices(engine, now, clock), Devices(engine, now)
    for name in NAMES:
        here.lately(name)
    clock.at += 0.9
    elsewhere.revoke("K03")
    here.lately("K01")
    clock.at += 0.2
    here.lately("K01")
    found = here.held("K03")
    assert found
    assert found.revoked


def test_a_database_that_is_away_is_waited_for_once_by_all(engine: Engine) -> None:
    away = DeadDatabase()
    devices = Devices(away, now)  # type: ignore[arg-type]
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as together:
        asked = [together.submit(devices.lately, f"K{number:02d}") for number in range(8)]
        faults = [each.exception(10) for each in asked]
    assert [type(fault) for fault in faults] == [OperationalError] * 8
    assert away.asked == 1
    assert time.monotonic() - begun < 3
