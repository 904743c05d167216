"""`kakanai audit verify|show`: is the journal whole, and what stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.adapters.evidence import SqliteEvidence, evidence
from kiosk.domain.journal import Linked, Why
from kiosk.errors import SetupFault, StoreUnusable
from kiosk.ports.journal import Anchorage
from kiosk.telling import FINE, NO, tell
from kiosk.usecases.audit import Finding, Flaw, Verdict, audit

UNREACHABLE = 9
_WORDS = {
    Why.CHANGED: "{place}番目の記録が、書かれたときと違います。",
    Why.MISSING: "{place}番目の記録がありません。途中が抜かれたか、入れかえられています。",
    Why.SHORTENED: "{place}番目から後ろの記録がありません。市役所へ伝えた続きが消えています。",
    Why.REPLACED: "{place}番目までの記録が、市役所へ伝えたものと違います。書き直されています。",
    Flaw.UNWRITTEN: "申請 {submission} を預かった記録がありません。",
    Flaw.VANISHED: "{place}番目に預かったとある申請 {submission} が、送信待ちの箱にありません。",
    Flaw.DIFFERENT: "申請 {submission} が、{place}番目に預かったときの中身と違います。",
    Flaw.UNREADABLE: "{place}番目から先が読めません。データベースのファイルが壊れています。",
}
_ANEW = (
    "市役所は {at:.10} から、この端末の記録を新しく数えています（理由: {why}）。"
    "それより前の控えとは合わせていません。"
)


def verify(home: Path, office: Anchorage | None, *, as_json: bool) -> int:
    """The first wrong place and what it means; without the office, what is proven without it."""
    with _looked_at(home) as found:
        verdict = audit(found, office)
    asked = "asked" if verdict.office_asked else "unreachable" if office else "not-asked"
    told: dict[str, Any] = {
        "whole": verdict.finding is None,
        "entries": verdict.entries,
        "end": verdict.end,
        "anchored": verdict.anchored,
        "office": asked,
        "anew": verdict.anew and vars(verdict.anew),
        "finding": verdict.finding and _as_json(verdict.finding),
    }
    tell(told, _lines(verdict, asked), as_json=as_json)
    if verdict.finding:
        return NO
    return UNREACHABLE if asked == "unreachable" else FINE


def show(home: Path, last: int | None, *, as_json: bool) -> int:
    """Every entry, or the last so many."""
    with _looked_at(home) as found:
        try:
            rows = list(found.entries())[-last if last else None :]
        except StoreUnusable as fault:
            raise SetupFault(f"{home / 'terminal.db'}: cannot be read; run audit verify") from fault
    listed = [{**vars(row.entry), "hash": row.hash} for row in rows]
    return tell({"entries": listed}, map(_line, rows), as_json=as_json)


@contextmanager
def _looked_at(home: Path) -> Iterator[SqliteEvidence]:
    file = home / "terminal.db"
    try:
        with evidence(file) as found:
            yield found
    except StoreUnusable as fault:
        raise SetupFault(f"{file}: cannot be opened; check the folder's rights") from fault


def _as_json(finding: Finding) -> dict[str, Any]:
    return {**vars(finding), "message": _said(finding)}


def _said(finding: Finding) -> str:
    return _WORDS[finding.what].format(place=finding.place, submission=finding.submission)


def _lines(verdict: Verdict, asked: str) -> list[str]:
    anew = [_ANEW.format(**vars(verdict.anew))] if verdict.anew else []
    if verdict.finding:
        return [_said(verdict.finding), *anew]
    lines = [f"記録 {verdict.entries} 件に、変えられたところはありません。"]
    if asked == "asked":
        lines.append(f"{verdict.anchored}番目までを、市役所の控えと合わせました。")
    else:
        lines.append(
            f"市役所の控えとは合わせていません。この端末の控えでは{verdict.anchored}番目までです。"
        )
    return [*lines, *anew]


def _line(row: Linked) -> str:
    return " ".join(str(each) for each in vars(row.entry).values()).rstrip()
