"""Two processes of an office at the same moment, over PostgreSQL: each waits where it must."""

import hashlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from forms.envelope import canonical
from forms.purposes import Purpose
from office.attachments import Attachments
from office.cityos.config import read_city_os
from office.cityos.figures import applications, public_name
from office.consents import Consents, ConsentTold
from office.history import move
from office.intake import Intake
from office.meters import Meters
from office.store import open_store
from office.tables import AttachmentTable, HistoryTable, PieceTable, SubmissionTable
from tests.fakes.envelopes import NOW, envelope
from tests.fakes.postgres import Postgres

PERSON, PURPOSE = "ab" * 32, "disaster-care"
PHOTO = b"photo" * 100
SHA256 = hashlib.sha256(PHOTO).hexdigest()
WAIT = 20
CITY = """
kind: v2
url: http://broker.example
code: "352012"
office: honcho
office_name: 本庁市民課
publish: [ServiceApplication]
"""


@pytest.fixture
def url(city_postgres: Postgres, request: pytest.FixtureRequest) -> str:
    return city_postgres.create(f"races_{abs(hash(request.node.name))}")


@contextmanager
def process(url: str) -> Iterator[Engine]:
    """What one process of the office has of the database."""
    made = open_store(url)
    try:
        yield made
    finally:
        made.dispose()


class Stalled:
    """The next commit of that process takes as long as it is told to."""

    def __init__(self, engine: Engine) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        event.listen(engine, "commit", self._wait, once=True)

    def _wait(self, _: object) -> None:
        self.reached.set()
        assert self.released.wait(WAIT)


