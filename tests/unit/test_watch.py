"""The line: down at the second failure, up at the first answer, each within ten seconds."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.errors import OfficeUnreachable
from kiosk.ports.lanes import Lane
from kiosk.usecases.watch import EVERY, LATE, Watch
from tests.fakes.lanes import HeldLanes
from tests.fakes.terminal import Bench, Person

TICK = 0.25
NOTICED = 10.0


@dataclass
class Wire:
    """An office that is there or not, and a clock that the test moves."""

    lanes: HeldLanes = field(default_factory=HeldLanes)
    said: list[bool] = field(default_factory=list)
    time: float = 100.0
    there: bool = True
    asked: int = 0

    def __post_init__(self):
        self.watch = Watch(
            self.ask, self.lanes, lambda event: self.said.append(event.up), lambda: self.time
        )

    def ask(self):
        self.asked += 1
        if not self.there:
            raise OfficeUnreachable("ConnectTimeout")

    def pass_by(self, seconds, *, answers=True):
        """Ticks as the clock does; what is asked is answered at once, or never."""
        for _ in range(round(seconds / TICK)):
            self.time += TICK
            self.watch.tick()
            while answers and self.lanes.release(Lane.LINE):
                pass


def test_an_office_that_answers_is_asked_on_and_on_and_nothing_is_said():
    wire = Wire()
    wire.pass_by(60)
    assert wire.said == []
    assert 60 / EVERY - 2 <= wire.asked <= 60 / EVERY + 2


def test_one_failure_is_no_outage():
    wire = Wire()
    wire.watch.tick()
    wire.there = False
    wire.lanes.release(Lane.LINE)
    wire.there = True
    wire.pass_by(20)
    assert wire.said == []


def test_an_outage_is_noticed_in_time_and_so_is_its_end():
    wire = Wire()
    wire.pass_by(10)
    wire.there = False
    wire.pass_by(NOTICED)
    assert wire.said == [False]
    wire.pass_by(60)
    wire.there = True
    wire.pass_by(NOTICED)
    assert wire.said == [False, True]


@pytest.mark.parametrize("early", [0.0, TICK, EVERY - TICK])
def test_an_office_that_takes_the_question_and_never_answers_is_noticed_in_time(early):
    wire = Wire()
    wire.pass_by(10 + early)
    wire.pass_by(NOTICED, answers=False)
    assert wire.said == [False]
    wire.pass_by(NOTICED)
    assert wire.said == [False, True]


def test_questions_that_were_given_up_are_not_asked_after_all():
    wire = Wire()
    wire.pass_by(60, answers=False)
    before = wire.asked
    while wire.lanes.release(Lane.LINE):
        pass
    assert wire.asked <= before + 1


def test_a_call_that_failed_makes_it_ask_at_once():
    wire = Wire()
    wire.pass_by(EVERY)
    wire.there = False
    asked = wire.asked
    wire.watch.heard(reached=False)
    while wire.lanes.release(Lane.LINE):
        pass
    assert wire.asked == asked + 1
    assert wire.said == [False]
    wire.there = True
    wire.watch.heard(reached=True)
    wire.lanes.release(Lane.LINE)
    assert wire.said == [False, True]


def test_a_call_that_failed_while_the_office_is_there_changes_nothing():
    wire = Wire()
    wire.pass_by(EVERY)
    wire.watch.heard(reached=False)
    wire.pass_by(20)
    assert wire.said == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 120), st.booleans()), max_size=12))
def test_whatever_happened_before_what_is_believed_is_true_after_ten_seconds(spells):
    wire = Wire()
    for there, ticks, answers in spells:
        wire.there = there
        wire.pass_by(ticks * TICK, answers=answers)
    wire.pass_by(NOTICED)
    assert wire.watch.up is wire.there
    assert all(one is not other for one, other in zip([True, *wire.said], wire.said, strict=False))


def test_late_is_shorter_than_what_two_failures_may_take():
    assert EVERY + 2 * LATE + 2 * TICK < NOTICED


def away():
    bench = Bench()
    bench.line = bench.attend._watch._ask = bench.office.ready
    return bench


def lose(bench):
    bench.office.away = True
    bench.attend._watch.heard(reached=False)
    bench.lanes.release_all()


def test_a_paper_that_nobody_could_issue_is_not_begun_and_it_is_said_what_to_do():
    bench = away()
    lose(bench)
    assert not bench.attend.journey.up
    bench.say(e.Started(), e.LanguageChosen("en"), e.ProcedureChosen("juminhyo"))
    assert bench.state == s.Choosing("en", "juminhyo")


def test_the_pages_that_tell_of_it_are_shown_anew_and_no_other():
    bench = away()
    lose(bench)
    assert bench.shown == [s.Idle()]
    bench.say(e.Started())
    bench.office.away = False
    bench.attend._watch.heard(reached=True)
    bench.lanes.release_all()
    assert bench.attend.journey.up
    assert bench.shown == [s.Idle(), s.Greeting()]


def test_what_was_asked_for_in_vain_is_forgotten_when_the_office_is_back():
    bench = away()
    lose(bench)
    bench.say(e.Started(), e.LanguageChosen("en"), e.ProcedureChosen("juminhyo"))
    bench.office.away = False
    bench.attend._watch.heard(reached=True)
    bench.lanes.release_all()
    assert bench.state == s.Choosing("en")
    assert isinstance(bench.say(e.ProcedureChosen("juminhyo")), s.Identifying)


def test_who_was_about_to_pay_leaves_the_application_and_it_goes_by_itself():
    bench = away()
    bench.walk(Person(1), s.Reviewing)
    lose(bench)
    assert isinstance(bench.state, s.Reviewing)
    assert isinstance(bench.say(e.Confirmed()), s.Deferring)
    bench.say(e.LeftWithUs())
    bench.lanes.release_all()
    assert (bench.state.ending, bench.office.handed_in) == (s.Ending.KEPT_WAITING, {})
    bench.office.away = False
    bench.attend._watch.heard(reached=True)
    bench.lanes.release_all()
    assert len(bench.office.handed_in) == 1
