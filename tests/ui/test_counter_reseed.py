"""預かり票から戻す: everything that it says fits, and a scanner that types harms nothing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import Closed, QueueOpened, ReseedOpened
from kiosk.domain.desk import Desk
from kiosk.domain.events import Confirmed, WentBack
from kiosk.domain.reseeding import CodesShown, PicturesChosen, Reseeding, SlipSettled
from kiosk.domain.tending import Looked, Pending, StopAsked, Tending
from kiosk.ui.counter.reseeding import ReseedPage
from tests.fakes.counter import NOW, Counter
from tests.fakes.counter import words as said
from tests.fakes.samples import FORMS, PURPOSES
from tests.fakes.slips import LONGEST, SLIP, every_stand, found
from tests.ui.test_counter_queue import row

DESK = Desk(FORMS, lambda: NOW, PURPOSES)
STATES = every_stand()
MOST = max(FORMS.values(), key=lambda form: len(form.label)).id


@pytest.fixture
def counter(qtbot):
    made = Counter(qtbot)
    made.window._desk = DESK
    return made


def page(counter) -> ReseedPage:
    return counter.page(ReseedPage)


def words(counter):
    return said(page(counter))


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_every_state_fits_the_screen_with_its_longest_words(qtbot, size):
    counter = Counter(qtbot, size)
    counter.window._desk = DESK
    states = {**STATES, "long": replace(STATES["asked"], found=replace(found(), form=MOST))}
    for name, state in states.items():
        counter.show(Listing("守"))
        counter.show(state)
        shown = page(counter)
        assert (counter.window.width(), counter.window.height()) == size, name
        for part in shown.findChildren(QLabel) + shown.findChildren(QPushButton):
            if part.isVisible():
                box = part.rect().translated(part.mapTo(shown, part.rect().topLeft()))
                assert shown.rect().contains(box), (name, part.text())
                assert part.height() >= part.heightForWidth(part.width()), (name, part.text())
                assert part.width() >= part.minimumSizeHint().width(), (name, part.text())


def test_one_comes_here_from_what_is_being_sent_and_goes_back_with_the_keys(counter):
    counter.keys(Qt.Key.Key_F7, Qt.Key.Key_F8)
    assert isinstance(counter.state, Reseeding)
    counter.keys(Qt.Key.Key_Escape)
    assert isinstance(counter.state, Tending)
    counter.window.page.reseed.click()
    assert isinstance(counter.state, Reseeding)
    assert counter.events == [QueueOpened(), ReseedOpened(), Closed(), ReseedOpened()]


def test_a_reason_that_is_being_typed_is_not_left_by_a_key_for_something_else(counter):
    counter.keys(Qt.Key.Key_F7)
    counter.handle(Looked(Pending((row(1),))))
    counter.handle(StopAsked(row(1).id))
    QApplication.processEvents()
    assert not counter.window.page.reseed.isVisible()
    counter.keys("x", Qt.Key.Key_F8)
    assert isinstance(counter.state, Tending)


def test_how_many_of_its_codes_were_read_is_seen_and_which_is_missing(counter):
    counter.show(STATES["some"])
    assert page(counter).progress.text() == "2／3 読み取りました"
    assert "2　まだです" in words(counter)
    counter.keys(Qt.Key.Key_Escape)
    assert counter.events == [WentBack()]
    assert counter.state.symbols == ()


def test_a_scanner_that_types_presses_nothing_on_this_page(counter):
    counter.show(STATES["empty"])
    page(counter)
    counter.keys(SLIP[0], Qt.Key.Key_Return)
    assert counter.events == []
    counter.handle(CodesShown(SLIP[:1]))
    assert len(counter.state.symbols) == 1


def test_whose_it_is_is_shown_before_anything_happens_and_return_brings_it_back(counter):
    counter.show(STATES["asked"])
    told = words(counter)
    assert LONGEST in told
    assert FORMS["risai"].label in told
    assert "写真3点" in told
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [Confirmed()]
    assert counter.state.taking
    counter.keys(Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert counter.state.taking


def test_escape_leaves_it_as_it_is(counter):
    counter.show(STATES["asked"])
    page(counter)
    counter.keys(Qt.Key.Key_Escape)
    assert counter.events == [WentBack()]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("taken", "戻しました"),
        ("taken-twice", "もう市役所に届いています"),
        ("there", "もう市役所に届いています"),
        ("here", "この端末で預かっています"),
    ],
)
def test_what_came_of_it_is_said_and_return_takes_the_next_slip(counter, name, said):
    counter.show(STATES[name])
    assert said in words(counter)
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [SlipSettled()]
    assert counter.state == STATES["empty"]


@pytest.mark.parametrize("name", ["taken", "there", "here"])
def test_after_that_escape_goes_back_to_what_is_being_sent(counter, name):
    counter.show(STATES[name])
    page(counter)
    counter.keys(Qt.Key.Key_Escape)
    assert isinstance(counter.state, Tending)


@pytest.mark.parametrize("name", [each for each in STATES if each.startswith("wrong-")])
def test_every_refusal_has_a_sentence_of_its_own(counter, name):
    counter.show(STATES[name])
    wrong = page(counter).wrong
    assert wrong.isVisible()
    assert wrong.text().endswith(("。", "ません"))
    others = {page_of(counter, each) for each in STATES if each.startswith("wrong-")}
    assert len(others) == sum(each.startswith("wrong-") for each in STATES)


def page_of(counter, name):
    counter.show(STATES[name])
    return page(counter).wrong.text()


def test_while_the_office_is_away_return_asks_again(counter):
    counter.show(STATES["away"])
    assert "コードはこの画面に残っています" in words(counter)
    counter.keys(Qt.Key.Key_Return)
    assert counter.state.looks


def test_a_yes_without_an_answer_says_that_it_is_not_known_and_that_nothing_doubles(counter):
    counter.show(STATES["unsure"])
    assert "まだわかりません" in words(counter)
    assert "まだ届いていません" not in words(counter)
    counter.keys(Qt.Key.Key_Return)
    assert counter.state.taking


@pytest.mark.parametrize("chosen", [[], ["slip.png", "other.png"]])
def test_a_picture_is_chosen_with_a_key(counter, monkeypatch, chosen):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (chosen, ""))
    counter.show(STATES["some"])
    page(counter)
    counter.keys(Qt.Key.Key_F2)
    assert counter.events == ([PicturesChosen(tuple(chosen))] if chosen else [])


def test_the_scanner_is_looked_at_on_this_page_alone(counter, qtbot):
    counter.show(STATES["empty"])
    with qtbot.waitSignal(counter.window.scan_wanted, timeout=2000):
        pass
    counter.show(Listing("守"))
    with qtbot.assertNotEmitted(counter.window.scan_wanted, wait=500):
        pass
