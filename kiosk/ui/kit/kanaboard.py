"""The fifty sounds to press, and other scripts on the same keys."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.words import Block, lay_out, plain

KEY = 96
COLUMNS, ROWS = 10, 5
_LETTER = tokens.LEAD + 4
VOICED, HALF_VOICED, SMALL, SHIFT = "゛", "゜", "小", "Aa"
NAMES = {
    VOICED: "board.voiced",
    HALF_VOICED: "board.half",
    SMALL: "board.small",
    "ー": "board.long",
}
MARKS = {VOICED: "\u3099", HALF_VOICED: "\u309a"}
_LARGE_KANA, _SMALL_KANA = (
    "あいうえおつやゆよわアイウエオツヤユヨワカケ",
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ",
)
_SIZES = {**dict(zip(_LARGE_KANA, _SMALL_KANA, strict=True))}
_SIZES |= {small: large for large, small in _SIZES.items()}
_SIGNS = (SHIFT, *"/+'(),:&~")


class Script(Enum):
    """What the fifty keys carry; the value is the key of its name."""

    HIRAGANA = "board.hiragana"
    KATAKANA = "board.katakana"
    ALPHABET = "board.alphabet"
    QWERTY = "board.qwerty"


_FACES: dict[Script, tuple[Sequence[str], ...]] = {
    Script.HIRAGANA: (
        "あかさたなはまやらわ",
        "いきしちにひみゆりを",
        "うくすつぬふむよるん",
        "えけせてねへめーれ゛",
        "おこそとのほも小ろ゜",
    ),
    Script.KATAKANA: (
        "アカサタナハマヤラワ",
        "イキシチニヒミユリヲ",
        "ウクスツヌフムヨルン",
        "エケセテネヘメーレ゛",
        "オコソトノホモ小ロ゜",
    ),
    Script.ALPHABET: ("1234567890", "abcdefghij", "klmnopqrst", "uvwxyz@.-_", _SIGNS),
    Script.QWERTY: ("1234567890", "qwertyuiop", "asdfghjkl@", "zxcvbnm.-_", _SIGNS),
}


def changed(character: str, key: str) -> str:
    """The character with the mark or size that the key gives or takes; か ゛ is が."""
    if key == SMALL:
        return _SIZES.get(character, character)
    mark = MARKS[key]
    parts = unicodedata.normalize("NFD", character)
    if parts.endswith(mark):
        return parts[:-1]
    made = unicodedata.normalize("NFC", parts[0] + mark)
    return made if len(made) == 1 else character


def draw_centred(painter: QPainter, box: QRectF, block: Block, ink: str) -> None:
    """Words in the middle of a box; the space under a line does not lift them."""
    leading = (block.line_height - block.ruby_height) * 0.28 / 1.28
    top = box.center().y() - (block.height - leading) / 2
    area = QRectF(box.left(), top, box.width(), block.height)
    block.draw(painter, area, ink, Qt.AlignmentFlag.AlignHCenter)


class Key(Button):
    """One key: large letters on little ground, and the keyboard's place stays in the line."""

    def __init__(self, words: str, size: int = tokens.LEAD, look: Look = Look.KEY) -> None:
        super().__init__(words, look, size=size, height=KEY)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(KEY)

    def _words_width(self, width: int) -> int:
        return max(width - 24, 1)

    def _draw_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        block = lay_out(self.words, self.size_, self._words_width(self.width()), bold=True)
        draw_centred(painter, box, block, ink)

    def carry(self, words: str, name: str = "") -> None:
        """Another letter on the same key."""
        self.words = words
        self.setAccessibleName(plain(name or words))
        self.update()


@dataclass(frozen=True)
class Fittings:
    """What a board has besides its fifty keys, in the words of the page."""

    scripts: tuple[Script, ...]
    capitals: bool = False
    signs: str = ""
    several: bool = False
    endings: tuple[str, ...] = ()  # whole words instead of a space, where no space can be


