"""A certificate is asked for, checked, printed, and every one of its numbers accounted for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from devices.faults import DeviceFault, PrintUnclear
from devices.ports import PaymentTerminal
from forms.answers import content
from forms.form import Form
from forms.scope import Occasion
from kiosk.domain.events import Issued, Kept
from kiosk.domain.likeness import shows
from kiosk.domain.sheets import NOTHING_AGREED, Agreed, Fate, Holder, Sheet
from kiosk.domain.states import Case
from kiosk.domain.subject import Subject, whose
from kiosk.errors import NotIssuableHere, UnprintableName, WorldFault
from kiosk.ports.office import CertificateRequest, Office
from kiosk.usecases.release import Release
from printing.answers import certificates_from
from printing.contents import Certificate
from printing.faults import MissingGlyph, Undrawable


class CertificatePress(Protocol):
    """Turns a certificate into a PDF, or refuses a character it cannot draw."""

    def render(self, certificate: Certificate, agreed: Mapping[str, str], /) -> bytes:
        """The sheets as PDF; `agreed` are a clerk's substitutes for this paper."""
        ...


@dataclass(frozen=True)
class Issue:
    """From a kept case to sheets in the tray; the fee goes back where that fails."""

    office: Office
    press: CertificatePress
    release: Release
    till: PaymentTerminal
    forms: Mapping[str, Form]
    occasion: Callable[[], Occasion]
    specimen: bool

    def holder(self, case: Case, nonce: str) -> Holder:
        """Whose paper this turn may print, for the door to the printer."""
        return Holder(nonce, self._whose(case).mark)

    def issue(
        self,
        case: Case,
        kept: Kept,
        payment: str | None,
        nonce: str,
        agreed: Agreed = NOTHING_AGREED,
    ) -> Issued:
        """Every number has a fate when this returns, and money stays only for paper."""
        try:
            papers = self.order(case, kept, agreed)
            sheets = self.make(papers, case, nonce, agreed)
        except Exception:  # a mistake of ours too: nothing came out
            self._give_back(payment)
            raise
        try:
            for place, sheet in enumerate(sheets):
                self._put(sheet, sheets[place + 1 :])
        except PrintUnclear:
            raise  # what lies in the tray decides about the money
        except (WorldFault, DeviceFault):
            self._give_back(payment)
            raise
        return Issued(papers[0].number, len(sheets))

    def _give_back(self, payment: str | None) -> None:
        if payment:
            self.till.give_back(payment)

    def order(
        self, case: Case, kept: Kept, agreed: Agreed = NOTHING_AGREED
    ) -> Sequence[Certificate]:
        """The numbered papers, as the office answers them; ours to account for from here on."""
        request = self._request(case, kept.submission)
        data = self.office.certificate(request, key=kept.submission + agreed.mark)
        numbers = [str(number) for number in data["numbers"]]
        self.release.account.issued(numbers, agreed.remark)
        try:
            papers = certificates_from(data, specimen=self.specimen)
        except (LookupError, TypeError, ValueError) as fault:
            self._abandon(numbers)
            raise NotIssuableHere("what the office answered is no certificate") from fault
        if [paper.number for paper in papers] != numbers:
            self._abandon(numbers)
            raise NotIssuableHere("the office's numbers are not those of its papers")
        return papers

    def make(
        self,
        papers: Sequence[Certificate],
        case: Case,
        nonce: str,
        agreed: Agreed = NOTHING_AGREED,
    ) -> Sequence[Sheet]:
        """The papers as sheets of this turn; a character without its shape spoils them all."""
        subject = self._whose(case)
        ours = all(shows(paper.content, subject) for paper in papers)
        holder = Holder(nonce, subject.mark if ours else b"")
        try:
            made = self.release.now()
            pdfs = [self.press.render(paper, agreed.substitutes) for paper in papers]
        except Undrawable as fault:
            self._abandon([paper.number for paper in papers])
            raise NotIssuableHere("what the office answered cannot be drawn") from fault
        except MissingGlyph as fault:
            self._abandon([paper.number for paper in papers])
            raise UnprintableName(str(fault), fault.missing) from fault
        return [
            Sheet(paper.number, pdf, paper.seal, holder, made)
            for paper, pdf in zip(papers, pdfs, strict=True)
        ]

    def _put(self, sheet: Sheet, after: Sequence[Sheet]) -> None:
        """One sheet; where it fails, those after it are never tried."""
        try:
            self.release.put(sheet)
        except (WorldFault, DeviceFault):
            self._abandon([each.number for each in after])
            raise

    def _abandon(self, numbers: Sequence[str]) -> None:
        for number in numbers:
            self.release.account.move(number, Fate.ABANDONED)

    def _whose(self, case: Case) -> Subject:
        return whose(self.forms[case.form], case, self.occasion())

    def _request(self, case: Case, submission: str) -> CertificateRequest:
        """For the person whose certificate it is; without a birth she cannot be told apart."""
        form, subject = self.forms[case.form], self._whose(case)
        try:
            birth = date.fromisoformat(subject.birth)
        except ValueError as fault:
            raise NotIssuableHere("nobody can be found by what was said") from fault
        return CertificateRequest(
            submission=submission,
            type=str(form.certificate),
            name=subject.name,
            birth=birth,
            address=subject.address,
            options=tuple(content(form, case.answers, self.occasion()).items()),
        )
