"""Issuers of TEST cards: keys made on first use, trusted by nobody who was not told to."""

import json
import os
import tempfile
from pathlib import Path
from threading import RLock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from devices.cards.issuers import Trust, trust_from
from devices.simulated.card import certificate
from devices.simulated.card.person import Holder

TEXT, SURFACE, MASTER = "6000033", "6000023", "6000020"
_USES = {TEXT: "kenmen-nyuryoku-hojo AP EF0004", SURFACE: "kenmen-kakunin AP EF0004"}
_USES[MASTER] = "master-file chain"
_SHARED: dict[str, RSAPrivateKey] = {}  # made once per process: tests would wait for nothing else
_LOCK = RLock()


class UnusableKey(Exception):
    """A file in the folder of keys that is no key of ours."""


class Issuers:
    """Keys by name: files for us alone in a folder, or shared in memory where there is none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._keys: dict[str, RSAPrivateKey] = {} if folder else _SHARED
        self._roots: dict[str, x509.Certificate] = {}

    def key(self, name: str) -> RSAPrivateKey:
        """The key of this name, made when first asked for."""
        with _LOCK:
            if name not in self._keys:
                self._keys[name] = _kept(self._folder / f"{name}.pem") if self._folder else _made()
            return self._keys[name]

    def card_key(self, holder: Holder, use: str) -> RSAPrivateKey:
        """The card's own key; without a folder all cards share one of each use."""
        return self.key(f"card-{holder.serial}-{use}" if self._folder else f"card-{use}")

    def root(self, use: str) -> x509.Certificate:
        """The self-signed issuer of `auth` or `sign` certificates."""
        with _LOCK:
            if use not in self._roots:
                self._roots[use] = certificate.root(use, self.key(f"root-{use}"))
            return self._roots[use]

    def leaf(self, use: str, holder: Holder) -> x509.Certificate:
        """A certificate for the card's key of that use."""
        public = self.card_key(holder, use).public_key()
        return certificate.leaf(use, holder, public, self.key(f"root-{use}"))

    def trust_json(self) -> str:
        """The issuers of card-verifiable certificates, as `--trust` takes them."""
        return json.dumps({"keys": [self._told(number) for number in _USES]}, indent=1)

    def trust_pem(self) -> str:
        """The roots of the certificates."""
        return "".join(
            self.root(use).public_bytes(Encoding.PEM).decode("ascii") for use in ("sign", "auth")
        )

    def trust(self) -> Trust:
        """All of them, for a practice world that trusts its own."""
        return trust_from(self.trust_json()).joined(trust_from(self.trust_pem()))

    def _told(self, number: str) -> dict[str, object]:
        numbers = self.key(f"cv-{number}").public_key().public_numbers()
        return {
            "issuer_key_number": number,
            "issuer_key_id_hex": key_id(number).hex(),
            "hierarchy": "test",
            "use": _USES[number],
            "exponent": numbers.e,
            "modulus_hex": f"{numbers.n:x}",
        }


def key_id(number: str) -> bytes:
    """Sixteen bytes that name an issuing key; compared whole."""
    end = b"\x00\x00\x00\xa8" if number == MASTER else bytes(4)
    return number.encode("ascii") + b"\x08\x05" + b"001" + end


def _made() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _kept(file: Path) -> RSAPrivateKey:
    """The file's key; of several programs that make it at once, the first one's stays."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = _made().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")  # 0600 from birth
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
        try:
            file.hardlink_to(name)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    try:
        found = load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError) as fault:
        raise UnusableKey(str(file)) from fault
    if not isinstance(found, RSAPrivateKey):
        raise UnusableKey(str(file))
    return found
