"""The second code on a slip: should this terminal burn, the slip still holds the application."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from forms.reseed import write
from forms.sealing import Unopenable
from kiosk.errors import OfficeUnreachable
from kiosk.ports.outbox import Outbox

AGAIN = 3600.0


@dataclass(frozen=True)
class Spare:
    """What a slip bears besides its number: codes, or the reason why there is none."""

    codes: tuple[str, ...] = ()
    photos: bool = False
    too_long: bool = False


class SealedTo(Protocol):
    """Where the office's public key is kept, and what the city's terminals have in common."""

    def reseed_key(self) -> EllipticCurvePublicKey | None:
        """The key that slips are sealed to; None until the office was heard once."""
        ...

    def keep_reseed_key(self, pem: bytes) -> None:
        """As the office told it; what is no key is not kept."""
        ...

    def person_key(self) -> bytes:
        """The city's secret."""
        ...


@dataclass
class SpareCodes:
    """Writes them for what still waits, and asks for the office's key now and then."""

    outbox: Outbox
    keys: SealedTo
    ask: Callable[[], bytes]
    _next: float = field(default=float("-inf"), repr=False)

    def of(self, submission: str) -> Spare:
        """The application sealed to the office; photos are too much for paper."""
        key = self.keys.reseed_key()
        if key is None:
            return Spare()
        photos = bool(self.outbox.attachments(submission))
        body = self.outbox.body(submission)
        try:
            codes = write(body, self.keys.person_key(), key, os.urandom(12))
        except Unopenable:
            return Spare(photos=photos, too_long=True)
        return Spare(codes, photos=photos)

    def refresh(self) -> None:
        """The office may have replaced its key."""
        if monotonic() >= self._next:
            with suppress(OfficeUnreachable):
                self.keys.keep_reseed_key(self.ask())
                self._next = monotonic() + AGAIN


class NoSpareCodes:
    """Where the city does not want them."""

    def of(self, submission: str) -> Spare:  # noqa: ARG002 (as the other one)
        """None."""
        return Spare()

    def refresh(self) -> None:
        """Nothing to ask for."""
