"""A PIN on its way to the card: never printed, never compared, wiped after use."""


class Pin:
    """The digits of a PIN, held only as long as the card needs them."""

    __slots__ = ("_digits",)

    def __init__(self, digits: bytes | bytearray) -> None:
        self._digits = bytearray(digits)

    def digits(self) -> bytearray:
        """The digits themselves, for the card alone: no copy that would outlive the wiping."""
        return self._digits

    def wipe(self) -> None:
        """Overwrite the digits with zeros and drop them."""
        for place in range(len(self._digits)):
            self._digits[place] = 0
        self._digits.clear()

    def __repr__(self) -> str:
        return "Pin(<redacted>)"
