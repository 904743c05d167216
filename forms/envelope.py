"""A filled form on its way: one wire format, canonical to the byte."""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import rfc8785
from msgspec import Meta, MsgspecError, convert, defstruct
from msgspec.json import Encoder

_CHANNELS = ("kiosk", "counter", "web")
_UUID7 = 7
_PERSON = 64
_sorted = Encoder(order="sorted").encode

# What msgspec writes as RFC 8785 does: no fractions, no number that is not exact, nothing deep.
_FLAT = str | bool | Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)] | None
_nested: Any = _FLAT
for _ in range(6):
    _nested = _FLAT | dict[str, _nested] | list[_nested]
_Plain = defstruct("_Plain", [("value", _nested)])
# UTF-8 sorts names beyond U+FFFF behind the others, UTF-16 does not.
_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(:?)')  # each once, however long it is


class EnvelopeFault(Exception):
    """A body that is no envelope: where it breaks, and which rule."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


@dataclass(frozen=True)
class Envelope:
    """One submission as it is frozen, hashed, stored and sent.

    With a `purpose` it is a share: it goes only while this `person` agrees to that purpose.
    """

    id: UUID
    form: str
    version: str
    receipt: str
    device: str
    sequence: int
    channel: str
    submitted: datetime
    applicant: Mapping[str, Any]
    content: Mapping[str, Any]
    facts: tuple[Mapping[str, Any], ...]
    fee: int
    wants_certificate: bool
    parent: UUID | None
    purpose: str | None = None
    person: str | None = None


def to_json(envelope: Envelope) -> dict[str, Any]:
    """The envelope as JSON values; applicant and content under their GIF names."""
    told: dict[str, Any] = {
        "id": str(envelope.id),
        "form": envelope.form,
        "version": envelope.version,
        "receipt": envelope.receipt,
        "device": envelope.device,
        "sequence": envelope.sequence,
        "channel": envelope.channel,
        "submitted": envelope.submitted.isoformat(),
        "A票": dict(envelope.applicant),
        "B票": dict(envelope.content),
        "facts": [dict(fact) for fact in envelope.facts],
        "fee": envelope.fee,
        "wants_certificate": envelope.wants_certificate,
        "parent": str(envelope.parent) if envelope.parent else None,
    }
    if envelope.purpose is not None:
        told["purpose"] = envelope.purpose
    if envelope.person is not None:
        told["person"] = envelope.person
    return told


def from_json(raw: object) -> Envelope:
    """The envelope in the JSON, or the fault that keeps it from being one."""
    if not isinstance(raw, dict):
        raise EnvelopeFault("body", "must be an object")
    return Envelope(
        id=_uuid(raw, "id"),
        form=_take(raw, "form", str),
        version=_take(raw, "version", str),
        receipt=_take(raw, "receipt", str),
        device=_take(raw, "device", str),
        sequence=_take(raw, "sequence", int),
        channel=_channel(raw),
        submitted=_moment(raw),
        applicant=_take(raw, "A票", dict),
        content=_take(raw, "B票", dict),
        facts=tuple(_facts(raw)),
        fee=_take(raw, "fee", int),
        wants_certificate=_take(raw, "wants_certificate", bool),
        parent=_uuid(raw, "parent") if raw.get("parent") is not None else None,
        purpose=_take(raw, "purpose", str) if raw.get("purpose") is not None else None,
        person=_person(raw),
    )


def canonical(envelope: Envelope) -> bytes:
    """RFC 8785 bytes: what is hashed, stored and sent."""
    return canonical_json(to_json(envelope))


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of any JSON value; quick where msgspec writes and sorts it alike."""
    try:
        same = convert({"value": value}, _Plain) == _Plain(value)
        body = _sorted(value) if same else b""
    except (MsgspecError, TypeError, AttributeError, UnicodeEncodeError):
        body = b""
    if not body or (any(map(body.__contains__, _LEADS)) and _astral_name(body)):
        return rfc8785.dumps(value)
    return body


def _astral_name(body: bytes) -> bool:
    return any(found[1] and max(found[0]) >= _LEADS[0][0] for found in _STRINGS.finditer(body))


def digest(body: bytes) -> str:
    """SHA-256 of canonical bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def status_token(submission: UUID) -> str:
    """What opens the page behind a receipt: both sides know it, and it tells nothing of the id."""
    made = hashlib.sha256(b"kakanai status " + submission.bytes).digest()
    return urlsafe_b64encode(made)[:22].decode()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(now: datetime, randomness: bytes) -> UUID:
    """A UUID of version 7 from a moment and ten random bytes."""
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    raw = bytearray(milliseconds.to_bytes(6, "big") + randomness[:10])
    raw[6] = (raw[6] & 0x0F) | _UUID7 << 4
    raw[8] = (raw[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(raw))


def _take(raw: Mapping[str, Any], key: str, kind: type) -> Any:
    value = raw.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise EnvelopeFault(key, f"must be {kind.__name__}")
    return value


def _uuid(raw: Mapping[str, Any], key: str) -> UUID:
    try:
        return UUID(_take(raw, key, str))
    except ValueError as fault:
        raise EnvelopeFault(key, "must be a UUID") from fault


def _person(raw: Mapping[str, Any]) -> str | None:
    if raw.get("person") is None:
        return None
    person = _take(raw, "person", str)
    if len(person) != _PERSON or not set(person) <= set("0123456789abcdef"):
        raise EnvelopeFault("person", "must be 64 hexadecimal digits")
    return str(person)


def _channel(raw: Mapping[str, Any]) -> str:
    channel = _take(raw, "channel", str)
    if channel not in _CHANNELS:
        raise EnvelopeFault("channel", f"allowed: {', '.join(_CHANNELS)}")
    return str(channel)


def _moment(raw: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_take(raw, "submitted", str))
    except ValueError as fault:
        raise EnvelopeFault("submitted", "must be an ISO 8601 moment") from fault
    if moment.tzinfo is None:
        raise EnvelopeFault("submitted", "must carry its zone")
    return moment


def _facts(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    facts: list[Mapping[str, Any]] = _take(raw, "facts", list)
    for place, fact in enumerate(facts):
        if not isinstance(fact, dict) or not {"name", "value", "source", "at"} <= fact.keys():
            raise EnvelopeFault(f"facts[{place}]", "must hold name, value, source, at")
    return facts
