"""Nothing goes anywhere without a yes that stands: asked when it is sent, and again and again."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from forms.envelope import Envelope, new_id
from forms.facts import Facts, Source
from forms.person import person_mark
from forms.purposes import Purpose, Purposes
from kiosk.domain.agreement import Agreement, Word
from kiosk.domain.events import ConsentsRecalled, ConsentWithdrawn
from kiosk.domain.states import Case
from kiosk.errors import OfficeUnreachable
from kiosk.ports.consents import (
    Consented,
    ConsentOffice,
    ConsentRecord,
    Consents,
    Share,
    last_words,
)
from kiosk.ports.lanes import Clock
from kiosk.ports.outbox import NOT_AGREED, NOT_HEARD

NAMED = {
    "氏名": "name",
    "フリガナ": "kana",
    "住所": "address",
    "生年月日": "birth",
    "電話番号": "phone",
}


@dataclass(frozen=True)
class Consent:
    """Keeps what people say to purposes, and is asked before anything leaves for one."""

    consents: Consents
    office: ConsentOffice
    purposes: Purposes
    clock: Clock
    key: bytes
    device: str
    by: str = "kiosk"

    def person(self, facts: Facts, seen: Mapping[str, str] | None = None) -> str | None:
        """The mark of whoever showed a card, here or to a clerk; whom nobody has seen has none."""
        if seen is not None:
            return person_mark(self.key, seen)
        shown = {fact.name: fact.value for fact in facts.known if fact.source is Source.CARD}
        return person_mark(self.key, shown)

    def said(self, case: Case, person: str | None) -> tuple[Consented, ...]:
        """Every answer of this case, each yes with the share that comes of it."""
        if person is None:
            return ()
        return tuple(
            Consented(
                self._record(person, each.purpose, each.notice, each.word),
                self._share(each.purpose) if each.word is Word.GIVEN else None,
            )
            for each in case.said
        )

    def recall(self, facts: Facts) -> ConsentsRecalled:
        """What this person agreed to; while the office is away, what was said here."""
        return self._recalled(self.person(facts))

    def recall_of(self, said: Mapping[str, str]) -> ConsentsRecalled:
        """The same of whom a clerk has seen, by what the card says."""
        return self._recalled(person_mark(self.key, said))

    def _recalled(self, person: str | None) -> ConsentsRecalled:
        if person is None:
            return ConsentsRecalled("", (), whole=True)
        try:
            self.tell()
            return ConsentsRecalled(person, self._there(person), whole=True)
        except OfficeUnreachable:
            return ConsentsRecalled(person, self._here(person), whole=False)

    def withdraw(
        self, person: str, purpose: str, agreed: Sequence[Agreement] = ()
    ) -> ConsentWithdrawn:
        """Taken back from this moment, here at once and everywhere as soon as it is told.

        `agreed` is what this person was shown: a clock that is behind takes it back all the same.
        """
        known = self.purposes.named(purpose)
        record = self._record(person, purpose, known.notice if known else "-", Word.WITHDRAWN)
        since = max((each.since for each in agreed if each.purpose == purpose), default=None)
        if since is not None and record.at.date() < since:
            after = datetime.combine(since + timedelta(days=1), time(), record.at.tzinfo)
            record = replace(record, at=after)
        self.consents.withdraw(record, self.by)
        return ConsentWithdrawn(purpose, f"{self.device}-C{record.id[-6:].upper()}")

    def tell(self) -> Mapping[str, OfficeUnreachable | str]:
        """Hand the office every word it has not heard; by id, what it did not take and why.

        A word that it takes badly holds up no other; where nobody is there, that is raised.
        """
        left: dict[str, OfficeUnreachable | str] = {}
        for record in self.consents.untold():
            try:
                refused = self.office.consent(record)
            except OfficeUnreachable as fault:
                if not fault.strange:
                    raise
                left[record.id] = fault
                continue
            if refused is None:
                self.consents.told(record.id, self.clock.now())
            else:
                left[record.id] = refused
        return left

    def why_not(self, person: str | None, purpose: str) -> str | None:
        """Why a share may not leave now: by our last word, and by the office's of this moment."""
        if person is None:
            return NOT_AGREED
        left = self.tell()
        here = last_words(self.consents.of(person)).get(purpose)
        if here is not None:
            if here.word is not Word.GIVEN:
                return NOT_AGREED
            if isinstance(trouble := left.get(here.id), OfficeUnreachable):
                raise trouble
            if trouble is not None:
                return NOT_HEARD
        there = self.office.consents(person)
        stands = any(each.purpose == purpose and each.stands for each in there)
        return None if stands else NOT_AGREED

    def _there(self, person: str) -> tuple[Agreement, ...]:
        here = self.clock.now().tzinfo
        return tuple(
            Agreement(each.purpose, each.at.astimezone(here).date(), each.until)
            for each in self.office.consents(person)
            if each.stands
        )

    def _here(self, person: str) -> tuple[Agreement, ...]:
        now, agreed = self.clock.now(), []
        for record in last_words(self.consents.of(person)).values():
            purpose = self.purposes.named(record.purpose)
            since = record.at.astimezone(now.tzinfo).date()
            until = purpose.until(since) if purpose else None
            if record.word is Word.GIVEN and now.date() <= (until or date.max):
                agreed.append(Agreement(record.purpose, since, until))
        return tuple(agreed)

    def _record(self, person: str, purpose: str, notice: str, word: Word) -> ConsentRecord:
        now = self.clock.now()
        one = str(new_id(now, secrets.token_bytes(10)))
        # a clock that was set back makes nothing earlier than what was said before it
        at = max([now, *(each.at for each in self.consents.of(person))])
        return ConsentRecord(one, person, purpose, notice, word, at)

    def _share(self, name: str) -> Share | None:
        purpose = self.purposes.named(name)
        if purpose is None:
            return None
        return lambda application, number: share(purpose, application, number)


def share(purpose: Purpose, application: Envelope, number: int) -> Envelope:
    """An envelope of its own with the fields that the purpose names, and no other."""
    applicant: Mapping[str, Any] = application.applicant["申請者"]
    known = {fact["name"]: fact["value"] for fact in application.facts}
    known |= {NAMED[label]: value for label, value in applicant.items()}
    known = {**known, **application.content}
    rest = [each for each in purpose.shares if each not in NAMED.values()]
    return replace(
        application,
        id=new_id(application.submitted, secrets.token_bytes(10)),
        receipt=f"{application.receipt.rpartition('-')[0]}-{number:06d}",
        sequence=number,
        applicant={
            "申請者": {
                label: applicant.get(label) or known[field]
                for label, field in NAMED.items()
                if field in purpose.shares and (applicant.get(label) or known.get(field))
            },
            "本人確認": application.applicant["本人確認"],
        },
        content={each: known[each] for each in rest if each in known},
        facts=(),
        fee=0,
        wants_certificate=False,
        parent=application.id,
        purpose=purpose.id,
    )
