"""The intake under load and under blows: what was promised is there, once, and in order."""

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from forms.envelope import Envelope, canonical
from office import intake as intake_module
from office.intake import Intake
from office.meters import Meters
from office.problems import ProblemError
from office.store import open_store
from tests.fakes.crowd import Heard, crowd, drip
from tests.fakes.stores import Stores
from tests.integration.test_office import (
    ENROLLED,
    NOW,
    Office,
    envelope,
    is_problem,
    pulled,
    running,
)


@contextmanager
def intake_of(engine: Engine, **more: Callable[..., None]) -> Iterator[Intake]:
    made = Intake(engine, lambda: NOW, Meters(), lambda *_: False, **more)
    try:
        yield made
    finally:
        made.close()


def kept(engine: Engine) -> list[str]:
    with engine.connect() as look:
        return list(look.execute(text("SELECT id FROM submission ORDER BY arrival")).scalars())


def steps(engine: Engine) -> int:
    with engine.connect() as look:
        return int(look.execute(text("SELECT count(*) FROM history")).scalar_one())


def test_one_that_breaks_takes_no_other_with_it(engine: Engine) -> None:
    sent = [envelope() for _ in range(20)]
    poisoned = sent[7].id
    held = threading.Event()

    def onward(_: Session, each: Envelope, __: object) -> None:
        assert held.wait(10)
        if each.id == poisoned:
            raise RuntimeError("this one breaks")

    with intake_of(engine, onward=onward) as intake:
        answers = [intake.put(each.id, "K01", canonical(each)) for each in sent]
        held.set()  # all but the first wait together now
        faults = [each.exception(timeout=10) for each in answers]
        again = intake.put(sent[8].id, "K01", canonical(sent[8])).result(timeout=10)
    assert [str(fault) for fault in faults if fault] == ["this one breaks"]
    assert isinstance(faults[7], RuntimeError)
    assert kept(engine) == [str(each.id) for each in sent if each.id != poisoned]
    assert steps(engine) == 19
    assert not again.fresh


def test_in_one_batch_the_same_is_the_same_and_another_body_is_refused(engine: Engine) -> None:
    first, sent, other = envelope(), envelope(), envelope()
    held = threading.Event()
    with intake_of(engine, onward=lambda *_: held.wait(10) and None) as intake:
        begun = intake.put(first.id, "K01", canonical(first))
        bodies = (sent, sent, replace(sent, fee=0), other)
        answers = [intake.put(each.id, "K01", canonical(each)) for each in bodies]
        held.set()
        assert begun.result(timeout=10).fresh
        assert [answers[n].result(timeout=10).fresh for n in (0, 1, 3)] == [True, False, True]
        fault = answers[2].exception(timeout=10)
    assert isinstance(fault, ProblemError)
    assert (fault.status, fault.kind) == (409, "another-body")
    assert kept(engine) == [str(each.id) for each in (first, sent, other)]


def test_what_waits_at_the_end_is_stored_first_and_nothing_after_it(engine: Engine) -> None:
    sent = [envelope() for _ in range(30)]
    intake = Intake(engine, lambda: NOW, Meters(), lambda *_: False)
    answers = [intake.put(each.id, "K01", canonical(each)) for each in sent]
    intake.close()
    assert all(each.result(timeout=0).fresh for each in answers)
    assert kept(engine) == [str(each.id) for each in sent]
    late = envelope()
    with pytest.raises(ProblemError, match="try again"):
        intake.put(late.id, "K01", canonical(late))


def test_more_than_can_wait_is_told_to_come_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "MOST_WAITING", 3)
    held = threading.Event()
    with intake_of(engine, onward=lambda *_: held.wait(10) and None) as intake:
        answers, refused = [], None
        for _ in range(10):
            each = envelope()
            try:
                answers.append(intake.put(each.id, "K01", canonical(each)))
            except ProblemError as fault:
                refused = fault
                break
            time.sleep(0.02)
        held.set()
        assert refused is not None
        assert (refused.status, refused.facts["retry_after"]) == (503, 1)
        assert len(answers) == 4
        assert all(each.result(timeout=10).fresh for each in answers)


def test_who_went_away_before_his_turn_is_not_stored(engine: Engine) -> None:
    first, gone, last = envelope(), envelope(), envelope()
    held = threading.Event()
    with intake_of(engine, onward=lambda *_: held.wait(10) and None) as intake:
        begun = intake.put(first.id, "K01", canonical(first))
        time.sleep(0.1)
        assert intake.put(gone.id, "K01", canonical(gone)).cancel()
        answer = intake.put(last.id, "K01", canonical(last))
        held.set()
        assert begun.result(timeout=10).fresh
        assert answer.result(timeout=10).fresh
    assert kept(engine) == [str(first.id), str(last.id)]


def sent_by(devices: tuple[str, ...], many: int) -> list[list[Envelope]]:
    return [[envelope(device) for _ in range(many)] for device in devices]


def promised(heard: list[Heard]) -> set[str]:
    return {str(each.id) for each in heard if each.status in (200, 201)}


def wait_for(many: int, where: Path | str) -> None:
    """Until so many lie there, however quick this machine is."""
    engine, until = open_store(where), time.monotonic() + 30
    asked = text("SELECT count(*) FROM submission")
    while time.monotonic() < until:
        with engine.connect() as look:
            if look.execute(asked).scalar_one() >= many:
                break
        time.sleep(0.005)
    engine.dispose()


