"""What the other side, and the clock, may do to those who hand on: nothing stops for good."""

import csv
import io
import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from office.config import SetupFault
from office.oauth import Caller
from office.relays.config import Per, read_directory
from office.relays.couriers import InFiles, OneByOne
from office.relays.csvdrop import LocalFolder
from office.relays.drop import Drop
from office.relays.layout import Layout, begin, row
from office.relays.port import Taken
from office.relays.rest import RestRelay
from office.relays.runner import Runner
from tests.fakes.backoffice import PROBLEM, BackOffice, serving
from tests.fakes.handing import Handing, Listening, example
from tests.fakes.sftp import sftp_server
from tests.integration.test_relays_sftp import Far

LAYOUT = msgspec.convert({"columns": [{"name": "受付番号", "from": "receipt"}]}, Layout)
MANY_YEARS = timedelta(days=4000)


@pytest.fixture
def handing(engine):
    return Handing(engine)


@pytest.fixture
def back():
    made = BackOffice()
    with serving(made) as url:
        made.url = url
        yield made


def one_by_one(handing, back):
    relay = RestRelay(Caller(None, (1.0, 1.0)), f"{back.url}/in", timeout=1.0)
    return OneByOne("juki", relay, handing.queue)


@pytest.mark.parametrize("words", ["\ud83d", "a\0b", "\x1b[2J\r\nx", "\u202e" * 500])
def test_no_words_of_a_back_office_stop_its_target(handing, back, words):
    first, second = handing.submit("juki"), handing.submit("juki")
    told = json.dumps({"title": words, "detail": words}).encode()
    back.script = [(400, {"Content-Type": PROBLEM}, told)]
    courier = one_by_one(handing, back)
    assert courier.turn()
    assert courier.turn()
    assert handing.states("juki") == ["questioned", "forwarded"]
    assert len(back.calls) == 2
    answer = handing.handover(first, "juki").last_answer
    assert answer.startswith("HTTP 400")
    assert answer.isprintable()
    assert handing.state(second) == "forwarded"


def test_what_a_back_office_says_of_somebody_stands_in_no_log(handing, back, caplog):
    made = handing.submit("juki")
    told = json.dumps({"title": "busy", "detail": "with 渡邉 一郎"}, ensure_ascii=False).encode()
    back.script = [(503, {"Content-Type": PROBLEM}, told)] * 5
    runner = Runner([one_by_one(handing, back)], idle=0.01)
    with caplog.at_level(logging.DEBUG):
        runner.start()
        while not handing.handover(made, "juki").last_at:
            pass
        runner.stop()
    assert "渡邉" in handing.handover(made, "juki").last_answer  # for staff
    assert "HTTP 503" in caplog.text
    assert "渡邉" not in caplog.text


def test_a_file_name_in_another_encoding_holds_up_no_answer(handing, tmp_path):
    out, back = tmp_path / "out", tmp_path / "back"
    for path in (out, back):
        path.mkdir()
    made = handing.submit("juki")
    drop = Drop(LocalFolder(out), LAYOUT, "juki", LocalFolder(back), Per.FILE)
    courier = InFiles(
        "juki", drop, handing.queue, handing.now, prefix="juki", most=9, every=0, poll=0.0
    )
    courier.turn()
    (end,) = out.glob("*.end")
    for name in ("受付.csv.ok".encode("cp932"), f"{end.stem}.ok".encode()):
        Path(os.fsdecode(bytes(back) + b"/" + name)).touch()
    for _ in range(3):
        courier.turn()
    assert handing.state(made) == "acknowledged"
    assert len([*back.iterdir()]) == 2  # the strange one stays, beside `done`


def test_a_file_name_in_another_encoding_holds_up_no_answer_far_away(engine, tmp_path):
    handing = Handing(engine)
    with sftp_server(tmp_path) as server:
        far = Far(server, handing)
        made = handing.submit("juki")
        far.turns()
        (end,) = far.out.glob("*.end")
        for name in ("受付.csv.ok".encode("cp932"), f"{end.stem}.ok".encode()):
            Path(os.fsdecode(bytes(far.back) + b"/" + name)).touch()
        far.turns()
        far.line.close()
    assert handing.state(made) == "acknowledged"


def test_what_came_in_while_the_clock_was_years_ahead_goes_all_the_same(handing):
    handing.now.at += MANY_YEARS
    made = handing.submit("juki")
    handing.now.at -= MANY_YEARS
    relay = Listening()
    assert handing.queue.ready("juki", 9, 300)
    assert OneByOne("juki", relay, handing.queue).turn()
    assert relay.heard == [made]


def test_what_somebody_held_when_the_clock_was_years_ahead_is_taken_over(handing):
    made = handing.submit("juki")
    handing.now.at += MANY_YEARS
    (lost,) = handing.queue.claim("juki")
    handing.now.at -= MANY_YEARS
    (claim,) = handing.another().claim("juki")
    assert claim.parcel.id == made
    assert not handing.queue.record(lost, Taken())
    assert handing.queue.record(claim, Taken())


def test_a_file_that_was_noted_when_the_clock_was_years_ahead_is_settled(handing):
    handing.submit("juki")
    handing.now.at += MANY_YEARS
    assert handing.queue.note_batch("juki-1", handing.queue.claim("juki"))
    assert handing.queue.left_behind("juki") == []
    handing.now.at -= MANY_YEARS
    assert handing.queue.left_behind("juki") == ["juki-1"]


def test_a_later_file_sorts_behind_an_earlier_one_whatever_the_clock_says(handing, tmp_path):
    drop = Drop(LocalFolder(tmp_path), LAYOUT, "juki", None, Per.FILE)
    courier = InFiles(
        "juki", drop, handing.queue, handing.now, prefix="juki", most=1, every=0, poll=0.0
    )
    first = handing.submit("juki")
    courier.turn()
    handing.now.pass_(-30)
    second = handing.submit("juki", parent=first)
    courier.turn()
    names = sorted(end.name for end in tmp_path.glob("*.end"))
    batches = [handing.handover(each, "juki").batch for each in (first, second)]
    assert [f"{batch}.csv.end" for batch in batches] == names


@pytest.mark.parametrize("newline", ["lf", "crlf"])
@pytest.mark.parametrize("break_", ["\r", "\n", "\r\n"])
def test_a_line_within_a_value_makes_no_second_row(newline, break_):
    column = {"name": "a", "from": "A票.申請者.氏名"}
    layout = msgspec.convert({"columns": [column], "newline": newline}, Layout)
    said = example(A票={"申請者": {"氏名": f"one{break_}two"}})
    text = (begin(layout) + row(layout, said)).decode()
    assert [*csv.reader(io.StringIO(text, newline=""))] == [["a"], [f"one{break_}two"]]


def test_a_claim_lasts_longer_than_a_call_may_take(tmp_path):
    file = tmp_path / "relays.yaml"
    target = "  - {kind: rest, name: juki, url: https://juki.example/in, timeout: 100}\n"
    file.write_text(f"lease: 60\ntargets:\n{target}", "utf-8")
    with pytest.raises(SetupFault, match=r"line 3: .*`lease`"):
        read_directory(file)
    file.write_text(f"lease: 101\ntargets:\n{target}", "utf-8")
    assert read_directory(file).lease == 101
