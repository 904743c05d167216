"""The journal in a real file: whatever somebody does to it afterwards is found."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.adapters.evidence import evidence
from kiosk.adapters.journal import SqliteJournal, append
from kiosk.adapters.outbox_sql import KEEP
from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import Store, open_store
from kiosk.auditing import UNREACHABLE, verify
from kiosk.codes import rotate
from kiosk.config import read_settings
from kiosk.desk import add_clerk
from kiosk.domain.journal import Deed, Why, link
from kiosk.domain.sheets import Fate
from kiosk.errors import OfficeUnreachable, SetupFault, StoreUnusable
from kiosk.numbers import settle
from kiosk.telling import FINE, NO
from kiosk.usecases.anchor import Anchor
from kiosk.usecases.audit import Finding, Flaw, Verdict, audit
from tests.fakes.clock import StandingClock

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
COLUMNS = ("at", "who", "what", "about", "more", "hash")
WORDS = "SELECT at, who, what, about, more, hash FROM journal ORDER BY place"
SHA = "ab" * 32
MANY = 12
NAMELESS = re.compile(r"[ -~]*")


class RememberingOffice:
    """Keeps every end that it is told, as long as it can be reached."""

    def __init__(self) -> None:
        self.ends: dict[int, str] = {}
        self.away, self.refuses = False, False

    def anchor(self, place: int, link: str) -> str | None:
        if self.away:
            raise OfficeUnreachable
        if self.refuses:
            return "shorter"
        self.ends[place] = link
        return None

    def anchors(self) -> dict[int, str]:
        if self.away:
            raise OfficeUnreachable
        return self.ends

    def anew(self) -> None:
        return None


def submission(number: int) -> str:
    return f"01930000-0000-7000-8000-{number:012d}"


def kept(store: Store, number: int, *, sha256: str = SHA) -> None:
    """A row and its entry, as the outbox writes them."""
    row = (number, submission(number), f"K01-{number:06d}", sha256, b"sealed")
    with store.transaction() as base:
        base.execute(KEEP, (*row, None, None, None, AT.isoformat()))
        append(base, AT.isoformat(), "kiosk", Deed.KEPT, submission(number), f"sha256={sha256}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A terminal's database with a dozen submissions, as it lies on the disk when all is closed."""
    store = open_store(tmp_path / "terminal.db")
    for number in range(1, MANY + 1):
        kept(store, number)
    store.close()
    return tmp_path / "terminal.db"


@pytest.fixture
def office(file: Path) -> RememberingOffice:
    """It was told of the end, and once on the way there."""
    office = RememberingOffice()
    with evidence(file) as found:
        rows = list(found.entries())
    for row in (rows[6], rows[-1]):
        office.ends[row.entry.place] = row.hash
    return office


def verdict(file: Path, office: RememberingOffice | None = None) -> Verdict:
    with evidence(file) as found:
        return audit(found, office)


def forged(file: Path, *statements: str) -> None:
    """Whoever can write the file can drop its triggers first."""
    base = sqlite3.connect(file, isolation_level=None)
    for verb in ("UPDATE", "DELETE"):
        base.execute(f"DROP TRIGGER IF EXISTS journal_no_{verb}")
    for statement in statements:
        base.execute(statement)
    base.close()


def test_a_journal_nobody_touched_is_whole(file: Path, office: RememberingOffice) -> None:
    found = verdict(file, office)
    assert (found.entries, found.anchored, found.finding) == (MANY, MANY, None)
    assert found.office_asked
    assert found.end == office.ends[MANY]


@pytest.mark.parametrize("verb", ["UPDATE journal SET more = 'x'", "DELETE FROM journal"])
def test_the_database_itself_refuses_change_and_removal(file: Path, verb: str) -> None:
    base = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        base.execute(verb)
    base.close()
    assert verdict(file).finding is None


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("place", [1, 7, MANY])
def test_one_flipped_byte_of_the_file_is_found(file: Path, column: str, place: int) -> None:
    base = sqlite3.connect(file)
    words = base.execute(WORDS).fetchall()
    base.close()
    row = [each.encode() for each in words[place - 1]]
    whole = file.read_bytes()
    start = whole.index(b"".join(row))
    offset = start + sum(len(each) for each in row[: COLUMNS.index(column)]) + len(row[-1]) // 30
    for flipped in (whole[offset] ^ 0x01, whole[offset] ^ 0x80):
        file.write_bytes(whole[:offset] + bytes([flipped]) + whole[offset + 1 :])
        assert verdict(file).finding == Finding(Why.CHANGED, place)
    file.write_bytes(whole)
    assert verdict(file).finding is None


