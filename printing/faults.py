"""What keeps a paper from being made."""

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"}


class MissingFont(Exception):
    """A font is not installed; `package` is the Debian package that brings it."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(f"font {name} is not installed: apt install {package}")
        self.name = name
        self.package = package


class MissingGlyph(Exception):
    """A paper has characters that no font draws rightly: `missing` as they are, all of them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        self.characters = tuple(named(each) for each in missing)
        super().__init__("、".join(self.characters))


class Undrawable(Exception):
    """What an office answered has no place on a sheet as it is."""


class Overfull(Undrawable):
    """Words that no sheet has room for, at the smallest size that can be read."""


class BadImpression(Undrawable):
    """What was sent as a seal is no picture of one; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def named(character: str) -> str:
    """A character for people who have to find it: itself if it can be seen, and its codes."""
    codes = " ".join(f"U+{ord(c):04X}" for c in character)
    seen = unicodedata.category(character[0]) not in _UNSEEN
    return f"{character} ({codes})" if seen else codes
