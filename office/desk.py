"""What whoever runs the office says on its command line: who may come in, what came back."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from office.app import now
from office.config import SetupFault
from office.devices import ROLES, Devices
from office.journal import Anchors
from office.pairing import MINUTES, Pairings, spelled
from office.restoration import GAP, Restorations
from printing.codepictures import picture
from printing.codes import qr

FINE, NO = 0, 1
_NAME = re.compile(r"[\w.-]{1,40}")
_PIXELS, _QUIET = 8, 2
_BLOCKS = {"00": "█", "01": "▀", "10": "▄", "11": " "}  # light on a dark terminal; both scan


@dataclass(frozen=True)
class Offer:
    """Which device is to be let in, as what, for how long, and where it finds the office."""

    device: str
    role: str
    url: str
    minutes: int = MINUTES
    picture: Path | None = None


def pair(engine: Engine, offer: Offer) -> int:
    """Print the code, and its QR in blocks; whoever sees it first may be that device."""
    text = offered(engine, offer)
    rows = qr(text)
    print(f"{offer.device} ({offer.role}), {offer.minutes} min", text, blocks(rows), sep="\n")
    if offer.picture:
        try:
            picture(rows, _PIXELS).save(offer.picture, "PNG")
        except OSError as fault:
            raise SetupFault(f"{offer.picture}: cannot be written ({fault.strerror})") from fault
    return FINE


def offered(engine: Engine, offer: Offer) -> str:
    """What the device is to be told."""
    if not _NAME.fullmatch(offer.device):
        raise SetupFault(f"{offer.device!r}: no name of a device: letters, digits, . _ - (40)")
    if offer.role not in ROLES:
        raise SetupFault(f"{offer.device}:{offer.role}: no such role; roles: {', '.join(ROLES)}")
    if not 1 <= offer.minutes <= MINUTES * 24:
        raise SetupFault(f"--minutes {offer.minutes}: takes 1 to {MINUTES * 24}")
    code = Pairings(engine, now).offer(offer.device, offer.role, offer.minutes)
    return spelled(offer.url, code)


def revoke(engine: Engine, device: str) -> int:
    """Its sessions end within a second, in every process."""
    if not Devices(engine, now).revoke(device):
        print(f"{device}: no such device")
        return NO
    print(f"{device}: revoked")
    return FINE


def accept(engine: Engine, device: str, why: str) -> int:
    """A terminal's journal that came back from a backup, or begins anew, is believed from here."""
    known = Anchors(engine, now).accept(device, why)
    if known is None:
        print(f"{device}: no end of its journal was ever told; there is nothing to accept")
        return NO
    print(f"{device}: was known up to {known}; what it tells next begins a new line")
    return FINE


def restored(engine: Engine, since: datetime, why: str) -> None:
    """Note it, and say what follows from it."""
    told = Restorations(engine, now).note(since, why)
    print(f"restored to {told.since}: terminals tell again what they handed in since a day before")
    print(f"numbers of papers go on {GAP} later; papers issued meanwhile are unknown here")


def list_devices(engine: Engine, *, as_json: bool) -> int:
    """Who there is, as what, and when each was last here."""
    rows = Devices(engine, now).listed()
    if as_json:
        print(json.dumps({"devices": rows}, ensure_ascii=False))
        return FINE
    for row in rows:
        standing = f"revoked {row['revoked']}" if row["revoked"] else f"seen {row['seen'] or '-'}"
        paired = f"paired {row['enrolled']}" if row["enrolled"] else "not paired"
        print(f"{row['device']}  {row['role']}  {paired}  {standing}")
    return FINE


def blocks(rows: Sequence[str]) -> str:
    """The code in half blocks, two rows of modules a line, with a quiet zone around it."""
    side = len(rows) + 2 * _QUIET
    edge = ["0" * side] * _QUIET
    framed = [*edge, *(f"{'0' * _QUIET}{row}{'0' * _QUIET}" for row in rows), *edge, "0" * side]
    pairs = zip(framed[::2], framed[1::2], strict=False)
    return "\n".join("".join(_BLOCKS[a + b] for a, b in zip(*pair, strict=True)) for pair in pairs)
