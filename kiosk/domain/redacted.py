"""What happens and where a turn stands prints without what is personal in it."""

from typing import ClassVar

from msgspec import Struct


class Redacted(Struct, frozen=True):
    """Prints only the fields that its class names in `prints`."""

    prints: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.prints)
        return f"{type(self).__name__}({told})"
