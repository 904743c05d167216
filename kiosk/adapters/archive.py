"""Submissions carried by hand: one sealed file, opened by a code that travels on paper.

Frames follow one another, so that no photo is held twice: length, then AES-GCM under the code's
key with the frame's place and whether it is the last in its nonce and name. A file that was cut,
joined or changed does not open.
"""

import os
import secrets
from base64 import b32decode, b32encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.ports.consents import ConsentRecord

MAGIC = b"KKX1"
_PREFIX, _LENGTH, _SECRET = 8, 4, 15
_TAG = 16  # what sealing adds: a frame of nothing else is the last


class NoArchive(Exception):
    """The file is none of ours, is not whole, or the code is another file's."""


class Carried(msgspec.Struct, tag=True):
    """One submission on its way by hand."""

    body: bytes
    attachments: dict[str, bytes]


class Spoken(msgspec.Struct, tag=True):
    """What somebody said to a purpose, and the office has not heard."""

    record: ConsentRecord


Item = Carried | Spoken


def new_code() -> str:
    """120 bits, to be written on paper: four letters at a time."""
    told = b32encode(secrets.token_bytes(_SECRET)).decode()
    return "-".join(told[at : at + 4] for at in range(0, len(told), 4))


def write(file: Path, code: str, several: Iterator[Item]) -> None:
    """All of them, durable under its own name or not at all."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(part, flags, 0o600), "wb") as out:
            _write(out, AESGCM(_key(code)), several)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def read(file: Path, code: str) -> Iterator[Item]:
    """One after the other; NoArchive where the next cannot be trusted."""
    try:
        seal = AESGCM(_key(code))
        with file.open("rb") as stream:
            yield from _read(stream, seal)
    except (InvalidTag, ValueError, OverflowError, msgspec.MsgspecError) as fault:
        raise NoArchive from fault


def _write(out: BinaryIO, seal: AESGCM, several: Iterator[Item]) -> None:
    prefix, place = os.urandom(_PREFIX), 0
    out.write(MAGIC + prefix)
    for each in several:
        _frame(out, seal, prefix, place, msgspec.msgpack.encode(each))
        place += 1
    _frame(out, seal, prefix, place, b"", last=True)


def _frame(
    out: BinaryIO, seal: AESGCM, prefix: bytes, place: int, plain: bytes, *, last: bool = False
) -> None:
    sealed = seal.encrypt(prefix + place.to_bytes(4, "big"), plain, bytes([last]))
    out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def _read(stream: BinaryIO, seal: AESGCM) -> Iterator[Item]:
    head = stream.read(len(MAGIC) + _PREFIX)
    if head[: len(MAGIC)] != MAGIC:
        raise NoArchive
    place = 0
    while True:
        length = int.from_bytes(stream.read(_LENGTH), "big")
        nonce, sealed = head[len(MAGIC) :] + place.to_bytes(4, "big"), stream.read(length)
        last = length == _TAG
        plain = seal.decrypt(nonce, sealed, bytes([last]))
        if last:
            if stream.read(1):
                raise NoArchive
            return
        yield msgspec.msgpack.decode(plain, type=Item)
        place += 1


def _key(code: str) -> bytes:
    letters = "".join(each for each in code.upper() if each.isalnum())
    if len(letters) != 8 * _SECRET // 5:
        raise NoArchive
    return sha256(b"kakanai carried " + b32decode(letters)).digest()
