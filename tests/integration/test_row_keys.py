"""Where the key of the rows lies: each place, and what happens when it does not answer."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.rowkeys import row_keys
from kiosk.adapters.store import open_store
from kiosk.config import read_settings
from kiosk.errors import SetupFault
from tests.integration.test_store import envelope

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))


class DrawerKeyring(KeyringBackend):
    """Keeps secrets in a drawer that can be locked."""

    priority = 1
    name = "drawer"

    def __init__(self) -> None:
        super().__init__()
        self.locked, self.kept = False, {}

    def get_password(self, service, username):
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


@pytest.fixture
def drawer() -> Iterator[DrawerKeyring]:
    before, made = keyring.get_keyring(), DrawerKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_keyring_keeps_one_key_for_each_home(drawer: DrawerKeyring, tmp_path: Path) -> None:
    first = row_keys("keyring", tmp_path / "a")
    assert row_keys("keyring", tmp_path / "a") == first
    assert row_keys("keyring", tmp_path / "b").keys != first.keys
    assert (first.place, len(first.keys[0])) == ("keyring drawer", 32)
    assert list((tmp_path / "a").iterdir()) == []


def test_a_keyring_that_is_locked_is_said_to_be(drawer: DrawerKeyring, tmp_path: Path) -> None:
    drawer.locked = True
    with pytest.raises(SetupFault, match="KeyringLocked"):
        row_keys("keyring", tmp_path)


def test_a_credential_of_systemd_is_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rows.key").write_bytes(KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert row_keys("credential", tmp_path / "home").keys == (KEY,)


@pytest.mark.parametrize("content", [None, b"", KEY[:16]])
def test_a_credential_that_is_none_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "rows.key").write_bytes(content)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(SetupFault, match=r"rows\.key"):
        row_keys("credential", tmp_path / "home")


def test_where_systemd_hands_over_nothing_it_is_said_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(SetupFault, match="LoadCredentialEncrypted"):
        row_keys("credential", tmp_path)


def test_what_waits_outlives_the_move_of_its_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "terminal.db")
    SqliteOutbox(store, *row_keys("file", tmp_path).keys).keep(envelope)
    (tmp_path / "rows.key").write_bytes(KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    moved = SqliteOutbox(store, *row_keys("credential", tmp_path).keys)
    moved.keep(envelope)
    assert all(each.body for each in moved.claim(0))
    only_new = SqliteOutbox(store, KEY)
    assert [each.body is None for each in only_new.claim(0)] == [True, False]
    store.close()


def test_doctor_says_where_it_lies(tmp_path: Path) -> None:
    home, credentials = tmp_path / "home", tmp_path / "credentials"
    home.mkdir()
    credentials.mkdir()
    (credentials / "rows.key").write_bytes(KEY)
    (home / "kakanai.toml").write_text('row_key = "credential"\n')
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--home", home, "doctor", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "CREDENTIALS_DIRECTORY": str(credentials)},
    )
    (row,) = (row for row in json.loads(done.stdout)["rows"] if row["what"] == "row key")
    assert (row["works"], row["found"]) == (True, f"credential {credentials / 'rows.key'}")


@pytest.mark.parametrize("days", ["0", "-1", "3651", "x", "１０", ""])
def test_a_term_that_is_none_names_what_is_allowed(tmp_path: Path, days: str) -> None:
    (tmp_path / "kakanai.toml").write_text(f'keep_days = "{days}"\n', "utf-8")
    with pytest.raises(SetupFault, match="allowed: 1 to 3650"):
        read_settings(tmp_path)


@pytest.mark.parametrize("told", ["zz" * 32, "", "ab" * 31, "鍵" * 64])
def test_a_keyring_that_gives_back_no_key_is_said_to(
    drawer: DrawerKeyring, tmp_path: Path, told: str
) -> None:
    drawer.set_password("kakanai", f"rows.key {tmp_path.absolute()}", told)
    with pytest.raises(SetupFault, match="keyring drawer"):
        row_keys("keyring", tmp_path)


@pytest.mark.parametrize("content", [b"", KEY[:31], KEY + b"\n"])
def test_a_file_that_is_no_key_is_said_to_be(
    drawer: DrawerKeyring, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "rows.key").write_bytes(content)
    for place in ("file", "keyring"):
        with pytest.raises(SetupFault, match=r"rows\.key"):
            row_keys(place, tmp_path)


def test_terminals_that_start_at_once_share_the_first_key(tmp_path: Path) -> None:
    def ask(place: tuple[threading.Barrier, Path]) -> bytes:
        start, home = place
        start.wait(10)
        return KeyFolder(home / "keys").row_key()

    for turn in range(20):
        home = tmp_path / str(turn)
        with ThreadPoolExecutor(4) as several:
            found = list(several.map(ask, [(threading.Barrier(4), home)] * 4))
        assert len(set(found)) == 1
        assert [file.name for file in (home / "keys").iterdir()] == ["rows.key"]
