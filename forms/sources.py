"""The door to YAML: whoever finds everything kept (`forms.kept`) never loads its library."""

from pathlib import Path
from typing import Any, Protocol

from forms.faults import FormFault

__all__ = ["FormFault", "YamlSource", "read"]


class YamlSource(Protocol):
    """One file: its data, and where each part of it stands."""

    @property
    def file(self) -> Path:
        """Where it is."""
        ...

    @property
    def data(self) -> Any:
        """Plain data."""
        ...

    def line_of(self, steps: list[str | int]) -> int:
        """The line of the part that these keys and numbers lead to, as far as they lead."""
        ...

    def line_of_part(self, part: str, key: str) -> int | None:
        """The line of `key` in the mapping whose id is `part`; None where no such part is."""
        ...


def read(file: Path) -> YamlSource:
    """The file's data; every way in which it is no plain data is a fault with its line."""
    from forms.yaml_source import composed  # noqa: PLC0415 (heavy; only where a file is new)

    return composed(file)
