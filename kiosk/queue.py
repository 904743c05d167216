"""`kakanai outbox`: what waits on its way to the office, for whoever looks after it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from forms.envelope import EnvelopeFault, from_json
from forms.kinds.attached import Attachment
from kiosk.adapters.archive import Carried, Item, NoArchive, Spoken, new_code, read, write
from kiosk.adapters.journal import SqliteJournal, this_command
from kiosk.config import Settings
from kiosk.domain.journal import Deed
from kiosk.errors import OfficeUnreachable, SetupFault, StoreUnusable
from kiosk.ground import NONE, Ground, stand_on
from kiosk.ports.outbox import Outbox, OutboxRow, RowState
from kiosk.telling import FINE, refuse, tell
from kiosk.usecases.tend import words_of

UNREACHABLE, REFUSED = 9, 10
_ON_ITS_WAY = (RowState.WAITING, RowState.SENDING)


@contextmanager
def opened(settings: Settings, home: Path) -> Iterator[Ground]:
    """The terminal's own things, closed again; a store that does not answer is one line."""
    ground = stand_on(settings, home)
    try:
        yield ground
    except StoreUnusable as fault:
        file = home / "terminal.db"
        raise SetupFault(f"{file}: cannot be used ({fault}); check the disk") from fault
    finally:
        ground.office.close()
        ground.store.close()


def list_rows(settings: Settings, home: Path, *, as_json: bool) -> int:
    """Every row and what it waits for, oldest first."""
    with opened(settings, home) as ground:
        rows = ground.outbox.rows()
    return tell({"rows": [_told(row) for row in rows]}, map(_line, rows), as_json=as_json)


def show(settings: Settings, home: Path, wanted: str, *, as_json: bool) -> int:
    """One row with everything in it, opened."""
    with opened(settings, home) as ground:
        row = _found(ground, wanted)
        if row is None:
            return _unknown(wanted, as_json=as_json)
        pieces = ground.outbox.attachments(row.id)
        told = _told(row) | {"attachments": [vars(each) for each in pieces]}
        try:
            told["envelope"] = json.loads(ground.outbox.body(row.id))
        except StoreUnusable:
            told["envelope"] = None
    lines = [_line(row), json.dumps(told["envelope"], ensure_ascii=False, indent=1)]
    return tell(told, lines, as_json=as_json)


def send(settings: Settings, home: Path, *, as_json: bool) -> int:
    """Everything that is due once; 0 when nothing waits any more."""
    with opened(settings, home) as ground:
        came = ground.submit(SimulatedTill(), {}, Channel.KIOSK).deliver.drain()
        with suppress(OfficeUnreachable):  # a no is told though nothing hangs on it
            ground.consent(NONE, Channel.KIOSK).tell()
        waiting = ground.outbox.depth().waiting
    told = {**vars(came), "waiting": waiting}
    words = (
        f"届いたもの {came.delivered}件、受け付けられなかったもの {came.refused}件、"
        f"送信から外したもの {came.set_aside}件、待っているもの {waiting}件"
    )
    tell(told, [words], as_json=as_json)
    if came.refused:
        return REFUSED
    return UNREACHABLE if waiting else FINE


def retry(settings: Settings, home: Path, wanted: str, *, as_json: bool) -> int:
    """What was refused or set aside goes once more."""
    with opened(settings, home) as ground:
        row = _found(ground, wanted)
        if row is None:
            return _unknown(wanted, as_json=as_json)
        moved = ground.tend().retry(row.id, this_command())
        return _moved(ground, row, moved=moved, as_json=as_json)


def retry_since(settings: Settings, home: Path, moment: datetime, *, as_json: bool) -> int:
    """An office that lost what it had is told again; the same twice is there once."""
    with opened(settings, home) as ground:
        count = ground.again(this_command()).since(moment)
    return tell({"again": count}, [f"{count}件をもう一度送ります"], as_json=as_json)


def quarantine(settings: Settings, home: Path, wanted: str, why: str, *, as_json: bool) -> int:
    """Out of everybody's way until staff decide."""
    with opened(settings, home) as ground:
        row = _found(ground, wanted)
        if row is None:
            return _unknown(wanted, as_json=as_json)
        moved = ground.tend().stop(row.id, why, this_command())
        return _moved(ground, row, moved=moved, as_json=as_json)


