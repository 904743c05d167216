"""Names on screens: whole, in their registered shapes, told and copied as registered."""

import re
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QInputMethodEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.lettering import Lettering, installed
from kiosk.ui.kit.name_label import NameBlock, NameLabel, Style
from kiosk.ui.kit.retouch import Retouch

LETTERS = Lettering()
SENTENCE = "点線の字：{codes}"
VARIANT, PLAIN, UNKNOWN = "辻\U000e0102", "辻", "辻\U000e0110"
LONG = (
    "MARIA DE LOS ANGELES FERNÁNDEZ Y RODRÍGUEZ WOLFESCHLEGELSTEINHAUSENBERGERDORFF"
    f"（通称　{VARIANT}　葛\U000e0100城真理亜）"
)
BIG = 120


@pytest.fixture
def label(qtbot):
    def made(words: str, size: int = BIG, **more) -> NameLabel:
        style = Style(size, SENTENCE, more.pop("small", 40), more.pop("bold", False))
        one = NameLabel(words, LETTERS, style, **more)
        qtbot.addWidget(one)
        return one

    return made


def picture(widget: QWidget, ratio: int = 1, ground: str = tokens.WHITE) -> QImage:
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(ground))
    painter = QPainter(image)
    flags = QWidget.RenderFlag.DrawChildren
    widget.render(painter, QPoint(), renderFlags=flags)
    painter.end()
    return image


def differing(one: QImage, other: QImage) -> float:
    """The share of pixels that are clearly not the same."""
    assert one.size() == other.size()
    many = one.width() * one.height()
    first, second = bytes(one.constBits())[::4], bytes(other.constBits())[::4]
    return sum(abs(a - b) > 100 for a, b in zip(first, second, strict=True)) / many


def ink_of(image: QImage) -> int:
    return sum(value < 128 for value in bytes(image.constBits())[::4])


@pytest.mark.parametrize("bold", [True, False])
def test_plain_words_look_as_every_other_label_does(label, qtbot, bold):
    words = "渡部　花子　NAGAYA Hanako（28）"
    name, other = label(words, 44, bold=bold), Label(words, 44, bold=bold)
    qtbot.addWidget(other)
    for one in (name, other):
        one.resize(900, 80)
    assert differing(picture(name), picture(other)) < 0.001
    assert name.heightForWidth(300) == other.heightForWidth(300)
    assert name.minimumSizeHint() == other.minimumSizeHint()


@pytest.mark.parametrize("width", [150, 222, 480, 1000, 5000])
def test_a_long_name_is_whole_in_any_width_and_never_smaller(label, width):
    name = label(LONG, 44)
    name.resize(width, name.heightForWidth(width))
    block = name.block()
    assert isinstance(block, NameBlock)
    shown = "".join(run.text for row in block.rows for run in row)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", LONG)
    assert name.fits()
    assert block.size == 44
    assert all(sum(run.width for run in row) <= width + 1 for row in block.rows)


def test_lines_never_start_with_a_closing_mark_and_words_stay_together(label):
    block = label("山田（通称　金）" * 3, 44).block(44 * 6)
    assert isinstance(block, NameBlock)
    assert not any(row[0].text.startswith("）") for row in block.rows)
    words = label("CHRISTINA MARIA FERNANDEZ", 44).block(500)
    assert isinstance(words, NameBlock)
    assert [row[0].text for row in words.rows] == ["CHRISTINA MARIA", "FERNANDEZ"]


def test_marks_over_marks_are_not_cut_at_the_top(label):
    name = label("NGUYỄN")
    name.resize(900, name.heightForWidth(900))
    image = picture(name)
    rows = [ink_of(image.copy(0, y, 900, 1)) for y in range(4)]
    assert rows[0] == 0
    assert ink_of(image) > 0


def test_what_somebody_typed_is_never_furigana(label):
    name = label("[山田|やまだ]", 44)
    assert name.accessibleName() == "[山田|やまだ]"
    block = name.block(900)
    assert isinstance(block, NameBlock)
    assert "".join(run.text for run in block.rows[0]) == "[山田|やまだ]"


def test_readers_are_told_every_code_point_and_what_is_missing(label):
    name = label(f"{VARIANT}　{UNKNOWN}")
    told = QAccessible.queryAccessibleInterface(name)
    assert told.text(QAccessible.Text.Name) == f"{VARIANT}　{UNKNOWN}"
    assert told.text(QAccessible.Text.Description) == "点線の字：U+8FBB\u00a0U+E0110"
    assert label(VARIANT).accessibleDescription() == ""


