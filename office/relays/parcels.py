"""A stored submission as a parcel: its bytes, and its photos and files when they are asked for."""

import json
from collections.abc import Callable, Iterator

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.arrivals import attached_in
from office.relays.port import Parcel
from office.tables import PieceTable, SubmissionTable


def parcel_of(
    engine: Engine,
    row: SubmissionTable,
    may_go: Callable[[], bool] = lambda: True,
    busy: Callable[[], None] = lambda: None,
) -> Parcel:
    """What a back office gets of this row; `busy` hears of every piece that is fetched."""
    submission, envelope = row.id, json.loads(row.body)

    def pieces(sha256: str) -> Iterator[bytes]:
        """A transaction each: a slow target holds none open."""
        start = 0
        asked = select(PieceTable.body).filter_by(submission=submission, sha256=sha256)
        while True:
            busy()
            with Session(engine) as session:
                body = session.scalars(asked.filter_by(start=start)).one_or_none()
            if body is None:
                return
            yield body
            start += len(body)

    return Parcel(
        id=submission,
        sequence=row.sequence,
        device=row.device,
        receipt=envelope["receipt"],
        sha256=row.sha256,
        body=row.body,
        envelope=envelope,
        attachments=tuple({each.sha256: each for each in attached_in(envelope["B票"])}.values()),
        pieces=pieces,
        may_go=may_go,
    )
