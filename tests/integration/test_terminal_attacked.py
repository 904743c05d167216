"""What time, readers, numbers and a hundred thousand rows do to a terminal's own database."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock

import pytest

from forms.purposes import Purpose
from kiosk.adapters.consents import SqliteConsents
from kiosk.adapters.journal import SqliteJournal
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import Store, open_store
from kiosk.domain.agreement import Word
from kiosk.domain.journal import Deed
from kiosk.ports.consents import last_words
from kiosk.ports.office import Later
from kiosk.ports.outbox import RowState, Try
from kiosk.usecases.anchor import Anchor
from kiosk.usecases.consent import Consent, share
from kiosk.usecases.deliver import Deliver, Drained
from tests.fakes.clock import StandingClock
from tests.fakes.consents import ToldConsents
from tests.fakes.envelopes import NOW, envelope
from tests.fakes.samples import PURPOSES, facts
from tests.fakes.scripted_office import ScriptedOffice

KEY = bytes(range(32))
CARE = PURPOSES.of("risai")[0].id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "terminal.db")
    yield store
    store.close()


def test_one_that_is_put_off_for_an_hour_holds_up_no_other_for_that_hour(store: Store) -> None:
    outbox, office = SqliteOutbox(store, KEY), ScriptedOffice(Later("HTTP 429", 3600.0))
    deliver = Deliver(outbox, office, StandingClock(NOW), time.monotonic)
    outbox.keep(envelope)
    assert deliver.drain() == Drained()
    assert len(office.calls) == 1
    outbox.keep(envelope)
    assert deliver.drain() == Drained(delivered=1)


def test_what_is_erased_while_somebody_reads_is_on_no_disk_an_hour_later(
    store: Store, tmp_path: Path
) -> None:
    outbox = SqliteOutbox(store, KEY)
    kept = outbox.keep(envelope)
    marked = b"\xfe\xed" * 20  # all over its pages
    with store.transaction() as base:
        base.execute("UPDATE outbox SET payload = ?", (marked * 60,))
    outbox.keep(envelope)
    clock, ticks = StandingClock(NOW), [0.0]
    deliver = Deliver(outbox, ScriptedOffice(), clock, lambda: ticks[0])
    with closing(sqlite3.connect(tmp_path / "terminal.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM outbox").fetchone()
        outbox.record([Try(str(kept.id), RowState.DELIVERED, "ok", NOW - timedelta(days=40))])
        deliver.drain()
    assert marked in _disk(tmp_path)
    ticks[0] += 3600
    deliver.drain()
    assert marked not in _disk(tmp_path)


def _disk(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.iterdir())


@pytest.mark.parametrize("beside", ["another lane", "another process"])
def test_erasing_very_many_holds_nobody_up_for_long(store: Store, beside: str) -> None:
    outbox = SqliteOutbox(store, KEY)
    outbox.keep(envelope)
    with store.transaction() as base:
        base.execute(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
            "INSERT INTO outbox (sequence, id, receipt, sha256, payload, state, attempts, due, "
            "doubtful, kept_at, settled_at) SELECT i, 'id-' || i, 'K01', 'ab', x'00', 'delivered', "
            "1, 0, 0, '2026-01-01', '2026-01-01' FROM n"
        )
    longest, over = 0.0, False

    def keep() -> None:
        nonlocal longest
        mine = store if beside == "another lane" else open_store(store.file)
        other = SqliteOutbox(mine, KEY)
        number = 100_000
        while not over:
            number += 1
            began = time.monotonic()
            other.keep(lambda sequence: envelope(number, sequence=sequence))  # noqa: B023
            longest = max(longest, time.monotonic() - began)
            time.sleep(0.01)

    with ThreadPoolExecutor(1) as lane:
        done = lane.submit(keep)
        try:
            assert outbox.clear(NOW, NOW, "kiosk") == 99_999
        finally:
            over = True
        done.result(30)
    assert longest < 0.7, longest


def test_a_withdrawal_comes_after_its_yes_whatever_the_clock_said(store: Store) -> None:
    clock = StandingClock(NOW + timedelta(days=3650))
    consents = SqliteConsents(store)
    consent = Consent(consents, ToldConsents(), PURPOSES, clock, b"k" * 32, "K01")
    person = consent.person(facts())
    assert person is not None
    yes = consent._record(person, CARE, "2026-11", Word.GIVEN)
    consents.adopt(yes, "kiosk")
    clock.moment = NOW
    consent.withdraw(person, CARE)
    said = consents.of(person)
    assert last_words(said)[CARE].word is Word.WITHDRAWN
    assert said[1].at >= said[0].at
    clock.moment = NOW + timedelta(days=4000)
    consent.withdraw(person, CARE)
    assert consents.of(person)[2].at == clock.moment


def test_a_shares_number_is_as_new_as_its_applications() -> None:
    purpose = Purpose(CARE, ("risai",), ("name",), "2026-11", 6)
    made = share(purpose, envelope(1, receipt="K01-7QX-000001"), 2)
    assert made.receipt == "K01-7QX-000002"


class StrictOffice:
    """Hears the ends of a journal one after the other, and a shorter one never."""

    def __init__(self) -> None:
        self.last, self.refused, self._lock = 0, 0, Lock()

    def anchor(self, place: int, link: str) -> str | None:
        time.sleep(0.03 * (place % 2))
        with self._lock:
            if place < self.last:
                self.refused += 1
                return "shorter"
            self.last = place
        return None


def test_two_who_tell_the_journals_end_never_tell_a_shorter_one(store: Store) -> None:
    journal, office = SqliteJournal(store, StandingClock(NOW)), StrictOffice()
    anchor, start = Anchor(journal, office), Barrier(2)  # type: ignore[arg-type]

    def tell(_: int) -> None:
        start.wait(10)
        for _n in range(20):
            journal.write("kiosk", Deed.SIGNED_IN, "a")
            anchor.tell()

    with ThreadPoolExecutor(2) as several:
        list(several.map(tell, range(2)))
    assert office.refused == 0
    assert replace(anchor).tell()
