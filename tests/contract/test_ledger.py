"""Every ledger keeps the fate of every number until it is reported."""

import pytest

from kiosk.adapters.ledger import MemoryLedger
from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import open_store
from kiosk.domain.sheets import Fate
from kiosk.errors import StoreUnusable
from kiosk.ports.ledger import Entry


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request, tmp_path):
    if request.param == "memory":
        yield MemoryLedger()
        return
    store = open_store(tmp_path / "terminal.db")
    yield SqliteLedger(store)
    store.close()


def test_a_number_keeps_its_fate_until_it_is_reported(ledger):
    ledger.issue(["B-1", "A-2"])
    assert ledger.open() == [Entry("B-1", Fate.ISSUED), Entry("A-2", Fate.ISSUED)]
    ledger.move("B-1", Fate.PRINTED)
    ledger.reported("B-1")
    assert ledger.open() == [Entry("A-2", Fate.ISSUED)]


def test_a_number_is_released_once(ledger):
    ledger.issue(["A-1"])
    assert [ledger.release("A-1"), ledger.release("A-1")] == [True, False]
    assert not ledger.release("nobody-gave-this")
    assert ledger.open() == [Entry("A-1", Fate.RELEASED)]


def test_the_same_answer_again_takes_no_fate_back(ledger):
    ledger.issue(["A-1"])
    ledger.move("A-1", Fate.SPOILED)
    ledger.issue(["A-1", "A-2"])
    assert ledger.open() == [Entry("A-1", Fate.SPOILED), Entry("A-2", Fate.ISSUED)]


def test_what_one_run_kept_the_next_one_finds(tmp_path):
    store = open_store(tmp_path / "terminal.db")
    SqliteLedger(store).issue(["A-1"])
    store.close()
    store = open_store(tmp_path / "terminal.db")
    assert SqliteLedger(store).open() == [Entry("A-1", Fate.ISSUED)]
    store.close()


def test_a_store_that_fails_is_a_fault_of_ours(tmp_path):
    store = open_store(tmp_path / "terminal.db")
    with store.transaction() as connection:
        connection.execute("DROP TABLE paper")
    with pytest.raises(StoreUnusable):
        SqliteLedger(store).issue(["A-1"])
    store.close()
