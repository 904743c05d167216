"""The made-up persons' practice cards, out of their file."""

from pathlib import Path

import yaml

from devices.simulated.people import PracticeCard


def practice_cards(file: Path) -> tuple[PracticeCard, ...]:
    """Every practice card of the file."""
    return tuple(PracticeCard(**raw) for raw in yaml.safe_load(file.read_text("utf-8")))
