"""What may leave for the city OS: closed kinds, in which nothing personal has room.

Every word of an entity is either of a narrow pattern or one that the city itself wrote in
`cityos.yaml`; both are checked right before it leaves.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct, ValidationError, convert, inspect, to_builtins
from msgspec.json import schema_components

OWN = "own"
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}$", extra={OWN: True})]
Town = Annotated[str, Meta(pattern=r"^[0-9]{7}$", extra={OWN: True})]
Name = Annotated[str, Meta(min_length=1, max_length=60, extra={OWN: True, "free": True})]
Procedure = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$", extra={OWN: True})]
Moment = Annotated[
    str,
    Meta(pattern=r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$", extra={"ngsi": "DateTime"}),
]
Day = Annotated[str, Meta(pattern=r"^20\d\d-\d\d-\d\d$")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Seconds = Annotated[int, Meta(ge=0, le=10_000_000)]
Version = Annotated[str, Meta(pattern=r"^\d{1,3}\.\d{1,3}\.\d{1,3}$")]
Health = Literal["ok", "warning", "fault", "unknown"]
_URN = r"^urn:ngsi-ld:{}:[0-9]{{6}}(:[A-Za-z0-9_-]{{1,40}}){{1,2}}$"
KioskRef = Annotated[str, Meta(pattern=_URN.format("Kiosk"), extra={"ngsi": "Relationship"})]
_DAY_PART = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_RANDOM = 4


class NotPublishable(Exception):
    """Something would have left that may not; the place is told, the value never."""


class Entity(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="camel",
    omit_defaults=True,
    tag_field="type",
    tag=True,
):
    """The root of what is published; `order` is what tells an older word from a newer one."""

    order: ClassVar[str | None] = None
    id: Annotated[str, Meta(max_length=160)]
    local_government_code: Code


class Point(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="Point"):
    """A place in Japan."""

    coordinates: tuple[
        Annotated[float, Meta(ge=122.0, le=154.0)], Annotated[float, Meta(ge=20.0, le=46.0)]
    ]


class Peripherals(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How a terminal's devices are."""

    printer: Health = "unknown"
    card_reader: Health = "unknown"
    scanner: Health = "unknown"


class Kiosk(Entity, frozen=True, kw_only=True):
    """One terminal: whether it works, and whether something waits in it."""

    order = "dateLastValueReported"
    id: Annotated[str, Meta(pattern=_URN.format("Kiosk"))]
    name: Name
    location: Point | None = None
    device_state: Literal["ok", "degraded", "silent"]
    operational_status: Literal["inService", "inUse", "outOfService"]
    software_version: Version | None = None
    date_last_value_reported: Moment
    outbox_depth: Count
    outbox_oldest_seconds: Seconds
    peripheral_state: Peripherals


class QueueMonitor(Entity, frozen=True, kw_only=True):
    """How many applications wait at an office now."""

    order = "dateObserved"
    id: Annotated[str, Meta(pattern=_URN.format("QueueMonitor"))]
    office_name: Name
    street_address_id: Town | None = None
    service_id: Literal["applications"]
    service_status: Literal["Open", "Closed", "Suspended"]
    tickets_to_serve: Count
    date_observed: Moment


class Served(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How often one procedure was asked for."""

    procedure_code: Procedure
    accepted_count: Count


class CounterDailyStatistics(Entity, frozen=True, kw_only=True):
    """A day that is over, in numbers that are large enough to hide everybody."""

    id: Annotated[str, Meta(pattern=_URN.format("CounterDailyStatistics"))]
    office_name: Name
    street_address_id: Town | None = None
    date_of_survey: Day
    accepted_count: Count | None = None
    completed_count: Count | None = None
    median_wait_seconds: Seconds | None = None
    p90_wait_seconds: Seconds | None = None
    kiosk_share: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    by_procedure: tuple[Served, ...]
    suppression_threshold: Annotated[int, Meta(ge=2, le=1000)]


class ServiceApplication(Entity, frozen=True, kw_only=True):
    """How far one application is, under a random name; only where a city switched it on."""

    order = "statusSeq"
    id: Annotated[str, Meta(pattern=_URN.format("ServiceApplication"))]
    procedure_code: Procedure
    channel: Literal["kiosk", "counter", "web"]
    status: Literal["received", "inReview", "needsCorrection", "approved", "withdrawn"]
    status_seq: Annotated[int, Meta(ge=1, le=10_000)]
    submitted_at: Day
    status_changed_at: Day
    ref_kiosk: KioskRef | None = None


KINDS: tuple[type[Entity], ...] = (Kiosk, QueueMonitor, CounterDailyStatistics, ServiceApplication)


def leaving(entity: Entity, own: frozenset[str]) -> dict[str, Any]:
    """The entity as plain values, after the last look at every word of it."""
    body: dict[str, Any] = to_builtins(entity)
    try:
        convert(body, type(entity))
    except ValidationError as fault:
        place = str(fault).rpartition(" - at `$")[2].rstrip("`")  # the rest may quote the value
        raise NotPublishable(f"{type(entity).__name__}: not as it must be at {place}") from None
    for place, word in _own_words(type(entity), body):
        if word not in own:
            raise NotPublishable(f"{type(entity).__name__}: no word of the city's own at {place}")
    for place in ("id", "refKiosk"):
        for part in body.get(place, "").split(":")[3:]:
            if part not in own and not _DAY_PART.fullmatch(part) and not _random(part):
                raise NotPublishable(f"{type(entity).__name__}: a part of {place} is not ours")
    return body


def _random(part: str) -> bool:
    """A name out of chance: a submission's own id (version 7) is none."""
    try:
        return str(UUID(part)) == part and UUID(part).version == _RANDOM
    except ValueError:
        return False


def _own_words(kind: type[Struct], body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every word that only the city may have written, and its place."""
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(kind)
    for field in info.fields:
        value = body.get(field.encode_name)
        if isinstance(value, str) and OWN in _extra(field.type):
            yield field.encode_name, value
        elif isinstance(value, list | tuple):
            for each in value:
                if isinstance(each, Mapping):
                    yield from _own_words(Served, each)


def kind_of(kind: type[Entity], attribute: str, value: object) -> str:
    """The NGSI type of an attribute; `free` for words in which the city writes what it likes."""
    info = inspect.type_info(kind)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    extra = next((_extra(f.type) for f in fields if f.encode_name == attribute), {})
    if "ngsi" in extra:
        return str(extra["ngsi"])
    if "free" in extra:
        return "free"
    if attribute == "location":
        return "geo:json"
    kinds = {str: "Text", int: "Integer", float: "Number"}
    return kinds.get(type(value), "StructuredValue")


def _extra(found: inspect.Type) -> Mapping[str, Any]:
    if isinstance(found, inspect.UnionType):
        return next((extra for each in found.types if (extra := _extra(each))), {})
    return (found.extra or {}) if isinstance(found, inspect.Metadata) else {}


def schemas() -> dict[str, Any]:
    """JSON Schema of everything that may leave, for whoever reviews it."""
    made = schema_components(KINDS, ref_template="#/$defs/{name}")[1]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": made}
