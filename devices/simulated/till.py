"""A payment terminal without hardware, with books that balance."""

from devices.faults import PaymentFailed


class SimulatedTill:
    """Takes every amount, unless told to refuse; knows what it holds."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}
        self._taken = 0
        self.refuses = False

    @property
    def held(self) -> int:
        """What was taken and not given back, in yen."""
        return sum(self._held.values())

    def take(self, yen: int) -> str:
        """Take the amount."""
        if self.refuses:
            raise PaymentFailed
        self._taken += 1
        reference = f"P{self._taken:06d}"
        self._held[reference] = yen
        return reference

    def give_back(self, reference: str) -> None:
        """Return it, once."""
        self._held.pop(reference, None)