class Board(QWidget):
    """Fifty keys; beside or below them switches, space, erasing, and the ways on."""

    pressed = Signal(str)
    erased = Signal()
    cleared = Signal()

    def __init__(
        self,
        fittings: Fittings,
        texts: dict[str, str],
        ends: Sequence[Button],
        *,
        portrait: bool,
    ) -> None:
        super().__init__()
        self._fittings, self._texts, self._portrait = fittings, texts, portrait
        self._script, self._capitals = fittings.scripts[0], fittings.capitals
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._group = QButtonGroup(self)  # arrows find the nearest key of a group
        self._group.setExclusive(False)
        self.keys = [self._letter(place) for place in range(COLUMNS * ROWS)]
        self._switches = [
            self._key("", self._switch, tokens.SMALLEST) for _ in fittings.scripts[1:]
        ]
        self._place(self._rows(list(ends)))
        for column in range(COLUMNS if portrait else COLUMNS + 4):
            self._grid.setColumnStretch(column, 1)
        self._refresh()

    def _letter(self, place: int) -> Key:
        key = self._key("", self._press, _LETTER)
        self._grid.addWidget(key, place // COLUMNS, place % COLUMNS)
        return key

    def _key(self, words: str, act: object, size: int, look: Look = Look.KEY) -> Key:
        key = Key(words, size, look)
        key.clicked.connect(act)
        self._group.addButton(key)
        return key

    def _rows(self, ends: list[Button]) -> list[list[tuple[Button, int]]]:
        """Rows of keys with their widths: ten units below the letters, or four beside them."""
        signs: list[Button] = [self._key(s, self._press, tokens.LEAD) for s in self._fittings.signs]
        signed = [(sign, 1) for sign in signs]
        endings: list[Button] = [
            self._key(word, self._press, tokens.SMALLEST) for word in self._fittings.endings
        ]
        space = endings or [self._word("space", self._space)]
        if self._fittings.several:
            space.append(self._word("line", self._newline))
        erase = self._word("erase", self.erased.emit, Look.QUIET)
        clear = self._word("clear", self.cleared.emit, Look.QUIET)
        switches: list[Button] = list(self._switches)
        if self._portrait:
            keys = shared([*switches, *space], COLUMNS - len(signs))
            row = [*keys[: len(switches)], *signed, *keys[len(switches) :]]
            return [row, shared([clear, erase], COLUMNS), *([(end, COLUMNS)] for end in ends)]
        rows = [shared(switches, 4)] if switches else []
        rows.append([*signed, *shared(endings or space[:1], 4 - len(signs))])
        several = self._fittings.several
        rows.append(shared([*space[1:], erase] if several else [clear, erase], 4))
        if several:
            return [*rows, shared([clear, *ends[:-1]], 4), [(ends[-1], 4)]]
        return [*rows, *([(end, 4)] for end in ends)]

    def _word(self, name: str, act: object, look: Look = Look.KEY) -> Button:
        return self._key(self._texts[f"board.{name}"], act, tokens.SMALLEST, look)

    def _place(self, rows: list[list[tuple[Button, int]]]) -> None:
        first = (ROWS, 0) if self._portrait else (0, COLUMNS)
        for down, row in enumerate(rows):
            column = first[1]
            last = not self._portrait and down == len(rows) - 1
            tall = max(ROWS - down, 1) if last else 1
            for key, wide in row:
                self._grid.addWidget(key, first[0] + down, column, tall, wide)
                column += wide
        for down in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(down, KEY)
            self._grid.setRowStretch(down, 1)

    @Slot()
    def _press(self) -> None:
        key = self.sender()
        if not isinstance(key, Key):
            return
        if key.words == SHIFT:
            self._capitals = not self._capitals
            self._refresh()
        else:
            self.pressed.emit(key.words)

    @Slot()
    def _space(self) -> None:
        self.pressed.emit("　" if self._script in (Script.HIRAGANA, Script.KATAKANA) else " ")

    @Slot()
    def _newline(self) -> None:
        self.pressed.emit("\n")

    @Slot()
    def _switch(self) -> None:
        key = self.sender()
        if isinstance(key, Key):
            self._script = next(s for s in self._fittings.scripts if s.value == key.objectName())
            self._refresh()

    def _refresh(self) -> None:
        letters = [letter for row in _FACES[self._script] for letter in row]
        for key, letter in zip(self.keys, letters, strict=True):
            latin = self._capitals and letter.isascii() and letter != SHIFT
            name = self._texts.get(NAMES.get(letter, ""), "")
            key.size_ = tokens.HEADING if letter in MARKS else _LETTER
            key.carry(letter.upper() if latin else letter, name)
        others = [script for script in self._fittings.scripts if script is not self._script]
        for key, script in zip(self._switches, others, strict=True):
            key.setObjectName(script.value)
            key.carry(self._texts[script.value], self._texts[f"{script.value}.name"])


def shared(keys: list[Button], units: int) -> list[tuple[Button, int]]:
    """These keys over so many columns; what is left over makes the last ones wider."""
    each, rest = divmod(units, len(keys))
    return [(key, each + (place >= len(keys) - rest)) for place, key in enumerate(keys)]