def test_a_kill_under_load_loses_nothing_that_was_promised(tmp_path: Path, stores: Stores) -> None:
    where = stores.arguments(tmp_path)
    sent = sent_by(("K01", "K02") * 4, 150)
    with running(tmp_path, *where, *ENROLLED) as office:
        tokens = dict(office.tokens)
        with ThreadPoolExecutor(1) as beside:
            answers = beside.submit(crowd, [office.url], tokens, sent)
            wait_for(200, stores.at(tmp_path))
            office.process.kill()
            heard = answers.result(timeout=60)
    assert 0 < len(promised(heard)) < 1200, "it was killed in the middle"
    with running(tmp_path, *where, *ENROLLED) as office:
        items, _ = pulled(office)
        ids = [item["id"] for item in items]
        assert len(set(ids)) == len(ids)
        assert promised(heard) <= set(ids)
        again = crowd([office.url], dict(office.tokens), sent)  # every terminal hands in again
        assert {each.status for each in again} == {200, 201}
        fresh = {str(each.id) for each in again if each.status == 201}
        assert fresh.isdisjoint(ids)
        ids = [item["id"] for item in pulled(office)[0]]
        assert sorted(ids) == sorted(str(each.id) for line in sent for each in line)


def test_a_body_that_never_ends_and_one_that_is_cut_hold_nothing(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        address = (urlsplit(office.url).hostname or "", urlsplit(office.url).port or 0)
        sent = envelope()
        head = (
            f"PUT /v1/submissions/{sent.id} HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {office.tokens['K01']}\r\n"
        ).encode()
        for _ in range(5):  # cut in the middle
            with socket.create_connection(address, timeout=5) as line:
                line.sendall(head + b"Content-Length: 1000\r\n\r\n{")
        huge = head + b"Transfer-Encoding: chunked\r\n\r\n"
        with socket.create_connection(address, timeout=10) as line:
            line.sendall(huge)
            chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
            answer = b""
            try:
                for _ in range(40):
                    line.sendall(chunk)
                answer = line.recv(4096)
            except OSError:  # it hung up on us, which is as good
                pass
            assert not answer or b" 413 " in answer.partition(b"\r\n")[0]
        silent = head + b"Content-Length: 1000\r\n\r\n{"
        with (
            ThreadPoolExecutor(1) as another,  # both take until the office has had enough
            socket.create_connection(address, timeout=15) as line,
        ):
            dripped = another.submit(drip, address, b"GET /healthz HTTP/1.1\r\nX-Slow: ", 16)
            line.sendall(silent)
            assert b" 408 " in line.recv(4096).partition(b"\r\n")[0]
            assert dripped.result() < 13
        assert office.put(sent).status == 201


@contextmanager
def full_disk(office: Office, size: int) -> Iterator[None]:
    """No file of that process grows beyond it, whoever runs the test."""
    before = resource.prlimit(office.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(office.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(office.process.pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_and_what_was_promised_stays(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        assert office.call("GET", "/readyz", "").status == 200
        promised_ids, refusal = [], None
        with full_disk(office, 3_000_000):
            for _ in range(100):
                sent = replace(envelope(), content={"x": "あ" * 30_000})
                answer = office.put(sent)
                if answer.status != 201:
                    refusal = answer
                    break
                promised_ids.append(str(sent.id))
            assert refusal is not None
            assert is_problem(refusal, 503, "store-unusable")
            assert refusal.headers["retry-after"]
            assert len(promised_ids) > 3
            assert [item["id"] for item in pulled(office)[0]] == promised_ids
        assert office.put(sent).status == 201  # the same process goes on
        assert [item["id"] for item in pulled(office)[0]] == [*promised_ids, str(sent.id)]


def test_one_device_that_runs_wild_does_not_hold_up_another(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED, "--rate-device", "5", "--rate-address", "50") as office:
        path = f"/v1/submissions/{envelope().id}"
        answers = [office.call("GET", path, "K01") for _ in range(60)]
        refused = [each for each in answers if each.status == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) >= 1
        assert is_problem(refused[0], 429, "too-often")
        assert office.put(envelope("K02"), "K02").status == 201


def test_a_stranger_who_knocks_too_often_is_told_so_and_terminals_go_on(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED, "--rate-address", "2") as office:
        assert office.put(envelope()).status == 201  # its header is known from here on
        answers = [office.call("GET", "/v1/receipts/none", "") for _ in range(40)]
        assert {each.status for each in answers} == {404, 429}
        wrong = [office.call("GET", "/v1/submissions", "wrong token").status for _ in range(3)]
        assert wrong == [429] * 3
        assert office.put(envelope()).status == 201
        assert office.call("GET", "/readyz", "").status == 200


def test_the_figures_tell_what_happened(office: Office) -> None:
    office.put(envelope())
    office.call("GET", "/v1/submissions/not-a-uuid")
    told = office.call("GET", "/metrics", "").text.splitlines()
    figures = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in told if line[0] != "#"
    }
    assert figures['kakanai_intake_batch_bucket{le="+Inf"}'] >= 1
    assert figures['kakanai_refusals_total{status="422"}'] >= 1
    assert figures["kakanai_request_seconds_count"] >= 2
    assert figures["kakanai_oldest_undone_seconds"] >= 0


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("intake") / "home", *ENROLLED) as started:
        yield started
