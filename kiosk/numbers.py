"""`kakanai paper unclear|settle|daily`: every number that was issued is accounted for."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kiosk.adapters.journal import this_command
from kiosk.config import Settings
from kiosk.domain.sheets import Fate
from kiosk.errors import OfficeUnreachable, SetupFault, StoreUnusable
from kiosk.ground import stand_on
from kiosk.stationery import fonts
from kiosk.telling import NO, refuse, tell
from kiosk.usecases.account import Account
from printing.daily import DailyPress
from printing.faults import MissingGlyph
from printing.paper import DailySheet, IssueLine

UNREACHABLE = 9
TITLES = {
    "juminhyo": "住民票の写し",
    "kisai": "住民票記載事項証明書",
    "inkan": "印鑑登録証明書",
    "shotoku": "所得・課税証明書",
    "nozei": "納税証明書",
    "koseki": "戸籍証明書",
    "fuhyo": "戸籍の附票の写し",
    "juri": "受理証明書",
    "risai": "罹災証明書",
}


def tell_unclear(settings: Settings, home: Path, *, as_json: bool) -> int:
    """The papers that somebody has to look for; the device stands still while there are any."""
    papers = list(_account(settings, home).unclear())
    lines = papers or ["確かめる紙はありません。"]
    tell({"papers": papers}, lines, as_json=as_json)
    return NO if papers else 0


def settle(settings: Settings, home: Path, number: str, fate: Fate, *, as_json: bool) -> int:
    """Somebody looked: what became of the paper is written down, and the device goes on."""
    ground = stand_on(settings, home)
    try:
        settled = ground.tend().settle(number, fate, this_command())
    except StoreUnusable as fault:
        file = home / "terminal.db"
        raise SetupFault(f"{file}: cannot be written ({fault}); check the disk") from fault
    if not settled:
        return refuse("unknown-paper", f"{number}: 確かめる紙ではありません", as_json=as_json)
    ground.account().report()
    return tell({"number": number, "outcome": fate}, [f"{number} {fate}"], as_json=as_json)


def print_daily(settings: Settings, home: Path, day: date, out: Path, *, as_json: bool) -> int:
    """The day's reconciliation, as the office knows it: nothing is left out."""
    ground = stand_on(settings, home)
    try:
        rows = ground.office.day(day)
    except OfficeUnreachable as fault:
        refuse("office-unreachable", f"市役所とつながりません ({fault})", as_json=as_json)
        return UNREACHABLE
    sheet = DailySheet(
        city=settings.city,
        office_name=settings.office_name,
        device=settings.device,
        day=day,
        made=ground.clock.now(),
        lines=tuple(_line(row) for row in rows),
        tills=(),
        specimen=False,
    )
    try:
        out.write_bytes(DailyPress(fonts(settings)).render(sheet))
    except MissingGlyph as fault:
        return refuse("unprintable-name", f"この文字は印刷できません: {fault}", as_json=as_json)
    except OSError as fault:
        raise SetupFault(f"{out}: cannot be written ({fault.strerror})") from fault
    told = {"file": str(out), "numbers": len(rows)}
    return tell(told, [str(out)], as_json=as_json)


def _account(settings: Settings, home: Path) -> Account:
    return stand_on(settings, home).account()


def _line(row: Mapping[str, Any]) -> IssueLine:
    return IssueLine(
        number=str(row["number"]),
        at=datetime.fromisoformat(str(row["at"])),
        type=TITLES.get(str(row["type"]), str(row["type"])),
        outcome=str(row["outcome"]),
        yen=int(row.get("yen") or 0),
        remark=str(row.get("remark") or ""),
    )
