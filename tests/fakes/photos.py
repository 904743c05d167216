"""Photos of a submission in an office's store, whole and in pieces as they came."""

import hashlib
import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from office.tables import AttachmentTable, PieceTable, SubmissionTable
from tests.fakes.handing import NOW, Handing

PIECE = 256 * 1024


def photo(size: int, seed: int = 1) -> bytes:
    """Bytes that no two seeds share."""
    return random.Random(seed).randbytes(size)  # noqa: S311 the same again in another run


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def described(content: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    """A photo as an envelope speaks of it, under a name that nobody should trust."""
    name = "../../家 の?.exe"
    return {"name": name, "type": kind, "size": len(content), "sha256": sha256(content)}


def submit_with(handing: Handing, targets: str, photos: Sequence[bytes], **more: Any) -> str:
    """A submission that names these; it may go from the moment in which they are whole."""
    content = {"kind": "household", "photos": [described(each) for each in photos]}
    made = handing.submit(*targets.split(), content=content, missing=len(set(photos)), **more)
    with Session(handing.engine) as session, session.begin():
        for each in set(photos):
            session.add_all(stored(made, each))
        whole = update(SubmissionTable).where(SubmissionTable.id == made)
        session.execute(whole.values(missing=0))
    return made


def stored(submission: str, content: bytes) -> list[AttachmentTable | PieceTable]:
    mine, size = {"submission": submission, "sha256": sha256(content)}, len(content)
    pieces = [
        PieceTable(**mine, start=start, body=content[start : start + PIECE])
        for start in range(0, size, PIECE)
    ]
    return [AttachmentTable(**mine, size=size, have=size, whole=NOW.isoformat()), *pieces]
