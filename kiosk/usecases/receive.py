"""A receipt is a promise on paper: printed once the application is durable."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from devices.ports import Printer
from forms.definition import Channel
from forms.form import Form
from forms.scope import Occasion
from forms.verdicts import Quote
from kiosk.domain.events import Kept
from kiosk.domain.states import Case
from kiosk.errors import NotIssuableHere, WorldFault
from kiosk.ports.lanes import Clock
from kiosk.usecases.spare import NoSpareCodes, Spare
from printing.faults import Undrawable
from printing.paper import Receipt

_WITHDRAWN = "同意の取り消し"


class ReceiptPress(Protocol):
    """Turns a receipt into a slip."""

    def render(self, receipt: Receipt, /) -> bytes:
        """The slip as PDF."""
        ...


class Spares(Protocol):
    """What a slip bears should its terminal burn."""

    def of(self, submission: str) -> Spare:
        """The codes of what waits."""
        ...

    def refresh(self) -> None:
        """Learn whom they are sealed to."""
        ...


@dataclass(frozen=True)
class Receive:
    """Prints the receipt of a kept application."""

    press: ReceiptPress
    printer: Printer
    forms: Mapping[str, Form]
    clock: Clock
    city: str
    office_name: str
    how_to_ask: str
    specimen: bool
    spares: Spares = field(default_factory=NoSpareCodes)

    def print(self, case: Case, kept: Kept, *, waiting: bool, paid: bool, channel: Channel) -> None:
        """The slip the resident takes along; while it waits, with what brings it back."""
        form = self.forms[case.form]
        now = self.clock.now()
        fee = form.quote(case.answers.values, Occasion(now.date(), channel))
        slip = replace(
            self._slip(form.label, kept.receipt),
            fee=fee.total if paid else 0,
            lines=_lines(fee, paid=paid),
            waiting=waiting,
            status_url=kept.status,
        )
        if waiting:
            slip = self._with_spare(slip, kept.submission)
        self._put(slip)

    def withdrawn(self, purpose: str, number: str) -> None:
        """The slip of a consent that was taken back; it names no person."""
        slip = self._slip(f"{_WITHDRAWN}　{purpose}", number)
        self._put(slip)

    def _put(self, slip: Receipt) -> None:
        try:
            pdf = self.press.render(slip)
        except Undrawable as fault:
            raise NotIssuableHere("no slip can be drawn here") from fault
        self.printer.print(pdf, f"receipt-{slip.number}")

    def _with_spare(self, slip: Receipt, submission: str) -> Receipt:
        """A slip without its spare code is better than no slip."""
        with suppress(WorldFault):
            spare = self.spares.of(submission)
            slip = replace(slip, spare=spare.codes, no_photos=spare.photos, no_spare=spare.too_long)
        return slip

    def _slip(self, procedure: str, number: str) -> Receipt:
        return Receipt(
            number=number,
            city=self.city,
            office_name=self.office_name,
            at=self.clock.now(),
            procedure=procedure,
            fee=0,
            lines=(),
            waiting=False,
            status_url=None,
            how_to_ask=self.how_to_ask,
            specimen=self.specimen,
        )


def _lines(fee: Quote, *, paid: bool) -> tuple[tuple[str, str], ...]:
    """What was asked for; the amounts only where they were paid."""
    return tuple(
        (f"{line.label}　{line.count}通", f"{line.amount}円" if paid else "窓口でお支払い")
        for line in fee.lines
    )
