"""What every memory of consents promises, asked of the practice one and of the real one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forms.envelope import Envelope, new_id
from kiosk.adapters.consents import SqliteConsents
from kiosk.adapters.memory_consents import MemoryConsents
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.domain.agreement import Word
from kiosk.errors import StoreUnusable
from kiosk.ports.consents import Consented, ConsentRecord, Consents, last_words
from kiosk.ports.outbox import NOT_AGREED, Outbox, RowState, Try
from tests.fakes.envelopes import NAME, NOW, envelope

ANN, BOB = "a" * 64, "b" * 64


def application(number: int, person: str = ANN) -> Envelope:
    return envelope(number, form="risai", content={}, person=person)


def share(parent: Envelope, number: int) -> Envelope:
    made = application(number, parent.person)
    return replace(made, purpose="care", parent=parent.id)


def said(number: int, word: Word = Word.GIVEN, person: str = ANN, after: int = 0) -> ConsentRecord:
    at = NOW + timedelta(seconds=after)
    one = str(new_id(at, (1000 + number).to_bytes(10, "big")))
    return ConsentRecord(one, person, "care", "2026-11", word, at)


class ConsentsContract:
    """Subclasses say which."""

    @pytest.fixture
    def both(self, tmp_path: Path) -> Iterator[tuple[Outbox, Consents]]:
        raise NotImplementedError

    def test_a_yes_and_its_share_are_kept_with_the_application(self, both) -> None:
        outbox, consents = both
        kept = outbox.keep(application, consents=[Consented(said(1), share)])
        assert [row.receipt for row in outbox.rows()] == ["K01-000001", "K01-000002"]
        assert [row.purpose for row in outbox.rows()] == [None, "care"]
        assert list(consents.of(ANN)) == list(consents.untold()) == [said(1)]
        assert outbox.due(0) == [str(kept.id)]  # the share goes after what it came from

    def test_a_no_is_kept_and_shares_nothing(self, both) -> None:
        outbox, consents = both
        outbox.keep(application, consents=[Consented(said(1, Word.REFUSED))])
        assert len(outbox.rows()) == 1
        assert consents.of(ANN)[0].word is Word.REFUSED

    def test_what_was_told_is_not_told_again(self, both) -> None:
        _, consents = both
        for number in (1, 2):
            consents.withdraw(said(number, Word.WITHDRAWN, after=number), "kiosk")
        consents.told(said(1, after=1).id, NOW)
        assert [each.id for each in consents.untold()] == [said(2, after=2).id]

    def test_a_word_counts_from_when_it_was_told_however_long_ago_it_was_said(self, both) -> None:
        _, consents = both
        monday = NOW + timedelta(days=3)
        for number, told in ((1, NOW), (2, monday)):
            consents.withdraw(said(number, Word.WITHDRAWN, after=number), "kiosk")
            consents.told(said(number, after=number).id, told)
        consents.tell_again(NOW + timedelta(days=1))
        assert [each.id for each in consents.untold()] == [said(2, after=2).id]

    def test_withdrawing_erases_what_waits_and_only_that(self, both) -> None:
        outbox, consents = both
        mine = outbox.keep(application, consents=[Consented(said(1), share)])
        outbox.keep(lambda n: application(n, BOB), consents=[Consented(said(2, person=BOB), share)])
        assert consents.withdraw(said(3, Word.WITHDRAWN, after=1), "kiosk") == 1
        states = [(row.state, row.last_answer) for row in outbox.rows()]
        waits = (RowState.WAITING, None)
        assert states == [waits, (RowState.SET_ASIDE, NOT_AGREED), waits, waits]
        with pytest.raises(StoreUnusable):
            outbox.body(outbox.rows()[1].id)
        assert outbox.body(str(mine.id))
        assert not outbox.retry(outbox.rows()[1].id, NOW, "kiosk")

    @pytest.mark.parametrize("state", [RowState.REFUSED, RowState.SET_ASIDE])
    def test_what_staff_could_send_again_is_erased_too(self, both, state) -> None:
        outbox, consents = both
        outbox.keep(application, consents=[Consented(said(1), share)])
        outbox.record([Try(outbox.rows()[1].id, state, "no", NOW)])
        assert consents.withdraw(said(2, Word.WITHDRAWN, after=1), "kiosk") == 1
        assert not outbox.retry(outbox.rows()[1].id, NOW, "kiosk")

    def test_what_has_gone_cannot_be_called_back(self, both) -> None:
        outbox, consents = both
        outbox.keep(application, consents=[Consented(said(1), share)])
        outbox.record([Try(outbox.rows()[1].id, RowState.DELIVERED, "ok", NOW)])
        assert consents.withdraw(said(2, Word.WITHDRAWN, after=1), "kiosk") == 0
        assert outbox.rows()[1].state == RowState.DELIVERED


class TestMemory(ConsentsContract):
    @pytest.fixture
    def both(self, tmp_path):
        outbox = MemoryOutbox()
        return outbox, MemoryConsents(outbox)


class TestSqlite(ConsentsContract):
    @pytest.fixture
    def both(self, tmp_path):
        store = open_store(tmp_path / "terminal.db")
        yield SqliteOutbox(store, bytes(32)), SqliteConsents(store)
        store.close()

    def test_all_of_it_is_kept_or_nothing(self, both) -> None:
        outbox, consents = both

        def broken(parent: Envelope, number: int) -> Envelope:
            raise StoreUnusable("torn")

        with pytest.raises(StoreUnusable):
            outbox.keep(application, consents=[Consented(said(1), broken)])
        assert (list(outbox.rows()), list(consents.of(ANN))) == ([], [])

    def test_a_word_is_in_the_journal_without_a_name_or_a_mark(self, both, tmp_path) -> None:
        outbox, consents = both
        outbox.keep(application, consents=[Consented(said(1), share)])
        consents.withdraw(said(2, Word.WITHDRAWN, after=1), "clerk:c01")
        with closing(sqlite3.connect(tmp_path / "terminal.db")) as base:
            found = base.execute("SELECT who, what, more FROM journal ORDER BY place").fetchall()
        deeds = [(who, what) for who, what, _ in found]
        assert deeds[1] == ("kiosk", "consent-given")
        assert deeds[-2:] == [("clerk:c01", "consent-withdrawn"), ("clerk:c01", "stopped")]
        assert not any(ANN in more or NAME in more for _, _, more in found)

    def test_nothing_of_an_erased_share_stays_in_the_files(self, both, tmp_path) -> None:
        outbox, consents = both
        outbox.keep(application, consents=[Consented(said(1), share)])
        with closing(sqlite3.connect(tmp_path / "terminal.db")) as base:
            ((sealed,),) = base.execute("SELECT payload FROM outbox WHERE purpose = 'care'")
        consents.withdraw(said(2, Word.WITHDRAWN, after=1), "kiosk")
        files = b"".join(f.read_bytes() for f in tmp_path.iterdir() if f.is_file())
        assert sealed[12:44] not in files


def test_of_two_words_the_later_counts_and_of_one_moment_the_second() -> None:
    assert last_words([said(1, after=5), said(2, Word.REFUSED, after=1)])["care"] == said(
        1, after=5
    )
    assert last_words([said(1), said(2, Word.WITHDRAWN)])["care"].word is Word.WITHDRAWN
