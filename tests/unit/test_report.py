"""A terminal says how it is and hears what the city tells, and no turn ever waits for that."""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from devices.faults import CardMute, PaperOut, ReaderGone
from kiosk import __version__
from kiosk.domain.notices import MOST, notices_from
from kiosk.errors import OfficeUnreachable, StoreUnusable
from kiosk.ports.lanes import Lane
from kiosk.ports.office import Heard
from kiosk.ports.outbox import Depth
from kiosk.usecases.report import AT_LEAST, EVERY, Health, Report, Reporter
from tests.fakes.clock import StandingClock
from tests.fakes.lanes import HeldLanes

ALERT = {
    "id": "a",
    "kind": "alert",
    "words": {"ja": {"title": "避難指示", "text": ""}},
    "begins": None,
    "ends": None,
    "modified": "",
}


@dataclass
class ListeningOffice:
    """Answers with its notices while it is there."""

    notices: list = field(default_factory=list)
    restored: list = field(default_factory=list)
    there: bool = True
    heard: list = field(default_factory=list)

    def report(self, said):
        if not self.there:
            raise OfficeUnreachable("away")
        self.heard.append(dict(said))
        return Heard(self.notices, self.restored)


@dataclass
class PlainMemo:
    """Remembers one thing."""

    value: str | None = None

    def read(self):
        return self.value

    def write(self, value):
        self.value = value


@dataclass
class Waiting:
    """So much waits."""

    waiting: Depth = field(default_factory=lambda: Depth(0, None))

    def depth(self):
        return self.waiting


@dataclass
class Terminal:
    office: ListeningOffice = field(default_factory=ListeningOffice)
    memo: PlainMemo = field(default_factory=PlainMemo)
    outbox: Waiting = field(default_factory=Waiting)
    clock: StandingClock = field(default_factory=StandingClock)
    health: Health = field(default_factory=Health)
    lanes: HeldLanes = field(default_factory=HeldLanes)
    seconds: float = 0.0
    shown: list = field(default_factory=list)
    anchored: list = field(default_factory=list)
    paper: Exception | None = None

    def __post_init__(self):
        reporter = Reporter(
            self.outbox,
            self.office,
            self.memo,
            self.clock,
            self.health,
            lambda: self.anchored.append(True),
        )
        self.report = Report(
            reporter, self.lanes, self.shown.append, self.look, lambda: self.seconds
        )

    def look(self):
        def check():
            if self.paper:
                raise self.paper

        self.health.noted("printer", check)

    def goes_on(self, seconds: float, *, busy: bool = False) -> None:
        self.seconds += seconds
        self.clock.moment += timedelta(seconds=seconds)
        self.report.tick(busy=busy)
        self.lanes.release_all()
        self.report.tick(busy=busy)


def told(notices) -> list[str]:
    return [each.said("ja").title for each in notices]


def test_it_says_how_it_is_and_not_who_is_there():
    here = Terminal()
    oldest = here.clock.now() - timedelta(minutes=3)
    here.outbox.waiting = Depth(2, oldest.isoformat())
    here.goes_on(0)
    here.goes_on(0)
    (said,) = here.office.heard
    assert said == {
        "outbox": 2,
        "oldest": 180,
        "version": __version__,
        "devices": {"printer": "ok", "reader": "unknown", "scanner": "unknown"},
        "busy": False,
    }
    assert here.anchored == [True]


def test_it_reports_every_minute_and_on_a_change_but_not_in_a_hurry():
    here = Terminal()
    here.goes_on(0)
    here.goes_on(1)
    assert len(here.office.heard) == 1
    here.goes_on(1, busy=True)
    assert len(here.office.heard) == 1
    here.goes_on(AT_LEAST, busy=True)
    assert [said["busy"] for said in here.office.heard] == [False, True]
    here.goes_on(EVERY - 1, busy=True)
    assert len(here.office.heard) == 2
    here.goes_on(1, busy=True)
    assert len(here.office.heard) == 3


def test_what_a_device_did_last_is_what_is_said_of_it():
    here = Terminal(paper=PaperOut())
    for device, fault in (("reader", ReaderGone()), ("scanner", CardMute())):
        with pytest.raises(type(fault)):
            here.health.noted(device, lambda fault=fault: _raise(fault))
    here.goes_on(0)
    here.goes_on(0)
    states = here.office.heard[-1]["devices"]
    assert states == {"printer": "fault", "reader": "fault", "scanner": "ok"}


