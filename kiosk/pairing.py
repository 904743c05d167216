"""Becoming a device of the office: once by a code, from then on by a key that can be replaced."""

import binascii
import json
import os
import re
import tomllib
from base64 import b32decode
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from devices.scanners.files import UnreadableFile, codes_in_file
from kiosk.adapters.devicekeys import DeviceKeys, public_of
from kiosk.adapters.journal import write_down
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.passes import NOT_PAIRED
from kiosk.config import SETTINGS_FILE, read_settings
from kiosk.domain.journal import Deed, plain
from kiosk.errors import OfficeUnreachable, SetupFault

MARK = "KKP1"
_OVER = ("office_token",)  # settings of before, which would stop the start
_WORDS = {
    "unknown-code": "the office does not know this code; look for a mistyped letter",
    "code-expired": "this code has expired; let the office make another (office pair)",
    "code-used": "this code was used before; let the office make another (office pair)",
    "too-many": "too many failures; wait a minute",
}


@dataclass(frozen=True)
class Invitation:
    """A code of the office, and where that is if the code says so."""

    code: str
    url: str = ""


@dataclass(frozen=True)
class Paired:
    """What this terminal is to the office."""

    device: str
    role: str
    url: str


@dataclass(frozen=True)
class Refusal:
    """What the office said instead, in a short name and in words."""

    code: str
    message: str


def invitation(said: str) -> Invitation:
    """The code as it was typed or scanned, or in a picture of it."""
    file = Path(said)
    if not said.upper().startswith(f"{MARK}.") and file.suffix and file.exists():
        try:
            found = [code for code in codes_in_file(file) if code.startswith(f"{MARK}.")]
        except UnreadableFile as fault:
            raise SetupFault(f"{file}: no picture of a pairing code ({fault.reason})") from fault
        if len(found) != 1:
            raise SetupFault(f"{file}: {len(found)} pairing codes in it; one is needed")
        (said,) = found
    mark, *rest = said.strip().upper().split(".")
    if mark != MARK:
        return Invitation(said.strip())
    try:
        address, code = rest
        url = b32decode(address + "=" * (-len(address) % 8)).decode()
    except (ValueError, binascii.Error) as fault:
        raise SetupFault("this is no whole pairing code; copy it from KKP1 to its end") from fault
    return Invitation(code, url)


def pair(home: Path, given: Invitation) -> Paired | Refusal:
    """Make this terminal a device: a key, and what the office calls it in the settings.

    The key waits beside an older one until the office has it; begun again, it is the same key.
    """
    file = home / SETTINGS_FILE
    url = given.url or read_settings(home).office_url
    keys = DeviceKeys(home / "keys")
    pem = keys.next()
    before = _text(file)
    ca = str(_parsed(file, before).get("office_ca", ""))
    with closing(HttpOffice(url, ca=ca)) as office:
        status, told = office.ask(
            "POST", "/v1/pairings", {"code": given.code, "public_key": public_of(pem)}
        )
        if status == 200:
            with suppress(OfficeUnreachable):  # it is asked for again, now and then
                KeyFolder(home / "keys").keep_reseed_key(office.reseed_key())
    if status != 200:
        return _refusal(status, told)
    try:
        paired = Paired(str(told["device"]), str(told["role"]), url)
        person = bytes.fromhex(told["person_key"]) if told["person_key"] else b""
    except (KeyError, TypeError, ValueError) as fault:
        raise OfficeUnreachable("no pairing") from fault
    if person:
        keys.keep_person(person)
    if told.get("known"):
        KeyFolder(home / "keys").begin_life()  # numbers were given under this name before
    _replace(file, settings_with(file, before, {"device": paired.device, "office_url": url}))
    keys.confirm(pem)
    write_down(home, Deed.PAIRED, plain(paired.device))
    return paired


def rotate(home: Path) -> Paired | Refusal:
    """Another key from now on; whatever is cut off here, the terminal is known by one of two."""
    settings = read_settings(home)
    keys = DeviceKeys(home / "keys")
    with closing(
        HttpOffice(settings.office_url, settings.device, keys, settings.office_ca)
    ) as office:
        opened = office.known_by.open()
        if isinstance(opened, str):
            words = "pair this terminal first" if opened == NOT_PAIRED else opened
            return Refusal("not-let-in", words)
        pem = keys.next()
        body = {"public_key": public_of(pem), "proof": office.known_by.proof(pem)}
        if refused := office.replace_key(body):
            return Refusal("not-replaced", refused)
    keys.confirm(pem)
    write_down(home, Deed.KEY_ROTATED, "device")
    return Paired(settings.device, opened.role, settings.office_url)


def settings_with(file: Path, text: str, values: Mapping[str, str]) -> str:
    """The same file with these settings: every other line stays as somebody wrote it."""
    lines = text.splitlines(keepends=True)
    for key, value in values.items():
        said = re.compile(rf"""(\s*{key}\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*')(.*)""", re.DOTALL)
        at = [number for number, line in enumerate(lines) if said.fullmatch(line)]
        quoted = json.dumps(value, ensure_ascii=False)
        if at and (found := said.fullmatch(lines[at[0]])):
            lines[at[0]] = f"{found[1]}{quoted}{found[3]}"
        else:
            lines.insert(0, f"{key} = {quoted}\n")
    gone = re.compile(rf"\s*({'|'.join(_OVER)})\s*=.*", re.DOTALL)
    changed = "".join(line for line in lines if not gone.fullmatch(line))
    wanted = {k: v for k, v in _parsed(file, text).items() if k not in _OVER} | dict(values)
    if _parsed(file, changed) != wanted:
        said_so = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
        raise SetupFault(f"{file}: written in a way that only you can change; set {said_so}")
    return changed


def _refusal(status: int, told: Mapping[str, object]) -> Refusal:
    kind = str(told.get("type", "")).rpartition(":")[2]
    if status >= 500 or kind not in (*_WORDS, "invalid"):
        raise OfficeUnreachable(f"HTTP {status}")
    return Refusal(kind, _WORDS.get(kind, str(told.get("title"))))


def _text(file: Path) -> str:
    """What the settings file holds; one that is none is said before a code is used up."""
    try:
        text = file.read_text("utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as fault:
        raise SetupFault(f"{file}: cannot be read ({fault})") from fault
    settings_with(file, text, {"device": "K", "office_url": "u"})
    return text


def _parsed(file: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault})") from fault


def _replace(file: Path, text: str) -> None:
    """Whole or not at all."""
    part = file.with_suffix(".new")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be written ({fault.strerror})") from fault