def until_somebody_waits(url: str) -> None:
    """For a lock that another holds."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with psycopg.connect(url, autocommit=True) as look:
        for _ in range(400):
            (count,) = look.execute(f"{asked} AND datname = current_database()").fetchone()
            if count:
                return
            threading.Event().wait(0.025)
    raise AssertionError("nobody waits")


def consents(engine: Engine) -> Consents:
    purpose = Purpose(id=PURPOSE, forms=("risai",), shares=("name",), notice="2026-11", months=6)
    return Consents(engine, (purpose,), lambda: NOW + timedelta(seconds=5))


def say(engine: Engine, state: str, number: int) -> None:
    told = ConsentTold(
        person=PERSON,
        purpose=PURPOSE,
        notice="2026-11",
        state=state,
        at=NOW + timedelta(seconds=number),
    )
    assert consents(engine).put(envelope(90 + number).id, told, "K01")


def share(engine: Engine, number: int = 1) -> str:
    """A share with a photo to come, taken in while its consent stood."""
    say(engine, "given", 0)
    photo = {"name": "a.jpg", "type": "image/jpeg", "size": len(PHOTO), "sha256": SHA256}
    made = envelope(number, content={"photos": [photo]}, purpose=PURPOSE, person=PERSON)
    intake = Intake(engine, lambda: NOW, Meters(), consents(engine).stands)
    try:
        stored = intake.put(made.id, "K01", canonical(made)).result(WAIT)
    finally:
        intake.close()
    assert stored.state == "received"
    return str(made.id)


@pytest.mark.parametrize("length", [100, len(PHOTO)], ids=["a piece", "the last piece"])
def test_of_a_share_that_is_taken_back_while_a_piece_comes_in_nothing_stays(
    url: str, length: int
) -> None:
    with process(url) as one, process(url) as other, ThreadPoolExecutor(2) as pool:
        made = share(one)
        stalled = Stalled(one)
        attachments = Attachments(one, lambda: NOW)
        piece = pool.submit(attachments.piece, made, SHA256, "K01", 0, PHOTO[:length])
        assert stalled.reached.wait(WAIT)
        taken_back = pool.submit(say, other, "withdrawn", 1)
        until_somebody_waits(url)
        stalled.released.set()
        piece.result(WAIT)
        taken_back.result(WAIT)
        with Session(one) as session:
            assert session.scalars(select(PieceTable)).all() == []
            assert session.scalars(select(AttachmentTable)).all() == []
            row = session.scalars(select(SubmissionTable)).one()
            assert (row.state, row.body, row.missing) == ("stopped", b"", 0)


def test_the_last_piece_and_a_word_that_stops_it_never_wait_for_each_other(url: str) -> None:
    """Each of them goes through at once, whichever was first."""
    with process(url) as one, process(url) as other, ThreadPoolExecutor(2) as pool:
        made = share(one)
        stalled = Stalled(other)
        taken_back = pool.submit(say, other, "withdrawn", 1)
        assert stalled.reached.wait(WAIT)
        attachments = Attachments(one, lambda: NOW)
        piece = pool.submit(attachments.piece, made, SHA256, "K01", 0, PHOTO)
        until_somebody_waits(url)
        stalled.released.set()
        taken_back.result(WAIT)
        assert piece.exception(WAIT).status == 404
        with Session(one) as session:
            assert session.scalars(select(PieceTable)).all() == []


def test_what_was_handed_over_meanwhile_is_not_said_to_be_stopped(url: str) -> None:
    with process(url) as one, process(url) as other, ThreadPoolExecutor(2) as pool:
        made = share(one)
        stalled = Stalled(one)

        def hand_over() -> None:
            with Session(one) as session, session.begin():
                move(session, made, "forwarded", "care", "", NOW)

        handed = pool.submit(hand_over)
        assert stalled.reached.wait(WAIT)
        taken_back = pool.submit(say, other, "withdrawn", 1)
        until_somebody_waits(url)
        stalled.released.set()
        handed.result(WAIT)
        taken_back.result(WAIT)
        with Session(one) as session:
            row = session.scalars(select(SubmissionTable)).one()
            assert row.state == "forwarded"
            states = session.scalars(select(HistoryTable.state).order_by(HistoryTable.place)).all()
            assert states == ["received", "forwarded"]


def test_a_state_that_was_read_before_the_lock_is_read_again_under_it(url: str) -> None:
    with process(url) as one, process(url) as other:
        made = share(one)
        with Session(one) as session:
            session.begin()
            row = session.scalars(select(SubmissionTable).filter_by(id=made)).one()
            assert row.state == "received"
            with Session(other) as beside, beside.begin():
                move(beside, made, "stopped", "K01", "", NOW)
            move(session, made, "acknowledged", "B01", "", NOW)
            session.commit()
        with Session(other) as session:
            assert session.scalars(select(SubmissionTable.state)).one() == "stopped"


def test_a_step_that_is_committed_after_a_later_one_is_told_to_the_city_os_too(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "cityos.yaml"
    file.write_text(CITY, "utf-8")
    city = read_city_os(file)[0]
    with process(url) as one, process(url) as other:
        intake = Intake(one, lambda: NOW, Meters(), lambda *_: False)
        sent = [envelope(number) for number in (1, 2)]
        for each in sent:
            intake.put(each.id, "K01", canonical(each)).result(WAIT)
        intake.close()
        slow, quick = (str(each.id) for each in sent)
        later, seen = NOW + timedelta(minutes=5), 0
        with Session(one) as session:
            session.begin()
            move(session, slow, "acknowledged", "B01", "", later)
            with Session(other) as another, another.begin():
                move(another, quick, "acknowledged", "B01", "", later)
            with Session(other) as look:
                seen = applications(look, city, bytes(32), seen, later).settled
            session.commit()
        with Session(other) as look:
            moved = applications(look, city, bytes(32), seen, later + timedelta(hours=1))
            names = {each.id.split(":")[-1] for each in moved.told}
            assert str(public_name(bytes(32), slow)) in names
            again = applications(look, city, bytes(32), moved.settled, later + timedelta(hours=2))
            assert again.told == []


@contextmanager
def severed(server: Postgres) -> Iterator[tuple[str, threading.Event]]:
    """A way to the server that, once told to, breaks after the commit and before its answer."""
    armed, ended = threading.Event(), threading.Event()
    folder = tempfile.mkdtemp(prefix="kakanai-px-")
    there = str(server.folder / ".s.PGSQL.5432")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{folder}/.s.PGSQL.5432")
    listener.listen(20)

    def carry(near: socket.socket, far: socket.socket) -> None:
        """What the server says; the answer to a commit is lost when armed."""
        with near, far:
            while not ended.is_set():
                try:
                    said = far.recv(65536)
                    if not said or (armed.is_set() and b"COMMIT\0" in said):
                        armed.clear()
                        near.shutdown(socket.SHUT_RDWR)
                        return
                    near.sendall(said)
                except OSError:
                    return

    def ask(near: socket.socket, far: socket.socket) -> None:
        while True:
            try:
                asked = near.recv(65536)
                if not asked:
                    far.shutdown(socket.SHUT_RDWR)
                    return
                far.sendall(asked)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(there)
            for work in (carry, ask):
                threading.Thread(target=work, args=(near, far), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield quote(folder, safe=""), armed
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        Path(f"{folder}/.s.PGSQL.5432").unlink()
        Path(folder).rmdir()


def test_a_commit_whose_answer_is_lost_is_promised_to_nobody_and_a_repeat_settles_it(
    url: str, city_postgres: Postgres
) -> None:
    with severed(city_postgres) as (folder, armed):
        through = url.partition("host=")[0] + f"host={folder}"
        with process(through) as engine:
            intake = Intake(engine, lambda: NOW, Meters(), lambda *_: False)
            try:
                first = envelope(1)
                assert intake.put(first.id, "K01", canonical(first)).result(WAIT).fresh
                armed.set()
                sent = [envelope(number) for number in range(2, 8)]
                answers = [intake.put(each.id, "K01", canonical(each)) for each in sent]
                faults = [each.exception(WAIT) for each in answers]
                assert any(isinstance(fault, OperationalError) for fault in faults)
                lost = [e for e, fault in zip(sent, faults, strict=True) if fault]
                again = [intake.put(e.id, "K01", canonical(e)).result(WAIT) for e in lost]
                assert not any(each.fresh for each in again)  # it was there all the time
                other = replace(lost[0], fee=1)
                refusal = intake.put(other.id, "K01", canonical(other)).exception(WAIT)
                assert refusal.status == 409
            finally:
                intake.close()
            with Session(engine) as session:
                kept = session.scalars(select(SubmissionTable.id)).all()
                steps = session.scalars(select(HistoryTable.submission)).all()
            assert sorted(kept) == sorted(steps) == sorted(str(e.id) for e in (first, *sent))
