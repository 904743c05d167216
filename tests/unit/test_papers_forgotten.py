"""What a turn's papers were drawn with is gone with the turn, and not before its last paper."""

from dataclasses import dataclass, field

import pytest

from kiosk.domain import counter as d
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.counter import Listing
from kiosk.errors import NotIssuableHere
from kiosk.ports.lanes import Lane
from printing.faults import Undrawable
from tests.fakes.desk import Counter
from tests.fakes.printer import CountedPrinter
from tests.fakes.terminal import Bench, Person


@dataclass
class WatchedRoom:
    """Writes down how many papers had come out whenever it was left."""

    printer: CountedPrinter
    left: list[int] = field(default_factory=list)

    def leave(self) -> None:
        self.left.append(len(self.printer.titles))


class BrokenPress:
    """Nothing can be drawn."""

    def render(self, *_: object) -> bytes:
        raise Undrawable("no process answers")


def watched_bench() -> tuple[Bench, WatchedRoom]:
    printer = CountedPrinter()
    room = WatchedRoom(printer)
    return Bench(printer=printer, papers=room), room


def test_the_room_is_left_when_the_turn_is_over_and_not_before():
    bench, room = watched_bench()
    bench.walk(Person(1), s.Parting)
    bench.lanes.release_all()
    assert room.left == []
    bench.say(e.Left())
    bench.lanes.release_all()
    assert room.left == [3]


def test_a_receipt_that_is_still_to_come_is_drawn_before_the_room_is_left():
    bench, room = watched_bench()
    bench.walk(Person(1), s.Parting)
    bench.say(e.Left())
    assert isinstance(bench.state, s.Idle)
    assert bench.lanes.waiting(Lane.PRINTER) == 2
    bench.lanes.release_all()
    assert room.left == [3]


def test_a_turn_that_printed_nothing_leaves_it_too():
    bench, room = watched_bench()
    bench.say(e.Started(), e.Left())
    bench.lanes.release_all()
    assert room.left == [0]


def test_a_device_that_stands_still_leaves_it_too():
    bench, room = watched_bench()
    bench.walk(Person(1), s.Issuing)
    bench.issue.release._read = lambda _: ({"another"},)
    bench.walk(Person(1), s.Apologising)
    bench.say(e.Left())
    bench.lanes.release_all()
    assert isinstance(bench.state, s.Closed)
    assert room.left == [1]


def test_a_sheet_that_nobody_could_read_back_is_abandoned_and_paid_back():
    bench, _ = watched_bench()
    bench.walk(Person(1), s.Issuing)

    def nobody(_: bytes) -> list[set[str]]:
        raise Undrawable("no process answers")

    bench.issue.release._read = nobody
    bench.walk(Person(1), s.Apologising)
    bench.lanes.release_all()
    assert bench.state.code == "not-issuable-here"
    assert bench.till.held == 0
    assert bench.issue.release.account.unclear() == []
    bench.attend.drain()
    bench.lanes.release_all()
    assert [fate for _, fate in bench.office.outcomes] == ["abandoned", "abandoned"]
    assert bench.ledger.open() == []
    assert not [title for title in bench.printer.titles if title.startswith("X-")]
    bench.say(e.CardRemoved(), e.Left())
    bench.lanes.release_all()
    assert isinstance(bench.state, s.Idle)


def test_a_mistake_of_ours_in_drawing_gives_the_money_back():
    bench, _ = watched_bench()
    bench.walk(Person(1), s.Issuing)

    class Mistaken:
        def render(self, *_: object) -> bytes:
            raise RuntimeError("ours")

    object.__setattr__(bench.issue, "press", Mistaken())
    with pytest.raises(RuntimeError, match="ours"):
        bench.lanes.release_all()
    assert bench.till.held == 0


def test_closing_leaves_it_whatever_stands_there():
    bench, room = watched_bench()
    bench.walk(Person(1), s.Filling)
    bench.attend.close()
    assert room.left == [0]
    Bench().attend.close()


def test_a_desk_leaves_it_with_each_person_and_when_a_clerk_goes():
    printer = CountedPrinter()
    room = WatchedRoom(printer)
    counter = Counter(printer=printer, papers=room)
    counter.fill()
    counter.serve._lanes.release_all()
    printed = len(printer.titles)
    assert printed > 0
    assert room.left == [0]  # when the clerk signed in
    counter.say(d.Closed())
    counter.serve._lanes.release_all()
    assert isinstance(counter.state, Listing)
    assert room.left == [0, printed]
    counter.serve.close()
    assert room.left == [0, printed, printed]
    Counter().serve.close()


def test_where_no_paper_can_be_drawn_the_counter_takes_over_before_money_is_taken():
    bench = Bench()

    def nobody(_: str) -> list[str]:
        raise Undrawable("no process answers")

    bench.missing = nobody  # asked by the crew that is made now
    bench.__post_init__()
    bench.walk(Person(1), s.Paying)
    bench.lanes.release_all()
    assert isinstance(bench.state, s.Apologising)
    assert bench.state.code == "not-issuable-here"
    assert bench.till.held == 0


def test_a_slip_that_cannot_be_drawn_is_the_worlds_fault():
    bench = Bench()
    bench.walk(Person(1), s.Parting)
    object.__setattr__(bench.receive, "press", BrokenPress())
    with pytest.raises(NotIssuableHere):
        bench.receive.withdrawn("同意", "K01-000002")
    bench.lanes.release_all()
    assert bench.printer.titles == ["X-000001-1", "X-000001-2"]
    assert isinstance(bench.state, s.Parting)
