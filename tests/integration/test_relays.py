"""Handing on: in order, exactly once in effect, and never without consent."""

import csv
import hashlib
import json
import logging
import os
import threading
import time
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from office.relays.config import Per
from office.relays.couriers import InFiles, OneByOne
from office.relays.csvdrop import LocalFolder
from office.relays.drop import Drop
from office.relays.layout import Layout
from office.relays.port import Acknowledged, Later, Questioned, Refused, Taken, TargetAway
from office.relays.runner import Runner
from office.store import open_store
from office.tables import HandoverTable
from tests.fakes.handing import PERSON, Handing, Listening
from tests.fakes.postgres import postgres

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = msgspec.convert(
    {
        "encoding": "cp932",
        "columns": [
            {"name": "受付番号", "from": "receipt", "required": True},
            {"name": "氏名", "from": "A票.申請者.氏名"},
        ],
    },
    Layout,
)


@pytest.fixture(scope="module")
def server():
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def handing(request, tmp_path):
    if request.param == "sqlite":
        engine = open_store(tmp_path / "office.db")
    else:
        engine = open_store(request.getfixturevalue("server"))
        with engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE submission, handover, history").close()
    yield Handing(engine)
    engine.dispose()


@pytest.fixture
def alone(tmp_path):
    engine = open_store(tmp_path / "office.db")
    yield Handing(engine)
    engine.dispose()


def ids(claims):
    return [claim.parcel.id for claim in claims]


def test_a_submission_goes_to_every_target_once_and_its_state_moves(handing):
    made = handing.submit("juki", "zei")
    relay = Listening({made: Acknowledged("受理")})
    courier = OneByOne("juki", relay, handing.queue)
    assert courier.turn()
    assert not courier.turn()
    assert relay.heard == [made]
    assert handing.states("juki") == ["acknowledged"]
    assert handing.states("zei") == ["waiting"]
    assert handing.state(made) == "acknowledged"
    assert handing.history(made) == [("acknowledged", "juki", "受理")]


def test_a_parcel_carries_the_bytes_that_were_stored(handing):
    made = handing.submit("juki")
    (claim,) = handing.queue.claim("juki")
    assert hashlib.sha256(claim.parcel.body).hexdigest() == claim.parcel.sha256
    assert (claim.parcel.id, claim.parcel.receipt) == (made, "K01-000001")
    assert "渡邉" not in repr(claim)


def test_nobody_is_claimed_twice_while_a_claim_stands_and_everybody_after_it(handing):
    made = handing.submit("juki")
    assert ids(handing.queue.claim("juki")) == [made]
    other = handing.another()
    assert other.claim("juki") == []
    handing.now.pass_(121)
    assert ids(other.claim("juki")) == [made]


def test_whom_another_is_just_claiming_is_passed_over_and_not_waited_for(server):
    engine = open_store(server)
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE submission, handover, history").close()
    handing = Handing(engine)
    first, second = handing.submit("juki"), handing.submit("juki")
    claimed = []
    asking = threading.Thread(target=lambda: claimed.extend(handing.queue.claim("juki", 10)))
    with Session(engine) as another:
        asked = select(HandoverTable).filter_by(submission=first).with_for_update()
        another.scalars(asked).one()
        asking.start()
        asking.join(5)
        meanwhile = ids(claimed)
        another.rollback()
    asking.join(10)
    engine.dispose()
    assert meanwhile == [second]


def test_a_worker_that_comes_back_late_changes_nothing(handing):
    handing.submit("juki")
    (late,) = handing.queue.claim("juki")
    handing.now.pass_(121)
    (owner,) = handing.another().claim("juki")
    assert not handing.queue.record(late, Questioned("late"))
    assert handing.states("juki") == ["waiting"]
    assert handing.queue.record(owner, Taken())
    assert handing.states("juki") == ["forwarded"]