def test_a_printer_is_not_looked_at_while_somebody_is_served():
    here = Terminal()
    here.lanes.release_all()
    here.report.tick(busy=True)
    assert here.lanes.waiting(Lane.PRINTER) == 0
    assert here.lanes.waiting(Lane.REPORT) == 1


def test_reports_never_pile_up_and_never_touch_the_office_lane():
    here = Terminal()
    here.lanes.release_all()
    for _ in range(10):
        here.seconds += EVERY
        here.report.tick(busy=True)
    assert here.lanes.waiting(Lane.REPORT) == 1
    assert here.lanes.waiting(Lane.OFFICE) == 0


def test_a_notice_is_shown_once_and_again_without_the_office_and_after_a_start():
    here = Terminal()
    here.office.notices = [ALERT]
    here.goes_on(0)
    here.goes_on(0)
    assert [told(each) for each in here.shown] == [["避難指示"]]
    here.office.there = False
    here.goes_on(EVERY)
    assert len(here.shown) == 1
    again = Terminal(office=here.office, memo=here.memo)
    again.goes_on(0)
    assert [told(each) for each in again.shown] == [["避難指示"]]


def test_a_notice_ends_by_the_clock_also_without_the_office():
    here = Terminal()
    here.office.notices = [{**ALERT, "ends": (here.clock.now() + timedelta(hours=1)).isoformat()}]
    here.goes_on(0)
    here.goes_on(0)
    here.office.there = False
    here.goes_on(3599)
    assert [told(each) for each in here.shown] == [["避難指示"]]
    here.goes_on(1)
    assert [told(each) for each in here.shown] == [["避難指示"], []]


def test_a_notice_that_was_taken_back_goes():
    here = Terminal()
    here.office.notices = [ALERT]
    here.goes_on(0)
    here.goes_on(0)
    here.office.notices = []
    here.goes_on(EVERY)
    assert [told(each) for each in here.shown] == [["避難指示"], []]


def test_a_store_that_is_unusable_is_tried_again():
    class Broken(Waiting):
        def depth(self):
            raise StoreUnusable("x")

    here = Terminal(outbox=Broken())
    here.goes_on(0)
    here.goes_on(0)
    assert here.office.heard == []
    here.goes_on(EVERY)
    assert here.office.heard == []


def test_a_bug_of_ours_is_not_swallowed():
    class Buggy(Waiting):
        def depth(self):
            raise ZeroDivisionError

    here = Terminal(outbox=Buggy())
    here.goes_on(0)
    with pytest.raises(ZeroDivisionError):
        here.goes_on(0)


def test_a_memory_that_cannot_be_read_is_an_empty_one():
    class Lost(PlainMemo):
        def read(self):
            raise StoreUnusable("x")

    for memo in (Lost(), PlainMemo("not JSON")):
        here = Terminal(memo=memo)
        here.goes_on(0)
        assert here.shown == []


def test_a_bug_in_looking_at_the_printer_is_not_swallowed():
    here = Terminal(paper=ZeroDivisionError())
    here.lanes.release_all()
    here.report.tick(busy=False)
    with pytest.raises(ZeroDivisionError):
        here.lanes.release_all()


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        "x",
        [1],
        [{}],
        [{**ALERT, "kind": "joke"}],
        [{**ALERT, "words": {}}],
        [{**ALERT, "words": {"ja": {"text": "x"}}}],
        [{**ALERT, "words": 7}],
        [{**ALERT, "ends": "tomorrow"}],
        [{**ALERT, "ends": "2026-11-21T10:00:00"}],
    ],
)
def test_what_is_no_notice_is_left_out(raw):
    assert notices_from(raw) == ()


def test_so_many_notices_that_no_screen_bears_them_are_cut():
    one = {"kind": "notice", "words": {f"l{n}": {"title": "x"} for n in range(10_000)}}
    found = notices_from([one] * 100_000)
    assert len(found) == MOST
    assert len(found[0].words) == MOST


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == __version__


def _raise(fault: Exception) -> None:
    raise fault
