"""How things stand at this office, computed anew each time out of its own tables."""

import hmac
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.json import decode
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.days import city_hall_closed
from office.cityos.config import CityOs, point
from office.cityos.entities import (
    CounterDailyStatistics,
    Kiosk,
    Peripherals,
    QueueMonitor,
    Served,
    ServiceApplication,
)
from office.cityos.suppress import large, part, waits
from office.history import DONE, RECEIVED
from office.reports import Seen, seen_in
from office.tables import DeviceTable, HistoryTable, NoticeTable, SubmissionTable

SILENT = timedelta(minutes=5)
PAGE = 500
_SETTLED = timedelta(minutes=1)
_STATUS = {
    "received": "received",
    "forwarded": "inReview",
    "acknowledged": "inReview",
    "questioned": "needsCorrection",
    "done": "approved",
    "stopped": "withdrawn",
}


class _Form(Struct):
    """All that is read of a submission here."""

    form: str
    channel: str


def kiosks(session: Session, city: CityOs, now: datetime) -> Iterator[Kiosk]:
    """The terminals that the city named, as they last reported themselves."""
    asked = select(DeviceTable).where(DeviceTable.id.in_(city.kiosks), DeviceTable.role == "kiosk")
    for row in session.scalars(asked.order_by(DeviceTable.id)):
        if (seen := seen_in(row.report)) is None:
            continue
        place, silent = city.kiosks[row.id], now - seen.moment > SILENT
        out = silent or row.revoked is not None
        yield Kiosk(
            id=f"urn:ngsi-ld:Kiosk:{city.code}:{row.id}",
            local_government_code=city.code,
            name=place.name,
            location=point(place),
            device_state="silent" if silent else _health(seen),
            operational_status="outOfService" if out else "inService",
            software_version=seen.report.version,
            date_last_value_reported=_moment(seen.moment),
            outbox_depth=seen.report.outbox,
            outbox_oldest_seconds=seen.report.oldest,
            peripheral_state=Peripherals(
                seen.report.devices.printer, seen.report.devices.reader, seen.report.devices.scanner
            ),
        )


def queue(session: Session, city: CityOs, now: datetime) -> QueueMonitor:
    """How many applications nobody has begun to work on."""
    waiting = select(func.count()).select_from(SubmissionTable)
    waiting = waiting.where(SubmissionTable.state == RECEIVED, SubmissionTable.purpose.is_(None))
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    closed = select(NoticeTable.id).where(
        NoticeTable.kind == "closure", NoticeTable.begins <= at, NoticeTable.ends > at
    )
    is_open = not city_hall_closed(now.date()) and city.hours.hold(now.time())
    suspended = is_open and session.execute(closed.limit(1)).first() is not None
    return QueueMonitor(
        id=f"urn:ngsi-ld:QueueMonitor:{city.code}:{city.office}",
        local_government_code=city.code,
        office_name=city.office_name,
        street_address_id=city.town,
        service_id="applications",
        service_status="Suspended" if suspended else "Open" if is_open else "Closed",
        tickets_to_serve=session.scalar(waiting) or 0,
        date_observed=_moment(now),
    )


def statistics(session: Session, city: CityOs, day: date) -> CounterDailyStatistics | None:
    """A day as it stood at its end, so that it never changes afterwards.

    Numbers that grow by one while somebody stands at the counter would tell of that person.
    """
    rows = session.execute(
        select(SubmissionTable.id, SubmissionTable.received, SubmissionTable.body).where(
            SubmissionTable.received.startswith(day.isoformat()), SubmissionTable.purpose.is_(None)
        )
    ).all()
    done = (
        select(HistoryTable.submission, func.min(HistoryTable.at))
        .where(HistoryTable.state == DONE, HistoryTable.at.startswith(day.isoformat()))
        .group_by(HistoryTable.submission)
    )
    finished = dict(session.execute(done).all())
    if len(rows) < city.threshold:
        return None
    forms = [decode(row.body, type=_Form) for row in rows]
    times = [_between(row.received, finished[row.id]) for row in rows if row.id in finished]
    median, slow = waits(times, city.threshold)
    at_kiosks = part(sum(f.channel == "kiosk" for f in forms), len(rows), city.threshold)
    counts = Counter(f.form if f.form in city.known else "" for f in forms)
    served = large(counts, city.threshold)
    return CounterDailyStatistics(
        id=day_name(city, day),
        local_government_code=city.code,
        office_name=city.office_name,
        street_address_id=city.town,
        date_of_survey=day.isoformat(),
        accepted_count=len(rows),
        completed_count=part(len(times), len(rows), city.threshold),
        median_wait_seconds=median,
        p90_wait_seconds=slow,
        kiosk_share=None if at_kiosks is None else round(at_kiosks / len(rows), 2),
        by_procedure=tuple(Served(form, count) for form, count in sorted(served.items()) if form),
        suppression_threshold=city.threshold,
    )