def test_a_correction_never_overtakes_what_it_corrects(handing):
    first = handing.submit("juki")
    second = handing.submit("juki", parent=first)
    third = handing.submit("juki", parent=second)
    other = handing.submit("juki")
    (claim, beside) = handing.queue.claim("juki", 10)
    assert [claim.parcel.id, beside.parcel.id] == [first, other]
    handing.queue.record(claim, Later("busy"))
    assert handing.queue.claim("juki", 10) == []
    handing.now.pass_(60)
    (claim,) = handing.queue.claim("juki", 10)
    handing.queue.record(claim, Taken())
    (claim,) = handing.queue.claim("juki", 10)
    assert claim.parcel.id == second
    handing.queue.record(claim, Taken())
    assert ids(handing.queue.claim("juki", 10)) == [third]


def test_one_poisoned_submission_blocks_no_other(handing):
    bad, good, odd = (handing.submit("juki") for _ in range(3))

    class Breaking(Listening):
        def hand_over(self, parcel):
            answer = super().hand_over(parcel)
            if parcel.id == bad:
                raise KeyError(parcel.envelope["A票"])
            return answer

    relay = Breaking({odd: Questioned("氏名が違います")})
    courier = OneByOne("juki", relay, handing.queue)
    while courier.turn():
        pass
    assert relay.heard == [bad, good, odd]
    assert handing.states("juki") == ["waiting", "forwarded", "questioned"]
    assert handing.history(odd) == [("questioned", "juki", "氏名が違います")]
    assert "渡邉" not in (handing.handover(bad, "juki").last_answer or "")


def test_later_waits_longer_each_time_and_as_long_as_it_was_asked_to(handing):
    handing.submit("juki")
    waits = []
    for _ in range(8):
        (claim,) = handing.queue.claim("juki")
        handing.queue.record(claim, Later("busy"))
        row = handing.handover(claim.parcel.id, "juki")
        waits.append(row.due / 1000 - handing.now().timestamp())
        handing.now.pass_(waits[-1] + 0.01)
    bounds = [min(900, 5 * 2**n) for n in range(8)]
    assert all(0.5 * b <= w <= 1.5 * b + 0.01 for w, b in zip(waits, bounds, strict=True))
    (claim,) = handing.queue.claim("juki")
    handing.queue.record(claim, Later("busy", 777))
    due = handing.handover(claim.parcel.id, "juki").due / 1000
    assert 777 <= due - handing.now().timestamp() <= 777 * 1.11


def test_what_made_it_worse_is_set_aside_and_not_tried_again(handing):
    made = handing.submit("juki")
    courier = OneByOne("juki", Listening({made: Refused("key reused")}), handing.queue)
    courier.turn()
    handing.now.pass_(100_000)
    assert not courier.turn()
    assert handing.states("juki") == ["refused"]
    assert handing.state(made) == "questioned"


def test_a_target_that_is_away_as_a_whole_is_left_alone(handing):
    made = handing.submit("juki")
    handing.submit("juki")
    relay = Listening({made: Later("away", 30, everybody=True)})
    with pytest.raises(TargetAway) as fault:
        OneByOne("juki", relay, handing.queue).turn()
    assert fault.value.seconds == 30
    assert relay.heard == [made]


def test_a_submission_whose_photos_are_still_on_their_way_waits(handing):
    handing.submit("juki", missing=1)
    whole = handing.submit("juki")
    assert ids(handing.queue.claim("juki", 10)) == [whole]


def test_a_share_goes_only_while_the_person_agrees(handing):
    handing.given.add((PERSON, "disaster-care"))
    agreed = handing.submit("shien", purpose="disaster-care")
    other = handing.submit("shien", purpose="child-health")
    relay = Listening()
    courier = OneByOne("shien", relay, handing.queue)
    courier.turn()
    courier.turn()
    assert relay.heard == [agreed]
    assert handing.states("shien") == ["forwarded", "stopped"]
    assert handing.state(other) == "stopped"


def test_a_consent_that_is_withdrawn_while_it_waits_stops_what_waits(handing):
    handing.given.add((PERSON, "disaster-care"))
    made = handing.submit("shien", purpose="disaster-care")
    (claim,) = handing.queue.claim("shien")
    handing.queue.record(claim, Later("busy"))
    handing.given.clear()
    handing.now.pass_(1000)
    assert handing.queue.claim("shien") == []
    assert handing.state(made) == "stopped"
    handing.given.add((PERSON, "disaster-care"))
    assert handing.queue.claim("shien") == []


