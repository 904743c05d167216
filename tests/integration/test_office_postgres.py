"""A city's office: several processes over one PostgreSQL, which may go away and come back."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from forms.envelope import Envelope
from office.config import SetupFault
from office.store import open_store
from office.tables import Table
from tests.fakes.crowd import Heard, crowd
from tests.fakes.paired import announced
from tests.fakes.postgres import Postgres, server
from tests.integration.test_office import (
    ENROLLED,
    Answer,
    Office,
    envelope,
    is_problem,
    pulled,
    refused_in_one_line,
    running,
    start_in_vain,
)


@contextmanager
def another(home: Path, *arguments: str) -> Iterator[str]:
    """One more office over the same home and database; its address."""
    with announced(home, *arguments) as (_, said):
        yield said["url"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city") / "home"


@pytest.fixture(scope="module")
def offices(home: Path, city_postgres: Postgres) -> Iterator[tuple[Office, str]]:
    """One with its devices, and the address of another."""
    where = ("--database", city_postgres.create("two_offices"))
    with running(home, *where, *ENROLLED) as first, another(home, *where) as second:
        yield first, second


def put_at(url: str, office: Office, sent: Envelope) -> Answer:
    return replace(office, url=url).put(sent)


def test_the_same_at_two_offices_at_once_comes_in_once(offices: tuple[Office, str]) -> None:
    office, second = offices
    for _ in range(10):
        sent = envelope()
        urls = [office.url, second] * 6
        with ThreadPoolExecutor(12) as many:
            answers = list(many.map(put_at, urls, repeat(office), repeat(sent)))
        assert sorted(each.status for each in answers) == [200] * 11 + [201]
        assert len({each.content for each in answers}) == 1


def test_two_bodies_under_one_id_at_once_are_one_submission(offices: tuple[Office, str]) -> None:
    office, second = offices
    for _ in range(10):
        sent = envelope()
        bodies = [(office.url, office, sent), (second, office, replace(sent, fee=0))] * 4
        with ThreadPoolExecutor(8) as many:
            answers = list(many.map(put_at, *zip(*bodies, strict=True)))
        assert sorted(each.status for each in answers) == [200] * 3 + [201] + [409] * 4
        (kept,) = {each.json["sha256"] for each in answers if each.status != 409}
        assert office.call("GET", f"/v1/submissions/{sent.id}").json["sha256"] == kept


def pages(office: Office, url: str, until: threading.Event) -> list[tuple[str, str, int]]:
    """Reads on and on from where it was: what is skipped once is never seen."""
    found: list[tuple[str, str, int]] = []
    cursor, last = "0", False
    reader = replace(office, url=url)
    for _ in range(10_000):
        last = until.is_set()
        page = reader.call("GET", f"/v1/submissions?after={cursor}", "C01").json
        found += [(each["id"], each["device"], each["sequence"]) for each in page["items"]]
        if page["next"] is None:
            if last:
                return found
            time.sleep(0.01)
        cursor = page["next"] or cursor
    raise AssertionError("the list has no end")


def test_a_list_that_is_read_while_two_offices_write_skips_nothing(
    tmp_path: Path, city_postgres: Postgres
) -> None:
    where = ("--database", city_postgres.create("reading"))
    sent = [[envelope(device) for _ in range(150)] for device in ("K01", "K02") * 3]
    with (
        running(tmp_path, *where, *ENROLLED) as first,
        another(tmp_path, *where) as second,
        another(tmp_path, *where) as third,
    ):
        done = threading.Event()
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(pages, first, third, done)
            heard = crowd([first.url, second], dict(first.tokens), sent)
            done.set()
            found = reading.result(timeout=60)
    assert {each.status for each in heard} == {201}
    assert len(found) == len(set(found)) == 900
    assert {each[0] for each in found} == {str(each.id) for each in heard}
    place = {each[0]: n for n, each in enumerate(found)}
    for line in sent:  # each connection one after the other: in the order of its receipts
        places = [place[str(each.id)] for each in line]
        assert places == sorted(places)


def test_a_database_that_goes_away_is_said_and_comes_back_to_the_same_office(
    tmp_path: Path,
) -> None:
    with server() as postgres, running(tmp_path, "--database", postgres.url, *ENROLLED) as office:
        promised = [envelope() for _ in range(5)]
        assert {office.put(each).status for each in promised} == {201}
        postgres.stop(signal.SIGQUIT)  # a crash
        away = envelope()
        began = time.monotonic()
        refused = office.put(away)
        assert is_problem(refused, 503, "store-unusable")
        assert refused.headers["retry-after"]
        assert office.call("GET", "/readyz", "").status == 503
        assert office.call("GET", "/healthz", "").status == 200
        assert time.monotonic() - began < 15
        postgres.start()
        assert until_ready(office)
        assert office.put(away).status in (200, 201)
        assert [office.put(each).status for each in promised] == [200] * 5
        ids = [each["id"] for each in pulled(office)[0]]
        assert ids == [str(each.id) for each in (*promised, away)]


def until_ready(office: Office) -> bool:
    for _ in range(50):
        if office.call("GET", "/readyz", "").status == 200:
            return True
        time.sleep(0.2)
    return False


def test_a_crash_of_the_database_under_load_loses_nothing_that_was_promised(
    tmp_path: Path,
) -> None:
    sent = [[envelope(device) for _ in range(150)] for device in ("K01", "K02") * 3]
    with server() as postgres, running(tmp_path, "--database", postgres.url, *ENROLLED) as office:
        tokens = dict(office.tokens)
        with ThreadPoolExecutor(1) as beside:
            answers = beside.submit(crowd, [office.url], tokens, sent)
            time.sleep(0.5)
            postgres.stop(signal.SIGQUIT)
            postgres.start()
            heard: list[Heard] = answers.result(timeout=120)
        statuses = {each.status for each in heard}
        assert 503 in statuses, "it was away in the middle"
        assert statuses <= {201, 401, 503}
        assert until_ready(office)
        ids = {each["id"] for each in pulled(office)[0]}
        assert {str(each.id) for each in heard if each.status == 201} <= ids


def test_a_database_that_only_reads_is_not_ready(tmp_path: Path, city_postgres: Postgres) -> None:
    url = city_postgres.create("reading_only")
    with running(tmp_path, "--database", url, *ENROLLED) as office:
        assert office.put(envelope()).status == 201
        assert office.call("GET", "/readyz", "").status == 200
        with psycopg.connect(url, autocommit=True) as held:
            held.execute("ALTER DATABASE reading_only SET default_transaction_read_only = on")
            held.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = 'reading_only' AND pid <> pg_backend_pid()"
            )
        time.sleep(1.1)  # as long as the last proof counts
        assert is_problem(office.call("GET", "/readyz", ""), 503, "store-unusable")
        assert is_problem(office.put(envelope()), 503, "store-unusable")


def test_many_that_start_at_once_make_the_tables_once(city_postgres: Postgres) -> None:
    url = city_postgres.create("starting")
    with ThreadPoolExecutor(6) as many:
        engines = list(many.map(lambda _: open_store(url), range(6)))
    with engines[0].connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    for each in engines:
        each.dispose()


def test_what_cannot_be_used_is_one_line_without_the_password(
    tmp_path: Path, city_postgres: Postgres
) -> None:
    secret = "hush-hush"
    away = f"postgresql://office:{secret}@127.0.0.1:1/office"
    line = refused_in_one_line(start_in_vain(tmp_path, "--port", "0", "--database", away))
    assert "127.0.0.1" in line
    assert secret not in line
    for url in (
        f"mysql://office:{secret}@127.0.0.1/office",
        f"postgresql://office:{secret}@127.0.0.1:port/office",
        f"postgresql://office:{secret}@127.0.0.1",
        city_postgres.url.replace("postgres@/postgres", f"nobody:{secret}@/nowhere"),
    ):
        with pytest.raises(SetupFault) as caught:
            open_store(url)
        assert secret not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_database_of_another_program_is_left_as_it_was(city_postgres: Postgres) -> None:
    url = city_postgres.create("foreign_one")
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE recipes (name text)")
    with pytest.raises(SetupFault, match="another program"):
        open_store(url)
    with psycopg.connect(url) as other:
        tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("recipes",)]


def test_a_database_that_forgets_its_promises_is_refused(city_postgres: Postgres) -> None:
    url = city_postgres.create("forgetful")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("ALTER DATABASE forgetful SET synchronous_commit = off")
    with pytest.raises(SetupFault, match="synchronous_commit is off"):
        open_store(url)


def test_a_database_of_a_newer_office_is_said_so(city_postgres: Postgres) -> None:
    url = city_postgres.create("newer")
    open_store(url).dispose()
    with psycopg.connect(url) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupFault, match="newer office"):
        open_store(url)


def test_offices_share_a_port_and_one_may_go(tmp_path: Path, city_postgres: Postgres) -> None:
    where = ("--database", city_postgres.create("sharing"), "--reuse-port")
    with ExitStack() as stack:
        office = stack.enter_context(running(tmp_path, *where, *ENROLLED))
        port = office.url.rpartition(":")[2]
        with another(tmp_path, *where, "--port", port) as second:
            assert second == office.url
            assert {office.put(envelope()).status for _ in range(10)} == {201}
        assert {office.put(envelope()).status for _ in range(10)} == {201}


def test_the_environment_names_the_database_too(
    tmp_path: Path, city_postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = city_postgres.create("by_environment")
    monkeypatch.setenv("KAKANAI_OFFICE_DATABASE", url)
    with running(tmp_path, *ENROLLED) as office:
        assert office.put(envelope()).status == 201
    assert not (tmp_path / "office.db").exists()
    with psycopg.connect(url) as look:
        assert look.execute("SELECT count(*) FROM submission").fetchone() == (1,)


def test_nothing_of_a_body_stands_in_a_fault(city_postgres: Postgres) -> None:
    engine = open_store(city_postgres.create("faults"))
    with pytest.raises(Exception, match="no_such_table") as caught, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO no_such_table VALUES (%s)", ("渡邉　一郎",))
    assert "渡邉" not in str(caught.value)
    engine.dispose()