def test_every_single_byte_of_an_entry_counts(file: Path) -> None:
    """Lengths and types included, which SQLite keeps before the words."""
    whole = file.read_bytes()
    base = sqlite3.connect(file)
    row = base.execute(WORDS).fetchall()[4]
    base.close()
    words = "".join(row).encode()
    start = whole.index(words)
    for offset in range(start - 8, start + len(words)):
        file.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0x01]) + whole[offset + 1 :])
        assert verdict(file).finding is not None, offset - start


def test_an_end_that_was_cut_off_is_found_by_the_office(
    file: Path, office: RememberingOffice
) -> None:
    forged(file, "DELETE FROM journal WHERE place > 9", "DELETE FROM outbox WHERE sequence > 9")
    assert verdict(file).finding is None
    assert verdict(file, office).finding == Finding(Why.SHORTENED, 10)


def test_an_end_that_was_cut_off_is_found_without_the_office_too(file: Path) -> None:
    store, office = open_store(file), RememberingOffice()
    assert Anchor(SqliteJournal(store, StandingClock()), office).tell()
    store.close()
    forged(file, "DELETE FROM journal WHERE place > 9", "DELETE FROM outbox WHERE sequence > 9")
    office.away = True
    found = verdict(file, office)
    assert (found.finding, found.anchored) == (Finding(Why.SHORTENED, 10), MANY)
    assert not found.office_asked


def test_a_cut_off_end_that_nobody_was_told_of_is_found_by_the_outbox(file: Path) -> None:
    forged(file, "DELETE FROM journal WHERE place > 9")
    assert verdict(file).finding == Finding(Flaw.UNWRITTEN, None, submission(10))


def test_all_of_it_removed_is_found(file: Path, office: RememberingOffice) -> None:
    forged(file, "DROP TABLE journal", "DROP TABLE memo")
    assert verdict(file, office).finding == Finding(Why.SHORTENED, 1)
    assert verdict(file).finding == Finding(Flaw.UNWRITTEN, None, submission(1))
    file.unlink()
    assert verdict(file, office).finding == Finding(Why.SHORTENED, 1)


def test_an_entry_taken_out_of_the_middle_is_found(file: Path) -> None:
    forged(file, "DELETE FROM journal WHERE place = 5")
    assert verdict(file).finding == Finding(Why.MISSING, 5)
    forged(file, "UPDATE journal SET place = place - 1 WHERE place > 5")
    assert verdict(file).finding == Finding(Why.CHANGED, 5)


def test_an_entry_put_into_the_middle_is_found(file: Path) -> None:
    forged(
        file,
        "UPDATE journal SET place = -place WHERE place >= 5",
        "UPDATE journal SET place = 1 - place WHERE place < 0",
        "INSERT INTO journal SELECT 5, at, who, what, about, more, hash FROM journal"
        " WHERE place = 4",
    )
    assert verdict(file).finding == Finding(Why.CHANGED, 5)


def test_two_entries_that_changed_places_are_found(file: Path) -> None:
    forged(
        file,
        "UPDATE journal SET place = 99 WHERE place = 5",
        "UPDATE journal SET place = 5 WHERE place = 6",
        "UPDATE journal SET place = 6 WHERE place = 99",
    )
    assert verdict(file).finding == Finding(Why.CHANGED, 5)


def rewritten(file: Path, place: int) -> None:
    """A forger who knows the recipe can make a whole chain, but not the one that was told."""
    with evidence(file) as found:
        rows = [row.entry for row in found.entries()]
    previous, statements = "0" * 64, []
    for entry in rows:
        who = "counter" if entry.place == place else entry.who
        previous = link(previous, type(entry)(**{**vars(entry), "who": who}))
        statements.append(
            f"UPDATE journal SET who = '{who}', hash = '{previous}' WHERE place = {entry.place}"  # noqa: S608
        )
    forged(file, *statements)


def test_a_journal_written_anew_is_found_by_the_office(
    file: Path, office: RememberingOffice
) -> None:
    rewritten(file, 5)
    assert verdict(file).finding is None
    assert verdict(file, office).finding == Finding(Why.REPLACED, 7)