class Broken:
    """Somebody who fails in one way, every time."""

    target = "broken"

    def __init__(self, fault):
        self.fault, self.turns = fault, 0

    def turn(self):
        self.turns += 1
        raise self.fault


@pytest.mark.parametrize(
    "fault", [ValueError("渡邉"), TargetAway("no line"), OperationalError("渡邉", None, OSError())]
)
def test_a_target_that_breaks_holds_up_no_other_and_says_nothing_personal(alone, caplog, fault):
    made = [alone.submit("juki") for _ in range(3)]
    relay, broken = Listening(), Broken(fault)
    runner = Runner([broken, OneByOne("juki", relay, alone.queue)], idle=0.01)
    with caplog.at_level(logging.DEBUG):
        runner.start()
        until = time.monotonic() + 10
        while len(relay.heard) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        runner.stop()
    assert relay.heard == made
    assert broken.turns >= 1
    assert "relay broken" in caplog.text
    assert "渡邉" not in caplog.text


class Files:
    """A drop with its folders, and those who go for it."""

    def __init__(self, handing, home, *, ack=True, per=Per.FILE, folder=None, every=0, most=500):
        self.handing, self.home = handing, home
        self.out, self.back = home / "out", home / "back"
        for path in (self.out, self.back):
            path.mkdir(exist_ok=True)
        self.folder = folder or LocalFolder(self.out)
        back = LocalFolder(self.back) if ack else None
        self.drop = Drop(self.folder, LAYOUT, "juki", back, per)
        self.courier = InFiles(
            "juki",
            self.drop,
            handing.queue,
            handing.now,
            prefix="juki",
            most=most,
            every=every,
            poll=0.0,
        )

    def pairs(self):
        return [whole(end) for end in sorted(self.out.glob("*.end"))]

    def rows(self):
        return [row for pair in self.pairs() for row in pair]

    def answer(self, name, text=""):
        (self.back / name).write_bytes(text.encode())

    def turns(self, times=3):
        for _ in range(times):
            self.courier.turn()


