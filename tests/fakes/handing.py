"""An office's store with submissions in it, and everything that hands them on."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from forms.envelope import canonical, digest, new_id, status_token, to_json
from office.history import steps
from office.relays.onward import enqueue, milliseconds
from office.relays.port import Answer, Parcel, Taken
from office.relays.queue import Handovers
from office.tables import HandoverTable, SubmissionTable
from tests.fakes.envelopes import NOW, envelope

PERSON = "ab" * 32


@dataclass
class Wall:
    """A clock that goes when it is told to."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Handing:
    """The table of handovers as an office has it; consents are a set."""

    engine: Engine
    now: Any = field(default_factory=Wall)
    given: set[tuple[str, str]] = field(default_factory=set)
    lease: int = 120_000

    def __post_init__(self) -> None:
        self.numbers = count(1)
        self.queue = self.another()

    def another(self) -> Handovers:
        """What a further process of the office has."""

        def stands(_: Session, person: str | None, purpose: str | None) -> bool:
            return (person, purpose) in self.given

        return Handovers(self.engine, self.now, stands, self.lease)

    def submit(
        self,
        *targets: str,
        name: str = "渡邉　一郎",
        parent: str | None = None,
        content: dict[str, Any] | None = None,
        purpose: str | None = None,
        missing: int = 0,
    ) -> str:
        number, now = next(self.numbers), self.now()
        made = envelope(
            number,
            id=new_id(now, secrets.token_bytes(10)),
            submitted=now,
            applicant={"申請者": {"氏名": name, "生年月日": "1980-02-17"}, "本人確認": "card"},
            content=content or {"kind": "household", "copies": 2},
            parent=UUID(parent) if parent else None,
            purpose=purpose,
            person=PERSON if purpose else None,
        )
        body = canonical(made)
        with Session(self.engine) as session, session.begin():
            session.add(
                SubmissionTable(
                    id=str(made.id),
                    sha256=digest(body),
                    device="K01",
                    sequence=number,
                    received=now.isoformat(),
                    state="received",
                    token=status_token(made.id),
                    body=body,
                    missing=missing,
                    purpose=purpose,
                    person=PERSON if purpose else None,
                )
            )
            enqueue(session, str(made.id), parent, targets, milliseconds(now))
        return str(made.id)

    def handover(self, submission: str, target: str) -> HandoverTable:
        asked = select(HandoverTable).filter_by(submission=submission, target=target)
        with Session(self.engine) as session:
            return session.scalars(asked).one()

    def states(self, target: str) -> list[str]:
        asked = select(HandoverTable.state).filter_by(target=target)
        with Session(self.engine) as session:
            return [str(each) for each in session.scalars(asked.order_by(HandoverTable.place))]

    def state(self, submission: str) -> str:
        with Session(self.engine) as session:
            asked = select(SubmissionTable.state).filter_by(id=submission)
            return session.scalars(asked).one()

    def history(self, submission: str) -> list[tuple[str, str, str]]:
        with Session(self.engine) as session:
            return [(s["state"], s["by"], s["words"]) for s in steps(session, submission)]


@dataclass
class Listening:
    """A back office that takes what it is told to take, and remembers all of it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def hand_over(self, parcel: Parcel) -> Answer:
        self.heard.append(parcel.id)
        return self.answers.get(parcel.id, Taken())


def example(**changed: Any) -> dict[str, Any]:
    """An envelope as JSON, with some of it changed."""
    made = envelope(
        1,
        id=UUID("01930000-0000-7000-8000-000000000001"),
        applicant={
            "申請者": {
                "氏名": "渡邉　一郎",
                "フリガナ": "ワタナベ　イチロウ",
                "生年月日": "1980-02-17",
                "電話番号": "090-1234-5678",
            }
        },
        content={"kind": "household", "copies": 2, "persons": [{"person_name": "渡邉　花"}]},
    )
    return json.loads(json.dumps(to_json(made) | changed))
