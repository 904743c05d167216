"""One connection for many lanes: each turn is whole or nothing, and lets the next one in."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from kiosk.adapters.memo import SqliteMemo
from kiosk.adapters.store import Reading, Store, open_store
from kiosk.errors import StoreUnusable

LANES, TIMES = 6, 40
ADD = "INSERT INTO memo (name, value) VALUES ('next', '')"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "terminal.db")) as store:
        yield store


def names(store: Store) -> list[str]:
    """As another lane finds them: it waits for nobody who is done."""
    with ThreadPoolExecutor(1) as lane:
        return lane.submit(_names, store).result(5)


def _names(store: Store) -> list[str]:
    with store.reading() as base:
        return [name for (name,) in base.execute("SELECT name FROM memo ORDER BY name")]


def say(turn: Reading, *statements: str) -> None:
    with turn as base:
        for each in statements:
            base.execute(each)


def test_nobody_else_reads_any_of_its_files(store: Store) -> None:
    SqliteMemo(store, "count").write("0")
    files = [f for f in store.file.parent.iterdir() if f.name.startswith(store.file.name)]
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_lanes_of_two_processes_take_turns(store: Store) -> None:
    memo, begin = SqliteMemo(store, "count"), Barrier(LANES)
    memo.write("0")

    def count(ours: Store) -> None:
        begin.wait(5)
        for _ in range(TIMES):
            with ours.transaction() as base:
                (now,) = base.execute("SELECT value FROM memo WHERE name = 'count'").fetchone()
                base.execute("UPDATE memo SET value = ?", (str(int(now) + 1),))

    with closing(open_store(store.file)) as other, ThreadPoolExecutor(LANES) as lanes:
        for done in [lanes.submit(count, (store, other)[lane % 2]) for lane in range(LANES)]:
            done.result(30)
    assert memo.read() == str(LANES * TIMES)


def test_a_turn_that_breaks_off_leaves_nothing_and_lets_the_next_one_in(store: Store) -> None:
    for turn in (store.transaction(), store.reading()):
        with pytest.raises(StoreUnusable, match="OperationalError"):
            say(turn, "SELECT 1", "no such words")
    with pytest.raises(StoreUnusable, match="IntegrityError"):
        say(store.transaction(), ADD, ADD)
    assert names(store) == []


def test_a_transaction_within_another_is_refused_and_takes_it_along(store: Store) -> None:
    def nested() -> None:
        with store.transaction() as base:
            base.execute(ADD)
            say(store.transaction(), "DELETE FROM memo")

    with pytest.raises(StoreUnusable):
        nested()
    assert names(store) == []


def test_what_is_refused_at_the_commit_is_a_fault_and_leaves_nothing(store: Store) -> None:
    say(
        store.transaction(),
        "CREATE TABLE one (id INTEGER PRIMARY KEY)",
        "CREATE TABLE two (one REFERENCES one DEFERRABLE INITIALLY DEFERRED)",
    )
    with pytest.raises(StoreUnusable, match="IntegrityError"):
        say(store.transaction(), ADD, "INSERT INTO two VALUES (7)")
    assert names(store) == []
    say(store.transaction(), ADD)
    assert names(store) == ["next"]


def test_what_another_process_holds_is_a_fault_that_passes(store: Store) -> None:
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable):
            say(store.transaction(), ADD)
        assert names(store) == []
    say(store.transaction(), ADD)
    assert names(store) == ["next"]


def test_a_store_that_was_closed_says_so(store: Store) -> None:
    store.close()
    for turn in (store.reading, store.transaction):
        with pytest.raises(StoreUnusable):
            say(turn(), "SELECT 1")


def test_a_new_database_has_small_pages_and_is_synced_and_erased_with_care(store: Store) -> None:
    asked = ("page_size", "journal_mode", "synchronous", "secure_delete", "foreign_keys")
    with store.reading() as base:
        told = [base.execute(f"PRAGMA {each}").fetchone()[0] for each in asked]
    assert told == [1024, "wal", 2, 1, 1]
