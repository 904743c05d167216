"""What is asked of the room, and what it answers: plain data, closed, no ink."""

from msgspec import Struct

from printing.contents import Certificate
from printing.paper import Receipt


class Furnishing(Struct, frozen=True, tag=True):
    """What the room is set up with: the city's own fonts, its letterhead, its roll of slips."""

    fonts: tuple[str, ...] = ()
    letterhead: str = ""
    roll: str = "80mm"
    substitutes: dict[str, tuple[str, ...]] = {}


class Certify(Struct, frozen=True, tag=True):
    """Draw a certificate, with the substitutes that a clerk agreed to."""

    certificate: Certificate
    agreed: dict[str, str]


class Acknowledge(Struct, frozen=True, tag=True):
    """Draw a receipt."""

    receipt: Receipt


class ReadBack(Struct, frozen=True, tag=True):
    """Say what the codes of each page say, from its pixels."""

    pdf: bytes


class Seek(Struct, frozen=True, tag=True):
    """Say which characters of a text no font draws rightly."""

    text: str


class Suggest(Struct, frozen=True, tag=True):
    """Say what could be drawn instead of a character."""

    character: str


class Check(Struct, frozen=True, tag=True):
    """Say whether everything is there: fonts, letterhead, and a shape for each of its words."""


Job = Certify | Acknowledge | ReadBack | Seek | Suggest | Check


class Furnished(Struct, frozen=True, tag=True):
    """What was asked about is there."""


class Drawn(Struct, frozen=True, tag=True):
    """A paper."""

    pdf: bytes


class Codes(Struct, frozen=True, tag=True):
    """What is read on each page."""

    pages: tuple[tuple[str, ...], ...]


class Characters(Struct, frozen=True, tag=True):
    """What was sought or suggested."""

    found: tuple[str, ...]


class Shapeless(Struct, frozen=True, tag=True):
    """No font draws these."""

    missing: tuple[str, ...]


class NoPlace(Struct, frozen=True, tag=True):
    """The paper cannot be drawn as it is; `reason` says why."""

    reason: str


class Unfit(Struct, frozen=True, tag=True):
    """Nothing can be drawn here: a font, a line of the letterhead, or memory is missing."""

    reason: str


class Bug(Struct, frozen=True, tag=True):
    """A mistake of ours: what kind, and in which line; what was asked stays in the room."""

    kind: str
    place: str


Answer = Furnished | Drawn | Codes | Characters | Shapeless | NoPlace | Unfit | Bug
