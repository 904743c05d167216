"""Whose seals this place believes: the city's public keys, from a file."""

from pathlib import Path

from kiosk.config import Settings
from kiosk.errors import SetupFault
from printing.trust import Trust, UnreadableTrust, read_trust


def trusted(settings: Settings, named: Path | None) -> Trust | None:
    """The keys of the file that was named, else of the settings; None where there is none."""
    file = named or (Path(settings.paper_trust) if settings.paper_trust else None)
    if file is None:
        return None
    try:
        return read_trust(file.read_bytes())
    except (OSError, UnreadableTrust) as fault:
        raise SetupFault(f"{file}: no list of the city's seal keys ({fault})") from fault
