"""What the two databases promise, kept even by a process that is killed."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, inspect

import kiosk.adapters.migrate
import kiosk.adapters.tables
import kiosk.errors
import office.config
import office.store
import office.tables
from forms.envelope import canonical
from kiosk.adapters.clerks import SqliteClerks
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import connect, open_store
from kiosk.errors import StoreUnusable
from tests.fakes.envelopes import NAME, envelope

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[[Path], Engine]
Migrate = Callable[..., None]


def opened_terminal(file: Path) -> Engine:
    """The terminal opens its database; the engine is ours, to look at it."""
    open_store(file).close()
    return create_engine(f"sqlite:///{file}")


def migrate_terminal(engine: Engine, revision: str = "head") -> None:
    kiosk.adapters.migrate.migrate(partial(connect, Path(str(engine.url.database))), revision)


TERMINAL = (
    opened_terminal,
    migrate_terminal,
    kiosk.adapters.tables.Table.metadata,
    kiosk.errors.SetupFault,
)
OFFICE = (
    office.store.open_store,
    office.store.migrate,
    office.tables.Table.metadata,
    office.config.SetupFault,
)
both = pytest.mark.parametrize(
    ("opened", "migrate", "metadata", "fault"), [TERMINAL, OFFICE], ids=["terminal", "office"]
)


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


@both
def test_the_migrations_build_what_the_models_say(
    tmp_path: Path, opened: Open, migrate: Migrate, metadata: MetaData, fault: type[Exception]
) -> None:
    with disposed(opened(tmp_path / "a.db")) as engine:
        assert differences(engine, metadata) == []


ASSEMBLED = """
import sys
from pathlib import Path
from kiosk.config import read_settings
from kiosk.ground import stand_on
ground = stand_on(read_settings(Path(sys.argv[1])), Path(sys.argv[1]))
assert ground.outbox.depth().waiting == 0
assert ground.account().ledger.open() == []
ground.office.close()
ground.store.close()
heavy = ("sqlalchemy", "alembic", "mako", "greenlet", "kiosk.adapters.tables")
print([name for name in sys.modules if name.startswith(heavy)])
"""


def test_a_terminal_that_is_up_to_date_is_assembled_without_sqlalchemy(tmp_path: Path) -> None:
    first, again = (
        subprocess.run(
            [sys.executable, "-c", ASSEMBLED, str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for _ in range(2)
    )
    assert "'sqlalchemy'" in first  # a new database needs its tables: the search does find
    assert again == "[]\n"


@both
def test_the_migrations_go_down_and_up_again(
    tmp_path: Path, opened: Open, migrate: Migrate, metadata: MetaData, fault: type[Exception]
) -> None:
    with disposed(opened(tmp_path / "a.db")) as engine:
        assert tables(engine) == set(metadata.tables)
        migrate(engine, "base")
        assert tables(engine) == set()
        migrate(engine)
        assert differences(engine, metadata) == []


@both
def test_a_database_of_ours_is_opened_again_as_it_is(
    tmp_path: Path, opened: Open, migrate: Migrate, metadata: MetaData, fault: type[Exception]
) -> None:
    for _ in range(3):
        with disposed(opened(tmp_path / "a.db")) as engine:
            assert differences(engine, metadata) == []
    assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o600


@both
def test_a_migration_cut_short_leaves_nothing_half_built(
    tmp_path: Path, opened: Open, migrate: Migrate, metadata: MetaData, fault: type[Exception]
) -> None:
    file = tmp_path / "a.db"
    last = list(metadata.tables)[-1]
    with disposed(opened(file)) as engine:
        migrate(engine, "base")
    # A table in the way makes the migration fail in its middle, as a kill would.
    getting_in_the_way = sqlite3.connect(file)
    getting_in_the_way.execute(f"CREATE TABLE {last} (x)")
    getting_in_the_way.commit()
    with pytest.raises(fault):
        opened(file).dispose()
    getting_in_the_way.execute(f"DROP TABLE {last}")
    getting_in_the_way.commit()
    getting_in_the_way.close()
    with disposed(opened(file)) as engine:
        assert differences(engine, metadata) == []


@both
def test_a_locked_database_is_named(
    tmp_path: Path, opened: Open, migrate: Migrate, metadata: MetaData, fault: type[Exception]
) -> None:
    file = tmp_path / "a.db"
    opened(file).dispose()
    holder = sqlite3.connect(file, isolation_level=None)
    # Out of WAL, so that the lock keeps readers out as well.
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(fault) as said:
            opened(file).dispose()
    finally:
        holder.close()
    assert str(file) in str(said.value)
    assert "\n" not in str(said.value)


@both
@pytest.mark.parametrize("foreign", ["another program", "a text", "a folder"])
def test_a_foreign_file_is_named_and_left_as_it_was(
    tmp_path: Path,
    opened: Open,
    migrate: Migrate,
    metadata: MetaData,
    fault: type[Exception],
    foreign: str,
) -> None:
    file = tmp_path / "a.db"
    if foreign == "a folder":
        file.mkdir()
    elif foreign == "a text":
        file.write_text("this is a letter and no database\n" * 200, "utf-8")
    else:
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
        other.close()
    before = b"" if foreign == "a folder" else file.read_bytes()
    with pytest.raises(fault) as said:
        opened(file).dispose()
    assert str(file) in str(said.value)
    assert "\n" not in str(said.value)
    assert (b"" if foreign == "a folder" else file.read_bytes()) == before


def test_what_is_kept_cannot_be_read_from_the_disk(tmp_path: Path) -> None:
    key = KeyFolder(tmp_path / "keys").row_key()
    with closing(open_store(tmp_path / "terminal.db")) as store:
        outbox = SqliteOutbox(store, key)
        kept = [outbox.keep(envelope) for _ in range(20)]
        SqliteClerks(store).add("c01", "窓口　守", "a very secret word")
        written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
        assert outbox.body(str(kept[0].id)) == canonical(kept[0])
    written += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert any(b"K01-000020" in content for content in written)  # the search does find
    for secret in (NAME, "一郎", "a very secret word"):
        for encoding in ("utf-8", "utf-16-le"):
            assert not [c for c in written if secret.encode(encoding) in c]


def test_the_keys_are_for_us_alone_and_stay_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first, again = KeyFolder(folder), KeyFolder(folder)
    assert first.row_key() == again.row_key()
    numbers = [k.prefill_keys()[0].private_numbers() for k in (first, again)]
    assert numbers[0] == numbers[1]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} == {"rows.key", "prefill.pem"}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_a_row_that_cannot_be_opened_is_a_fault_of_the_store(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "terminal.db")) as store:
        kept = SqliteOutbox(store, os.urandom(32)).keep(envelope)
        with pytest.raises(StoreUnusable):
            SqliteOutbox(store, os.urandom(32)).body(str(kept.id))


def test_a_clerk_signs_in_with_their_own_secret_alone(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "terminal.db")) as store:
        clerks = SqliteClerks(store)
        clerks.add("c01", "窓口　守", "first")
        assert clerks.name_of("c01", "first") == "窓口　守"
        assert clerks.name_of("c01", "second") is None
        assert clerks.name_of("c02", "first") is None
        clerks.add("c01", "窓口　守", "second")
        assert clerks.name_of("c01", "first") is None
        assert clerks.name_of("c01", "second") == "窓口　守"


KEEPER = """
import sys
from pathlib import Path
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import connect, open_store
from tests.fakes.envelopes import envelope
outbox = SqliteOutbox(open_store(Path(sys.argv[1])), bytes(32))
for _ in range(100_000):
    print(outbox.keep(envelope).sequence, flush=True)
"""


@pytest.mark.parametrize("after", [1, 111])
def test_whatever_was_announced_outlives_a_kill(tmp_path: Path, after: int) -> None:
    file = tmp_path / "terminal.db"
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    with keeper.stdout as told:
        announced = [told.readline() for _ in range(after)]
        keeper.kill()
        announced += told.readlines()
        keeper.wait(timeout=10)
    assert len(announced) >= after
    numbers = [int(line) for line in announced if line.endswith("\n")]
    assert numbers == list(range(1, len(numbers) + 1))
    with closing(open_store(file)) as store:
        outbox = SqliteOutbox(store, bytes(32))
        rows = outbox.rows()
        assert len(rows) in (len(numbers), len(numbers) + 1)  # one may be kept and not yet told
        for number in numbers:
            assert rows[number - 1].receipt == f"K01-{number:06d}"
            assert outbox.body(rows[number - 1].id) == canonical(envelope(number))
        assert outbox.keep(envelope).sequence == len(rows) + 1
