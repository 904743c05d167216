"""The office remembers where journals ended: over HTTP, and over either database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from office.journal import PAGE, Anchors, End
from office.problems import ProblemError
from tests.integration.test_office import ENROLLED, Answer, Office, is_problem, running

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


def test_either_database_keeps_them_all_in_pages(engine: Engine) -> None:
    anchors = Anchors(engine, lambda: NOW)
    for entry in range(1, PAGE + 3):
        anchors.tell("K01", End(entry=entry, hash=A))
    page = anchors.page("K01", 0)
    assert (len(page["items"]), page["next"]) == (PAGE, str(PAGE))
    rest = anchors.page("K01", int(page["next"]))
    assert ([each["entry"] for each in rest["items"]], rest["next"]) == ([PAGE + 1, PAGE + 2], None)
    with pytest.raises(ProblemError):
        anchors.tell("K01", End(entry=7, hash=A))
    assert anchors.refused == {"K01": 1}


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
