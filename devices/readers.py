"""Card readers by their USB names: which ones work here, and which never will."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

USB = Path("/sys/bus/usb/devices")
CCID_DRIVER = Path("/usr/lib/pcsc/drivers/ifd-ccid.bundle")
KNOWN = {
    ("054c", "0dc8"): "Sony RC-S300/S",
    ("054c", "0dc9"): "Sony RC-S300/P",
    ("072f", "b100"): "ACS ACR39U",
    ("072f", "223b"): "ACS ACR1252",
    ("04e6", "5116"): "SCM SCR3310",
    ("04e6", "511f"): "SCM SCR3310",
    ("04e6", "511a"): "NTT SCR3310-NTTCom",
    ("04e6", "5790"): "Identiv uTrust 3700 F",
}
UNSUPPORTED = {
    ("054c", "06c1"): "Sony RC-S380/S",
    ("054c", "06c3"): "Sony RC-S380/P",
}
WHY_NOT = (
    "is no CCID reader, and pcscd has no driver for it on Linux: "
    "use RC-S300, ACR39U or SCR3310 instead"
)


@dataclass(frozen=True)
class Plugged:
    """A card reader on a USB port."""

    name: str
    works: bool


def plugged(root: Path = USB) -> tuple[Plugged, ...]:
    """The card readers we know by name that are plugged in."""
    found = []
    for names in _names(root):
        if names in KNOWN:
            found.append(Plugged(KNOWN[names], works=True))
        elif names in UNSUPPORTED:
            found.append(Plugged(UNSUPPORTED[names], works=False))
    return tuple(found)


def _names(root: Path) -> Iterable[tuple[str, str]]:
    for device in sorted(root.glob("*")):
        vendor, product = device / "idVendor", device / "idProduct"
        if vendor.exists() and product.exists():
            yield vendor.read_text("ascii").strip(), product.read_text("ascii").strip()