def test_the_clerk_copies_what_is_registered(label, qtbot, qapp):
    name = label(f"渡{VARIANT}", copied=True)
    name.show()
    name.activateWindow()
    qtbot.waitUntil(name.isActiveWindow)
    qtbot.mouseClick(name, Qt.MouseButton.LeftButton)
    assert name.hasFocus()
    qtbot.keyClick(name, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == f"渡{VARIANT}"
    qapp.clipboard().clear()
    name.actions()[0].trigger()
    assert qapp.clipboard().text() == f"渡{VARIANT}"
    assert label(VARIANT).actions() == []


def test_a_fine_screen_shows_fine_outlines(label):
    name, twice = label(VARIANT, 60), label(VARIANT, 120)
    name.resize(100, 80)
    twice.resize(200, 160)
    sharp, blunt = picture(name, 2), picture(name).scaled(200, 160)
    assert differing(sharp, picture(twice)) < 0.02
    assert differing(sharp, picture(twice)) < differing(blunt, picture(twice)) / 2


def test_a_variant_takes_the_colour_of_its_words(label):
    name = label(VARIANT, colour=tokens.WHITE)
    name.resize(200, 180)
    image = picture(name, ground=tokens.BLUE_900)
    colours = {image.pixelColor(x, y).name() for x in range(200) for y in range(180)}
    assert {tokens.WHITE, tokens.BLUE_900} <= colours
    assert tokens.GRAY_900 not in colours


def test_a_shape_that_no_font_has_is_dotted_and_its_code_stands_below(label):
    name = label(UNKNOWN, small=tokens.SMALLEST)
    plain = label(PLAIN)
    assert name.heightForWidth(600) >= plain.heightForWidth(600) + tokens.SMALLEST
    for one in (name, plain):
        one.resize(600, name.heightForWidth(600))
    first, second = picture(name), picture(plain)
    above = first.copy(0, 0, 600, 120), second.copy(0, 0, 600, 120)
    assert differing(*above) < 0.02  # the plain character stands in
    assert ink_of(first.copy(0, 125, 130, 20)) > 100 > ink_of(second.copy(0, 125, 130, 20))


@pytest.mark.parametrize("words", ["\U000323af", "\ue000", "\u3099", "\x07", "\U000e0100"])
def test_what_cannot_be_drawn_at_all_is_set_as_a_missing_letter(label, words):
    name, geta = label(words), label("〓")
    for one in (name, geta):
        one.resize(300, 120)
    assert differing(picture(name).copy(0, 0, 300, 110), picture(geta).copy(0, 0, 300, 110)) < 0.02
    assert f"U+{ord(words):04X}" in name.accessibleDescription()


def test_the_citys_own_file_knows_its_own_characters(qtbot):
    file = next(Path("/usr/share/fonts").rglob("ipamjm.ttf"))  # it has a glyph at U+F862
    theirs = Lettering(partial(installed, (file,)))
    assert LETTERS.missing("\uf862") == ("U+F862",)
    assert theirs.missing("\uf862") == ()
    shape = theirs.shape("\uf862")
    assert shape
    assert not shape.missing


def line(qtbot, words: str, width: int = 1200) -> QLineEdit:
    edit = QLineEdit(words)
    edit.setFont(face(BIG))
    edit.setFrame(False)
    edit.setFixedSize(width, 180)
    qtbot.addWidget(edit)
    return edit


def lines(qtbot, words: str, width: int = 1200) -> QPlainTextEdit:
    edit = QPlainTextEdit(words)
    edit.setFont(face(BIG))
    edit.setFrameStyle(0)
    edit.setFixedSize(width, 500)
    qtbot.addWidget(edit)
    return edit


@pytest.fixture(params=[line, lines])
def editor(request, qtbot):
    def made(words: str, width: int = 1200, *, retouched: bool = True):
        edit = request.param(qtbot, words, width)
        edit.clearFocus()
        if retouched:
            edit.retouch = Retouch(edit, LETTERS, lambda: tokens.WHITE)
        edit.show()
        picture(edit)  # a line finds its place when it is painted
        return edit

    return made


def cell(edit, number: int = 0) -> QImage:
    """What an editor shows at the place of its first character that is not plain."""
    place = list(edit.retouch.cover._places())[number]
    return picture(edit).copy(place.box.toRect())


def shape(words: str, size: tuple[int, int], base: float, ink: str, ground: str) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    LETTERS.shape(words).draw(painter, QPointF(0, base), BIG, ink)
    painter.end()
    return image


def shows(edit, words: str, ink=tokens.GRAY_900, ground=tokens.WHITE, number: int = 0) -> bool:
    place, seen = list(edit.retouch.cover._places())[number], cell(edit, number)
    base = place.base - place.box.top()
    dark = "#000000" if ink == tokens.GRAY_900 else ink
    size = seen.width(), seen.height()
    return differing(seen, shape(words, size, base, dark, ground)) < 0.02


def test_an_editor_shows_the_variant_where_qt_shows_the_plain_character(editor):
    edit, plain = editor(f"渡{VARIANT}一郎"), editor(f"渡{PLAIN}一郎", retouched=False)
    assert shows(edit, VARIANT)
    assert differing(picture(edit), picture(plain)) > 0.001


def test_what_stands_in_for_a_missing_shape_stands_where_qt_would_put_it(editor):
    edit, plain = editor(f"渡{UNKNOWN}一郎"), editor(f"渡{PLAIN}一郎", retouched=False)
    box = next(edit.retouch.cover._places()).box.toRect()
    box.setHeight(BIG)
    assert differing(picture(edit).copy(box), picture(plain).copy(box)) < 0.04
    below = box.translated(0, BIG)
    below.setHeight(24)
    assert ink_of(picture(edit).copy(below)) > ink_of(picture(plain).copy(below)) + 100


def test_an_editor_that_is_scrolled_or_wrapped_shows_the_variant(editor):
    edit = editor(f"渡渡渡渡渡{VARIANT}", 400)
    if isinstance(edit, QLineEdit):
        edit.end(False)
    assert shows(edit, VARIANT)


def test_nothing_is_drawn_outside_of_an_editor(editor):
    edit = editor(f"渡渡渡{VARIANT}渡渡渡", 480)
    edit.setStyleSheet("QWidget { border: none; padding: 40px 60px; background: white }")
    edit.setFixedHeight(180)
    if isinstance(edit, QLineEdit):
        edit.end(False)
        picture(edit)
        edit.home(False)
        assert ink_of(picture(edit).copy(420, 0, 60, 180)) == 0
    else:
        assert ink_of(picture(edit).copy(0, 140, 480, 40)) == 0
    assert next(edit.retouch.cover._places()).box.right() > 420 or isinstance(edit, QPlainTextEdit)


def test_a_selected_variant_is_seen_as_selected(editor):
    edit = editor(f"渡{VARIANT}一")
    edit.selectAll()
    palette = edit.palette()
    ink, ground = palette.highlightedText().color().name(), palette.highlight().color().name()
    assert shows(edit, VARIANT, ink, ground)


def test_a_variant_after_what_an_input_method_composes_stays_right(editor, qtbot):
    edit = editor(f"渡{VARIANT}一")
    edit.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    if isinstance(edit, QLineEdit):
        edit.setCursorPosition(0)
    else:
        edit.moveCursor(QTextCursor.MoveOperation.Start)
    before = next(edit.retouch.cover._places()).box.left()
    from PySide6.QtWidgets import QApplication

    QApplication.sendEvent(edit, QInputMethodEvent("かか", []))
    assert next(edit.retouch.cover._places()).box.left() > before + BIG
    assert shows(edit, VARIANT)


def test_an_editor_of_plain_words_carries_nothing(editor):
    edit = editor("渡部　花子 Hanako")
    assert edit.retouch.cover is None
    if isinstance(edit, QLineEdit):
        edit.setText(VARIANT)
        assert edit.retouch.cover.isVisible()
        edit.setText("渡部")
    else:
        edit.setPlainText(VARIANT)
        assert edit.retouch.cover.isVisible()
        edit.setPlainText("渡部")
    assert not edit.retouch.cover.isVisible()


def words_of(edit) -> str:
    return edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText()


def test_backspace_takes_a_character_with_its_variant(editor, qtbot):
    edit = editor(f"渡{VARIANT}")
    if isinstance(edit, QLineEdit):
        edit.end(False)
    else:
        edit.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert words_of(edit) == "渡"
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert words_of(edit) == ""


def test_backspace_takes_what_is_selected_and_nothing_more(editor, qtbot):
    edit = editor(f"渡{VARIANT}")
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert words_of(edit) == ""
