"""The made-up persons' practice cards, out of their file."""

from pathlib import Path
from typing import Any

import yaml

from devices.simulated.people import Misbehaviour, PracticeCard


def practice_cards(file: Path) -> tuple[PracticeCard, ...]:
    """Every practice card of the file."""
    return tuple(_card(raw) for raw in yaml.safe_load(file.read_text("utf-8")))


def _card(raw: dict[str, Any]) -> PracticeCard:
    wrong = Misbehaviour(**raw.pop("wrong", {}))
    certificates = tuple(raw.pop("certificates", ("auth", "sign")))
    return PracticeCard(**raw, certificates=certificates, wrong=wrong)
