"""What can go wrong with a device; a class exists only if someone reacts to it."""


class DeviceFault(Exception):
    """Something that is plugged in is not as it should be."""


class WrongPin(DeviceFault):
    """The card refused the PIN."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


class LastTry(DeviceFault):
    """One try is left, and nobody said yes to using it: the card did not see the PIN."""


class MalformedPin(DeviceFault):
    """No PIN of this kind looks like this: the card did not see it."""


class PinBlocked(DeviceFault):
    """The card takes no more tries for this PIN."""


class CardGone(DeviceFault):
    """The card left the reader, or another came, while it was needed."""


class CardMute(DeviceFault):
    """Something lies on the reader and does not answer as a card does."""


class CardTooSlow(DeviceFault):
    """The card answers, but not in the time a person waits."""


class CardBusy(DeviceFault):
    """Another program holds the card."""


class UnknownCard(DeviceFault):
    """What lies on the reader is not a My Number card."""


class ForgedCard(DeviceFault):
    """What the card says is not what its issuer signed, or it is not the card it says."""


class ExpiredCard(DeviceFault):
    """The card's own term is over."""


class UnreadableCard(DeviceFault):
    """A My Number card whose content cannot be made sense of."""


class ReaderGone(DeviceFault):
    """No card reader answers."""


class ReaderServiceGone(DeviceFault):
    """The computer's card service (pcscd) does not run."""


class ScannerGone(DeviceFault):
    """The code scanner does not answer."""


class PaperOut(DeviceFault):
    """The printer has no paper."""


class PrinterGone(DeviceFault):
    """The printer does not take the job."""


class PrinterStopped(DeviceFault):
    """The printer waits for somebody; `reasons` are IPP's words, without their suffixes."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("、".join(reasons))
        self.reasons = reasons


class PrintUnclear(DeviceFault):
    """Nobody knows whether the sheet came out: somebody has to look before anything else."""


class PaymentFailed(DeviceFault):
    """The payment terminal did not take the money."""
