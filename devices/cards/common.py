"""共通カード: serial, municipality and expiry, which anybody may read; the card's identity."""

from dataclasses import dataclass
from datetime import date

from devices.apdu import OK, Command, Exchange
from devices.cards.profile import Applet
from devices.cards.session import select
from devices.faults import UnreadableCard

_READ_RECORD = 0xB2
_BY_SHORT_ID, _CURRENT = 0x0C, 0x04
_TAG, _LENGTH = 0x01, 28


@dataclass(frozen=True)
class CommonRecord:
    """One card, told from every other."""

    serial: str
    municipality: str
    expires: str


def common_record(exchange: Exchange, applet: Applet) -> CommonRecord | None:
    """The record; None on what has no such applet."""
    if not select(exchange, applet.aid):
        return None
    raw, status = exchange.ask(Command(_READ_RECORD, 0x01, _BY_SHORT_ID, le=0))
    if status != OK:
        file = bytes([0, applet.files["record"]])
        exchange.send(Command(0xA4, 0x02, 0x0C, file))
        raw = exchange.send(Command(_READ_RECORD, 0x01, _CURRENT, le=0))
    return parse_record(raw)


def parse_record(raw: bytes) -> CommonRecord:
    """`01 1C` and 28 digits: serial 15, municipality 5, expiry 8."""
    digits = raw[2 : 2 + _LENGTH]
    if raw[:2] != bytes([_TAG, _LENGTH]) or len(digits) != _LENGTH or not digits.isdigit():
        raise UnreadableCard
    text = digits.decode("ascii")
    try:
        expires = date.fromisoformat(text[20:]).isoformat()
    except ValueError as fault:
        raise UnreadableCard from fault
    return CommonRecord(text[:15], text[15:20], expires)
