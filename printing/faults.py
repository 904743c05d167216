"""What keeps a paper from being made."""


class MissingFont(Exception):
    """A font is not installed; `package` is the Debian package that brings it."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(f"font {name} is not installed: apt install {package}")
        self.name = name
        self.package = package


class MissingGlyph(Exception):
    """A paper has characters that no font draws rightly; `characters` names them."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__("、".join(characters))
        self.characters = characters
