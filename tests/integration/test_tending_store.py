"""What a clerk does about what waits, over the terminal's own database: who did it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.adapters.evidence import evidence
from kiosk.adapters.journal import SqliteJournal
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import open_store
from kiosk.domain import counter as d
from kiosk.domain.journal import broken
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import Decided, FateAsked, RetryAsked, StopAsked
from kiosk.ports.outbox import RowState, Try
from tests.fakes.clock import StandingClock
from tests.fakes.desk import Counter
from tests.fakes.envelopes import NOW, envelope

PAPER = "000000-R8-000123-1"


@dataclass
class Desk:
    """A counter over real tables, and what its journal says."""

    file: Path
    counter: Counter

    def do(self, *events: object) -> d.DeskState:
        for event in events:
            self.counter.say(event)
            self.counter.lanes.release_all()
        return self.counter.state

    def deeds(self) -> list[tuple[str, str, str, str]]:
        with evidence(self.file) as found:
            rows = list(found.entries())
        assert broken(rows) is None
        return [(row.entry.who, row.entry.what, row.entry.about, row.entry.more) for row in rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "terminal.db"
    store = open_store(file)
    made = Counter(
        outbox=SqliteOutbox(store, b"k" * 32),
        journal=SqliteJournal(store, StandingClock()),
        ledger=SqliteLedger(store),
    )
    made.sign_in()
    yield Desk(file, made)
    store.close()


def test_who_held_back_sent_again_and_settled_is_written_by_their_id(desk: Desk) -> None:
    outbox, ledger = desk.counter.outbox, desk.counter.ledger
    held, refused = (str(outbox.keep(envelope).id) for _ in range(2))
    outbox.record([Try(refused, RowState.REFUSED, "no", NOW)])
    ledger.issue([PAPER])
    ledger.move(PAPER, Fate.UNCLEAR)
    before = len(desk.deeds())
    state = desk.do(d.QueueOpened())
    assert (state.pending.asking, [row.id for row in state.pending.rows]) == (2, [refused, held])
    desk.do(StopAsked(held), Decided("書類待ち"), FateAsked(PAPER, Fate.SPOILED), Decided())
    state = desk.do(RetryAsked(refused), Decided())
    assert desk.deeds()[before:] == [
        ("clerk:mamoru", "set-aside", held, ""),
        ("clerk:mamoru", "paper-settled", PAPER, "spoiled"),
        ("clerk:mamoru", "retried", refused, ""),
        ("counter", "delivered", refused, ""),
    ]
    assert list(desk.counter.office.handed_in) == [refused]
    assert desk.counter.office.outcomes == [(PAPER, "spoiled")]
    assert outbox.row(held).last_answer == "書類待ち"
    assert ledger.open() == []


def test_a_settled_paper_is_not_lost_between_here_and_the_office(desk: Desk) -> None:
    ledger = desk.counter.ledger
    ledger.issue([PAPER])
    ledger.move(PAPER, Fate.UNCLEAR)
    desk.do(d.QueueOpened(), FateAsked(PAPER, Fate.PRINTED))
    desk.counter.office.away = True
    state = desk.do(Decided())
    assert state.pending.papers == ()
    assert [entry.fate for entry in ledger.open()] == [Fate.PRINTED]
