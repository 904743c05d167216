"""What was laid out for a resident is gone with the turn; a line never ends inside a character."""

from kiosk.domain import states as s
from kiosk.ui.kit import words
from kiosk.ui.kit.tokens import PORTRAIT
from kiosk.ui.resident.pages import every_page
from kiosk.ui.resident.window import KioskWindow
from kiosk.ui.texts import load_texts
from tests.fakes.samples import JOURNEY, ROOT


def test_nothing_laid_out_outlives_the_turn(qtbot):
    window = KioskWindow(
        load_texts(ROOT / "resources" / "texts"), PORTRAIT, JOURNEY, "書蒼市", every_page
    )
    qtbot.addWidget(window)
    window.show_state(s.Choosing("ja"))
    assert laid_out_anew()
    assert not laid_out_anew()
    window.show_state(s.Idle())
    assert laid_out_anew()


def laid_out_anew():
    before = words.lay_out.cache_info().misses
    words.lay_out("住民　一号の住所", 28, 400)
    return words.lay_out.cache_info().misses > before


def test_a_line_ends_behind_a_character_that_qt_counts_as_two():
    block = words.lay_out("𠮷𠮷𠮷𠮷田", 40, 100)
    lines = ["".join(piece.text for piece in line) for line in block.lines]
    assert "".join(lines) == "𠮷𠮷𠮷𠮷田"
    assert len(lines) > 1
    assert all(len(line) <= 3 for line in lines)
