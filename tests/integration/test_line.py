"""The line to a real office, killed, stopped, cut off or mute: noticed in time, both ways."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Stop

import pytest

from kiosk.adapters.line import PATIENCE, HttpLine
from kiosk.domain.events import LineChanged
from kiosk.drill.wire import FINE, Trouble, Wire
from kiosk.errors import OfficeUnreachable
from kiosk.nextdoor import OfficeNextDoor, start_office
from kiosk.ports.lanes import Lane
from kiosk.ui.clock import TICK_MS
from kiosk.ui.lanes import QtLanes
from kiosk.usecases.watch import Watch

NOTICED = 10.0


@dataclass
class City:
    """An office behind a wire of ours, and a terminal that looks at it."""

    home: Path
    office: OfficeNextDoor
    wire: Wire
    said: list[bool] = field(default_factory=list)

    @classmethod
    def begin(cls, home: Path) -> "City":
        office = start_office(home)
        return cls(home, office, Wire(*_address(office)))

    def restart(self) -> None:
        self.office = start_office(self.home)
        self.wire.target = _address(self.office)

    def heard(self, event: LineChanged) -> None:
        self.said.append(event.up)


def _address(office: OfficeNextDoor) -> tuple[str, int]:
    host, port = office.url.removeprefix("http://").split(":")
    return host, int(port)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City.begin(tmp_path / "office")
    try:
        yield made
    finally:
        made.wire.close()
        if made.office.process.poll() is None:
            os.kill(made.office.process.pid, signal.SIGCONT)
            made.office.stop()


@pytest.fixture
def lanes(qapp) -> Iterator[QtLanes]:
    made = QtLanes()
    yield made
    made.close()


def killed(city: City) -> None:
    city.office.kill()


def stopped(city: City) -> None:
    os.kill(city.office.process.pid, signal.SIGSTOP)


def went_on(city: City) -> None:
    os.kill(city.office.process.pid, signal.SIGCONT)


def became(trouble: Trouble) -> Callable[[City], None]:
    return lambda city: city.wire.be(trouble)


TROUBLES = {
    "killed": (killed, City.restart),
    "stopped, so that it takes calls and never answers": (stopped, went_on),
    "behind a line that swallows everything": (became(Trouble(mute=True)), became(FINE)),
    "behind a line that is cut": (became(Trouble(dead=True)), became(FINE)),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_office_that_goes_and_comes_is_noticed_within_ten_seconds(
    city: City, lanes: QtLanes, qapp, trouble: str
) -> None:
    watch = Watch(HttpLine(city.wire.url).ask, lanes, city.heard)
    longest = [0.0]

    def until(done: Callable[[], bool], limit: float) -> float:
        began = time.monotonic()
        while not done() and time.monotonic() - began < limit:
            turn = time.monotonic()
            watch.tick()
            qapp.processEvents()
            longest[0] = max(longest[0], time.monotonic() - turn)
            time.sleep(TICK_MS / 1000)
        return time.monotonic() - began

    until(lambda: False, 1.0)
    go, come = TROUBLES[trouble]
    go(city)
    assert until(lambda: city.said == [False], 2 * NOTICED) < NOTICED
    until(lambda: False, 4.0)
    come(city)
    assert until(lambda: city.said == [False, True], 2 * NOTICED) < NOTICED
    assert longest[0] < 0.2  # whoever touches the screen meanwhile is heard


def test_an_office_that_answers_late_is_no_outage(city: City, lanes: QtLanes, qapp) -> None:
    watch = Watch(HttpLine(city.wire.url).ask, lanes, city.heard)
    city.wire.be(Trouble(slow=0.8))
    limit = time.monotonic() + 8
    while time.monotonic() < limit:
        watch.tick()
        qapp.processEvents()
        time.sleep(TICK_MS / 1000)
    assert city.said == []


def test_a_slow_answer_is_given_up_and_a_refusal_is_no_readiness(city: City) -> None:
    city.wire.be(Trouble(mute=True))
    began = time.monotonic()
    with pytest.raises(OfficeUnreachable):
        HttpLine(city.wire.url).ask()
    assert time.monotonic() - began < PATIENCE + 1
    city.wire.be(FINE)
    HttpLine(city.wire.url).ask()
    with pytest.raises(OfficeUnreachable, match="404"):
        HttpLine(f"{city.wire.url}/elsewhere").ask()


def test_the_line_has_a_lane_of_its_own(city: City, lanes: QtLanes, qapp) -> None:
    """A call that hangs for minutes holds up no asking."""
    held = Stop()
    lanes.run(Lane.OFFICE, lambda: held.wait(20), lambda _: None, lambda _: None, Stop())
    watch = Watch(HttpLine(city.wire.url).ask, lanes, city.heard)
    city.wire.be(Trouble(dead=True))
    limit = time.monotonic() + NOTICED
    while city.said != [False] and time.monotonic() < limit:
        watch.tick()
        qapp.processEvents()
        time.sleep(TICK_MS / 1000)
    held.set()
    assert city.said == [False]
