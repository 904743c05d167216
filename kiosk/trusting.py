"""Whose seals this place believes: the city's public keys, from a file or once from the office."""

from pathlib import Path

from kiosk.adapters.office import HttpOffice
from kiosk.config import Settings
from kiosk.errors import OfficeUnreachable, SetupFault
from printing.proof.trust import Trust, UnreadableTrust, read_trust

KEPT = "paper-trust.json"
NO_KEYS = (
    "no seal keys of the city here: let the office print them (./kakanai office trust > FILE) "
    "and name that file with --trust or paper_trust"
)


def trusted(settings: Settings, named: Path | None) -> Trust | None:
    """The keys of the file that was named, else of the settings; None where there is none."""
    file = named or (Path(settings.paper_trust) if settings.paper_trust else None)
    return _read(file) if file else None


def kept(home: Path | None, office: HttpOffice | None, *, renew: bool) -> Trust:
    """The keys that the office handed out when it was first asked, kept in this home.

    The first answer is believed because nothing else could vouch for it, and only that one: from
    then on another authority is refused, even where keys are renewed on a clerk's word.
    """
    file = home / KEPT if home else None
    known = _read(file) if file and file.exists() else None
    if known and not renew:
        return known
    if file is None or office is None:
        raise SetupFault(NO_KEYS)
    try:
        text, fresh = _told(office)
    except OfficeUnreachable as fault:
        if known:
            raise
        raise SetupFault(f"{NO_KEYS}; the office was not reached ({fault})") from fault
    if known and set(fresh.authorities) != set(known.authorities):
        raise SetupFault(
            f"{file}: the office answers under another authority than the one kept here; "
            "remove this file only if the city says that it has a new one"
        )
    _keep(file, text)
    return fresh


def _read(file: Path) -> Trust:
    try:
        return read_trust(file.read_bytes())
    except (OSError, UnreadableTrust) as fault:
        raise SetupFault(f"{file}: no list of the city's seal keys ({fault})") from fault


def _told(office: HttpOffice) -> tuple[bytes, Trust]:
    """What the office says and what it means; who says anything else is no office."""
    text = office.trust()
    try:
        return text, read_trust(text)
    except UnreadableTrust as fault:
        raise OfficeUnreachable("no list of seal keys") from fault


def _keep(file: Path, text: bytes) -> None:
    """Whole or not at all."""
    part = file.with_suffix(".new")
    try:
        part.write_bytes(text)
        part.replace(file)
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be written ({fault.strerror})") from fault
