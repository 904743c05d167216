"""Where the key of the rows lies: a file of ours, the system's keyring, or a sealed credential."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.adapters.keys import KeyFolder
from kiosk.errors import SetupFault

_NAME = "rows.key"
_SIZE = 32
_HEX = re.compile(rf"[0-9a-f]{{{2 * _SIZE}}}")


@dataclass(frozen=True)
class RowKeys:
    """The key that seals, then those of earlier days that still open; `place` tells a clerk."""

    place: str
    keys: tuple[bytes, ...] = field(repr=False)


def row_keys(wanted: str, home: Path) -> RowKeys:
    """As the setting `row_key` has it; rows sealed under the file before stay readable."""
    folder = home / "keys"
    file = folder / _NAME
    if wanted == "file":
        return RowKeys(f"file {file}", (_whole(KeyFolder(folder).row_key(), str(file)),))
    place, key = _in_keyring(home) if wanted == "keyring" else _credential()
    return RowKeys(place, (key, _read(file)) if file.exists() else (key,))


def _in_keyring(home: Path) -> tuple[str, bytes]:
    import keyring  # noqa: PLC0415 (heavy; wanted by few)
    from keyring.errors import KeyringError  # noqa: PLC0415

    name = f"{_NAME} {home.absolute()}"
    try:
        if keyring.get_password("kakanai", name) is None:
            with _alone(home):
                if keyring.get_password("kakanai", name) is None:
                    keyring.set_password("kakanai", name, AESGCM.generate_key(8 * _SIZE).hex())
        told = keyring.get_password("kakanai", name) or ""
        place = f"keyring {keyring.get_keyring().name}"
    except KeyringError as fault:
        raise SetupFault(
            f'row_key = "keyring": the keyring does not answer ({type(fault).__name__}); '
            "unlock it, or use another row_key"
        ) from fault
    return place, _whole(bytes.fromhex(told) if _HEX.fullmatch(told) else b"", place)


def _credential() -> tuple[str, bytes]:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise SetupFault(
            'row_key = "credential": systemd hands over none; name it in the unit '
            f"(LoadCredentialEncrypted={_NAME}), see docs/settings.md"
        )
    file = Path(folder) / _NAME
    return f"credential {file}", _read(file)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Two that start at once would each make a key, and one of them seal under what is lost."""
    home.mkdir(parents=True, exist_ok=True)
    held = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _read(file: Path) -> bytes:
    try:
        return _whole(file.read_bytes(), str(file))
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault.strerror})") from fault


def _whole(key: bytes, place: str) -> bytes:
    if len(key) != _SIZE:
        raise SetupFault(f"{place}: must hold {_SIZE} random bytes")
    return key
