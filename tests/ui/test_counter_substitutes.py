"""A character without its shape: nothing is chosen beforehand, and both ways out have a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.domain import counter as d
from kiosk.domain.events import Kept
from kiosk.domain.sheets import Agreed
from kiosk.ui.counter.substitutes import SubstitutesPage
from tests.fakes.counter import Counter

WATANABE = d.Missing("邉\U000e0102", ("邉", "邊", "辺"))
KATSURAGI = d.Missing("葛\U000e0100", ("葛",))


@pytest.fixture
def asked(qtbot):
    made = Counter(qtbot)
    made.begin("juminhyo")
    handling = d.Handling(made.state, Kept("id", "C01-000001"))
    made.show(d.Substituting(handling, (WATANABE, KATSURAGI)))
    assert isinstance(made.window.page, SubstitutesPage)
    return made


def press(asked, key):
    QTest.keyClick(asked.window.page, key)


def test_nothing_is_agreed_to_before_every_character_was_looked_at(asked):
    page = asked.window.page
    press(asked, Qt.Key.Key_Return)
    page.proposals["邉\U000e0102", "邊"].click()
    press(asked, Qt.Key.Key_Return)
    assert not page.agree.isEnabled()
    assert isinstance(asked.state, d.Substituting)


def test_the_last_choice_of_each_character_counts(asked):
    page = asked.window.page
    for pair in (("邉\U000e0102", "邊"), ("葛\U000e0100", "葛"), ("邉\U000e0102", "邉")):
        page.proposals[pair].click()
    checked = {pair for pair, button in page.proposals.items() if button.isChecked()}
    assert checked == {("邉\U000e0102", "邉"), ("葛\U000e0100", "葛")}
    press(asked, Qt.Key.Key_Return)
    pairs = (("邉\U000e0102", "邉"), ("葛\U000e0100", "葛"))
    assert asked.events[-1] == d.SubstitutesAgreed(pairs)
    assert asked.state.agreed == Agreed(pairs, "守")


def test_escape_makes_no_paper(asked):
    press(asked, Qt.Key.Key_Escape)
    assert (asked.state.fault, asked.state.receipt) == ("unprintable-name", "C01-000001")


def test_every_proposal_says_what_it_stands_for(asked):
    said = [button.accessibleName() for button in asked.window.page.proposals.values()]
    assert said[1] == "邉\U000e0102 (U+9089 U+E0102) を 邊 (U+908A) で表す"
