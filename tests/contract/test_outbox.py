"""What every outbox promises, asked of the practice one and of the real one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms.envelope import Envelope, canonical, digest, new_id
from kiosk.adapters.database import open_database
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.errors import AlreadyHandedIn, StoreUnusable
from kiosk.ports.outbox import Outbox, OutboxRow, RowState, Try

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def envelope(sequence: int) -> Envelope:
    # Ids run backwards: whoever sorts by id instead of by number is found out.
    return Envelope(
        id=new_id(NOW - timedelta(hours=sequence), sequence.to_bytes(10, "big")),
        form="juminhyo",
        version="2026-11",
        receipt=f"K01-{sequence:06d}",
        device="K01",
        sequence=sequence,
        channel="kiosk",
        submitted=NOW,
        applicant={"申請者": {"氏名": "髙橋　花子"}},
        content={"通数": 1},
        facts=({"name": "name", "value": "髙橋　花子", "source": "card", "at": "x"},),
        fee=300,
        wants_certificate=True,
        parent=None,
    )


class OutboxContract:
    """Subclasses say which outbox."""

    @pytest.fixture
    def outbox(self, tmp_path: Path) -> Iterator[Outbox]:
        raise NotImplementedError

    def test_an_empty_one_holds_nothing(self, outbox: Outbox) -> None:
        assert list(outbox.rows()) == []
        assert list(outbox.due(0)) == []

    def test_numbers_run_from_one_without_a_gap(self, outbox: Outbox) -> None:
        assert [outbox.keep(envelope).sequence for _ in range(5)] == [1, 2, 3, 4, 5]

    def test_the_bytes_are_frozen(self, outbox: Outbox) -> None:
        kept = [outbox.keep(envelope) for _ in range(3)]
        for one in kept:
            assert outbox.body(str(one.id)) == canonical(one)
        outbox.record([Try(str(kept[0].id), RowState.DELIVERED, "ok", NOW)])
        assert outbox.body(str(kept[0].id)) == canonical(kept[0])

    def test_a_new_row_waits(self, outbox: Outbox) -> None:
        kept = outbox.keep(envelope)
        assert list(outbox.rows()) == [
            OutboxRow(
                str(kept.id),
                kept.receipt,
                digest(canonical(kept)),
                "waiting",
                0,
                None,
                None,
                kept_at=NOW.isoformat(),
            )
        ]

    def test_what_waits_leaves_oldest_first(self, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(5)]
        assert list(outbox.due(0)) == kept
        assert [row.id for row in outbox.rows()] == kept

    def test_a_try_that_failed_waits_in_its_old_place(self, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(3)]
        outbox.record([Try(kept[0], RowState.WAITING, "ConnectTimeout", NOW)])
        outbox.record([Try(kept[0], RowState.WAITING, "HTTP 503", LATER)])
        assert list(outbox.due(0)) == kept
        row = outbox.rows()[0]
        assert (row.attempts, row.last_at, row.last_answer) == (2, LATER.isoformat(), "HTTP 503")

    @pytest.mark.parametrize("state", ["delivered", "refused"])
    def test_what_was_settled_does_not_wait_but_stays_on_the_list(
        self, outbox: Outbox, state: str
    ) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(3)]
        outbox.record([Try(kept[1], RowState(state), "words", NOW)])
        assert list(outbox.due(0)) == [kept[0], kept[2]]
        assert [row.state for row in outbox.rows()] == ["waiting", state, "waiting"]
        assert [row.attempts for row in outbox.rows()] == [0, 1, 0]

    def test_a_number_is_not_given_again_when_its_submission_is_gone(self, outbox: Outbox) -> None:
        first = outbox.keep(envelope)
        outbox.record([Try(str(first.id), RowState.DELIVERED, "ok", NOW)])
        assert outbox.keep(envelope).sequence == 2

    def test_an_envelope_that_cannot_be_made_leaves_nothing(self, outbox: Outbox) -> None:
        def fail(number: int) -> Envelope:
            raise LookupError(number)

        with pytest.raises(LookupError):
            outbox.keep(fail)
        assert list(outbox.rows()) == []
        assert outbox.keep(envelope).sequence == 1

    def test_what_is_not_canonical_leaves_nothing(self, outbox: Outbox) -> None:
        def broken(number: int) -> Envelope:
            made = envelope(number)
            return Envelope(**{**vars(made), "content": {"x": float("nan")}})

        with pytest.raises(ValueError, match=r"."):
            outbox.keep(broken)
        assert list(outbox.rows()) == []
        assert outbox.keep(envelope).sequence == 1


class TestMemoryOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> Outbox:
        return MemoryOutbox()


class TestSqliteOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self, tmp_path: Path) -> Iterator[Outbox]:
        engine = open_database(tmp_path / "terminal.db")
        yield SqliteOutbox(engine, bytes(32))
        engine.dispose()

    def test_it_is_the_same_after_a_restart(self, tmp_path: Path) -> None:
        first = open_database(tmp_path / "terminal.db")
        outbox = SqliteOutbox(first, bytes(32))
        kept = [outbox.keep(envelope) for _ in range(3)]
        outbox.record([Try(str(kept[0].id), RowState.DELIVERED, "ok", NOW)])
        before = outbox.rows()
        first.dispose()
        again = open_database(tmp_path / "terminal.db")
        outbox = SqliteOutbox(again, bytes(32))
        assert outbox.rows() == before
        assert list(outbox.due(0)) == [str(one.id) for one in kept[1:]]
        assert outbox.keep(envelope).sequence == 4
        again.dispose()

    def test_an_id_twice_is_refused_and_the_first_stays(self, outbox: Outbox) -> None:
        first = outbox.keep(envelope)
        with pytest.raises(AlreadyHandedIn):
            outbox.keep(lambda number: Envelope(**{**vars(first), "sequence": number}))
        assert [row.id for row in outbox.rows()] == [str(first.id)]
        assert outbox.body(str(first.id)) == canonical(first)

    def test_a_stranger_cannot_be_asked_for(self, outbox: Outbox) -> None:
        stranger = str(envelope(9).id)
        with pytest.raises(StoreUnusable):
            outbox.body(stranger)
        with pytest.raises(StoreUnusable):
            outbox.record([Try(stranger, RowState.DELIVERED, "ok", NOW)])

    def test_a_long_answer_is_cut(self, outbox: Outbox) -> None:
        kept = outbox.keep(envelope)
        outbox.record([Try(str(kept.id), RowState.REFUSED, "x" * 5000, NOW)])
        assert outbox.rows()[0].last_answer == "x" * 400
