"""What this terminal proves itself by: its key, the one that is to follow, the city's for persons.

A new key lies beside the old one until the office has confirmed it: whenever the power goes, one
of both is what the office knows.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.adapters.keys import sync
from kiosk.errors import StoreUnusable

_KEY, _NEXT, _PERSON = "device.pem", "device.new.pem", "person.key"


class DeviceKeys:
    """Files with mode 0600 in the folder of the terminal's keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def candidates(self) -> tuple[str, ...]:
        """The private keys that the office may know, the likeliest first; none if not paired."""
        found = (self._read(name) for name in (_KEY, _NEXT))
        return tuple(pem.decode(errors="replace") for pem in found if pem)

    def next(self) -> str:
        """The key that is to follow: the same one until it is confirmed."""
        if not (pem := self._read(_NEXT)):
            pem = _fresh()
            self._write(_NEXT, pem)
        return pem.decode()

    def confirm(self, pem: str) -> None:
        """The office knows this key: where it is the new one, the old one is gone."""
        if self._read(_NEXT) == pem.encode():
            try:
                (self._folder / _NEXT).replace(self._folder / _KEY)
                sync(self._folder)
            except OSError as fault:
                raise StoreUnusable(_KEY) from fault

    def person(self) -> bytes | None:
        """What persons' names become unreadable by, the same in the whole city."""
        return self._read(_PERSON)

    def keep_person(self, key: bytes) -> None:
        """As the office told it at the pairing."""
        self._write(_PERSON, key)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise StoreUnusable(name) from fault

    def _write(self, name: str, content: bytes) -> None:
        part = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.unlink(missing_ok=True)
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._folder / name)
            sync(self._folder)
        except OSError as fault:
            raise StoreUnusable(name) from fault


def public_of(pem: str) -> str:
    """The half that the office is told."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except ValueError as fault:
        raise StoreUnusable(_KEY) from fault
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _fresh() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
