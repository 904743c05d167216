"""Real threads: answers come home, and those of an old turn never do."""

import random
import threading
import time
from threading import Event as Stop

import pytest

from kiosk.ports.lanes import Lane
from kiosk.ui.lanes import QtLanes


@pytest.fixture
def lanes(qapp):
    made = QtLanes()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("lane-")]


def test_answers_and_faults_come_back_on_the_ui_thread(lanes, qtbot):
    home, answers, faults = threading.get_ident(), [], []
    lanes.run(
        Lane.CARD,
        threading.get_ident,
        lambda a: answers.append((a, threading.get_ident())),
        faults.append,
        Stop(),
    )
    lanes.run(
        Lane.STORE,
        lambda: 1 // 0,
        answers.append,
        lambda f: faults.append((f, threading.get_ident())),
        Stop(),
    )
    qtbot.waitUntil(lambda: bool(answers) and bool(faults))
    assert answers[0][0] != home
    assert answers[0][1] == home
    assert isinstance(faults[0][0], ZeroDivisionError)
    assert faults[0][1] == home


def test_no_answer_of_an_old_turn_is_ever_delivered(lanes, qtbot):
    chance = random.Random(7)  # noqa: S311 (naps, no secrets)
    heard, ended, done = [], set(), []
    for turn in range(40):
        stop = Stop()
        for _ in range(5):
            nap = chance.random() / 400

            def heard_of(answer, turn=turn):
                assert turn not in ended
                heard.append(answer)

            lanes.run(
                chance.choice(list(Lane)),
                lambda nap=nap: time.sleep(nap),
                heard_of,
                pytest.fail,
                stop,
            )
        qtbot.wait(chance.randrange(6))
        stop.set()
        ended.add(turn)
    for lane in Lane:
        lanes.run(lane, lambda: None, done.append, pytest.fail, Stop())
    qtbot.waitUntil(lambda: len(done) == len(Lane))
    assert 0 < len(heard) < 200


def test_one_lane_does_one_thing_at_a_time_in_order(lanes, qtbot):
    order = []
    for number in range(20):
        lanes.run(Lane.PRINTER, lambda number=number: number, order.append, pytest.fail, Stop())
    qtbot.waitUntil(lambda: len(order) == 20)
    assert order == list(range(20))


def test_what_was_on_its_way_when_the_lanes_ended_is_dropped_and_nothing_new_begins(qapp, qtbot):
    lanes, answers = QtLanes(), []
    finished = threading.Event()

    def again(_: object) -> None:
        answers.append("late")
        lanes.run(Lane.CARD, finished.set, answers.append, answers.append, Stop())

    lanes.run(Lane.CARD, finished.set, again, answers.append, Stop())
    assert finished.wait(5)
    time.sleep(0.05)  # its answer waits for the UI thread
    lanes.close()
    lanes.run(Lane.STORE, lambda: answers.append("new"), again, again, Stop())
    qapp.processEvents()
    assert answers == []
