"""A return from a backup is heard of once, whatever an office says and however often."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from kiosk.usecases.again import EARLIER, REST, Again
from tests.fakes.clock import StandingClock

MOMENT = datetime.fromisoformat("2026-11-20T02:00:00+09:00")


@dataclass
class Rewound:
    """An outbox and what was said, which only remember from when on they were rewound."""

    again: list[datetime] = field(default_factory=list)
    told: list[datetime] = field(default_factory=list)

    def send_again(self, since, at, by):
        self.again.append(since)
        return 3

    def tell_again(self, since):
        self.told.append(since)


@dataclass
class Remembered:
    value: str | None = None

    def read(self):
        return self.value

    def write(self, value):
        self.value = value


@pytest.fixture
def rewound() -> Rewound:
    return Rewound()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def again(rewound: Rewound, clock: StandingClock) -> Again:
    return Again(rewound, rewound, Remembered(), clock, "kiosk")


def came_back(mark: str, later: timedelta = timedelta(0)) -> dict[str, str]:
    return {"mark": mark, "since": (MOMENT + later).isoformat()}


def test_what_is_told_again_begins_a_day_before_the_backup(again: Again, rewound: Rewound) -> None:
    assert again.hear([came_back("a1")]) == 3
    assert rewound.again == rewound.told == [MOMENT - EARLIER]


def test_the_same_return_is_heard_once(again: Again, rewound: Rewound) -> None:
    again.hear([came_back("a1")])
    assert again.hear([came_back("a1")]) == 0
    assert len(rewound.again) == 1


def test_an_office_that_comes_back_every_minute_moves_everything_once_in_a_while(
    again: Again, rewound: Rewound, clock: StandingClock
) -> None:
    for minute in range(60):
        again.hear([came_back(f"m{minute}")])
        clock.moment += timedelta(minutes=1)
    assert len(rewound.again) == 6


def test_a_clock_that_was_set_back_keeps_nobody_from_hearing(
    again: Again, rewound: Rewound, clock: StandingClock
) -> None:
    again.hear([came_back("a1")])
    clock.moment -= timedelta(days=9)
    again.hear([came_back("b2")])
    assert len(rewound.again) == 2


def test_of_several_that_are_news_the_earliest_counts(
    again: Again, rewound: Rewound, clock: StandingClock
) -> None:
    again.hear([came_back("a1")])
    clock.moment += REST
    again.hear([came_back("a1"), came_back("b2", timedelta(days=9)), came_back("c3", EARLIER)])
    assert rewound.again[1] == MOMENT


def test_an_office_that_forgot_its_returns_makes_nobody_forget_them(
    again: Again, rewound: Rewound
) -> None:
    again.hear([came_back("a1")])
    again.hear([])
    again.hear([came_back("a1")])
    assert len(rewound.again) == 1


@pytest.mark.parametrize(
    "said",
    [
        "a1",
        {},
        {"mark": 1, "since": MOMENT.isoformat()},
        {"mark": "a b", "since": MOMENT.isoformat()},
        {"mark": "a1", "since": "yesterday"},
        {"mark": "a1", "since": "2026-11-20T02:00:00"},
        {"mark": "a1", "since": "0001-01-01T00:00:00+09:00"},
        {"mark": "a1", "since": "9999-12-31T23:59:59-09:00"},
    ],
)
def test_what_is_no_return_moves_nothing(again: Again, rewound: Rewound, said: object) -> None:
    assert again.hear([said]) == 0
    assert rewound.again == []


def test_whoever_says_so_by_hand_means_that_moment(again: Again, rewound: Rewound) -> None:
    assert again.since(MOMENT) == 3
    assert rewound.told == [MOMENT - EARLIER]
