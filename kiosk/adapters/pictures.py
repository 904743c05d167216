"""Codes in a picture that a clerk chose."""

from pathlib import Path

from devices.scanners.files import UnreadableFile, codes_in_file
from kiosk.errors import CodeUnreadable


def codes_pictured(name: str) -> tuple[str, ...]:
    """The text of every code in the file; why there is none to be had, if so."""
    try:
        return codes_in_file(Path(name))
    except UnreadableFile as fault:
        raise CodeUnreadable(fault.reason) from fault
