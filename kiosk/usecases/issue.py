"""A certificate is asked for, checked, printed, and its number accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from devices.faults import DeviceFault
from devices.ports import PaymentTerminal, Printer
from forms.form import Form
from kiosk.domain.events import Issued, Kept
from kiosk.domain.states import Case
from kiosk.errors import OfficeUnreachable, UnprintableName, WorldFault
from kiosk.ports.office import CertificateRequest, Office
from printing.contents import Certificate, City, content_from
from printing.faults import MissingGlyph


class CertificatePress(Protocol):
    """Turns a certificate into a PDF, or refuses a character it cannot draw."""

    def render(self, certificate: Certificate) -> bytes:
        """The sheets as PDF."""
        ...


@dataclass(frozen=True)
class Issue:
    """From a kept case to sheets in the tray; the fee goes back where that fails."""

    office: Office
    press: CertificatePress
    printer: Printer
    till: PaymentTerminal
    forms: Mapping[str, Form]
    specimen: bool

    def issue(self, case: Case, kept: Kept, payment: str | None) -> Issued:
        """Every number that was given ends as printed or spoiled."""
        try:
            return self._issue(case, kept)
        except (WorldFault, DeviceFault):
            if payment:
                self.till.give_back(payment)
            raise

    def _issue(self, case: Case, kept: Kept) -> Issued:
        data = self.office.certificate(self._request(case, kept.submission), key=kept.submission)
        number = str(data["number"])
        try:
            certificate = _certificate(data, specimen=self.specimen)
            pdf = self.press.render(certificate)
            for copy in range(int(str(case.answers.values["copies"]))):
                self.printer.print(pdf, f"{number}-{copy + 1}")
        except MissingGlyph as fault:
            self._account(number, "spoiled")
            raise UnprintableName(str(fault)) from fault
        except DeviceFault:
            self._account(number, "spoiled")
            raise
        self._account(number, "printed")
        return Issued(number)

    def _account(self, number: str, outcome: str) -> None:
        """A lost report does not undo a sheet: the day's reconciliation finds it."""
        try:
            self.office.outcome(number, outcome)
        except OfficeUnreachable:
            return

    def _request(self, case: Case, submission: str) -> CertificateRequest:
        values = {**case.answers.values, **{fact.name: fact.value for fact in case.facts.known}}
        return CertificateRequest(
            submission=submission,
            type=str(self.forms[case.form].certificate),
            name=str(values["name"]),
            birth=date.fromisoformat(str(values["birth"])),
            address=str(values["address"]),
            options=tuple((k, values[k]) for k in ("kind", "copies", "relationship", "domicile")),
        )


def _certificate(data: Mapping[str, Any], *, specimen: bool) -> Certificate:
    return Certificate(
        number=str(data["number"]),
        issued=date.fromisoformat(str(data["issued"])),
        city=City(**data["city"]),
        content=content_from(data["content"]),
        seal=str(data.get("seal", "")),
        specimen=specimen,
    )
