"""Words on a board of letters, with the system's own input method in the same line."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.definition import Field
from forms.kinds import Unreadable, parse, show
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button
from kiosk.ui.kit.kanaboard import COLUMNS, KEY, Board, Fittings, Script
from kiosk.ui.kit.name_label import told_missing
from kiosk.ui.kit.retouch import Retouch, erase_variant
from kiosk.ui.kit.words import plain
from kiosk.ui.kit.writingline import WritingLine
from kiosk.ui.resident.asked import Asking, Message, skip_button
from kiosk.ui.resident.page import Page


class Writing(QWidget):
    """Words, by the board on the screen or a real keyboard."""

    def __init__(self, page: Page, asking: Asking) -> None:
        super().__init__()
        self._page, self._path, self._field = page, asking.question.path, asking.question.field
        several, portrait = self._field.kind == "note", page.shape.portrait
        value = "" if asking.value is None else show(self._field, asking.value)
        name = plain(asking.words.question(self._field))
        self.line = WritingLine(value, name, 2 if portrait or several else 1, several=several)
        self.retouch = Retouch(self.line.text, page.letters, lambda: tokens.WHITE)
        self.message = Message(page.texts)
        self.board = self._board(asking)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        _widen(page)
        column.addWidget(self.line, int(several))
        column.addWidget(self.message)
        column.addWidget(self.board)
        self.line.text.entered.connect(self._enter)
        self.line.text.textChanged.connect(self._changed)
        page.keyboard_first(self.line.text)
        self._changed()

    def _board(self, asking: Asking) -> Board:
        """The keys that write in the line, and the ways on."""
        texts, portrait = self._page.texts, self._page.shape.portrait
        forward = Button(texts("fill.next"), size=tokens.BUTTON, height=tokens.TARGET)
        forward.clicked.connect(self._enter)
        skip = skip_button(self._page, asking, short=not portrait)
        ends = [end for end in ((forward, skip) if portrait else (skip, forward)) if end]
        words = {key: texts(key) for key in sorted(texts.keys()) if key.startswith("board.")}
        board = Board(fittings_for(self._field, texts.language), words, ends, portrait=portrait)
        board.pressed.connect(self._press)
        board.erased.connect(self._erase)
        board.cleared.connect(self.line.clear)
        return board

    @Slot(str)
    def _press(self, key: str) -> None:
        self.line.press(key)

    @Slot()
    def _erase(self) -> None:
        """The letter before goes, with its variant."""
        if not erase_variant(self.line.text):
            self.line.erase()

    @Slot()
    def _changed(self) -> None:
        """What was wrong is forgotten; what cannot be shown is told while it stands there."""
        texts = self._page.texts
        words = self.line.text.toPlainText()
        told = told_missing(words, self._page.letters, texts("name.missing"))
        self.message.say(told, tokens.GRAY_800)

    @Slot()
    def _enter(self) -> None:
        """What an input method still holds belongs to the answer."""
        QGuiApplication.inputMethod().commit()
        try:
            value = parse(self._field, self.line.text.toPlainText())
        except Unreadable as fault:
            self.message.refuse(fault.reason)
            return
        if value == "":
            self.message.refuse("required")
            return
        self._page.happened.emit(Answered(self._path, value))


def _widen(page: Page) -> None:
    """Ten keys of a finger's width need a little more than the page's margins leave."""
    if (layout := page.layout()) is not None and page.shape.portrait:
        margins = layout.contentsMargins()
        side = (page.shape.width - COLUMNS * KEY) // 2
        layout.setContentsMargins(side, margins.top(), side, margins.bottom())


def fittings_for(field: Field, language: str) -> Fittings:
    """The scripts that this kind is written in, the likeliest first."""
    latin = Script.QWERTY if language == "en" else Script.ALPHABET
    if field.kind == "kana":
        return Fittings((Script.KATAKANA,))
    if field.kind == "email":
        return Fittings((latin,), endings=(".com", ".jp"))
    kana = (Script.HIRAGANA, Script.KATAKANA)
    first = language == "en" or (field.pattern or "あ").isascii()
    scripts = (latin, *kana) if first else (*kana, latin)
    signs = "、。" if field.kind in ("note", "text") else ""
    return Fittings(
        scripts, field.kind == "name" or bool(field.pattern), signs, field.kind == "note"
    )
