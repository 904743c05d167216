"""An office, a broker and a terminal, each real: what one says the others hear."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from sqlalchemy.orm import Session

from forms.envelope import Envelope, canonical, new_id, status_token
from kiosk.adapters import store as terminal_store
from kiosk.adapters.clock import WallClock
from kiosk.adapters.memo import SqliteMemo
from kiosk.adapters.office import HttpOffice
from kiosk.domain.notices import Kind
from kiosk.ports.office import Heard
from kiosk.ports.outbox import Depth
from kiosk.usecases.report import Health, Reporter
from office.cityos.config import read_city_os
from office.cityos.figures import day_name, statistics
from office.cityos.opening import speak
from office.cityos.publish import Publisher, alone
from office.config import SetupFault
from office.history import DONE, move
from office.notices import Notices
from office.store import open_store
from office.tables import SubmissionTable
from tests.fakes.broker import CLIENT, SECRET, FakeBroker, broker
from tests.fakes.envelopes import NAME, envelope
from tests.fakes.paired import Started, office_running

CODE, SERVICE = "352012", "kakanai"
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
JAPAN = WallClock().now().tzinfo
numbers = count(1)
CITY = """
kind: {kind}
url: {url}
service: kakanai
every: 1
code: "352012"
office: honcho
office_name: 本庁市民課
town: "0001000"
publish: [{publish}]
kiosks:
  K01: {{name: 本庁1階 申請端末1, location: ["130.9411", "33.9578"]}}
{more}
"""
EVERYTHING = "Kiosk, QueueMonitor, CounterDailyStatistics, ServiceApplication"
HEARD = "notices:\n  callback: {callback}\n"


def until(look: Callable[[], object], seconds: float = 15.0) -> object:
    """What was looked for, once it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def city_file(folder: Path, there: FakeBroker, publish: str = EVERYTHING, more: str = "") -> Path:
    file = folder / "cityos.yaml"
    file.write_text(
        CITY.format(kind=there.kind, url=there.url, publish=publish, more=more), "utf-8"
    )
    return file


def on(there: FakeBroker, method: str, path: str, **arguments: object) -> requests.Response:
    """Somebody else of the city, speaking to the broker."""
    service = "NGSILD-Tenant" if there.kind == "ld" else "Fiware-Service"
    base = "/ngsi-ld/v1" if there.kind == "ld" else "/v2"
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, there.url + base + path, headers={service: SERVICE}, timeout=10, **arguments
        )


def alert(there: FakeBroker, title: str, **more: object) -> dict[str, object]:
    """A notice as another program of the city writes it."""
    said = {"name": title, "name_en": "Evacuate", "description": "高い所へ", **more}
    kind = "Property" if there.kind == "ld" else "Text"
    return {
        "id": "urn:ngsi-ld:Alert:1",
        "type": "Alert",
        **{name: {"type": kind, "value": value} for name, value in said.items()},
    }


class WaitingOutbox:
    """Two applications wait in it, since ten minutes."""

    def depth(self) -> Depth:
        return Depth(2, (WallClock().now() - timedelta(minutes=10)).isoformat())


@contextmanager
def terminal(office: HttpOffice, home: Path) -> Iterator[Reporter]:
    home.mkdir(exist_ok=True)
    store = terminal_store.open_store(home / "terminal.db")
    try:
        memo = SqliteMemo(store, "notices")
        yield Reporter(WaitingOutbox(), office, memo, WallClock(), Health())
    finally:
        store.close()


