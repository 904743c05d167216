"""An office that grew up: the database of an earlier one is taken over with all it holds."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from forms.envelope import canonical
from office.history import steps
from office.intake import Intake
from office.ledger import Ledger
from office.meters import Meters
from office.registry import Registry
from office.store import APPLICATION, migrate, open_store
from office.tables import HistoryTable, SubmissionTable, Table
from office.tray import Tray
from tests.fakes.envelopes import envelope
from tests.integration.test_office_certificates import (
    COUNTER,
    KIOSK,
    NOW,
    RECORDS,
    key,
    request,
)

OLD = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE device (id VARCHAR(40) NOT NULL, role VARCHAR(12) NOT NULL,
  token_sha256 VARCHAR(64) NOT NULL, PRIMARY KEY (id), UNIQUE (token_sha256));
CREATE TABLE submission (arrival INTEGER NOT NULL, id VARCHAR(36) NOT NULL,
  sha256 VARCHAR(64) NOT NULL, device VARCHAR(40) NOT NULL, sequence INTEGER NOT NULL,
  received VARCHAR(40) NOT NULL, state VARCHAR(16) NOT NULL, token VARCHAR(64) NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (arrival), UNIQUE (id), UNIQUE (token));
CREATE TABLE certificate (serial INTEGER NOT NULL, "key" VARCHAR(120) NOT NULL,
  request_sha256 VARCHAR(64) NOT NULL, number VARCHAR(24) NOT NULL, answer BLOB NOT NULL,
  outcome VARCHAR(12) NOT NULL, PRIMARY KEY (serial), UNIQUE ("key"), UNIQUE (number));
"""
OLD_ROWS = ((1, "K01:first", "printed"), (2, "K02:a:b", "spoiled"), (7, "K01:open", "issued"))


def old_answer(number: str) -> dict[str, Any]:
    return {
        "issued": "2026-11-20",
        "city": {"code": "000000", "name": "書蒼市", "mayor_title": "書蒼市長　文字　守"},
        "content": {"type": "juminhyo", "kind": "person", "residents": []},
        "number": number,
    }


@contextmanager
def old_office(file: Path, fingerprint: str) -> Iterator[Engine]:
    with sqlite3.connect(file) as old:
        old.executescript(f"PRAGMA application_id={APPLICATION};{OLD}")
        old.execute("INSERT INTO device VALUES ('K01', 'kiosk', 'x')")
        for serial, mine, outcome in OLD_ROWS:
            number = f"R8-{serial:06d}"
            body = json.dumps(old_answer(number), ensure_ascii=False).encode()
            old.execute(
                "INSERT INTO certificate VALUES (?, ?, ?, ?, ?, ?)",
                (serial, mine, fingerprint, number, body, outcome),
            )
    old.close()
    engine = open_store(file)
    try:
        yield engine
    finally:
        engine.dispose()


def test_an_old_database_keeps_its_numbers_and_their_fates(tmp_path: Path) -> None:
    with old_office(tmp_path / "office.db", "f") as engine:
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
        ledger = Ledger(engine, lambda: NOW)
        items, _ = ledger.day("2026-11-20", None, 0)
        assert [(r["number"], r["device"], r["outcome"], r["told"]) for r in items] == [
            ("R8-000001", "K01", "printed", None),
            ("R8-000002", "K02", "spoiled", None),
            ("R8-000007", "K01", "issued", None),
        ]
        told = ledger.standing("R8-000007", KIOSK)
        assert told["type"] == "juminhyo"
        assert "digest" not in told  # it was not kept, and nothing is compared with it
        ledger.outcome("R8-000007", "printed", "K01")
        fresh = Registry(engine, RECORDS, lambda: NOW).issue(request(), KIOSK, key())
        assert fresh["number"] == "R8-000008"
        assert len(ledger.standing("R8-000008", KIOSK)["digest"]) == 32


def test_an_order_of_an_old_database_is_answered_again_with_its_numbers(tmp_path: Path) -> None:
    order = request()
    with open_and_close(tmp_path / "new.db") as engine:
        Registry(engine, RECORDS, lambda: NOW).issue(order, KIOSK, "some-key")
        with engine.connect() as connection:
            asked = text("SELECT request_sha256 FROM certificate_order")
            fingerprint = str(connection.execute(asked).scalar_one())
    with old_office(tmp_path / "office.db", fingerprint) as engine:
        answer = Registry(engine, RECORDS, lambda: NOW).issue(order, KIOSK, "open")
        paper = {"content": old_answer("")["content"], "numbers": ["R8-000007"]}
        added = {"type": "juminhyo", "numbers": ["R8-000007"], "papers": [paper]}
        assert answer == {**old_answer("R8-000007"), **added}


@contextmanager
def open_and_close(file: Path) -> Iterator[Engine]:
    engine = open_store(file)
    try:
        yield engine
    finally:
        engine.dispose()


def test_the_way_back_keeps_every_number(engine: Engine) -> None:
    registry = Registry(engine, RECORDS, lambda: NOW)
    numbers = registry.issue(request(copies=3), KIOSK, "three-key")["numbers"]
    Ledger(engine, lambda: NOW).outcome(numbers[1], "spoiled", "K01")
    migrate(engine, "0001")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, outcome FROM certificate ORDER BY serial"))
        assert rows.all() == [
            (numbers[0], "issued"),
            (numbers[1], "spoiled"),
            (numbers[2], "issued"),
        ]
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    assert Ledger(engine, lambda: NOW).standing(numbers[1], COUNTER)["state"] == "spoiled"


def kept(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT arrival, id, sha256, device, state, body FROM submission ORDER BY arrival")
        )
        return [(*row[:5], bytes(row[5])) for row in rows]


def taken_in(engine: Engine, *numbers: int) -> None:
    intake = Intake(engine, lambda: NOW, Meters(), lambda *_: False)
    for number in numbers:
        one = envelope(number)
        assert intake.put(one.id, "K01", canonical(one)).result(10).fresh
    intake.close()


def test_submissions_go_back_and_come_again_to_the_byte_and_more_follow_them(
    engine: Engine,
) -> None:
    taken_in(engine, 1, 2, 3)
    before = kept(engine)
    for revision in ("0002", "0001"):
        migrate(engine, revision)
        assert kept(engine) == before
        migrate(engine)
        assert kept(engine) == before
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    taken_in(engine, 4)
    assert kept(engine)[:3] == before
    with Session(engine) as session:
        last = session.scalars(select(SubmissionTable).order_by(SubmissionTable.arrival)).all()[-1]
        assert (last.id, last.missing, last.purpose) == (str(envelope(4).id), 0, None)
        assert [each["state"] for each in steps(session, last.id)] == ["received"]


def test_what_an_earlier_postgresql_office_numbered_goes_on_beyond_two_thousand_million(
    engine: Engine,
) -> None:
    """Repeated calls take numbers too: they are more than there are submissions."""
    taken_in(engine, 1)
    migrate(engine, "0002")
    migrate(engine)
    far = 2**31 + 5
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table, column in (("submission", "arrival"), ("history", "place")):
                connection.execute(text(f"SELECT setval('{table}_{column}_seq', {far})"))
        else:
            connection.execute(text("UPDATE submission SET arrival = :far"), {"far": far})
    taken_in(engine, 2)
    assert kept(engine)[-1][0] == far + 1
    with Session(engine) as session:
        assert len(session.scalars(select(HistoryTable)).all()) >= 1
    found = Tray(engine, lambda: NOW, lambda *_: False).after(str(far), COUNTER)
    assert [each["id"] for each in found[0]] == [str(envelope(2).id)]
    assert found[1] == str(far + 1)
