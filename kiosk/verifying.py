"""`kakanai paper verify`: is this paper ours, untouched, and does it still stand."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.office import HttpOffice
from kiosk.config import Settings
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.stationery import fonts, letterhead
from kiosk.telling import FINE, NO, refuse, tell
from kiosk.trusting import kept, trusted
from printing.answers import certificates_from
from printing.certificates.press import CertificatePress
from printing.proof.finding import GOOD, NOT_CHECKED, UNKNOWN, Finding
from printing.proof.trust import Trust
from printing.proof.verify import Render, verify

UNREACHABLE = 9
WHOLE, CODE_ONLY, UNANSWERED, NOT_OURS = "whole", "code-only", "unanswered", "no"
STATUS = {WHOLE: FINE, CODE_ONLY: FINE, UNANSWERED: UNREACHABLE, NOT_OURS: NO}
AWAY = "市役所とつながりません"
NOT_COMPARED = (
    "氏名や住所などが書き換えられていても、この調べ方では分かりません。"
    "紙面を、台帳の記載と見くらべてください。"
)
NOT_ASKED = "取り消されていないかは、市役所に確かめていません。"
OLD_KEYS = "信頼する鍵が古いのかもしれません。市役所の今の鍵で、もう一度お確かめください。"


def verify_paper(
    settings: Settings,
    file: Path,
    trust: Path | None,
    *,
    ask: bool,
    as_json: bool,
    home: Path | None = None,
    refresh: bool = False,
) -> int:
    """What the paper itself shows, and what the office says of its number."""
    try:
        paper = file.read_bytes()
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault.strerror})") from fault
    _check_usage(settings, trust, ask=ask, refresh=refresh)
    ours = DeviceKeys(home / "keys") if home else None
    with closing(
        HttpOffice(settings.office_url, settings.device, ours, settings.office_ca)
    ) as office:
        asked = office if ask else None
        try:
            keys = trusted(settings, trust) or kept(home, asked, renew=refresh)
        except OfficeUnreachable as fault:
            refuse("office-unreachable", f"{AWAY} ({fault})", as_json=as_json)
            return UNREACHABLE
        return _told(*_looked(paper, keys, _render(settings), asked), as_json=as_json)


def _check_usage(settings: Settings, trust: Path | None, *, ask: bool, refresh: bool) -> None:
    """Nobody is left thinking that keys were renewed which were not."""
    if refresh and not ask:
        raise SetupFault("--refresh-trust asks the office; leave out --offline")
    if refresh and (trust or settings.paper_trust):
        raise SetupFault("--refresh-trust asks the office; --trust and paper_trust name a file")


def _looked(
    paper: bytes, keys: Trust, render: Render, office: HttpOffice | None
) -> tuple[str, Finding]:
    """The answer in one word, and how it was found."""
    found = verify(paper, keys, render)
    sound = found.authentic
    if office and found.seal:
        try:
            found = found.answered(office.standing(found.seal.number))
        except OfficeUnreachable as fault:
            print(f"kakanai: {AWAY} ({fault})", file=sys.stderr)
            found = found.unanswered()
    if found.authentic:
        return WHOLE if found.checked["text"] == GOOD else CODE_ONLY, found
    return UNANSWERED if sound and found.checked["issue"] == UNKNOWN else NOT_OURS, found


def _told(answer: str, found: Finding, *, as_json: bool) -> int:
    words = [*found.words[:1], *_cautions(answer, found), *found.words[1:]]
    tell({"answer": answer, **found.told(), "words": words}, words, as_json=as_json)
    return STATUS[answer]


def _cautions(answer: str, found: Finding) -> Iterator[str]:
    """What nobody may overlook, close to the answer."""
    if answer == CODE_ONLY:
        yield NOT_COMPARED
    if answer in (WHOLE, CODE_ONLY) and found.checked["issue"] == NOT_CHECKED:
        yield NOT_ASKED
    if "unknown-code" in found.reasons:
        yield OLD_KEYS


def _render(settings: Settings) -> Render:
    """The same press that made the paper: what it makes of the data is what must be there."""

    def render(data: Mapping[str, Any]) -> bytes:
        press = CertificatePress(fonts(settings), letterhead(settings))
        return press.render(certificates_from(data, specimen=False)[0])

    return render
