"""Where the data lies that comes with the program."""

from pathlib import Path

RESOURCES = Path(__file__).parents[2] / "resources"
