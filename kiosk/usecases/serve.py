"""A clerk serves people: sign-in, today's list, one form, receipt and certificate."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Event as Stop
from typing import Protocol

from forms.definition import Channel
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.counter import (
    Closed,
    DeskEvent,
    DeskState,
    Done,
    Handling,
    KeptHere,
    Missing,
    Refreshed,
    SignedIn,
    SignedOut,
    SignInRefused,
)
from kiosk.domain.desk import Desk
from kiosk.domain.events import Issued, Kept, LineChanged, WentBack
from kiosk.domain.journal import Deed, by_clerk
from kiosk.domain.sheets import Agreed
from kiosk.domain.states import Case
from kiosk.domain.subject import printed_here
from kiosk.domain.tending import Looked, Pending, Tending
from kiosk.errors import UnprintableName, code_of
from kiosk.ports.journal import Journal
from kiosk.ports.lanes import Lane, Lanes
from kiosk.ports.office import Office
from kiosk.ports.papers import PaperRoom
from kiosk.usecases.arrivals import arrivals
from kiosk.usecases.deliver import Delivery
from kiosk.usecases.errands import Errands
from kiosk.usecases.fates import unless_ours
from kiosk.usecases.forget import Forget
from kiosk.usecases.issue import Issue
from kiosk.usecases.receive import Receive
from kiosk.usecases.report import Reporter
from kiosk.usecases.reseed import Reseed
from kiosk.usecases.submit import Submit
from kiosk.usecases.tend import Tend
from kiosk.usecases.watch import Watch

COUNTER = "counter"  # in the journal, where no clerk is signed in
_DRAIN_EVERY = 5  # rounds of the list


class Clerks(Protocol):
    """Who may sign in."""

    def name_of(self, clerk: str, secret: str) -> str | None:
        """The clerk's name, if the secret is theirs."""
        ...


@dataclass(frozen=True)
class DeskCrew:
    """Everyone who works for a desk."""

    clerks: Clerks
    office: Office
    submit: Submit
    issue: Issue
    receive: Receive
    substitutes: Callable[[str], tuple[str, ...]]
    journal: Journal
    line: Callable[[], None]
    reporter: Reporter | None = None
    reseed: Reseed | None = None
    papers: PaperRoom | None = None


