"""The made-up persons whose practice cards the simulated reader takes."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PracticeCard:
    """One made-up person's card: what it holds and how it behaves."""

    id: str
    note: str
    name: str
    address: str
    birth: date
    sex: str
    pin: str
    attempts_left: int = 3
    kind: str = "mynumber"
