"""Where the key of the rows lies: a file of ours, the system's keyring, or a sealed credential."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.adapters.keys import KeyFolder
from kiosk.errors import SetupFault

_NAME = "rows.key"
_SIZE = 32


@dataclass(frozen=True)
class RowKeys:
    """The key that seals, then those of earlier days that still open; `place` tells a clerk."""

    place: str
    keys: tuple[bytes, ...] = field(repr=False)


def row_keys(wanted: str, home: Path) -> RowKeys:
    """As the setting `row_key` has it; rows sealed under the file before stay readable."""
    folder = home / "keys"
    if wanted == "file":
        return RowKeys(f"file {folder / _NAME}", (KeyFolder(folder).row_key(),))
    place, key = _in_keyring(home) if wanted == "keyring" else _credential()
    earlier = folder / _NAME
    return RowKeys(place, (key, earlier.read_bytes()) if earlier.exists() else (key,))


def _in_keyring(home: Path) -> tuple[str, bytes]:
    import keyring  # noqa: PLC0415 (heavy; wanted by few)
    from keyring.errors import KeyringError  # noqa: PLC0415

    name = f"{_NAME} {home.absolute()}"
    try:
        if keyring.get_password("kakanai", name) is None:
            keyring.set_password("kakanai", name, AESGCM.generate_key(8 * _SIZE).hex())
        told = keyring.get_password("kakanai", name) or ""
        place = f"keyring {keyring.get_keyring().name}"
    except KeyringError as fault:
        raise SetupFault(
            f'row_key = "keyring": the keyring does not answer ({type(fault).__name__}); '
            "unlock it, or use another row_key"
        ) from fault
    return place, _whole(bytes.fromhex(told), place)


def _credential() -> tuple[str, bytes]:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise SetupFault(
            'row_key = "credential": systemd hands over none; name it in the unit '
            f"(LoadCredentialEncrypted={_NAME}), see docs/settings.md"
        )
    file = Path(folder) / _NAME
    try:
        return f"credential {file}", _whole(file.read_bytes(), str(file))
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault.strerror})") from fault


def _whole(key: bytes, place: str) -> bytes:
    if len(key) != _SIZE:
        raise SetupFault(f"{place}: must hold {_SIZE} random bytes")
    return key