class Serve:
    """Keeps one desk going."""

    def __init__(
        self, desk: Desk, crew: DeskCrew, lanes: Lanes, shown: Callable[[DeskState], None]
    ) -> None:
        self.desk = desk
        self.state: DeskState = SignedOut()
        self._crew, self._lanes, self._shown = crew, lanes, shown
        self._stop = Stop()
        self._asking = False
        self._by = COUNTER
        self._forget = Forget(crew.papers, lanes)
        self._watch = Watch(crew.line, lanes, self._line_changed)
        self._draining, self._rounds = False, 0
        account = crew.issue.release.account
        self._tend = Tend(crew.submit.outbox, account, crew.journal, crew.submit.clock)
        self._errands = Errands(
            lanes,
            self._run,
            self._drain,
            self._look,
            lambda: self._watch.up,
            self._tend,
            crew.receive,
            crew.submit.consent,
            crew.reseed,
        )
        self._looking = False

    def handle(self, event: DeskEvent) -> None:
        """Move the desk on, start what the new state needs, show it."""
        before, after = self.state, self.desk.advance(self.state, event)
        if after == before:
            return
        self.state = after
        if isinstance(after, SignedOut) or isinstance(event, Closed | WentBack):
            self._stop.set()  # what was asked before is an answer to nobody
            self._stop = Stop()
        if isinstance(after, SignedOut | Listing) and type(after) is not type(before):
            self._forget.behind_the_last()
        match after:
            case Handling(kept=None):
                self._run(Lane.STORE, lambda: self._keep(after))
            case Handling(kept=kept) if kept:
                self._run(Lane.PRINTER, lambda: self._finish(after, kept))
            case Listing() if not isinstance(before, Listing):
                self._list()
                self._look()
            case _:
                self._errands.go(before, after, self._by, self._stop)
        self._shown(self.state)

    def close(self) -> None:
        """Nothing stays behind; the lanes have ended."""
        self._forget.now()

    def scan(self) -> None:
        """Look at the scanner, where a slip may be held in front of it."""
        self._errands.scan(self.state, self.handle, self._stop)

    def _look(self) -> None:
        """How many things wait for somebody, and on their own page which."""
        if isinstance(self.state, Listing | Tending) and not self._looking:
            self._looking = True
            self._lanes.run(Lane.STORE, self._tend.look, self._looked, self._blind, Stop())

    def _looked(self, pending: Pending | None) -> None:
        self._looking = False
        self.handle(Looked(pending, away=not self._watch.up))

    def _blind(self, fault: Exception) -> None:
        self._looked(None)
        unless_ours(fault)

    def sign_in(self, clerk: str, secret: str) -> None:
        """Ask whether this is a clerk of ours."""

        def work() -> DeskEvent:
            name = self._crew.clerks.name_of(clerk, secret)
            if not name:
                self._crew.journal.write(COUNTER, Deed.SIGN_IN_REFUSED)
                return SignInRefused()
            self._crew.journal.write(by_clerk(clerk), Deed.SIGNED_IN)
            return SignedIn(name)

        def done(event: DeskEvent) -> None:
            self._by = by_clerk(clerk) if isinstance(event, SignedIn) else COUNTER
            self.handle(event)

        self._lanes.run(Lane.STORE, work, done, self._failed, self._stop)

    def refresh(self) -> None:
        """Look at the line, ask what arrived, and now and then send what waits."""
        self._watch.tick()
        self._rounds += 1
        if self._watch.up and self._rounds % _DRAIN_EVERY == 0:
            self._drain()
        self._list()
        self._look()

    def _list(self) -> None:
        """The list refreshes itself with the office's answer, and says where there is none."""
        if not isinstance(self.state, Listing):
            return
        if not self._watch.up:
            self.handle(Refreshed(None))
        elif not self._asking:
            self._asking = True
            office = self._crew.office
            self._lanes.run(
                Lane.OFFICE, lambda: arrivals(office), self._refreshed, self._away, Stop()
            )

    def _line_changed(self, line: LineChanged) -> None:
        """What waits goes as soon as the office is back."""
        if line.up:
            self._crew.submit.deliver.wake()
            self._drain()
            self._errands.back(self.state, self.handle)
        self._list()
        self._look()

    def _drain(self) -> None:
        if not self._draining:
            self._draining = True
            self._lanes.run(Lane.OFFICE, self._send, self._drained, self._drained, Stop())

    def _send(self) -> None:
        if not self._crew.submit.deliver.drain().away:
            if self._crew.submit.consent is not None:
                self._crew.submit.consent.tell()
            self._crew.issue.release.account.report()
            self._crew.receive.spares.refresh()

    def _drained(self, answer: Exception | None) -> None:
        self._draining = False
        if answer is not None:
            unless_ours(answer)

    def _refreshed(self, arrived: tuple[Arrival, ...]) -> None:
        self._asking = False
        self.handle(Refreshed(arrived))

    def _away(self, fault: Exception) -> None:
        self._asking = False
        unless_ours(fault)
        self._watch.heard(reached=False)
        self.handle(Refreshed(None))

    def _keep(self, handling: Handling) -> DeskEvent:
        case = self.desk.case(handling.editing, handling.heard)
        submit = replace(self._crew.submit, by=self._by)
        parent, files = handling.editing.parent, handling.editing.files
        kept = submit.keep(case, None, wants_paper=True, parent=parent, attachments=files)
        return KeptHere(kept)

    def _finish(self, handling: Handling, kept: Kept) -> DeskEvent:
        case = self.desk.case(handling.editing, handling.heard)
        if not handling.agreed.pairs:  # after agreeing, everything but the paper is done already
            delivered = self._watch.up and self._delivers(kept)
            self._crew.receive.print(
                case, kept, waiting=not delivered, paid=delivered, channel=Channel.COUNTER
            )
            if not delivered:
                return Done(None, "office-unreachable")
        if not printed_here(self.desk.forms[case.form], case, self.desk.occasion()):
            return Done(None)
        try:
            return Done(self._issue(case, kept, handling.agreed).number)
        except UnprintableName as fault:
            return Done(None, code_of(fault), self._proposed(fault.missing))

    def _delivers(self, kept: Kept) -> bool:
        return self._crew.submit.deliver.one(kept.submission) is Delivery.DELIVERED

    def _proposed(self, missing: tuple[str, ...]) -> tuple[Missing, ...]:
        """What a clerk may agree to; nothing, if one of them has no substitute at all."""
        asked = tuple(Missing(each, self._crew.substitutes(each)) for each in missing)
        return asked if all(each.instead for each in asked) else ()

    def _issue(self, case: Case, kept: Kept, agreed: Agreed) -> Issued:
        """The printer is this application's alone until its papers lie in the tray."""
        issue, nonce = self._crew.issue, token_hex(16)
        issue.release.begin(issue.holder(case, nonce))
        try:
            return issue.issue(case, kept, None, nonce, agreed)
        finally:
            issue.release.end()

    def _run(self, lane: Lane, work: Callable[[], DeskEvent]) -> None:
        if lane is Lane.OFFICE:
            work = self._crew.submit.deliver.ahead(work)
        self._lanes.run(lane, work, self.handle, self._failed, self._stop)

    def _failed(self, fault: Exception) -> None:
        unless_ours(fault)
        self.handle(Done(None, code_of(fault)))
