"""The faces we draw with; without them the program does not start."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from kiosk.errors import SetupFault

SANS = "BIZ UDPGothic"
NAMES = "IPAmjMincho"
_PACKAGES = {SANS: "fonts-morisawa-bizud-gothic", NAMES: "fonts-ipamj-mincho"}


def check_fonts() -> None:
    """Name the first missing face and the package that brings it."""
    for family, package in _PACKAGES.items():
        if not QFontDatabase.hasFamily(family):
            raise SetupFault(f"font {family!r} is missing; mend it with: apt-get install {package}")


@cache
def face(size: int, *, bold: bool = False) -> QFont:
    """Our face at a size in pixels."""
    font = QFont([SANS, NAMES])
    font.setPixelSize(size)
    font.setBold(bold)
    return font
