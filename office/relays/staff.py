"""`kakanai office relays …`: what is on its way, what waits for somebody, and going again."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, or_, select, update
from sqlalchemy.orm import Session

from office.history import steps
from office.relays.config import Directory
from office.relays.onward import milliseconds
from office.relays.port import SET_ASIDE, Handover
from office.relays.proving import Finding
from office.tables import HandoverTable, SubmissionTable

FINE, NO = 0, 1
_MOST = 200


def listed(engine: Engine, directory: Directory, now: datetime) -> dict[str, Any]:
    """Every target in numbers, and what of it waits for staff or has failed before."""
    with Session(engine) as session:
        return {
            "targets": [*_targets(session, directory, now)],
            "rows": [_told(*each) for each in session.execute(_troubled()).tuples()],
        }


def show(engine: Engine, submission: str) -> dict[str, Any] | None:
    """Where one submission went, and what became of it; None where there is no such."""
    with Session(engine) as session:
        kept = session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()
        if kept is None:
            return None
        asked = _rows().where(HandoverTable.submission == submission)
        return {
            "submission": kept.id,
            "state": kept.state,
            "missing": kept.missing,
            "handovers": [_told(*each) for each in session.execute(asked).tuples()],
            "history": steps(session, submission),
        }


def retry(engine: Engine, about: str, now: datetime) -> int:
    """What was set aside, of this target or this submission, goes again now; counts."""
    mine = or_(HandoverTable.target == about, HandoverTable.submission == about)
    waiting = (HandoverTable.state == Handover.WAITING) & HandoverTable.claimed.is_(None)
    again = update(HandoverTable).where(mine, or_(HandoverTable.state.in_(SET_ASIDE), waiting))
    anew = {"state": Handover.WAITING, "attempts": 0, "batch": None, "claimed": None}
    with Session(engine) as session, session.begin():
        asked = again.values(**anew, due=milliseconds(now)).returning(HandoverTable.place)
        return len(session.scalars(asked).all())


def print_list(told: Mapping[str, Any], *, as_json: bool) -> int:
    """A line each."""
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return FINE
    for each in told["targets"]:
        counts = "  ".join(f"{state} {n}" for state, n in each["counts"].items())
        print(f"{each['target']}  {each['kind']}  {counts or '-'}  oldest {each['oldest']} s")
    for row in told["rows"]:
        print(_line(row))
    return FINE


def print_one(told: Mapping[str, Any] | None, about: str, *, as_json: bool) -> int:
    """Everything about one submission."""
    if told is None:
        fault = {"error": {"code": "unknown", "message": f"{about}: no such submission"}}
        print(json.dumps(fault) if as_json else fault["error"]["message"])
        return NO
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return FINE
    print(f"{told['submission']}  {told['state']}  missing {told['missing']}")
    for row in told["handovers"]:
        print(_line(row))
    for step in told["history"]:
        print(f"  {step['at']}  {step['state']}  {step['by']}  {step['words']}")
    return FINE


def print_findings(found: Sequence[Finding], *, as_json: bool) -> int:
    """What does not fit; notes alone are fine."""
    problems = [each for each in found if not each.note]
    if as_json:
        rows = [
            {"target": e.target or None, "form": e.form, "words": e.words, "note": e.note}
            for e in found
        ]
        print(json.dumps({"fits": not problems, "findings": rows}, ensure_ascii=False))
    else:
        for each in found:
            sort = "note" if each.note else "FAULT"
            print(f"{sort}  {each.target or '-'}  {each.form}  {each.words}")
        print("does not fit" if problems else "fits")
    return NO if problems else FINE


def _targets(session: Session, directory: Directory, now: datetime) -> Sequence[dict[str, Any]]:
    counted = select(HandoverTable.target, HandoverTable.state, func.count())
    counts: dict[str, dict[str, int]] = {}
    for target, state, count in session.execute(counted.group_by(*counted.selected_columns[:2])):
        counts.setdefault(target, {})[str(state)] = count
    kinds = {each.name: each.__struct_config__.tag for each in directory.targets}
    return [
        {
            "target": target,
            "kind": kinds.get(target, "gone from the configuration"),
            "counts": counts.get(target, {}),
            "oldest": _oldest(session, target, now),
        }
        for target in dict.fromkeys([*kinds, *counts])
    ]


def _oldest(session: Session, target: str, now: datetime) -> int:
    """Seconds since the arrival of the first that still waits."""
    first = (
        select(SubmissionTable.received)
        .join(HandoverTable, HandoverTable.submission == SubmissionTable.id)
        .where(HandoverTable.target == target, HandoverTable.state == Handover.WAITING)
    )
    received = session.scalars(first.order_by(HandoverTable.place).limit(1)).one_or_none()
    return int((now - datetime.fromisoformat(received)).total_seconds()) if received else 0


def _rows() -> Any:
    joined = SubmissionTable.id == HandoverTable.submission
    return (
        select(HandoverTable, SubmissionTable)
        .join(SubmissionTable, joined)
        .order_by(HandoverTable.place)
    )


def _troubled() -> Any:
    tried: ColumnElement[bool] = HandoverTable.last_answer.is_not(None)
    waiting = (HandoverTable.state == Handover.WAITING) & tried
    return _rows().where(or_(HandoverTable.state.in_(SET_ASIDE), waiting)).limit(_MOST)


def _told(row: HandoverTable, kept: SubmissionTable) -> dict[str, Any]:
    return {
        "submission": row.submission,
        "receipt": f"{kept.device}-{kept.sequence:06d}",
        "target": row.target,
        "state": str(row.state),
        "attempts": row.attempts,
        "file": row.batch,
        "last": {"at": row.last_at, "answer": row.last_answer} if row.last_at else None,
    }


def _line(row: Mapping[str, Any]) -> str:
    last = f"{row['last']['at'][:19]}  {row['last']['answer']}" if row["last"] else ""
    told = (row["submission"], row["receipt"], row["target"], row["state"], str(row["attempts"]))
    return "  ".join((*told, last)).rstrip()
