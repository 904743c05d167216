"""What every outbox promises, asked of the practice one and of the real one."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forms.envelope import Envelope, canonical, digest
from forms.kinds.attached import Attachment
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.errors import AlreadyHandedIn, StoreUnusable
from kiosk.ports.outbox import (
    NOT_AGREED,
    Depth,
    Outbox,
    OutboxRow,
    Piecemeal,
    RowState,
    Try,
)
from tests.fakes.envelopes import NOW, envelope

NOW_MS = int(NOW.timestamp() * 1000)
LATER = NOW + timedelta(minutes=5)


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

    def test_what_the_office_has_is_not_among_what_it_has_not(self, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(6)]
        states = (RowState.REFUSED, RowState.DELIVERED, RowState.SET_ASIDE, RowState.WAITING)
        outbox.record(
            [Try(one, state, "x", NOW) for one, state in zip(kept[1:], states, strict=False)]
        )
        outbox.claim(NOW_MS, 1)
        assert [(row.id, row.state) for row in outbox.undelivered()] == [
            (kept[0], "sending"),
            (kept[1], "refused"),
            (kept[3], "set-aside"),
            (kept[4], "waiting"),
            (kept[5], "waiting"),
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

    def test_what_is_claimed_is_being_sent_and_is_claimed_by_nobody_else(
        self, outbox: Outbox
    ) -> None:
        kept = [outbox.keep(envelope) for _ in range(3)]
        first = outbox.claim(0, 2)
        assert [(each.id, each.body, each.doubtful) for each in first] == [
            (str(one.id), canonical(one), False) for one in kept[:2]
        ]
        assert [row.state for row in outbox.rows()] == ["sending", "sending", "waiting"]
        assert [each.id for each in outbox.claim(0)] == [str(kept[2].id)]
        assert list(outbox.claim(0)) == []

    def test_who_was_put_off_is_not_due_before_his_time(self, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(2)]
        outbox.record([Try(kept[0], RowState.WAITING, "HTTP 429", NOW, again=5000, doubtful=True)])
        assert list(outbox.due(4999)) == [kept[1]]
        assert list(outbox.due(5000)) == kept
        assert [each.doubtful for each in outbox.claim(5000)] == [True, False]

    def test_what_was_not_tried_counts_no_try(self, outbox: Outbox) -> None:
        kept = str(outbox.keep(envelope).id)
        outbox.claim(0)
        outbox.record([Try(kept, RowState.WAITING, "", NOW, tried=False)])
        row = outbox.rows()[0]
        assert (row.state, row.attempts, row.last_answer) == ("waiting", 0, None)

    def test_nothing_leaves_before_what_it_corrects(self, outbox: Outbox) -> None:
        first = outbox.keep(envelope)
        second = outbox.keep(lambda number: replace(envelope(number), parent=first.id))
        assert list(outbox.due(0)) == [str(first.id)]
        outbox.claim(0)
        assert list(outbox.due(0)) == []
        outbox.record([Try(str(first.id), RowState.REFUSED, "no", NOW)])
        assert list(outbox.due(0)) == [str(second.id)]

    def test_photos_are_kept_with_their_form_and_leave_before_it(self, outbox: Outbox) -> None:
        photo = Attachment("ab" * 32, b"JPEG" * 1000)
        kept = str(outbox.keep(envelope, [photo]).id)
        assert outbox.attachments(kept) == [Piecemeal(photo.sha256, 4000, 0)]
        outbox.progress(kept, photo.sha256, 2500)
        assert outbox.attachments(kept) == [Piecemeal(photo.sha256, 4000, 2500)]
        assert outbox.attachment(kept, photo.sha256) == photo.content
        outbox.record([Try(kept, RowState.DELIVERED, "ok", NOW)])
        assert outbox.attachment(kept, photo.sha256) == photo.content
        waits = str(outbox.keep(envelope, [photo]).id)
        outbox.clear_photos(NOW - timedelta(seconds=1))
        assert len(outbox.attachments(kept)) == 1
        outbox.clear_photos(NOW)
        assert [len(outbox.attachments(one)) for one in (kept, waits)] == [0, 1]
        assert outbox.row(kept)

    def test_photos_that_are_still_there_leave_with_their_form(self, outbox: Outbox) -> None:
        photo = Attachment("ab" * 32, b"JPEG" * 1000)
        kept = str(outbox.keep(envelope, [photo]).id)
        outbox.record([Try(kept, RowState.DELIVERED, "ok", NOW)])
        outbox.keep(envelope)  # the last row stays
        assert outbox.clear(NOW, NOW, "kiosk") == 1
        assert outbox.attachment(kept, photo.sha256) is None

    def test_an_office_that_lost_it_gets_it_again_in_its_old_place_with_its_photos(
        self, outbox: Outbox
    ) -> None:
        photo = Attachment("ab" * 32, b"JPEG" * 1000)
        before, kept = (str(outbox.keep(envelope, [photo]).id) for _ in range(2))
        after = str(outbox.keep(envelope).id)
        for number, one in enumerate((before, kept)):
            outbox.progress(one, photo.sha256, 4000)
            outbox.record([Try(one, RowState.DELIVERED, "ok", NOW + timedelta(hours=number))])
        assert outbox.send_again(NOW + timedelta(minutes=1), NOW, "command:staff") == 1
        assert list(outbox.due(0)) == [kept, after]
        assert outbox.attachments(kept) == [Piecemeal(photo.sha256, 4000, 0)]
        assert outbox.claim(0)[0].doubtful
        assert outbox.send_again(NOW + timedelta(minutes=1), NOW, "command:staff") == 0

    def test_a_share_that_goes_again_waits_until_every_consent_was_told_anew(
        self, outbox: Outbox
    ) -> None:
        def share(number: int) -> Envelope:
            return replace(envelope(number), purpose="care", person="a" * 64)

        kept = str(outbox.keep(share).id)
        outbox.record([Try(kept, RowState.DELIVERED, "ok", NOW)])
        assert outbox.send_again(NOW, NOW, "kiosk") == 1
        now = int(NOW.timestamp() * 1000)
        assert list(outbox.due(now + 3_599_000)) == []
        assert list(outbox.due(now + 3_600_000)) == [kept]

    def test_what_was_taken_back_does_not_go_again(self, outbox: Outbox) -> None:
        kept = str(outbox.keep(envelope).id)
        outbox.record([Try(kept, RowState.SET_ASIDE, NOT_AGREED, NOW)])
        assert outbox.send_again(NOW - timedelta(days=9), NOW, "kiosk") == 0

    @pytest.mark.parametrize("state", ["refused", "set-aside"])
    def test_staff_send_it_again_in_its_old_place(self, outbox: Outbox, state: str) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(2)]
        outbox.record([Try(kept[0], RowState(state), "words", NOW)])
        assert outbox.retry(kept[0], NOW, "command:staff")
        assert list(outbox.due(0)) == kept
        assert outbox.claim(0)[0].doubtful
        assert not outbox.retry(kept[0], NOW, "command:staff")

    def test_staff_set_it_aside_with_a_reason(self, outbox: Outbox) -> None:
        kept = str(outbox.keep(envelope).id)
        assert outbox.quarantine(kept, "twice at the counter", NOW, "command:staff")
        row = outbox.row(kept)
        assert row
        assert (row.state, row.last_answer) == ("set-aside", "twice at the counter")
        assert list(outbox.due(0)) == []
        assert not outbox.quarantine(kept, "again", NOW, "command:staff")

    def test_what_was_delivered_goes_neither_again_nor_aside(self, outbox: Outbox) -> None:
        kept = str(outbox.keep(envelope).id)
        outbox.record([Try(kept, RowState.DELIVERED, "ok", NOW)])
        assert not outbox.retry(kept, NOW, "command:staff")
        assert not outbox.quarantine(kept, "why", NOW, "command:staff")

    def test_without_consent_its_content_is_gone_for_good(self, outbox: Outbox) -> None:
        photo = Attachment("ab" * 32, b"JPEG")
        share = replace(envelope(1), purpose="welfare", person="c" * 64)
        kept = str(outbox.keep(lambda _: share, [photo]).id)
        assert [(p.purpose, p.person) for p in outbox.claim(0)] == [("welfare", "c" * 64)]
        outbox.record([Try(kept, RowState.SET_ASIDE, NOT_AGREED, NOW)])
        with pytest.raises(StoreUnusable):
            outbox.body(kept)
        assert outbox.attachment(kept, photo.sha256) is None
        assert not outbox.retry(kept, NOW, "command:staff")

    def test_only_what_was_delivered_long_ago_is_cleared(self, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(5)]
        states = (RowState.DELIVERED, RowState.REFUSED, RowState.SET_ASIDE)
        outbox.record([Try(one, s, "x", NOW) for one, s in zip(kept, states, strict=False)])
        outbox.record([Try(kept[3], RowState.DELIVERED, "ok", LATER)])
        assert outbox.clear(NOW, LATER, "kiosk") == 1
        assert [row.id for row in outbox.rows()] == kept[1:]
        assert outbox.clear(NOW, LATER, "kiosk") == 0

    def test_no_number_is_given_twice_though_everything_was_cleared(self, outbox: Outbox) -> None:
        for expected in (1, 2, 3):
            kept = outbox.keep(envelope)
            assert kept.sequence == expected
            outbox.record([Try(str(kept.id), RowState.DELIVERED, "ok", NOW)])
            outbox.clear(LATER, LATER, "kiosk")

    def test_how_much_waits_and_since_when(self, outbox: Outbox) -> None:
        assert outbox.depth() == Depth(0, None)
        kept = [str(outbox.keep(envelope).id) for _ in range(3)]
        outbox.record([Try(kept[0], RowState.DELIVERED, "ok", NOW)])
        outbox.claim(0, 1)
        assert outbox.depth() == Depth(2, NOW.isoformat())


class TestMemoryOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> Outbox:
        return MemoryOutbox()


def sealed_in(folder: Path) -> list[bytes]:
    with sqlite3.connect(folder / "terminal.db") as base:
        rows = [sealed for (sealed,) in base.execute("SELECT payload FROM outbox")]
        rows += [sealed for (sealed,) in base.execute("SELECT sealed FROM attachment")]
    base.close()
    return rows


def found_in(folder: Path, words: bytes) -> bool:
    return any(words in file.read_bytes() for file in folder.glob("terminal.db*"))


class TestSqliteOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self, tmp_path: Path) -> Iterator[Outbox]:
        store = open_store(tmp_path / "terminal.db")
        yield SqliteOutbox(store, bytes(32))
        store.close()

    def test_it_is_the_same_after_a_restart(self, tmp_path: Path) -> None:
        first = open_store(tmp_path / "terminal.db")
        outbox = SqliteOutbox(first, bytes(32))
        kept = [outbox.keep(envelope) for _ in range(3)]
        outbox.record([Try(str(kept[0].id), RowState.DELIVERED, "ok", NOW)])
        before = outbox.rows()
        first.close()
        again = open_store(tmp_path / "terminal.db")
        outbox = SqliteOutbox(again, bytes(32))
        assert outbox.rows() == before
        assert list(outbox.due(0)) == [str(one.id) for one in kept[1:]]
        assert outbox.keep(envelope).sequence == 4
        again.close()

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

    def test_what_a_killed_process_left_half_sent_waits_again_and_is_doubtful(
        self, tmp_path: Path
    ) -> None:
        first = open_store(tmp_path / "terminal.db")
        outbox = SqliteOutbox(first, bytes(32))
        kept = [str(outbox.keep(envelope).id) for _ in range(3)]
        outbox.claim(0, 2)
        first.close()
        again = open_store(tmp_path / "terminal.db")
        outbox = SqliteOutbox(again, bytes(32))
        assert [row.state for row in outbox.rows()] == ["waiting"] * 3
        assert [(each.id, each.doubtful) for each in outbox.claim(0)] == [
            (kept[0], True),
            (kept[1], True),
            (kept[2], False),
        ]
        again.close()

    def test_only_one_sends_over_all_processes(self, tmp_path: Path, outbox: Outbox) -> None:
        other = open_store(tmp_path / "terminal.db")
        with outbox.sender() as ours:
            assert ours
            kept = str(outbox.keep(envelope).id)
            outbox.claim(0)
            second = SqliteOutbox(other, bytes(32))  # takes nothing away from a living sender
            assert second.row(kept).state == "sending"
            held = os.open(tmp_path / "terminal.db.sender", os.O_RDWR)
            with pytest.raises(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(held)
        with second.sender() as ours:
            assert ours
            assert second.row(kept).state == "waiting"
        other.close()

    def test_a_time_that_is_too_far_away_is_no_time(self, outbox: Outbox) -> None:
        kept = str(outbox.keep(envelope).id)
        in_2099 = 4_070_908_800_000
        outbox.record([Try(kept, RowState.WAITING, "HTTP 429", NOW, again=in_2099)])
        assert list(outbox.due(NOW_MS)) == [kept]

    def test_what_an_earlier_key_sealed_is_still_opened(self, tmp_path: Path) -> None:
        store = open_store(tmp_path / "terminal.db")
        old = SqliteOutbox(store, bytes(32)).keep(envelope)
        both = SqliteOutbox(store, b"n" * 32, bytes(32))
        new = both.keep(envelope)
        assert [each.body for each in both.claim(0)] == [canonical(old), canonical(new)]
        store.close()

    def test_a_row_whose_seal_does_not_open_is_claimed_without_its_body(
        self, tmp_path: Path
    ) -> None:
        store = open_store(tmp_path / "terminal.db")
        SqliteOutbox(store, bytes(32)).keep(envelope)
        assert [each.body for each in SqliteOutbox(store, b"n" * 32).claim(0)] == [None]
        store.close()

    def test_what_leaves_is_written_into_the_journal(self, tmp_path: Path, outbox: Outbox) -> None:
        kept = [str(outbox.keep(envelope).id) for _ in range(4)]
        outbox.record([Try(kept[0], RowState.DELIVERED, "ok", NOW)])
        outbox.record([Try(kept[1], RowState.REFUSED, "no", NOW, by="counter")])
        outbox.record([Try(kept[2], RowState.SET_ASIDE, NOT_AGREED, NOW)])
        outbox.quarantine(kept[3], "why", NOW, "command:staff")
        outbox.retry(kept[3], NOW, "command:staff")
        outbox.clear(NOW, LATER, "kiosk")
        with sqlite3.connect(tmp_path / "terminal.db") as base:
            told = base.execute("SELECT who, what, about FROM journal WHERE place > 4").fetchall()
        base.close()
        assert told == [
            ("kiosk", "delivered", kept[0]),
            ("counter", "refused", kept[1]),
            ("kiosk", "stopped", kept[2]),
            ("command:staff", "set-aside", kept[3]),
            ("command:staff", "retried", kept[3]),
            ("kiosk", "erased", kept[0]),
            ("kiosk", "erased", kept[2]),
        ]

    def test_nothing_of_what_was_erased_is_on_the_disk(
        self, tmp_path: Path, outbox: Outbox
    ) -> None:
        photo = Attachment("ab" * 32, os.urandom(9000))
        kept = outbox.keep(envelope, [photo])
        share = outbox.keep(lambda n: replace(envelope(n), purpose="welfare", person="c" * 64))
        last = outbox.keep(envelope)
        ids = [str(one.id) for one in (kept, share, last)]
        sealed = sealed_in(tmp_path)
        assert len(sealed) == 4
        assert all(found_in(tmp_path, each[:64]) for each in sealed)
        outbox.record([Try(ids[0], RowState.DELIVERED, "ok", NOW)])
        outbox.record([Try(ids[1], RowState.SET_ASIDE, NOT_AGREED, NOW)])
        outbox.record([Try(ids[2], RowState.DELIVERED, "ok", NOW)])
        outbox.clear(LATER, LATER, "kiosk")
        for each in sealed:
            for at in range(0, len(each) - 64, 512):
                assert not found_in(tmp_path, each[at : at + 64])
        for plain in (canonical(kept), "渡邉".encode(), photo.content[:64]):
            assert not found_in(tmp_path, plain)