def hand_in(started: Started) -> Envelope:
    made = envelope(next(numbers))
    with requests.Session() as session:
        session.trust_env = False
        answer = session.put(
            f"{started.url}/v1/submissions/{made.id}",
            data=canonical(made),
            headers=started.devices.header("K01"),
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
    return made


@pytest.fixture(params=["v2", "ld"])
def there(request) -> Iterator[FakeBroker]:
    with broker(request.param) as made:
        yield made


def listed(there: FakeBroker, kind: str) -> list[dict]:
    return on(there, "GET", "/entities", params={"type": kind, "options": "keyValues"}).json()


def test_a_terminals_report_reaches_the_city_os_and_nothing_personal_does(there, tmp_path):
    file = city_file(tmp_path, there)
    with ExitStack() as stack:
        started = stack.enter_context(
            office_running(tmp_path / "office", "--enrol", "K01:kiosk", "--city-os", str(file))
        )
        reporter = stack.enter_context(terminal(started.devices.office("K01"), tmp_path / "k01"))
        stack.callback(reporter.office.close)
        made = hand_in(started)
        assert reporter.tell(busy=True) == ()
        (kiosk,) = until(lambda: listed(there, "Kiosk"))
        assert kiosk["name"] == "本庁1階 申請端末1"
        assert (kiosk["outboxDepth"], kiosk["deviceState"]) == (2, "ok")
        assert 590 <= kiosk["outboxOldestSeconds"] <= 620
        until(lambda: [each["ticketsToServe"] for each in listed(there, "QueueMonitor")] == [1])
        (told,) = until(lambda: listed(there, "ServiceApplication"))
        assert (told["status"], told["statusSeq"]) == ("received", 1)
    held = json.dumps([*there.entities.values()], ensure_ascii=False)
    for secret in (NAME, made.receipt, str(made.id), status_token(made.id)):
        assert secret not in held


def test_applications_are_told_only_where_it_was_switched_on(there, tmp_path):
    file = city_file(tmp_path, there, "QueueMonitor")
    with office_running(tmp_path / "o", "--enrol", "K01:kiosk", "--city-os", str(file)) as started:
        hand_in(started)
        until(lambda: listed(there, "QueueMonitor"))
    assert listed(there, "ServiceApplication") == listed(there, "Kiosk") == []


def test_without_a_city_os_nobody_is_told_and_nobody_is_heard(tmp_path):
    with office_running(tmp_path / "o", "--enrol", "K01:kiosk") as started:
        office = started.devices.office("K01")
        said = {"outbox": 0, "oldest": 0, "version": "0.1.0"}
        assert office.report(said) == Heard([], [])
        office.close()
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{started.url}/v1/notifications/", json={"data": []}, timeout=10)
            assert answer.status_code == 404


def test_a_notice_reaches_the_terminal_stays_without_the_office_and_goes(there, tmp_path):
    with ExitStack() as stack:
        file = tmp_path / "cityos.yaml"
        started = _listening(stack, there, tmp_path, file)
        office = started.devices.office("K01")
        stack.callback(office.close)
        reporter = stack.enter_context(terminal(office, tmp_path / "k01"))
        until(lambda: on(there, "GET", "/subscriptions").json())
        assert on(there, "POST", "/entities", json=alert(there, "避難指示")).status_code == 201
        (notice,) = until(lambda: reporter.tell(busy=False))
        assert (notice.kind, notice.said("ja").title) == (Kind.ALERT, "避難指示")
        assert notice.said("en").title == "Evacuate"
        assert notice.said("ja_easy").title == "避難指示"
        assert reporter.recall() == (notice,)  # also after a restart, also without the office
        path = "/entities/urn:ngsi-ld:Alert:1"
        assert on(there, "DELETE", path).status_code == 204
        until(lambda: reporter.tell(busy=False) == ())
        assert reporter.recall() == ()


def test_a_notification_that_was_lost_is_found_by_asking(there, tmp_path):
    with ExitStack() as stack:
        started = _listening(stack, there, tmp_path, tmp_path / "cityos.yaml", "http://127.0.0.1:9")
        office = started.devices.office("K01")
        stack.callback(office.close)
        on(there, "POST", "/entities", json=alert(there, "避難指示"))
        said = {"outbox": 0, "oldest": 0, "version": "0.1.0"}
        (notice,) = until(lambda: office.report(said).notices)
        assert notice["words"]["ja"]["title"] == "避難指示"


def _listening(
    stack: ExitStack, there: FakeBroker, folder: Path, file: Path, callback: str = ""
) -> Started:
    """An office whose broker knows where it is; its port is known beforehand for that."""
    port = _free_port()
    more = HEARD.format(callback=callback or f"http://127.0.0.1:{port}")
    made = city_file(folder, there, "", more)
    assert made == file
    wanted = ("--port", str(port), "--enrol", "K01:kiosk", "--city-os", str(file))
    return stack.enter_context(office_running(folder / "office", *wanted))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("publish: [Kiosk]", "publish: [Person]"),
        ('code: "352012"', "code: 352"),
        ("every: 1", "every: soon"),
        ("kind: v2", "kind: v3"),
        ("service: kakanai", "service: 'a b'"),
        ('location: ["130.9411", "33.9578"]', 'location: ["33.9", "130.9"]'),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it(tmp_path, wrong, says):
    with broker() as made:
        file = city_file(tmp_path, made, "Kiosk")
    text = file.read_text("utf-8")
    assert wrong in text
    file.write_text(text.replace(wrong, says), "utf-8")
    with pytest.raises(SetupFault) as fault:
        read_city_os(file)
    assert str(file) in str(fault.value)
    assert "line " in str(fault.value)


def test_the_file_in_the_documents_is_one(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "city-os.md").read_text("utf-8")
    (tmp_path / "broker.secret").write_text("x")
    file = tmp_path / "cityos.yaml"
    file.write_text(page.partition("```yaml\n")[2].partition("```")[0], "utf-8")
    city, credentials = read_city_os(file)
    assert (city.threshold, city.kiosks["K01"].name) == (10, "本庁1階 申請端末1")
    assert credentials is not None


def test_the_secret_of_the_broker_is_in_a_file_beside(tmp_path):
    with broker() as made:
        made.wants_token = "X-Auth-Token"
        more = (
            f"auth: {{token_url: {made.url}/token, client: {CLIENT}, secret: broker.secret, "
            "header: X-Auth-Token}\n"
        )
        file = city_file(tmp_path, made, "Kiosk", more)
        with pytest.raises(SetupFault):
            read_city_os(file)
        (tmp_path / "broker.secret").write_text(SECRET + "\n")
        line = speak(*read_city_os(file))
        assert line.query("Kiosk") == []
        line.close()


def _day(engine, kinds: dict[str, int], done: int = 0, channel: str = "counter") -> None:
    """So many applications arrived on 20 November, and so many of them were done that day."""
    with Session(engine) as session, session.begin():
        for form, many in kinds.items():
            for _ in range(many):
                number = next(numbers)
                name = str(new_id(NOW, number.to_bytes(10, "big")))
                at = datetime(2026, 11, 20, 9, number % 60, tzinfo=JAPAN)
                session.add(
                    SubmissionTable(
                        id=name,
                        sha256="0" * 64,
                        device="C01",
                        sequence=number,
                        received=at.isoformat(),
                        state="received",
                        token=f"t{number}",
                        body=json.dumps({"form": form, "channel": channel}).encode(),
                    )
                )
                if done > 0:
                    done -= 1
                    move(session, name, DONE, "C01", "", at + timedelta(minutes=10))


def _city(tmp_path, made: FakeBroker, publish: str = "CounterDailyStatistics"):
    return read_city_os(city_file(tmp_path, made, publish))


def test_a_day_is_told_when_it_is_over_without_small_numbers(engine, tmp_path):
    _day(engine, {"juminhyo": 30, "koseki": 20, "inkan-shomei": 12, "ido": 3}, done=40)
    with broker() as made:
        city, credentials = _city(tmp_path, made)
        line = speak(city, credentials)
        morning = datetime(2026, 11, 21, 8, 0, tzinfo=JAPAN)
        publisher = Publisher(
            engine, line, city, Notices(engine, {}, lambda: morning), b"k", "", lambda: morning
        )
        publisher.round()
        (day,) = line.query("CounterDailyStatistics")
        assert (day["acceptedCount"], day["completedCount"]) == (65, 40)
        assert (day["medianWaitSeconds"], day["p90WaitSeconds"]) == (600, 600)
        told = {each["procedureCode"]: each["acceptedCount"] for each in day["byProcedure"]}
        assert told == {"juminhyo": 30, "koseki": 20}  # 12 would give the 3 away
        assert "kioskShare" not in day  # at the kiosk there was nobody
        asked = len(made.asked)
        publisher.round()
        assert len(made.asked) == asked  # nothing changed, nothing is said
        line.close()


def test_the_day_that_goes_on_and_a_day_of_few_are_not_told(engine, tmp_path):
    _day(engine, {"juminhyo": 9})
    with broker() as made:
        city, _ = _city(tmp_path, made)
    with Session(engine) as session:
        assert statistics(session, city, datetime(2026, 11, 20, tzinfo=JAPAN).date()) is None
    assert day_name(city, NOW.date()).endswith(":20261120")


def test_a_broker_that_was_away_hears_how_things_stand_when_it_is_back(engine, tmp_path):
    _day(engine, {"juminhyo": 30})
    with broker() as made:
        made.database = False
        city, credentials = _city(tmp_path, made, "QueueMonitor")
        line, stop = speak(city, credentials), Event()
        publisher = Publisher(
            engine, line, city, Notices(engine, {}, WallClock().now), b"k", "", WallClock().now
        )
        thread = Thread(target=publisher.run, args=(stop,))
        thread.start()
        try:
            until(lambda: len(made.asked) > 1)
            made.database = True
            (queue,) = until(lambda: line.query("QueueMonitor"))
            assert queue["ticketsToServe"] == 30
        finally:
            stop.set()
            thread.join(20)
            line.close()


def test_of_two_offices_over_one_database_one_speaks(city_postgres):
    where = city_postgres.create("one_speaks")
    first, second = open_store(where), open_store(where)
    try:
        with alone(first) as speaks:
            assert speaks()
            with alone(second) as other:
                assert not other()
        with alone(second) as other:
            assert other()
    finally:
        first.dispose()
        second.dispose()


def test_what_is_refused_holds_up_nothing_else(engine, tmp_path, caplog):
    _day(engine, {"juminhyo": 30, "koseki": 20, "inkan-shomei": 12}, done=40)
    with broker() as made:
        city, credentials = _city(tmp_path, made, "QueueMonitor, CounterDailyStatistics")
        line = speak(city, credentials)
        morning = datetime(2026, 11, 21, 8, 0, tzinfo=JAPAN)
        publisher = Publisher(
            engine, line, city, Notices(engine, {}, lambda: morning), b"k", "", lambda: morning
        )
        made.batch_limit = 650  # the day is larger than the queue
        publisher.round()
        assert len(line.query("QueueMonitor")) == 1
        assert line.query("CounterDailyStatistics") == []
        assert "refused: HTTP 413" in caplog.text
        line.close()
