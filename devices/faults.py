"""What can go wrong with a device; a class exists only if someone reacts to it."""


class DeviceFault(Exception):
    """Something that is plugged in is not as it should be."""


class WrongPin(DeviceFault):
    """The card refused the PIN."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


class CardGone(DeviceFault):
    """The card left the reader while it was needed."""


class UnknownCard(DeviceFault):
    """What lies on the reader is not a My Number card."""


class ReaderGone(DeviceFault):
    """No card reader answers."""


class PaperOut(DeviceFault):
    """The printer has no paper."""


class PrinterGone(DeviceFault):
    """The printer does not take the job."""


class PaymentFailed(DeviceFault):
    """The payment terminal did not take the money."""
