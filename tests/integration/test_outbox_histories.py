"""The outbox and its sender over every history: lost answers, kills, staff, in any order."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from forms.envelope import canonical
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.ports.office import Later, Refused
from kiosk.usecases.deliver import Deliver
from tests.fakes.clock import StandingClock
from tests.fakes.envelopes import envelope
from tests.fakes.scripted_office import CUT, LOST, ScriptedOffice

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
STEPS = st.lists(
    st.sampled_from([None, LOST, CUT, Later("HTTP 429"), Later("HTTP 500", 30.0), Refused("no")]),
    max_size=6,
)
ANY = st.integers(0, 30)


class Killed(BaseException):
    """The power is gone: nothing runs after this."""


class MortalOutbox(SqliteOutbox):
    """Writes nothing any more once it is dead."""

    dead = False

    def record(self, tries) -> None:
        if self.dead:
            raise Killed
        super().record(tries)


class MortalOffice(ScriptedOffice):
    """Pulls the terminal's plug after so many more calls, before or after it has stored."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.plug = lambda: None
        self.troubled: set[str] = set()

    def put(self, submission, body):
        last = self.left == 0
        try:
            answer = super().put(submission, body)
            if isinstance(answer, Later | Refused):
                self.troubled.add(submission)  # though the terminal dies before it is noted
            return answer
        finally:
            if last:
                self.plug()
            self.left = None if self.left is None else self.left - 1


class Histories(RuleBasedStateMachine):
    """What was promised, as a person would remember it, beside the real thing."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.office, self.clock, self.ticks = MortalOffice(), StandingClock(), 0.0
        self.kept: list[str] = []
        self.bodies: dict[str, bytes] = {}
        self.disturbed: set[str] = set()
        self.open()

    def open(self) -> None:
        self.store = open_store(Path(self.folder.name) / "terminal.db")
        self.outbox = MortalOutbox(self.store, bytes(32))
        self.deliver = Deliver(
            self.outbox, self.office, self.clock, lambda: self.ticks, chance=lambda: 1.0
        )
        assert not [row for row in self.outbox.rows() if row.state == "sending"]

    @rule(count=st.integers(1, 4))
    def keep(self, count: int) -> None:
        for _ in range(count):
            made = self.outbox.keep(envelope)
            self.kept.append(str(made.id))
            self.bodies[str(made.id)] = canonical(made)

    @rule(script=STEPS)
    def drain(self, script: list[object]) -> None:
        self.office.script.extend(script)
        self.deliver.drain()
        self.office.script.clear()
        self.remember()

    @rule(which=ANY, script=STEPS)
    def hand_in_at_the_counter(self, which: int, script: list[object]) -> None:
        if self.kept:
            self.office.script.extend(script)
            self.deliver.one(self.kept[which % len(self.kept)])
            self.office.script.clear()
            self.remember()

    @rule(script=STEPS, calls=st.integers(0, 3))
    def be_killed_while_sending(self, script: list[object], calls: int) -> None:
        def plug() -> None:
            self.outbox.dead = True
            raise Killed

        self.office.script.extend(script)
        self.office.left, self.office.plug = calls, plug
        try:
            self.deliver.drain()
        except Killed:
            self.restart()
        self.office.left = None
        self.office.script.clear()
        self.remember()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @rule(seconds=st.sampled_from([0.5, 3.0, 60.0, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.ticks += seconds

    @rule(days=st.integers(-10_000, 10_000))
    def set_the_clock(self, days: int) -> None:
        self.clock.moment = NOW + timedelta(days=days)

    @rule(which=ANY)
    def retry(self, which: int) -> None:
        if self.kept:
            self.by_staff(which, ("refused", "set-aside"), self.outbox.retry)

    @rule(which=ANY)
    def quarantine(self, which: int) -> None:
        if self.kept:
            aside = lambda one, at, by: self.outbox.quarantine(one, "why", at, by)  # noqa: E731
            self.by_staff(which, ("waiting", "refused"), aside)

    def by_staff(self, which: int, states: tuple[str, ...], deed) -> None:
        one = self.kept[which % len(self.kept)]
        row = self.outbox.row(one)
        if row is not None:  # else it was delivered, and its term is over
            assert deed(one, NOW, "command:staff") == (row.state in states)
            self.disturbed.add(one)

    def remember(self) -> None:
        """Whoever had trouble of his own may come later than his number."""
        self.disturbed |= self.office.troubled
        for row in self.outbox.rows():
            if row.state == "refused" or (row.last_answer or "").startswith("HTTP"):
                self.disturbed.add(row.id)

    @invariant()
    def the_office_has_what_was_frozen_and_each_once(self) -> None:
        for one, body in getattr(self, "office", ScriptedOffice()).stored.items():
            assert body == self.bodies[one]

    @invariant()
    def nothing_is_being_sent_while_nobody_sends(self) -> None:
        if hasattr(self, "outbox"):
            assert "sending" not in [row.state for row in self.outbox.rows()]

    @invariant()
    def who_had_no_trouble_came_in_order(self) -> None:
        calm = [one for one in getattr(self, "kept", []) if one not in self.disturbed]
        came = [one for one in calm if one in self.office.arrived]
        assert came == [one for one in self.office.arrived if one in calm]
        assert came == calm[: len(came)]

    @invariant()
    def delivered_is_never_said_of_what_the_office_does_not_have(self) -> None:
        if hasattr(self, "outbox"):
            for row in self.outbox.rows():
                assert row.state != "delivered" or row.id in self.office.stored

    def teardown(self) -> None:
        if not hasattr(self, "outbox"):
            return
        for one in self.kept:
            self.outbox.retry(one, NOW, "command:staff")
        for _ in range(20):
            self.ticks += 4000
            self.deliver.drain()
        assert set(self.office.stored) == set(self.kept)
        assert {row.state for row in self.outbox.rows()} <= {"delivered"}
        self.store.close()
        self.folder.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
