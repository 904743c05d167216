"""What was made from files is kept for the next start, and made ready when it is asked for."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec

_Made = TypeVar("_Made")
_CODE = Path(__file__).parent
_SUM = 20


def kept(
    cache: Path | None, files: Iterable[Path], make: Callable[[], dict[str, bytes]]
) -> dict[str, bytes]:
    """What `make` makes of these files; from `cache`, where it was made of these very files before.

    Whatever `make` refuses is never kept, and a cache is never a reason to fail.
    """
    if cache is None:
        return make()
    key = _key(files)
    found = _taken(cache, key)
    if found is None:
        found = make()
        _keep(cache, key, found)
    return found


class OnDemand(Mapping[str, _Made]):
    """Values by name, each made when it is first asked for: once, whichever lane asks."""

    def __init__(self, waiting: Mapping[str, Callable[[], _Made]]) -> None:
        self._names = tuple(waiting)
        self._waiting = dict(waiting)
        self._made: dict[str, _Made] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> _Made:
        with self._lock:
            if name in self._waiting:
                self._made[name] = self._waiting[name]()
                del self._waiting[name]  # and with it what it was made from
            return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Kept(msgspec.Struct):
    key: str
    parts: dict[str, bytes]


def _key(files: Iterable[Path]) -> str:
    """Changes with any file, and with the code that reads and checks them."""
    whole = hashlib.blake2b(sys.version.encode(), digest_size=_SUM)
    for file in (*sorted(_CODE.rglob("*.py")), *files):
        content, said = b"", ""
        try:
            content = file.read_bytes()
        except OSError as fault:  # whoever makes it says so
            said = str(fault.errno)
        whole.update(json.dumps([str(file), len(content), said]).encode())
        whole.update(content)
    return whole.hexdigest()


def _sum(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=_SUM).digest()


def _taken(cache: Path, key: str) -> dict[str, bytes] | None:
    try:
        whole = memoryview(cache.read_bytes())
        if _sum(whole[_SUM:]) != whole[:_SUM]:
            return None
        found = msgspec.msgpack.decode(whole[_SUM:], type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
    return found.parts if found.key == key else None


def _keep(cache: Path, key: str, parts: dict[str, bytes]) -> None:
    body = msgspec.msgpack.encode(_Kept(key, parts))
    fresh = cache.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        fresh.write_bytes(_sum(body) + body)
        fresh.replace(cache)
