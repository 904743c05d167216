"""What becomes of an answer that moves nobody on."""

from devices.faults import DeviceFault
from kiosk.errors import WorldFault


def nothing(_: object) -> None:
    """The answer needs no event."""


def unless_ours(fault: Exception) -> None:
    """The world's faults have apologies; our own bugs go to the top."""
    if not isinstance(fault, WorldFault | DeviceFault):
        raise fault
