"""A stored submission as a parcel: its bytes, and its photos and files when they are asked for."""

import json

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.arrivals import attached_in
from office.relays.port import Parcel
from office.tables import PieceTable, SubmissionTable


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
        attachments=tuple({each.sha256: each for each in attached_in(envelope["B票"])}.values()),
        read=read,
    )
