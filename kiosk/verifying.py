"""`kakanai paper verify`: is this paper ours, untouched, and does it still stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.adapters.office import HttpOffice
from kiosk.config import Settings
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.ground import fonts, letterhead
from kiosk.telling import FINE, NO, tell
from kiosk.trusting import trusted
from printing.certificate import CertificatePress
from printing.contents import certificates_from
from printing.finding import Finding
from printing.trust import Trust
from printing.verify import Render, verify

NOBODY = Trust({}, ())


def verify_paper(
    settings: Settings, file: Path, trust: Path | None, *, ask: bool, as_json: bool
) -> int:
    """What the paper itself shows, and what the office says of its number."""
    try:
        paper = file.read_bytes()
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault.strerror})") from fault
    found = verify(paper, trusted(settings, trust) or NOBODY, _render(settings))
    if ask and found.seal is not None:
        found = _asked(settings, found)
    tell(found.told(), found.words, as_json=as_json)
    return FINE if found.authentic else NO


def _render(settings: Settings) -> Render:
    """The same press that made the paper: what it makes of the data is what must be there."""
    press = CertificatePress(fonts(settings), letterhead(settings))

    def render(data: Mapping[str, Any]) -> bytes:
        return press.render(certificates_from(data, specimen=False)[0])

    return render


def _asked(settings: Settings, found: Finding) -> Finding:
    """The office knows whether the number was issued, and whether it still stands."""
    if found.seal is None:
        return found
    office = HttpOffice(settings.office_url, settings.office_token)
    try:
        return found.answered(office.standing(found.seal.number))
    except OfficeUnreachable:
        return found.unanswered()
