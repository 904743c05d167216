"""同意を聞く: who it is, then one purpose after another; nothing chosen beforehand, all by keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from forms.answers import Answers
from kiosk.domain.agreement import Word
from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import PersonAsked
from kiosk.domain.counter import (
    Agreeing,
    AskingSkipped,
    Editing,
    Handled,
    Handling,
    PurposeAnswered,
)
from kiosk.domain.desk import Desk
from kiosk.domain.events import WentBack
from kiosk.ui.counter.agreeing import AgreePage
from kiosk.ui.counter.window import DonePage
from tests.fakes.counter import NOW, Counter, words
from tests.fakes.samples import FORMS, PURPOSES

DESK = Desk(FORMS, lambda: NOW, PURPOSES)
CARE, WATER = PURPOSES.of("risai")
KNOWN = {
    "name": "渡邉　一郎",
    "birth": "1980-02-17",
    "sex": "",
    "address": "かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203",
}
SAID = {**KNOWN, "sex": "1"}
EDITING = Editing("守", "risai", Answers(), None, Listing("守"))
WHO = Agreeing(EDITING, (CARE, WATER), KNOWN)
FIRST = replace(WHO, seen=SAID)
SECOND = replace(FIRST, said=(None,))
STATES = {
    "who": WHO,
    "stranger": replace(WHO, stranger=True),
    "first": FIRST,
    "second": SECOND,
    "child": replace(
        FIRST, editing=replace(EDITING, form="kodomo-iryo"), purposes=PURPOSES.of("kodomo-iryo")
    ),
}
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def counter(qtbot):
    made = Counter(qtbot)
    made.window._desk = DESK
    return made


def page(counter) -> AgreePage:
    return counter.page(AgreePage)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_every_state_fits_the_screen_with_its_longest_words(qtbot, size):
    counter = Counter(qtbot, size)
    counter.window._desk = DESK
    for name, state in STATES.items():
        counter.show(state)
        shown = page(counter)
        assert (counter.window.width(), counter.window.height()) == size, name
        for part in shown.findChildren(QLabel) + shown.findChildren(QPushButton):
            if part.isVisible():
                box = part.rect().translated(part.mapTo(shown, part.rect().topLeft()))
                assert shown.rect().contains(box), (name, part.text())
                assert part.height() >= part.heightForWidth(part.width()), (name, part.text())
                assert part.width() >= part.minimumSizeHint().width(), (name, part.text())


def test_what_the_form_says_stands_there_and_the_first_gap_has_the_focus(counter):
    counter.show(WHO)
    shown = page(counter)
    assert {name: edit.text() for name, edit in shown.person.fields.items()} == KNOWN
    assert shown.person.fields["sex"].hasFocus()


def test_nobody_is_asked_before_the_clerk_has_seen_who_it_is(counter):
    counter.show(WHO)
    page(counter)
    counter.keys((Qt.Key.Key_Return, CONTROL))
    assert page(counter).wrong.text() == "四つとも入れてください。"
    counter.keys("1", (Qt.Key.Key_Return, CONTROL))
    assert "本人と確かめて" in page(counter).wrong.text()
    assert counter.events == []
    counter.keys(Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Space, (Qt.Key.Key_Return, CONTROL))
    assert counter.events == [PersonAsked(SAID, identity_checked=True)]
    assert counter.state == FIRST


def test_a_strangers_card_is_said_to_be_one(counter):
    counter.show(WHO)
    counter.handle(PersonAsked({**SAID, "name": "鈴木　さくら"}, identity_checked=True))
    assert "氏名か生年月日がちがいます" in page(counter).wrong.text()


def test_without_a_card_one_key_hands_it_in_unasked(counter):
    counter.show(WHO)
    page(counter)
    counter.keys(Qt.Key.Key_F4)
    assert counter.events == [AskingSkipped()]
    assert isinstance(counter.state, Handling)


def test_everything_is_told_in_the_words_of_the_kiosk(counter):
    counter.show(FIRST)
    told = words(page(counter))
    for part in ("title", "who", "why"):
        assert PURPOSES.say(part, CARE.id, "ja") in told
    form = {item.id: item.label for item in FORMS["risai"].fields}
    assert all(form[each] in told for each in CARE.shares)
    assert "2028年11月21日まで" in told
    assert "1／2" in told
    assert not any(each in told for each in ("渡邉", "緑ケ丘", "1980"))


def test_nothing_is_chosen_beforehand_and_return_alone_says_nothing(counter):
    counter.show(FIRST)
    shown = page(counter)
    assert [each.isChecked() for each in shown.answers] == [False] * 3
    assert len({(each.width(), each.height()) for each in shown.answers}) == 1
    counter.keys(Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert counter.events == []
    assert "どれか" in shown.wrong.text()


@pytest.mark.parametrize(
    ("key", "word"),
    [(Qt.Key.Key_1, Word.GIVEN), (Qt.Key.Key_2, Word.REFUSED), (Qt.Key.Key_3, None)],
)
def test_a_digit_chooses_and_return_says_it(counter, key, word):
    counter.show(FIRST)
    page(counter)
    counter.keys(key)
    assert counter.events == []
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [PurposeAnswered(CARE.id, word)]
    assert [each.isChecked() for each in page(counter).answers] == [False] * 3


def test_the_last_digit_counts(counter):
    counter.show(FIRST)
    page(counter)
    counter.keys(Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Return)
    assert counter.events == [PurposeAnswered(CARE.id, Word.REFUSED)]


def test_a_click_does_what_a_digit_does(counter):
    counter.show(SECOND)
    shown = page(counter)
    shown.answers[1].click()
    shown.button.click()
    assert counter.events == [PurposeAnswered(WATER.id, Word.REFUSED)]
    assert isinstance(counter.state, Handling)


def test_escape_goes_back_one_step_and_then_to_the_form(counter):
    counter.show(SECOND)
    page(counter)
    counter.keys(Qt.Key.Key_Escape)
    assert counter.state == FIRST
    page(counter)
    counter.keys(Qt.Key.Key_Escape)
    assert counter.events == [WentBack(), WentBack()]
    assert counter.state == EDITING


@pytest.mark.parametrize("why", ["proxy", "interview", "not-shown"])
def test_the_end_says_in_one_line_why_nothing_was_asked(counter, why):
    counter.show(Handled("守", "C01-000001", None, None, Listing("守"), unasked=why))
    QApplication.processEvents()
    shown = counter.window.page
    assert isinstance(shown, DonePage)
    assert "同意は聞いていません" in words(shown)