def export(settings: Settings, home: Path, file: Path, *, as_json: bool) -> int:
    """Everything that is not delivered, in one sealed file; its code is told once."""
    code = new_code()
    with opened(settings, home) as ground:
        rows = ground.outbox.undelivered()
        unread: list[str] = []
        try:
            write(file, code, _items(ground, rows, unread))
        except OSError as fault:
            raise SetupFault(f"{file}: cannot be written ({fault.strerror})") from fault
        count = len(rows) - len(unread)
        SqliteJournal(ground.store, ground.clock).write(
            this_command(), Deed.EXPORTED, "", f"rows={count}"
        )
    told = {"file": str(file), "rows": count, "code": code, "left_out": unread}
    lines = [
        f"{file}: {count}件",
        f"開くためのコード　{code}　（ファイルとは別に、紙で運んでください）",
    ]
    return tell(told, lines, as_json=as_json)


@dataclass(frozen=True)
class Carrying:
    """What `outbox import` is asked for."""

    file: Path
    code: str


def import_rows(settings: Settings, home: Path, carrying: Carrying, *, as_json: bool) -> int:
    """What another terminal could not send leaves from here; the same again changes nothing."""
    taken = known = 0
    with opened(settings, home) as ground:
        try:
            for each in read(carrying.file, carrying.code):
                if isinstance(each, Spoken):
                    ground.consents.adopt(each.record, this_command())
                    continue
                envelope = from_json(json.loads(each.body))
                files = [Attachment(*file) for file in each.attachments.items()]
                now = ground.clock.now()
                fresh = ground.outbox.adopt(envelope, files, now, this_command())
                taken, known = taken + fresh, known + (not fresh)
        except OSError as fault:
            raise SetupFault(f"{carrying.file}: cannot be read ({fault.strerror})") from fault
        except (NoArchive, EnvelopeFault):
            words = f"コードが違うか、ファイルが壊れています（{taken}件まで読めました）"
            return refuse("no-archive", f"{carrying.file}: {words}", as_json=as_json)
    told = {"file": str(carrying.file), "taken": taken, "known": known}
    return tell(told, [f"{taken}件を預かりました（すでにあったもの {known}件）"], as_json=as_json)


def _told(row: OutboxRow) -> dict[str, Any]:
    last: Mapping[str, Any] | None = None
    if row.last_answer is not None:
        last = {"at": row.last_at or row.settled_at, "answer": row.last_answer}
    return {
        "id": row.id,
        "receipt": row.receipt,
        "sha256": row.sha256,
        "state": row.state,
        "words": words_of(row),
        "attempts": row.attempts,
        "last": last,
        "kept": row.kept_at,
        "purpose": row.purpose,
    }


def _line(row: OutboxRow) -> str:
    return f"{row.receipt}　{row.id}　{words_of(row)}"


def _found(ground: Ground, wanted: str) -> OutboxRow | None:
    """By its id, or by the number on its receipt."""
    row = ground.outbox.row(wanted)
    return row or next((each for each in ground.outbox.rows() if each.receipt == wanted), None)


def _items(ground: Ground, rows: Sequence[OutboxRow], unread: list[str]) -> Iterator[Item]:
    """What was said goes first, then what hangs on it; what does not open stays, and is named."""
    yield from map(Spoken, ground.consents.untold())
    for row in rows:
        carried = _carried(ground.outbox, row.id)
        if carried is None:
            unread.append(row.id)
        else:
            yield carried


def _carried(box: Outbox, one: str) -> Carried | None:
    try:
        body = box.body(one)
    except StoreUnusable:
        return None  # erased, or its seal does not open
    pieces = {each.sha256: box.attachment(one, each.sha256) for each in box.attachments(one)}
    whole = {name: content for name, content in pieces.items() if content is not None}
    return Carried(body, whole) if len(whole) == len(pieces) else None


def _moved(ground: Ground, row: OutboxRow, *, moved: bool, as_json: bool) -> int:
    now = ground.outbox.row(row.id) or row
    if not moved:
        return refuse("not-now", f"{row.receipt}: {words_of(now)}", as_json=as_json)
    return tell(_told(now), [_line(now)], as_json=as_json)


def _unknown(wanted: str, *, as_json: bool) -> int:
    return refuse("unknown-submission", f"{wanted}: そのような申請はありません", as_json=as_json)
