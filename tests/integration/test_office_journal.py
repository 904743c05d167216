"""The office remembers where journals ended: over HTTP, and over either database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from office.journal import NEWEST, PAGE, Anchors, End
from office.problems import ProblemError
from office.tables import AnchorTable
from tests.integration.test_office import (
    ENROLLED,
    Answer,
    Office,
    is_problem,
    refused_in_one_line,
    running,
    start_in_vain,
)

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("journal") / "home", *ENROLLED) as started:
        yield started


def tell(office: Office, entry: object, link: str, device: str = "K01") -> Answer:
    body = {"entry": entry, "hash": link}
    return office.call("PUT", "/v1/journal/anchor", device, json=body)


def ends(office: Office, device: str = "K01") -> list[tuple[int, str]]:
    items = office.call("GET", "/v1/journal/anchors", device).json["items"]
    return [(each["entry"], each["hash"]) for each in items]


def test_an_end_is_kept_and_a_journal_may_only_grow(office: Office) -> None:
    assert is_problem(office.call("GET", "/v1/journal/anchor"), 404, "unknown")
    assert tell(office, 5, A).status == 200
    assert tell(office, 5, A).status == 200
    assert tell(office, 9, B).status == 200
    last = office.call("GET", "/v1/journal/anchor").json
    assert (last["entry"], last["hash"]) == (9, B)
    assert is_problem(tell(office, 8, A), 409, "journal-shorter")
    assert is_problem(tell(office, 9, A), 409, "journal-different")
    assert tell(office, 8, A).json["entry"] == 9
    assert ends(office) == [(5, A), (9, B)]
    metrics = office.call("GET", "/metrics", "").text
    assert 'kakanai_journals_refused{device="K01"} 3' in metrics


def test_each_device_has_its_own(office: Office) -> None:
    assert tell(office, 3, B, "K02").status == 200
    assert ends(office, "K02") == [(3, B)]
    assert ends(office, "C01") == []


@pytest.mark.parametrize(
    ("entry", "link"), [(0, A), (-1, A), (2**31, A), ("x", A), (1, "z" * 64), (1, A + "0"), (1, "")]
)
def test_what_is_no_end_is_refused(office: Office, entry: object, link: str) -> None:
    assert tell(office, entry, link).status == 422


def test_nobody_else_may_tell_or_ask(office: Office) -> None:
    for method, path in (("PUT", "anchor"), ("GET", "anchor"), ("GET", "anchors")):
        answer = office.call(method, f"/v1/journal/{path}", "", json={"entry": 1, "hash": A})
        assert answer.status == 401


def test_either_database_keeps_one_of_each_day_in_pages(engine: Engine) -> None:
    days = count()
    anchors = Anchors(engine, lambda: NOW + timedelta(days=next(days)))
    for entry in range(1, PAGE + 3):
        anchors.tell("K01", End(entry=entry, hash=A))
    page = anchors.page("K01", 0)
    assert (len(page["items"]), page["next"]) == (PAGE, str(PAGE))
    rest = anchors.page("K01", int(page["next"]))
    assert ([each["entry"] for each in rest["items"]], rest["next"]) == ([PAGE + 1, PAGE + 2], None)
    with pytest.raises(ProblemError):
        anchors.tell("K01", End(entry=7, hash=A))
    assert anchors.refused == {"K01": 1}


def test_of_old_ends_the_last_of_each_day_stays_and_of_the_newest_every_one(
    engine: Engine,
) -> None:
    told = [(day, day * 60 + each + 1) for day in range(4) for each in range(60)]
    for day, entry in told:
        anchors = Anchors(engine, lambda day=day: NOW + timedelta(days=day))
        anchors.tell("K01", End(entry=entry, hash=A))
        anchors.tell("K02", End(entry=entry, hash=B))
    for device in ("K01", "K02"):
        kept = [each["entry"] for each in anchors.page(device, 0)["items"]]
        assert kept == [60, 120, *range(240 - NEWEST + 1, 241)]


def test_a_journal_that_staff_accepts_begins_a_new_line_and_no_other_does(engine: Engine) -> None:
    anchors = Anchors(engine, lambda: NOW)
    assert anchors.accept("K01", "nothing was told yet") is None
    anchors.tell("K01", End(entry=9, hash=A))
    anchors.tell("K02", End(entry=9, hash=A))
    assert anchors.last("K01")["anew"] is None
    assert anchors.accept("K01", "from a backup") == 9
    assert anchors.page("K01", 0)["items"] == []
    assert anchors.last("K01")["anew"] == {"at": NOW.isoformat(), "why": "from a backup"}
    anchors.tell("K01", End(entry=5, hash=B))
    for shorter in (("K01", 4), ("K02", 5)):
        with pytest.raises(ProblemError, match="not the one"):
            anchors.tell(shorter[0], End(entry=shorter[1], hash=B))
    last = anchors.last("K01")
    assert (last["entry"], last["hash"], last["anew"]["why"]) == (5, B, "from a backup")
    assert [each["entry"] for each in anchors.page("K01", 0)["items"]] == [5]
    with Session(engine) as session:  # what was told before is a record still
        assert session.get(AnchorTable, ("K01", 0, 9)) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        ("accept", "K01"),
        ("accept", "K01", "--why", "  "),
        ("accept", "K01", "--why", "a\nb"),
        ("accept", "K01", "--why", "x" * 201),
        ("accept", "--why", "x"),
        ("forget", "K01", "--why", "x"),
    ],
)
def test_nothing_is_accepted_without_a_device_and_a_reason(
    tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    done = start_in_vain(tmp_path, "anchors", *wrong)
    assert "anchors" in refused_in_one_line(done)


def test_the_same_end_told_at_once_is_kept_once_and_another_is_refused(engine: Engine) -> None:
    both = [Anchors(engine, lambda: NOW) for _ in range(2)]

    def told(turn: int) -> str:
        try:
            both[turn % 2].tell("K01", End(entry=1 + turn // 8, hash=(A, B)[turn % 2]))
        except ProblemError as problem:
            return problem.kind
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(told, range(64)))
    kept = both[0].page("K01", 0)["items"]
    assert len({each["entry"] for each in kept}) == len(kept)
    assert set(came) <= {"kept", "journal-different", "journal-shorter"}
    assert came.count("kept") >= len(kept)
    assert "journal-different" in came
