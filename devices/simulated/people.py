"""The made-up persons whose practice cards the simulated reader takes."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml


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


def practice_cards(file: Path) -> tuple[PracticeCard, ...]:
    """Every practice card of the file."""
    return tuple(PracticeCard(**raw) for raw in yaml.safe_load(file.read_text("utf-8")))
