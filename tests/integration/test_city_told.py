"""What the city OS has heard it does not hear again, and nobody reads everything at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from office.cityos.config import CityOs, read_city_os
from office.cityos.figures import PAGE
from office.cityos.opening import speak
from office.cityos.publish import Publisher
from office.history import ACKNOWLEDGED, RECEIVED, move
from office.notices import Notices
from office.store import open_store
from office.tables import HistoryTable, SubmissionTable
from tests.fakes.broker import FakeBroker, broker
from tests.fakes.postgres import postgres
from tests.integration.test_city_os import city_file

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MANY = 2 * PAGE + 300


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with postgres() as url:
        opened = open_store(url)
        yield opened
        opened.dispose()


@pytest.fixture
def there(engine: Engine) -> Iterator[FakeBroker]:
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE submission, history, told").close()
    with Session(engine) as session, session.begin():
        session.execute(insert(SubmissionTable), [arrived(number) for number in range(MANY)])
        session.execute(insert(HistoryTable), [begun(number) for number in range(MANY)])
    with broker() as made:
        yield made


def arrived(number: int) -> dict[str, object]:
    return {
        "id": f"{number:036d}",
        "sha256": "0" * 64,
        "device": "K01",
        "sequence": number,
        "received": NOW.isoformat(),
        "state": RECEIVED,
        "token": f"t{number}",
        "body": json.dumps({"form": "juminhyo", "channel": "kiosk"}).encode(),
        "missing": 0,
    }


def begun(number: int) -> dict[str, object]:
    told = {"submission": f"{number:036d}", "state": RECEIVED, "at": NOW.isoformat()}
    return {**told, "by": "K01", "words": ""}


@contextmanager
def office(engine: Engine, city: CityOs, after: timedelta) -> Iterator[Publisher]:
    """A process of the office that begins now."""

    def now() -> datetime:
        return NOW + after

    line = speak(city, None)
    try:
        yield Publisher(engine, line, city, Notices(engine, {}, now), b"k", "", now)
    finally:
        line.close()


@contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """How many rows each statement brought."""
    found: list[int] = []

    def look(_: object, cursor: object, *__: object) -> None:
        found.append(max(0, cursor.rowcount))

    event.listen(engine, "after_cursor_execute", look)
    yield found
    event.remove(engine, "after_cursor_execute", look)


def city(tmp_path: Path, there: FakeBroker) -> CityOs:
    return read_city_os(city_file(tmp_path, there, "ServiceApplication"))[0]


def applications(there: FakeBroker) -> int:
    return sum(len(entities) for entities in there.entities.values())


def until_all_is_told(publisher: Publisher) -> int:
    rounds = 1
    while publisher.round():
        rounds += 1
        assert rounds < 20
    return rounds


def test_the_first_time_applications_go_page_by_page(engine, there, tmp_path) -> None:
    with office(engine, city(tmp_path, there), timedelta(hours=1)) as publisher:
        for page in (1, 2):
            with counted(engine) as rows:
                assert publisher.round()
            assert sum(rows) <= 2 * PAGE + 5
            assert applications(there) == page * PAGE
        assert not publisher.round()
        assert applications(there) == MANY


def test_an_office_that_starts_anew_reads_and_tells_what_moved_since(
    engine, there, tmp_path
) -> None:
    with office(engine, city(tmp_path, there), timedelta(hours=1)) as publisher:
        assert until_all_is_told(publisher) == 3
    moved = f"{7:036d}"
    there.asked.clear()
    with office(engine, city(tmp_path, there), timedelta(hours=2)) as publisher:
        with counted(engine) as rows:
            assert not publisher.round()
        assert sum(rows) <= 5
        assert there.asked == []
        with Session(engine) as session, session.begin():
            move(session, moved, ACKNOWLEDGED, "B01", "", NOW + timedelta(minutes=90))
        with counted(engine) as rows:
            assert not publisher.round()
        assert sum(rows) <= 10
        assert [method for method, _ in there.asked].count("POST") == 1


def test_an_office_that_ends_in_between_goes_on_where_it_was(engine, there, tmp_path) -> None:
    with office(engine, city(tmp_path, there), timedelta(hours=1)) as publisher:
        assert publisher.round()
    with office(engine, city(tmp_path, there), timedelta(hours=1)) as publisher:
        assert until_all_is_told(publisher) == 2
    assert applications(there) == MANY


def test_a_page_that_was_not_taken_is_told_again(engine, there, tmp_path) -> None:
    there.database = False
    with office(engine, city(tmp_path, there), timedelta(hours=1)) as publisher:
        with pytest.raises(Exception, match="500"):
            publisher.round()
        there.database = True
        until_all_is_told(publisher)
    assert applications(there) == MANY


def test_more_in_one_minute_than_a_page_holds_is_told_and_looked_at_once_more(
    engine, there, tmp_path
) -> None:
    with office(engine, city(tmp_path, there), timedelta(seconds=30)) as publisher:
        assert until_all_is_told(publisher) == 3
        assert applications(there) == MANY
        assert until_all_is_told(publisher) == 3  # one may have been committed late
    with office(engine, city(tmp_path, there), timedelta(seconds=90)) as publisher:
        assert until_all_is_told(publisher) == 3
        there.asked.clear()
        publisher.round()
        assert there.asked == []


def test_a_line_that_is_committed_while_a_page_waits_for_the_broker_is_told(
    engine, there, tmp_path
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE history").close()
    late = engine.connect()
    late.execute(insert(HistoryTable), [begun(0)])
    with engine.begin() as connection:
        connection.execute(insert(HistoryTable), [begun(number) for number in range(1, MANY)])
    with office(engine, city(tmp_path, there), timedelta(seconds=30)) as publisher:
        assert publisher.round()
        late.commit()
        late.close()
        publisher.now = lambda: NOW + timedelta(minutes=20)  # the broker was away so long
        until_all_is_told(publisher)
        until_all_is_told(publisher)
    assert applications(there) == MANY


def test_another_broker_or_another_word_hears_everything(engine, there, tmp_path) -> None:
    mine = city(tmp_path, there)
    with office(engine, mine, timedelta(hours=1)) as publisher:
        until_all_is_told(publisher)
    there.entities.clear()
    with office(engine, replace(mine, again="2026-11-21"), timedelta(hours=1)) as publisher:
        until_all_is_told(publisher)
    assert applications(there) == MANY