def day_name(city: CityOs, day: date) -> str:
    """What the numbers of a day are called there."""
    return f"urn:ngsi-ld:CounterDailyStatistics:{city.code}:{city.office}:{day:%Y%m%d}"


@dataclass(frozen=True)
class Moved:
    """Applications on one page of history.

    `settled`: nothing comes in before that line any more, 0 where this page says nothing of that;
    `more`: where the next page begins.
    """

    told: Sequence[ServiceApplication]
    settled: int
    more: int | None


def applications(
    session: Session, city: CityOs, key: bytes, after: int, began: datetime, most: int = PAGE
) -> Moved:
    """Those that moved since that line of history, each under its random name.

    The lines of the minute before the first page, and after it, are looked at again: one may be
    committed after a later one, on a page that was read already.
    """
    asked = select(HistoryTable.place, HistoryTable.submission, HistoryTable.at)
    following = asked.where(HistoryTable.place > after).order_by(HistoryTable.place).limit(most)
    lines = session.execute(following).all()
    over = (began - _SETTLED).isoformat()
    return Moved(
        _told(session, city, key, {line.submission for line in lines}),
        max((line.place for line in lines if line.at < over), default=0),
        lines[-1].place if len(lines) == most else None,
    )


def _told(
    session: Session, city: CityOs, key: bytes, moved: set[str]
) -> Sequence[ServiceApplication]:
    rows = session.execute(
        select(
            SubmissionTable.id,
            SubmissionTable.device,
            SubmissionTable.received,
            SubmissionTable.state,
            SubmissionTable.body,
            func.count(HistoryTable.place).label("steps"),
            func.max(HistoryTable.at).label("at"),
        )
        .join(HistoryTable, HistoryTable.submission == SubmissionTable.id)
        .where(SubmissionTable.id.in_(moved), SubmissionTable.purpose.is_(None))
        .group_by(SubmissionTable.arrival)
    )
    found = []
    for row in rows:
        form = decode(row.body, type=_Form)
        if form.form not in city.known:
            continue
        kiosk = f"urn:ngsi-ld:Kiosk:{city.code}:{row.device}" if row.device in city.kiosks else None
        told = ServiceApplication(
            id=f"urn:ngsi-ld:ServiceApplication:{city.code}:{public_name(key, row.id)}",
            local_government_code=city.code,
            procedure_code=form.form,
            channel=form.channel,  # type: ignore[arg-type]  # checked as it leaves
            status=_STATUS[row.state],  # type: ignore[arg-type]
            status_seq=row.steps,
            submitted_at=row.received[:10],
            status_changed_at=row.at[:10],
            ref_kiosk=kiosk,
        )
        found.append(told)
    return found


def public_name(key: bytes, submission: str) -> UUID:
    """Always the same for one submission; nobody without the key gets from one to the other."""
    return UUID(bytes=hmac.digest(key, submission.encode(), "sha256")[:16], version=4)


def _health(seen: Seen) -> Literal["ok", "degraded"]:
    devices = seen.report.devices
    states = (devices.printer, devices.reader, devices.scanner)
    return "degraded" if any(state in ("warning", "fault") for state in states) else "ok"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
