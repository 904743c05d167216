"""The one way in which a city's files are told to be unusable."""

from pathlib import Path


class FormFault(Exception):
    """A definition that cannot be used: which file, where, and which rule it breaks."""

    def __init__(self, file: Path, where: str, rule: str) -> None:
        super().__init__(f"{file}: {where}: {rule}")
        self.file, self.where, self.rule = file, where, rule
