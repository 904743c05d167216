"""One resident after another: holds the turn, starts its work, and forgets it whole.

Late answers cannot cross turns: each turn owns one `stop`, set when the turn ends, and a lane
drops an answer whose stop is set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from secrets import token_hex
from threading import Event as Stop

from devices.faults import PrintUnclear
from forms.definition import Channel
from kiosk.domain.events import (
    Event,
    Failed,
    Kept,
    LineChanged,
    Started,
    Submitted,
    Unsettled,
)
from kiosk.domain.session import Journey
from kiosk.domain.states import (
    Apologising,
    Case,
    Choosing,
    Closed,
    Ending,
    Identifying,
    Idle,
    Issuing,
    Parting,
    Paying,
    Reading,
    Recalling,
    Revoking,
    State,
    Submitting,
    Surveying,
)
from kiosk.errors import OfficeUnreachable, code_of
from kiosk.ports.lanes import Lane, Lanes
from kiosk.ports.papers import PaperRoom
from kiosk.usecases.consent import Consent
from kiosk.usecases.fates import nothing, unless_ours
from kiosk.usecases.forget import Forget
from kiosk.usecases.identify import Identify
from kiosk.usecases.issue import Issue
from kiosk.usecases.lookout import Lookout
from kiosk.usecases.prefill import OpenPrefill
from kiosk.usecases.prepare import Prepare
from kiosk.usecases.receive import Receive
from kiosk.usecases.submit import REFUSED, Submit
from kiosk.usecases.watch import Watch


@dataclass(frozen=True)
class Crew:
    """Everyone who works for a turn."""

    identify: Identify
    prefill: OpenPrefill
    prepare: Prepare
    submit: Submit
    issue: Issue
    receive: Receive
    line: Callable[[], None]
    papers: PaperRoom | None = None


class Attend:
    """Keeps one terminal's turn going."""

    def __init__(
        self,
        journey: Journey,
        crew: Crew,
        lanes: Lanes,
        shown: Callable[[State], None],
        unsettled: Sequence[str] = (),
    ) -> None:
        self.journey = journey
        self._state: State = Closed(tuple(unsettled)) if unsettled else Idle()
        self._crew, self._lanes, self._shown = crew, lanes, shown
        self._stop = self._checking = Stop()
        self._draining = self._settling = False
        self._forget = Forget(crew.papers, lanes)
        self._watch = Watch(crew.line, lanes, self.handle)
        self._lookout = Lookout(
            crew.identify,
            crew.prefill,
            lanes,
            self.handle,
            lambda: isinstance(self.state, Identifying),
        )
        self._lookout.begin(self._stop)

    @property
    def state(self) -> State:
        """Where the turn stands."""
        return self._state

    def handle(self, event: Event) -> None:
        """Move the turn on, start what the new state needs, show it."""
        if isinstance(event, LineChanged):
            self._learn(event)
        elif isinstance(event, Submitted):
            self._watch.heard(reached=event.delivered)
        before, after = self.state, self.journey.advance(self.state, event)
        if after is before or after == before:
            return
        self._state = after
        if isinstance(before, Issuing):
            self._crew.issue.release.end()
        self._checking.set()  # whatever printer and office were asked for an earlier page is stale
        if isinstance(after, Idle) or isinstance(event, Started):
            self._stop.set()
            self._stop = Stop()
            self._lookout.begin(self._stop)
        if isinstance(after, Idle | Closed):
            self._forget.behind_the_last()
        self._enter(before, after)
        self._shown(self.state)

    def close(self) -> None:
        """Nothing stays behind; the lanes have ended."""
        self._forget.now()

    def _learn(self, line: LineChanged) -> None:
        """What waits goes as soon as the office is back; pages that tell of it are shown anew."""
        self.journey = replace(self.journey, up=line.up)
        if line.up:
            self._crew.submit.deliver.wake()
            self.drain()
        if isinstance(self.state, Idle | Choosing):
            self._shown(self.state)

    def tick(self) -> None:
        """Look at the line, at papers nobody accounts for, at reader and scanner."""
        self._watch.tick()
        if isinstance(self.state, Closed):
            self._settle(self._crew.issue.release.account.unclear)
        self._lookout.tick()

    def drain(self) -> None:
        """Send what waits, in the background of every turn."""
        if not self._draining:
            self._draining = True
            self._lanes.run(Lane.OFFICE, self._send, self._drained, self._drained, Stop())

    def _send(self) -> int:
        drained, consent = self._crew.submit.deliver.drain(), self._crew.submit.consent
        if not drained.away:
            self._crew.receive.spares.refresh()
            if consent is not None:
                consent.tell()
        return drained.delivered + self._crew.issue.release.account.report()

    def _settle(self, look: Callable[[], Sequence[str]]) -> None:
        if not self._settling:
            self._settling = True
            self._lanes.run(Lane.STORE, look, self._settled, self._unsettled, Stop())

    def _settled(self, papers: Sequence[str]) -> None:
        self._settling = False
        self.handle(Unsettled(tuple(papers)))

    def _unsettled(self, fault: Exception) -> None:
        self._settling = False
        unless_ours(fault)

    def _enter(self, before: State, after: State) -> None:
        crew = self._crew
        match after:
            case Identifying() if isinstance(before, Choosing):
                self._lookout.expect()
            case Reading(form=form, pin=pin, last_try=last):
                self._work(Lane.CARD, lambda: crew.identify.read(form, pin, last_try=last))
            case Paying(taking=True, quote=quote):
                self._work(Lane.TILL, lambda: crew.prepare.take(quote.total))
            case Paying(case, ready=False):
                self._checking = stop = Stop()
                check = partial(crew.prepare.preflight, case)
                self._lanes.run(Lane.PRINTER, check, self.handle, self._failed, stop)
            case Submitting(case, payment, wants_paper, None):
                self._work(
                    Lane.STORE, lambda: crew.submit.keep(case, payment, wants_paper=wants_paper)
                )
            case Submitting(payment=None, kept=Kept()) if not self.journey.up:
                self._work(Lane.STORE, lambda: Submitted(delivered=False))
            case Submitting(payment=payment, kept=Kept() as kept):
                self._work(Lane.OFFICE, lambda: crew.submit.send(kept.submission, payment))
            case Issuing(case, payment, kept):
                self._issue(case, payment, kept)
            case Parting() | Apologising() if isinstance(before, Submitting | Issuing):
                self._print_receipt(before, after)
            case _ if crew.submit.consent is not None:
                self._oversee(crew.submit.consent, before, after)

    def _oversee(self, consent: Consent, before: State, after: State) -> None:
        """What was agreed to is asked for, or taken back: here first, then everywhere."""
        match after:
            case Recalling(facts=facts):
                self._work(Lane.OFFICE, lambda: consent.recall(facts))
            case Revoking(survey, purpose, leaving=False):
                self._work(
                    Lane.STORE, lambda: consent.withdraw(survey.person, purpose, survey.agreed)
                )
            case Surveying(slip=str() as slip) | Parting(receipt=str() as slip) if isinstance(
                before, Revoking
            ):
                words = consent.purposes.say("title", before.purpose, "ja")
                work = partial(self._crew.receive.withdrawn, words, slip)
                self._lanes.run(Lane.PRINTER, work, nothing, unless_ours, self._stop)
                self.drain()

    def _issue(self, case: Case, payment: str | None, kept: Kept) -> None:
        """From here on the printer is this turn's alone."""
        issue, nonce = self._crew.issue, token_hex(16)
        try:
            issue.release.begin(issue.holder(case, nonce))
        except PrintUnclear as fault:
            self._failed(fault)
            return
        self._work(Lane.PRINTER, lambda: issue.issue(case, kept, payment, nonce))

    def _print_receipt(self, before: Submitting | Issuing, after: Parting | Apologising) -> None:
        """Once it is known what became of the money: a receipt says nothing that is not so."""
        if before.kept is None:
            return
        case, kept = before.case, before.kept
        ending = after.ending if isinstance(after, Parting) else None
        refused = isinstance(after, Apologising) and after.code == REFUSED
        sent = isinstance(before, Issuing) or ending is Ending.HANDED_IN or refused
        paid = before.payment is not None and ending is Ending.ISSUED

        def work() -> None:
            self._crew.receive.print(case, kept, waiting=not sent, paid=paid, channel=Channel.KIOSK)

        self._lanes.run(Lane.PRINTER, work, nothing, unless_ours, self._stop)

    def _work(self, lane: Lane, work: Callable[[], Event]) -> None:
        if lane is Lane.OFFICE:
            work = self._crew.submit.deliver.ahead(work)
        self._lanes.run(lane, work, self.handle, self._failed, self._stop)

    def _failed(self, fault: Exception) -> None:
        unless_ours(fault)
        if isinstance(fault, OfficeUnreachable):
            self._watch.heard(reached=False)
        self.handle(Failed(code_of(fault)))

    def _drained(self, answer: int | Exception) -> None:
        self._draining = False
        if isinstance(answer, Exception):
            unless_ours(answer)
