"""What papers are drawn with where they are drawn at once: the fonts and the letterhead set up."""

from pathlib import Path

from kiosk.config import Settings
from kiosk.errors import SetupFault
from printing.certificates.letterhead import Letterhead, default_letterhead
from printing.certificates.letterhead import letterhead as read_letterhead
from printing.certificates.source import LetterheadFault
from printing.faults import MissingFont
from printing.letters.glyphs import Fonts, find_fonts


def fonts(settings: Settings) -> Fonts:
    """The faces of our papers, the city's own before ours."""
    try:
        return find_fonts(own=settings.own_fonts)
    except MissingFont as fault:
        raise SetupFault(str(fault)) from fault


def letterhead(settings: Settings) -> Letterhead:
    """What the city's papers look like."""
    if not settings.letterhead:
        return default_letterhead()
    try:
        return read_letterhead(Path(settings.letterhead))
    except LetterheadFault as fault:
        raise SetupFault(str(fault)) from fault
