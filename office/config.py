"""The office's settings, given on its command line."""

from dataclasses import dataclass, field
from pathlib import Path

RATE_DEVICE, RATE_ADDRESS = 1000.0, 100.0  # calls a second
_RESOURCES = Path(__file__).parents[1] / "resources"
PEOPLE = _RESOURCES / "people" / "register.yaml"
STATUS = _RESOURCES / "status"
PURPOSES = _RESOURCES / "consent" / "purposes.yaml"


class SetupFault(Exception):
    """The office cannot start: one line that names what, and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Where the office keeps its state, whom its register knows, and what its papers look like."""

    home: Path
    people: Path = PEOPLE
    letterhead: Path | None = None
    fonts: tuple[Path, ...] = ()
    purposes: Path = PURPOSES
    database_url: str = field(default="", repr=False)
    city_os: Path | None = None
    relays: Path | None = None
    rate_device: float = RATE_DEVICE
    rate_address: float = RATE_ADDRESS

    @property
    def database(self) -> Path | str:
        """A city's PostgreSQL, or the SQLite file of an office by itself."""
        return self.database_url or self.home / "office.db"

    @property
    def keys(self) -> Path:
        """The folder of what seals and signs the city's papers."""
        return self.home / "keys"
