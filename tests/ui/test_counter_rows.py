"""Sections with rows: added, removed, brought back, each with its own conditions."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from forms.facts import Source, from_mapping
from tests.fakes.counter import NOW, Counter

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ADD, UNDO = (Qt.Key.Key_A, ALT), (Qt.Key.Key_Z, CTRL)
ONE = {"mover_name": "渡邉　花子", "mover_birth": "1984-05-03"}
TWO = {"mover_name": "渡邉　蓮", "mover_birth": "2018-05-03"}
THREE = {"mover_name": "渡邉　トメ", "mover_birth": "1944-05-03"}


@pytest.fixture
def counter(qtbot):
    return Counter(qtbot)


def begin(counter, *rows):
    counter.begin("ido", relation="self", change="in", moved_on="2026-11-20", movers=list(rows))
    return counter.sheet.canvas.boxes["movers"]


def test_alt_a_adds_a_row_and_goes_into_it(counter):
    begin(counter, ONE)
    counter.keys(ADD)
    assert counter.value("movers") == [ONE, {}]
    assert counter.focused() == "movers[1].mover_name"
    counter.keys("渡邉 蓮", Qt.Key.Key_Return)
    assert counter.value("movers[1].mover_name") == "渡邉　蓮"


def test_the_button_adds_a_row_too(counter):
    box = begin(counter)
    box.add.setFocus()
    counter.keys(Qt.Key.Key_Return)
    assert counter.value("movers") == [{}]
    assert counter.focused() == "movers[0].mover_name"


def test_a_row_that_is_removed_closes_the_gap_and_every_field_shows_its_own(counter):
    box = begin(counter, ONE, TWO, THREE)
    box.rows[1].remove.click()
    assert counter.value("movers") == [ONE, THREE]
    assert counter.sheet.fields["movers[1].mover_name"].text() == "渡邉　トメ"
    assert box.shown == 2
    assert not box.rows[2].isVisible()


def test_ctrl_z_brings_the_removed_row_back_to_its_place(counter):
    box = begin(counter, ONE, TWO, THREE)
    box.rows[1].remove.click()
    box.rows[0].remove.click()
    assert "Ctrl+Z" in box.told.text()
    counter.keys(UNDO)
    assert counter.value("movers") == [ONE, THREE]
    counter.keys(UNDO)
    assert counter.value("movers") == [ONE, TWO, THREE]
    assert box.told.text() == ""
    counter.keys(UNDO)
    assert counter.value("movers") == [ONE, TWO, THREE]


def test_a_condition_of_a_row_looks_at_its_own_row(counter):
    begin(counter, {**ONE, "mover_nationality": "japan"}, {**TWO, "mover_nationality": "other"})
    fields = counter.sheet.fields
    assert "movers[1].mover_country" in fields
    assert "movers[0].mover_country" not in fields


def test_alt_d_removes_the_row_that_the_focus_is_in(counter):
    begin(counter, ONE, TWO)
    counter.editor("movers[1].mover_name").stops()[0].setFocus()
    counter.keys((Qt.Key.Key_D, ALT))
    assert counter.value("movers") == [ONE]
    counter.keys(UNDO)
    assert counter.value("movers") == [ONE, TWO]


def test_two_sources_that_know_different_people_are_settled_by_a_button(counter):
    begin(counter)
    for source, names in ((Source.CARD, ["花子"]), (Source.PREFILL, ["花子", "蓮"])):
        rows = [{"name": name} for name in names]
        facts = counter.state.facts.learn(from_mapping({"household": rows}, source, NOW).known)
        counter.show(replace(counter.state, facts=facts))
    box = counter.sheet.canvas.boxes["movers"]
    card, prefill = box.stops()[:2]
    assert (card.text(), prefill.text()) == ("カード：花子", "事前入力：花子・蓮")
    prefill.click()
    assert [row["mover_name"] for row in counter.value("movers")] == ["花子", "蓮"]
    assert box.shown == 2


def test_no_more_rows_than_the_form_takes(counter):
    box = begin(counter, *[ONE] * 10)
    assert not box.add.isEnabled()
    counter.keys(ADD)
    assert len(counter.value("movers")) == 10


def test_a_missing_row_is_told_beside_the_button(counter):
    box = begin(counter)
    counter.keys(Qt.Key.Key_F9)
    assert box.told.text() == "未入力"


def test_a_mistake_in_a_row_names_the_row(counter):
    begin(counter, ONE, {})
    counter.keys(Qt.Key.Key_F9)
    assert counter.cell("movers[1].mover_name").reason == "未入力"
    assert "異動者 2" in counter.sheet.side.problems.words.text()


def test_rows_in_a_narrow_window_stay_inside_it(qtbot):
    counter = Counter(qtbot, (1366, 768))
    box = begin(counter, ONE, TWO)
    QApplication.processEvents()
    for row in box.rows[: box.shown]:
        for cell in row.cells:
            assert cell.geometry().right() <= row.width()
            assert cell.geometry().bottom() <= row.height()
