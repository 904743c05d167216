"""What is asked of the office about a slip that comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Declined:
    """The office does not take it: the kind of its refusal, and its words."""

    kind: str
    words: str


class ReseedOffice(Protocol):
    """The office, which alone opens what a slip carries."""

    def slip(self, sealed: bytes) -> Mapping[str, Any] | Declined:
        """Whose it is: `id`, `receipt`, `form`, `photos`, and its `state` if it is there."""
        ...

    def reseed(self, sealed: bytes) -> Mapping[str, Any] | Declined:
        """Bring it in: what became of it, and whether that was `fresh`."""
        ...
