"""Secrets as files: whole or not at all, one for all processes, readable by the office alone."""

import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from office.config import SetupFault

LENGTH = 32


def secret(folder: Path, name: str) -> bytes:
    """The random secret of this name, made on first use."""
    found = kept(folder, name, lambda: secrets.token_bytes(LENGTH))
    if len(found) != LENGTH:
        raise SetupFault(f"{folder / name}: not a file that the office makes; restore it")
    return found


def kept(folder: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """The file of this name, made on first use; of two that begin at once one wins."""
    path = folder / name
    with said(path):
        if not path.exists():
            handle, part = tempfile.mkstemp(prefix=f".{name}-", dir=folder)  # 0600 from the start
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(make())
                    file.flush()
                    os.fsync(file.fileno())
                with suppress(FileExistsError):
                    os.link(part, path)
                sync(folder)
            finally:
                Path(part).unlink(missing_ok=True)
    guard(path)
    with said(path):
        return path.read_bytes()


def guard(path: Path) -> None:
    """Keys that others on this machine can read are no secret any more."""
    with said(path):
        mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupFault(f"{path}: others can read it; chmod go= it, then rotate the keys")


@contextmanager
def said(path: Path) -> Iterator[None]:
    """A file that cannot be used is one line that names it."""
    try:
        yield
    except OSError as fault:
        raise SetupFault(f"{path}: cannot be used ({fault.strerror})") from fault
    except ValueError as fault:
        raise SetupFault(f"{path}: not a file that the office makes; restore it") from fault


def store(path: Path, content: bytes) -> None:
    """Whole or not at all, and never readable by others for a moment."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        sync(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """What was named in the folder stays named after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
