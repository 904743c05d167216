"""The start window of the demo: three doors."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.label import Label

DOORS = (
    ("kiosk", "窓口端末", "住民の方が使う画面", "kiosk"),
    ("counter", "職員", "窓口の職員が使う画面", "counter"),
    ("class", "教室", "練習カードで学ぶ画面", "class"),
)
KEYS = "カードの暗証番号は 1234、職員番号は c01、パスワードは 1234 です。"


class Doors(QWidget):
    """Each door opens one part as a process of its own."""

    def __init__(self, open_door: Callable[[str], None]) -> None:
        super().__init__()
        self.setWindowTitle("書かない窓口")
        self.setStyleSheet(f"Doors {{ background: {tokens.WHITE}; }}")
        self.resize(1280, 640)
        column = QVBoxLayout(self)
        column.setContentsMargins(64, 56, 64, 56)
        column.setSpacing(32)
        column.addWidget(Label("書かない窓口", tokens.DISPLAY, bold=True, colour=tokens.BLUE_900))
        column.addWidget(Label("どの入口から入りますか", tokens.LEAD))
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP)
        self.doors: dict[str, Button] = {}
        for part, words, hint, symbol in DOORS:
            door = Button(words, Look.TILE, symbol=symbol, hint=hint, size=tokens.LEAD, height=240)
            door.clicked.connect(partial(self._open, open_door, part))
            self.doors[part] = door
            row.addWidget(door, 1)
        column.addLayout(row, 1)
        column.addWidget(Label(KEYS, tokens.SMALLEST, colour=tokens.GRAY_800))

    def _open(self, open_door: Callable[[str], None], part: str, *_: object) -> None:
        open_door(part)
