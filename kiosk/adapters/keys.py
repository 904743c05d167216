"""The terminal's keys: made on first use, in files that only it may read."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.errors import SetupFault, StoreUnusable

_RETIRED, _RESEED = "prefill-%Y%m%d%H%M%S", "reseed-key.pem"


class KeyFolder:
    """Keys as files with mode 0600 in a folder with mode 0700."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def row_key(self) -> bytes:
        """The key that rows of the outbox are sealed with."""
        return self._keep("rows.key", lambda: AESGCM.generate_key(256))

    def person_key(self) -> bytes:
        """The key that persons are marked with: ours alone until pairing brings the city's."""
        return self._keep("person.key", lambda: os.urandom(32))

    def begin_life(self) -> bool:
        """A database begins beside these keys: whether it is the first one that ever did."""
        file = self._folder / "life"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        except OSError as fault:
            raise StoreUnusable(str(file)) from fault
        return True

    def reseed_key(self) -> ec.EllipticCurvePublicKey | None:
        """The office's key that slips are sealed to; None until the office was heard once."""
        try:
            key = serialization.load_pem_public_key((self._folder / _RESEED).read_bytes())
        except (OSError, ValueError):
            return None
        return key if isinstance(key, ec.EllipticCurvePublicKey) else None

    def keep_reseed_key(self, pem: bytes) -> None:
        """As the office told it; what is no key is not kept."""
        part, file = self._folder / f".{_RESEED}.{os.getpid()}", self._folder / _RESEED
        try:
            if not isinstance(serialization.load_pem_public_key(pem), ec.EllipticCurvePublicKey):
                return
            part.write_bytes(pem)
            part.replace(file)
        except ValueError:
            return
        except OSError as fault:
            raise StoreUnusable(str(file)) from fault

    def prefill_keys(self) -> tuple[ec.EllipticCurvePrivateKey, ...]:
        """The keys that open codes made at home: today's, then the retired ones."""
        pems = [self._keep("prefill.pem", _new_prefill_key)]
        retired = sorted(self._folder.glob("prefill-*.pem"), reverse=True)
        try:
            pems += [file.read_bytes() for file in retired]
            keys = [serialization.load_pem_private_key(pem, None) for pem in pems]
        except (OSError, ValueError) as fault:
            raise StoreUnusable("prefill.pem") from fault
        if not all(isinstance(key, ec.EllipticCurvePrivateKey) for key in keys):
            raise StoreUnusable("prefill.pem")
        return tuple(key for key in keys if isinstance(key, ec.EllipticCurvePrivateKey))

    def rotate_prefill_key(self, now: datetime, term: timedelta) -> None:
        """A new key from now on; the old one opens its codes until their term has passed."""
        self._keep("prefill.pem", _new_prefill_key)
        try:
            for file in self._folder.glob("prefill-*.pem"):
                retired = datetime.strptime(file.stem, _RETIRED).replace(tzinfo=now.tzinfo)
                if now - retired > term:
                    file.unlink()
            (self._folder / "prefill.pem").rename(self._folder / f"{now:{_RETIRED}}.pem")
        except (OSError, ValueError) as fault:
            raise StoreUnusable("prefill.pem") from fault
        self._keep("prefill.pem", _new_prefill_key)

    def _keep(self, name: str, make: Callable[[], bytes]) -> bytes:
        file = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not file.exists():
                with NamedTemporaryFile(dir=self._folder, prefix=f".{name}.") as part:
                    part.write(make())
                    part.flush()
                    os.fsync(part.fileno())
                    with suppress(FileExistsError):  # somebody was quicker: theirs is the key
                        os.link(part.name, file)
                sync(self._folder)
            return file.read_bytes()
        except OSError as fault:
            raise StoreUnusable(str(file)) from fault


def sync(folder: Path) -> None:
    """What was put into the folder is there after a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def usable_keys(folder: Path) -> Iterator[KeyFolder]:
    """The keys, for a command: where they are not usable it ends with a line that says so."""
    try:
        yield KeyFolder(folder)
    except StoreUnusable as fault:
        raise SetupFault(
            f"{folder}: the keys cannot be used ({fault}); check the folder"
        ) from fault


def _new_prefill_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