def test_a_row_without_an_entry_an_entry_without_a_row_and_another_row_are_found(
    file: Path,
) -> None:
    base = sqlite3.connect(file, isolation_level=None)
    base.execute("UPDATE outbox SET sha256 = ? WHERE sequence = 4", ("cd" * 32,))
    assert verdict(file).finding == Finding(Flaw.DIFFERENT, 4, submission(4))
    base.execute("UPDATE outbox SET sha256 = ? WHERE sequence = 4", (SHA,))
    base.execute("DELETE FROM outbox WHERE sequence = 8")
    assert verdict(file).finding == Finding(Flaw.VANISHED, 8, submission(8))
    base.close()
    store = open_store(file)
    SqliteJournal(store, StandingClock()).write("kiosk", Deed.ERASED, submission(8))
    assert verdict(file).finding is None
    store.close()
    forged(
        file,
        "CREATE TEMP TABLE copy AS SELECT * FROM outbox WHERE sequence = 1",
        "UPDATE copy SET sequence = 99, receipt = 'K01-000099', id = substr(id, 1, 34) || '99'",
        "INSERT INTO outbox SELECT * FROM copy",
    )
    assert verdict(file).finding == Finding(Flaw.UNWRITTEN, None, submission(99))


def test_a_file_that_is_broken_is_told_from_one_that_is_whole(file: Path) -> None:
    whole = file.read_bytes()
    base = sqlite3.connect(file)
    (root,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
    (size,) = base.execute("PRAGMA page_size").fetchone()
    base.close()
    page = (root - 1) * size
    file.write_bytes(whole[:page] + b"\xff" * 512 + whole[page + 512 :])
    assert verdict(file).finding == Finding(Flaw.UNREADABLE, 1)
    file.write_bytes(b"\xff" * 100 + whole[100:])
    assert verdict(file).finding == Finding(Flaw.UNREADABLE, 1)


def test_an_entry_goes_with_the_transaction_it_stands_in(file: Path) -> None:
    store = open_store(file)
    with suppress(ZeroDivisionError), store.transaction() as base:
        append(base, AT.isoformat(), "kiosk", Deed.ERASED, submission(1))
        raise ZeroDivisionError
    store.close()
    assert verdict(file).entries == MANY


def test_two_processes_write_one_chain(file: Path) -> None:
    write = (
        "import sys; from pathlib import Path; from kiosk.adapters.store import open_store;"
        "from kiosk.adapters.journal import SqliteJournal; from kiosk.domain.journal import Deed;"
        "from tests.fakes.clock import StandingClock;"
        "e = open_store(Path(sys.argv[1])); j = SqliteJournal(e, StandingClock());"
        "[j.write('kiosk', Deed.RETRIED, 'a1') for _ in range(200)]; e.close()"
    )
    command = [sys.executable, "-W", "error", "-c", write, str(file)]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    found = verdict(file)
    assert (found.entries, found.finding) == (MANY + 400, None)


def test_a_process_killed_while_it_writes_leaves_a_whole_chain(file: Path) -> None:
    write = (
        "import sys; from pathlib import Path; from kiosk.adapters.store import open_store;"
        "from tests.integration.test_audit import kept;"
        "e = open_store(Path(sys.argv[1]));"
        "[(kept(e, n), print(n, flush=True)) for n in range(int(sys.argv[2]), 10**6)]"
    )
    first, said = 100, 0
    for turn in range(8):
        command = [sys.executable, "-c", write, str(file), str(first)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(25)]
        time.sleep(0.0003 * turn)
        process.kill()
        heard += process.stdout.read().split()
        assert process.wait(timeout=10) == -signal.SIGKILL
        process.stdout.close()
        found, said = verdict(file), said + len(heard)
        assert found.finding is None
        assert MANY + said <= found.entries <= MANY + said + turn + 1
        first += len(heard) + 1  # the one after may have been written unsaid


def test_the_end_is_told_once_and_again_after_the_office_was_away(file: Path) -> None:
    store, office = open_store(file), RememberingOffice()
    anchor = Anchor(SqliteJournal(store, StandingClock()), office)
    office.away = True
    assert not anchor.tell()
    office.away, office.refuses = False, True
    assert not anchor.tell()
    office.refuses = False
    assert anchor.tell()
    assert list(office.ends) == [MANY]
    office.away = True
    assert anchor.tell()  # nothing new to tell
    SqliteJournal(store, StandingClock()).write("kiosk", Deed.RETRIED, submission(1))
    assert not anchor.tell()
    office.away = False
    assert anchor.tell()
    assert list(office.ends) == [MANY, MANY + 1]
    store.close()


def test_an_empty_journal_has_nothing_to_tell(tmp_path: Path) -> None:
    store, office = open_store(tmp_path / "terminal.db"), RememberingOffice()
    assert Anchor(SqliteJournal(store, StandingClock()), office).tell()
    assert office.ends == {}
    store.close()


def test_a_memo_that_somebody_scribbled_on_says_nothing(file: Path) -> None:
    forged(file, "INSERT INTO memo VALUES ('journal-anchor', 'scribble')")
    assert verdict(file).finding is None


def test_a_disk_that_takes_nothing_is_said(file: Path) -> None:
    store = open_store(file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnusable):
        SqliteJournal(store, StandingClock()).write("kiosk", Deed.RETRIED)
    holder.close()
    store.close()


def test_the_command_says_yes_no_or_so_far(
    file: Path, office: RememberingOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(office: RememberingOffice | None) -> tuple[int, dict]:
        status = verify(file.parent, office, as_json=True)
        return status, json.loads(capsys.readouterr().out)

    assert ran(office)[0] == FINE
    status, told = ran(None)
    assert (status, told["office"], told["whole"]) == (FINE, "not-asked", True)
    office.away = True
    status, told = ran(office)
    assert (status, told["office"], told["whole"]) == (UNREACHABLE, "unreachable", True)
    forged(file, "UPDATE journal SET who = 'counter' WHERE place = 3")
    status, told = ran(office)
    assert (status, told["whole"], told["finding"]["place"]) == (NO, False, 3)
    assert "3番目" in told["finding"]["message"]


def test_the_command_as_a_process(file: Path) -> None:
    def ran(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "kiosk", "audit", *arguments, "--home", str(file.parent)]
        done = subprocess.run(
            command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stdout

    assert ran("verify", "--offline")[0] == FINE
    (file.parent / "kakanai.toml").write_text('office_url = "http://127.0.0.1:9"')
    status, said = ran("verify")
    assert status == UNREACHABLE
    assert str(MANY) in said
    rows = json.loads(ran("show", "--json")[1])["entries"]
    assert [row["place"] for row in rows] == list(range(1, MANY + 1))
    assert ran("show", "--last", "2")[1].count("\n") == 2
    forged(file, "UPDATE journal SET at = 'x' WHERE place = 3")
    assert ran("verify", "--offline")[0] == NO


def deeds(home: Path) -> list[tuple[str, str, str]]:
    with evidence(home / "terminal.db") as found:
        return [(row.entry.what, row.entry.about, row.entry.more) for row in found.entries()]


def test_what_commands_do_is_written_down_without_a_name(tmp_path: Path) -> None:
    add_clerk(tmp_path, "k01", "窓口　守", "secret")
    add_clerk(tmp_path, "守", "窓口　守", "secret")
    rotate(tmp_path, as_json=True)
    store = open_store(tmp_path / "terminal.db")
    ledger = SqliteLedger(store)
    ledger.issue(["000000-R8-000001-7"])
    ledger.move("000000-R8-000001-7", Fate.UNCLEAR)
    store.close()
    (tmp_path / "kakanai.toml").write_text('office_url = "http://127.0.0.1:9"')
    settle(read_settings(tmp_path), tmp_path, "000000-R8-000001-7", Fate.PRINTED, as_json=True)
    found = deeds(tmp_path)
    assert found[0] == ("clerk-added", "k01", "")
    assert found[1][1].startswith("~")
    assert found[2:] == [
        ("key-rotated", "prefill", ""),
        ("paper-settled", "000000-R8-000001-7", "printed"),
    ]
    with evidence(tmp_path / "terminal.db") as again:
        assert all(row.entry.who.startswith("command:") for row in again.entries())
    assert verdict(tmp_path / "terminal.db").finding is None


def test_a_journal_that_a_command_cannot_write_is_said_in_one_line(file: Path) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SetupFault, match=str(file)):
        rotate(file.parent, as_json=True)
    holder.close()