def whole(end):
    """The rows of a file whose control file is right in every point."""
    said = json.loads(end.read_text())
    content = (end.parent / said["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == said["sha256"]
    assert len(content) == said["bytes"]
    rows = list(csv.reader(content.decode("cp932").splitlines()))[1:]
    assert len(rows) == said["rows"]
    return [row[0] for row in rows]


def test_a_file_and_its_control_file_say_the_same_and_nothing_else_lies_there(handing, tmp_path):
    files = Files(handing, tmp_path)
    made = [handing.submit("juki") for _ in range(3)]
    files.courier.turn()
    assert files.rows() == ["K01-000001", "K01-000002", "K01-000003"]
    names = {path.name.partition(".")[2] for path in files.out.iterdir()}
    assert names == {"juki", "csv", "csv.end"}
    assert [handing.state(each) for each in made] == ["forwarded"] * 3


def test_a_name_that_the_file_cannot_carry_is_set_aside_and_the_others_go(
    handing, tmp_path, caplog
):
    files = Files(handing, tmp_path)
    handing.submit("juki")
    odd = handing.submit("juki", name="𠮷野　太郎")
    handing.submit("juki")
    with caplog.at_level(logging.DEBUG):
        files.turns()
    assert files.rows() == ["K01-000001", "K01-000003"]
    assert handing.history(odd) == [("questioned", "juki", "氏名: 𠮷 (U+20BB7) is not in cp932")]
    assert handing.states("juki") == ["forwarded", "questioned", "forwarded"]
    assert "野" not in caplog.text
    assert all(b"?" not in path.read_bytes() for path in files.out.glob("*.csv"))


def test_a_file_waits_until_it_is_worth_while_or_somebody_waited_long_enough(handing, tmp_path):
    files = Files(handing, tmp_path, every=300, most=3)
    handing.submit("juki")
    handing.submit("juki")
    files.turns()
    assert files.rows() == []
    handing.submit("juki")
    files.turns()
    assert len(files.rows()) == 3
    handing.submit("juki")
    files.turns()
    assert len(files.rows()) == 3
    handing.now.pass_(301)
    files.turns()
    assert len(files.rows()) == 4


def test_a_correction_goes_in_a_later_file_than_what_it_corrects(handing, tmp_path):
    files = Files(handing, tmp_path)
    first = handing.submit("juki")
    handing.submit("juki", parent=first)
    files.courier.turn()
    assert files.pairs() == [["K01-000001"]]
    handing.now.pass_(1)
    files.courier.turn()
    assert files.pairs() == [["K01-000001"], ["K01-000002"]]


def test_the_consumers_yes_about_a_file_is_heard_and_put_away(handing, tmp_path):
    files = Files(handing, tmp_path)
    made = [handing.submit("juki") for _ in range(2)]
    files.courier.turn()
    (end,) = files.out.glob("*.end")
    files.answer(end.name.replace(".csv.end", ".csv.ok"))
    files.turns()
    assert [handing.state(each) for each in made] == ["acknowledged"] * 2
    assert list(files.back.glob("*.ok")) == []
    assert len(list((files.back / "done").iterdir())) == 1
    assert len(list((files.out / "done").iterdir())) == 2


def test_the_consumers_no_about_a_row_brings_its_reason(handing, tmp_path):
    files = Files(handing, tmp_path, per=Per.ROW)
    yes, no, open_ = (handing.submit("juki") for _ in range(3))
    files.courier.turn()
    files.answer("K01-000001.ok")
    (files.back / "K01-000002.NG").write_bytes("該当なし\r\n(E01)\x00".encode("cp932"))
    files.turns()
    assert [handing.state(each) for each in (yes, no, open_)] == [
        "acknowledged",
        "questioned",
        "forwarded",
    ]
    assert handing.history(no)[-1] == ("questioned", "juki", "該当なし (E01)")


def test_garbage_of_the_consumer_changes_nothing_and_stays(handing, tmp_path, caplog):
    files = Files(handing, tmp_path)
    made = handing.submit("juki")
    files.courier.turn()
    (files.back / "folder.ok").mkdir()
    (files.back / "away.ok").symlink_to("/etc/passwd")
    os.mkfifo(files.back / "pipe.ng")
    for name in ("渡邉一郎.ok", ".ok", "x", "juki-1-2.csv.ok", "a\nb.ng", "%s.ng"):
        files.answer(name, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"))
    files.turns()
    assert handing.state(made) == "forwarded"
    assert (files.back / "渡邉一郎.ok").exists()
    assert "渡邉" not in caplog.text


def test_an_answer_that_is_still_being_written_is_read_when_it_is_whole(handing, tmp_path):
    files = Files(handing, tmp_path)
    made = handing.submit("juki")
    files.courier.turn()
    (end,) = files.out.glob("*.end")
    name = end.name.replace(".csv.end", ".ng")
    files.answer(name)
    files.courier.turn()
    files.answer(name, "様式が")
    files.courier.turn()
    files.answer(name, "様式が違います")
    files.turns()
    assert handing.history(made)[1:] == [("questioned", "juki", "様式が違います")]


def test_an_answer_about_a_file_that_nobody_has_noted_yet_is_heard_after_that(alone, tmp_path):
    first = Files(alone, tmp_path, folder=Dying(tmp_path / "out", 4, after=True))
    made = alone.submit("juki")
    with pytest.raises(InterruptedError):
        first.courier.turn()
    second = Files(alone, tmp_path)
    (end,) = second.out.glob("*.end")
    second.answer(end.name.replace(".csv.end", ".csv.ok"))
    second.turns()
    assert alone.states("juki") == ["written"]
    assert len(list(second.back.glob("*.ok"))) == 1
    alone.now.pass_(121)
    second.turns()
    assert [state for state, *_ in alone.history(made)] == ["forwarded", "acknowledged"]


def test_a_folder_that_is_not_mounted_is_not_taken_for_an_empty_one(handing, tmp_path):
    files = Files(handing, tmp_path)
    handing.submit("juki")
    files.courier.turn()
    handing.submit("juki")
    away = tmp_path / "elsewhere"
    files.out.rename(away)
    files.out.mkdir()
    with pytest.raises(TargetAway, match="mounted"):
        files.courier.turn()
    assert list(files.out.iterdir()) == []
    files.out.rmdir()
    with pytest.raises(TargetAway):
        files.courier.turn()
    away.rename(files.out)
    files.courier.turn()
    assert sorted(files.rows()) == ["K01-000001", "K01-000002"]


def test_a_consent_withdrawn_while_the_file_is_written_keeps_the_file_unseen(alone, tmp_path):
    alone.given.add((PERSON, "disaster-care"))

    class Withdrawing(LocalFolder):
        def write(self, name, pieces, size):
            super().write(name, pieces, size)
            if name.endswith(".end.tmp"):
                alone.given.clear()

    files = Files(alone, tmp_path, folder=Withdrawing(tmp_path / "out"))
    made = alone.submit("juki", purpose="disaster-care")
    plain = alone.submit("juki")
    files.turns()
    assert files.rows() == ["K01-000002"]
    assert (alone.state(made), alone.state(plain)) == ("stopped", "forwarded")
    assert [p.name for p in files.out.iterdir() if p.suffix == ".tmp"] == []


class Dying(LocalFolder):
    """Stops at the step that it is told, before or after it is done."""

    def __init__(self, path, step, *, after):
        super().__init__(path)
        self.left, self.after = step, after

    def write(self, name, pieces, size):
        if name.startswith(".") or self._lives():
            super().write(name, pieces, size)
            self._end()

    def rename(self, name, new):
        done = self._lives() and super().rename(name, new)
        self._end()
        return done

    def _lives(self):
        self.left -= 1
        if self.left == 0 and not self.after:
            raise InterruptedError
        return True

    def _end(self):
        if self.left == 0 and self.after:
            raise InterruptedError


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize("fetched", [False, True])
def test_wherever_a_worker_dies_each_row_is_seen_once(alone, tmp_path, step, after, fetched):
    first = Files(alone, tmp_path, folder=Dying(tmp_path / "out", step, after=after))
    for _ in range(3):
        alone.submit("juki")
    with pytest.raises(InterruptedError):
        first.courier.turn()
    taken = first.rows()
    if fetched:  # the consumer was quicker than whoever takes over
        for path in [*first.out.glob("juki*.csv.end"), *first.out.glob("juki*.csv")]:
            if taken:
                path.unlink()
    alone.now.pass_(121)
    second = Files(alone, tmp_path)
    for _ in range(3):
        alone.now.pass_(1)
        second.courier.turn()
    rows = second.rows() + (taken if fetched else [])
    assert sorted(rows) == ["K01-000001", "K01-000002", "K01-000003"]
    assert alone.states("juki") == ["forwarded"] * 3


def test_what_was_written_by_the_dead_and_noted_by_nobody_is_swept(alone, tmp_path):
    first = Files(alone, tmp_path, folder=Dying(tmp_path / "out", 2, after=True))
    alone.submit("juki")
    with pytest.raises(InterruptedError):
        first.courier.turn()
    assert len(list(first.out.glob("*.tmp"))) == 2
    (first.out / "theirs.tmp").touch()
    alone.now.pass_(700)
    second = Files(alone, tmp_path)
    second.turns()
    assert [path.name for path in second.out.glob("*.tmp")] == ["theirs.tmp"]
    assert second.rows() == ["K01-000001"]


def test_two_files_of_two_workers_hold_nobody_twice(handing, tmp_path):
    for _ in range(120):
        handing.submit("juki")
    offices = [Files(Handing(handing.engine, handing.now), tmp_path, most=7) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda f=files: [f.courier.turn() for _ in range(12)])
        for files in offices
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    offices[0].turns(20)
    rows = offices[0].rows()
    assert len(rows) == len(set(rows)) == 120
