"""A stored submission as a parcel: its bytes, and its photos and files when they are asked for."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.relays.port import Attachment, Parcel
from office.tables import PieceTable, SubmissionTable

_NAMED = {"name", "type", "size", "sha256"}


def parcel_of(engine: Engine, row: SubmissionTable) -> Parcel:
    """What a back office gets of this row."""
    submission, envelope = row.id, json.loads(row.body)

    def read(sha256: str) -> bytes:
        asked = select(PieceTable.body).filter_by(submission=submission, sha256=sha256)
        with Session(engine) as session:
            return b"".join(session.scalars(asked.order_by(PieceTable.start)))

    return Parcel(
        id=submission,
        sequence=row.sequence,
        device=row.device,
        receipt=envelope["receipt"],
        sha256=row.sha256,
        body=row.body,
        envelope=envelope,
        attachments=tuple({each.sha256: each for each in _named(envelope["B票"])}.values()),
        read=read,
    )


def _named(part: Any) -> Iterator[Attachment]:
    """The files that an envelope speaks of, wherever it does."""
    if isinstance(part, dict):
        if part.keys() >= _NAMED:
            yield Attachment(*(part[key] for key in ("name", "type", "size", "sha256")))
        else:
            for each in part.values():
                yield from _named(each)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each)
