"""What the office hears from a broker: only the broker's own, once, plain, and never for ever."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from requests import Response, Session
from sqlalchemy.orm import Session as Rows
from uvicorn import Config, Server

from office.devices import Device
from office.notices import LARGEST, Notices, notice_routes
from office.orders import ProblemError
from office.problems import speak_problems
from office.reports import Reports, report_routes, seen_in
from office.restoration import Restorations
from office.tables import DeviceTable

SECRET = "a-secret-that-nobody-knows"
KINDS = {"Alert": "alert", "Closure": "closure"}
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Wall:
    """The office's clock."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def notices(engine, wall) -> Notices:
    return Notices(engine, KINDS, wall.now)


def entity(name: str = "a", title: str = "避難指示", at: int = 0, **more: object) -> dict:
    modified = (NOW + timedelta(seconds=at)).isoformat()
    return {"id": name, "type": "Alert", "name": title, "dateModified": modified, **more}


def titles(notices: Notices) -> list[str]:
    return [each.words["ja"].title for each in notices.standing()]


def test_the_same_twice_is_one_and_an_older_word_changes_nothing(notices):
    assert notices.take([entity(at=10), entity(at=10)]) == 1
    assert notices.take([entity(title="もっと前", at=5)]) == 0
    assert titles(notices) == ["避難指示"]
    assert notices.take([entity(title="解除の見込み", at=20)]) == 1
    assert titles(notices) == ["解除の見込み"]


def test_one_that_was_revoked_vanishes_and_a_late_word_does_not_bring_it_back(notices):
    notices.take([entity(at=10)])
    notices.take([entity(at=20, status="revoked")])
    assert titles(notices) == []
    notices.take([entity(at=15)])
    assert titles(notices) == []


def test_one_that_has_ended_vanishes_by_itself(notices, wall):
    notices.take([entity(validTo=(NOW + timedelta(hours=1)).isoformat())])
    assert titles(notices) == ["避難指示"]
    wall.moment += timedelta(hours=1)
    assert titles(notices) == []


def test_asking_finds_what_was_lost_and_forgets_what_is_gone(notices, wall):
    notices.take([entity("a"), entity("b", "通行止め")])
    wall.moment += timedelta(minutes=1)
    notices.reconcile([entity("b", "通行止め"), entity("c", "断水")], wall.moment)
    assert sorted(titles(notices)) == ["断水", "通行止め"]


def test_what_was_heard_while_it_was_asked_stays(notices, wall):
    asked = wall.moment
    wall.moment += timedelta(seconds=1)
    notices.take([entity("new")])
    notices.reconcile([], asked)
    assert titles(notices) == ["避難指示"]


def test_the_strongest_stand_first_and_there_are_never_many(notices):
    closure = {**entity("z", "休みます"), "type": "Closure"}
    notices.take([closure, *(entity(f"a{n}") for n in range(30))])
    found = notices.standing()
    assert len(found) == 20
    assert {each.kind for each in found} == {"alert"}


def test_what_is_no_notice_is_not_kept(notices):
    strangers = [{"id": "k", "type": "Kiosk", "name": "x"}, {"type": "Alert"}, entity("e", "")]
    assert notices.take(strangers) == 0
    assert titles(notices) == []


@pytest.fixture
def served(engine, notices, wall) -> Iterator[str]:
    """The two routes over HTTP, as one device is known there."""
    with_device(engine)
    app = FastAPI()
    speak_problems(app)

    def let_in(authorization: str | None, *_: str) -> Device:
        if authorization != "Bearer k01":
            raise ProblemError(401, "unknown-device", "no")
        return Device("K01", "kiosk")

    app.include_router(notice_routes(notices, SECRET))
    reports = Reports(engine, notices, Restorations(engine, wall.now), wall.now)
    app.include_router(report_routes(reports, let_in))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = Server(Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listener.close()


def with_device(engine) -> None:
    with Rows(engine) as session, session.begin():
        session.add(DeviceTable(id="K01", role="kiosk", generation=0))


def post(url: str, secret: str, body: bytes) -> Response:
    with Session() as session:
        session.trust_env = False
        return session.post(f"{url}/v1/notifications/{secret}", data=body, timeout=10)


def put(url: str, said: object, device: str = "k01") -> Response:
    with Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {device}"}
        return session.put(f"{url}/v1/devices/self/report", json=said, headers=headers, timeout=10)


def test_only_the_broker_is_heard(served, notices):
    body = json.dumps({"subscriptionId": "x", "data": [entity()]}).encode()
    assert post(served, "another", body).status_code == 404
    assert post(served, SECRET + "x", body).status_code == 404
    assert titles(notices) == []
    assert post(served, SECRET, body).status_code == 204
    assert post(served, SECRET, body).status_code == 204
    assert titles(notices) == ["避難指示"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b'{"data": 7}', 422),
        (b'{"data": [7]}', 422),
        (b"[" * 100_000, 422),
        (b'{"data": [' + b"{}," * 600 + b"{}]}", 422),
        (b"x" * (LARGEST + 1), 413),
        (b'{"data": [{"id": 7, "type": {}, "name": []}]}', 204),
    ],
    ids=["empty", "list", "number", "numbers", "deep", "many", "large", "nonsense"],
)
def test_a_hostile_body_is_refused_or_does_nothing(served, notices, body, status):
    assert post(served, SECRET, body).status_code == status
    assert titles(notices) == []


def test_markup_never_reaches_a_screen(served, notices):
    hostile = entity(
        title="<img src=x onerror=alert(1)>大雨\u202e", description="&lt;b&gt;\x00逃げて"
    )
    body = json.dumps({"data": [hostile]}).encode()
    assert post(served, SECRET, body).status_code == 204
    (notice,) = put(served, {"outbox": 0, "oldest": 0, "version": "0.1.0"}).json()["notices"]
    assert notice["words"] == {"ja": {"title": "大雨", "text": "逃げて"}}


def test_a_report_is_kept_as_the_last_word_of_its_device(served, engine):
    assert put(served, {"outbox": 3, "oldest": 9, "version": "0.1.0"}).status_code == 200
    said = {"outbox": 0, "oldest": 0, "version": "0.1.0", "devices": {"printer": "fault"}}
    assert put(served, said).status_code == 200
    assert put(served, said, "k02").status_code == 401
    with Rows(engine) as session:
        row = session.get(DeviceTable, "K01")
        seen = seen_in(row.report)
    assert (seen.report.outbox, seen.report.devices.printer) == (0, "fault")
    assert seen.at == row.seen == NOW.isoformat()


@pytest.mark.parametrize(
    "said",
    [
        {},
        7,
        {"outbox": -1, "oldest": 0, "version": "0.1.0"},
        {"outbox": 0, "oldest": 0, "version": "渡邉　一郎"},
        {"outbox": 0, "oldest": 0, "version": "0.1.0", "name": "渡邉　一郎"},
        {"outbox": 0, "oldest": 0, "version": "0.1.0", "devices": {"printer": "渡邉"}},
    ],
)
def test_a_report_has_no_room_for_anything_else(served, said):
    assert put(served, said).status_code == 422


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\x1b[2J"])
def test_a_name_that_no_database_holds_stops_no_other_notice(notices, name):
    notices.reconcile([entity(name), entity("b", "通行止め")], NOW)
    assert titles(notices) == ["通行止め"]
