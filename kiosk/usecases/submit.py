"""An application becomes a promise: durable first, then sent."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from devices.ports import PaymentTerminal
from forms.answers import content
from forms.definition import Channel
from forms.envelope import Envelope, new_id, status_token
from forms.form import Form
from forms.kinds.attached import Attachment, fingerprints
from forms.scope import Occasion
from kiosk.domain.events import Kept, Submitted
from kiosk.domain.states import Case, Identity
from kiosk.domain.subject import said_by, said_to_clerk
from kiosk.errors import NotIssuableHere, WorldFault, code_of
from kiosk.ports.lanes import Clock
from kiosk.ports.outbox import Outbox
from kiosk.usecases.consent import NAMED, Consent
from kiosk.usecases.deliver import Deliver, Delivery

_PROVEN = (Identity.CARD, Identity.CLERK)
REFUSED = code_of(NotIssuableHere())


@dataclass(frozen=True)
class Submit:
    """Keeps a case in the outbox and tries to send it at once.

    `series` is what receipt numbers begin with; `pages` where the pages of receipts are.
    """

    outbox: Outbox
    deliver: Deliver
    till: PaymentTerminal
    forms: Mapping[str, Form]
    clock: Clock
    device: str
    channel: Channel = Channel.KIOSK
    by: str = "kiosk"
    consent: Consent | None = None
    series: str = ""
    pages: str = ""

    def keep(
        self,
        case: Case,
        payment: str | None,
        *,
        wants_paper: bool = False,
        parent: str | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> Kept:
        """Commit the application with all that goes with it; if that fails, the money goes back."""
        person = self.consent.person(case.facts, case.seen) if self.consent else None
        named = set(fingerprints(self._content(case)))
        try:
            envelope = self.outbox.keep(
                lambda number: replace(
                    self._envelope(case, number, wants_paper=wants_paper),
                    parent=UUID(parent) if parent else None,
                    person=person,
                ),
                [each for each in attachments if each.sha256 in named],
                self.by,
                self.consent.said(case, person) if self.consent else (),
            )
        except WorldFault:
            self._refund(payment)
            raise
        return Kept(str(envelope.id), envelope.receipt, self._status(envelope.id))

    def send(self, submission: str, payment: str | None) -> Submitted:
        """Try once now; what does not go now goes later, and its fee is given back."""
        try:
            delivery = self.deliver.one(submission)
        except WorldFault:
            self._refund(payment)
            raise
        if delivery is not Delivery.DELIVERED:
            self._refund(payment)
        if delivery is Delivery.REFUSED:
            raise NotIssuableHere
        return Submitted(delivery is Delivery.DELIVERED)

    def _status(self, submission: UUID) -> str | None:
        """Where anybody who holds the receipt sees what became of it; known before it is sent."""
        return f"{self.pages}/v1/receipts/{status_token(submission)}" if self.pages else None

    def _content(self, case: Case) -> dict[str, Any]:
        """What of the answers is handed in today."""
        occasion = Occasion(self.clock.now().date(), self.channel)
        return content(self.forms[case.form], case.answers, occasion)

    def _refund(self, payment: str | None) -> None:
        if payment:
            self.till.give_back(payment)

    def _envelope(self, case: Case, sequence: int, *, wants_paper: bool) -> Envelope:
        now = self.clock.now()
        form, occasion = self.forms[case.form], Occasion(now.date(), self.channel)
        clerk = case.identity is Identity.CLERK
        said = said_to_clerk(form, case, occasion) if clerk else said_by(case)
        return Envelope(
            id=case.submission or new_id(now, secrets.token_bytes(10)),
            form=form.id,
            version=form.version,
            receipt=f"{self.series or self.device}-{sequence:06d}",
            device=self.device,
            sequence=sequence,
            channel=self.channel.value,
            submitted=now,
            applicant=_applicant(case, said),
            content=self._content(case),
            facts=tuple(
                {"name": f.name, "value": f.value, "source": f.source.value, "at": f.at.isoformat()}
                for f in case.facts.known
            ),
            fee=form.quote(case.answers.values, occasion).total,
            wants_certificate=wants_paper,
            parent=None,
        )


def _applicant(case: Case, said: Mapping[str, object]) -> dict[str, object]:
    person = {label: said[key] for label, key in NAMED.items() if said.get(key)}
    return {
        "申請者": person,
        "本人確認": case.identity.value if case.identity in _PROVEN else "none",
    }
