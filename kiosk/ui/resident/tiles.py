"""Answers as tiles: one of them, or several, in as many pages as they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.icons import icon
from kiosk.ui.kit.words import lay_out, plain
from kiosk.ui.resident.asked import Asking, Centred, Message, skip_button
from kiosk.ui.resident.page import Page

_MOST_TILES, _MANY = 8, 6


class Toggle(Button):
    """A tile with a box that is ticked."""

    def __init__(self, words: str) -> None:
        super().__init__(words, Look.TILE, symbol="check", size=tokens.LEAD, height=tokens.TARGET)
        self.setCheckable(True)

    def _draw_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        side = self._symbol_size
        square = QRectF(box.left() + tokens.GAP, box.center().y() - side / 2, side, side)
        chosen = self.isChecked()
        painter.setBrush(QColor(tokens.BLUE_900 if chosen else tokens.WHITE))
        painter.setPen(QPen(QColor(tokens.BLUE_900 if chosen else tokens.GRAY_600), 4))
        painter.drawRoundedRect(square.adjusted(2, 2, -2, -2), 8, 8)
        if chosen:
            painter.drawPixmap(square.topLeft(), icon("check", side, tokens.WHITE))
        words = lay_out(self.words, self.size_, self._words_width(self.width()), bold=True)
        left = square.right() + tokens.GAP
        area = QRectF(left, box.center().y() - words.height / 2, words.width, words.height)
        words.draw(painter, area, ink, Qt.AlignmentFlag.AlignLeft)


class Tiles(QWidget):
    """Tiles, as many as fit; the rest on further pages, whose place is shown; and the way on."""

    def __init__(self, page: Page, tiles: Sequence[Button], ends: Sequence[Button] = ()) -> None:
        super().__init__()
        self._page, self._tiles, self._at, self._per = page, tiles, 0, len(tiles)
        group = QButtonGroup(self)  # arrows find the nearest tile of a group
        group.setExclusive(False)
        self._turned = False
        self._gap = 12 if len(tiles) > _MANY else tokens.GAP
        for tile in tiles:
            tile.setParent(self)
            group.addButton(tile)
        self._before = self._arrow("fill.before", "◀", -1, tokens.HEADING)
        self._more = self._arrow("fill.more", f"{page.texts('fill.more')} ▶", 1)
        self._where = Centred(tokens.BODY)
        self._bar = self._foot(ends)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _arrow(self, key: str, words: str, step: int, size: int = tokens.BODY) -> Button:
        made = Button(words, Look.SECONDARY, size=size, height=tokens.TARGET)
        made.setObjectName(key)
        made.setAccessibleName(plain(self._page.texts(key)))
        made.clicked.connect(partial(self._turn, step))
        return made

    def _foot(self, ends: Sequence[Button]) -> QWidget:
        """Paging and the way on: below each other in portrait, in one row in landscape."""
        bar, paging, onward = QWidget(self), QHBoxLayout(), QHBoxLayout()
        self._before.setFixedWidth(136)
        self._where.setFixedWidth(136)
        for part in (self._before, self._where, self._more):
            paging.addWidget(part)
        for place, end in enumerate(ends):
            onward.addWidget(end, place + 1)
        both = QVBoxLayout(bar) if self._page.shape.portrait else QHBoxLayout(bar)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(tokens.GAP)
        for row in (paging, onward):
            row.setSpacing(tokens.GAP)
            both.addLayout(row, 1)
        return bar

    def minimumSizeHint(self) -> QSize:
        """Room for one tile and the way on."""
        return QSize(480, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the fewest pages on which every word has room."""
        super().resizeEvent(event)
        grid = self._grid(self.width(), self.height())
        self._per = grid.per
        wide = self._share(self.width(), grid.columns)
        for place, tile in enumerate(self._tiles):
            page, on_page = divmod(place, grid.per)
            down, across = divmod(on_page, grid.columns)
            rows = grid.heights[page]
            y = sum(rows[:down]) + down * self._gap
            tile.setGeometry(across * (wide + self._gap), y, wide, rows[down])
        tall = self._foot_height(several=self._pages > 1)
        self._bar.setGeometry(0, self.height() - tall, self.width(), tall)
        chosen = (place for place, tile in enumerate(self._tiles) if tile.isChecked())
        self._at = min(self._at, self._pages - 1) if self._turned else next(chosen, 0) // grid.per
        self._refresh()

    @property
    def _pages(self) -> int:
        return ceil(len(self._tiles) / self._per)

    def _foot_height(self, *, several: bool) -> int:
        for part in (self._before, self._where, self._more):
            part.setVisible(several)
        layout = self._bar.layout()
        if layout is None or layout.isEmpty():
            return 0
        layout.invalidate()
        return max(layout.sizeHint().height(), layout.heightForWidth(self.width()))

    def _grid(self, width: int, height: int) -> "_Grid":
        """The fewest pages, on them the largest letters, and the fewest columns with room."""
        count = len(self._tiles)
        sizes = (tokens.LEAD, tokens.BODY) if count <= _MANY else (tokens.BODY,)
        for pages in range(max(ceil(count / _MOST_TILES), 1), count + 1):
            per = ceil(count / pages)
            foot = self._foot_height(several=pages > 1)
            room = height - (foot + tokens.GAP if foot else 0)
            for size, columns in product(sizes, self._columns(per)):
                for tile in self._tiles:
                    tile.size_ = size
                heights = self._heights(per, columns, self._share(width, columns), room)
                if heights:
                    return _Grid(columns, per, heights)
        return _Grid(1, 1, [[max(height - foot - tokens.GAP, tokens.TARGET)]] * count)

    def _heights(self, per: int, columns: int, wide: int, room: int) -> list[list[int]]:
        """How tall each row of each page is; nothing where there is no room."""
        needs = [tile.heightForWidth(wide) for tile in self._tiles]
        pages = [needs[first : first + per] for first in range(0, len(needs), per)]
        rows = [[max(p[at : at + columns]) for at in range(0, len(p), columns)] for p in pages]
        most = ceil(per / columns)
        room -= (most - 1) * self._gap
        if max(needs) * most <= room:
            return [[min(room // most, max(*needs, 220 if per <= 3 else 168))] * most] * len(rows)
        return rows if max(sum(page) for page in rows) <= room else []

    def _columns(self, per: int) -> tuple[int, ...]:
        """One column where the eye need not jump; more where there is no room for it."""
        if self._page.shape.portrait:
            return (1, 2) if per <= 5 else (2, 1)
        return (2, 1, 3) if per > 1 else (1,)

    def _share(self, width: int, columns: int) -> int:
        return (width - (columns - 1) * self._gap) // columns

    def _turn(self, step: int, *_: object) -> None:
        self._at, self._turned = min(max(self._at + step, 0), self._pages - 1), True
        self._refresh()

    def _refresh(self) -> None:
        for place, tile in enumerate(self._tiles):
            tile.setVisible(place // self._per == self._at)
        at, of = self._at + 1, self._pages
        self._where.show_words(f"{at} / {of}", plain(self._page.texts("fill.page", at=at, of=of)))
        self._before.setEnabled(self._at > 0)
        self._more.setEnabled(self._at + 1 < self._pages)


@dataclass(frozen=True)
class _Grid:
    """How tiles stand: columns, tiles on a page, and the heights of each page's rows."""

    columns: int
    per: int
    heights: list[list[int]]


class Several(QWidget):
    """Tiles to tick, how many are ticked, and the way on."""

    def __init__(self, page: Page, asking: Asking) -> None:
        super().__init__()
        self._page, self._asking, field = page, asking, asking.question.field
        least = max(field.minimum or 0, int(asking.question.required))
        self._least, self._most = least, min(field.maximum or 99, len(asking.options))
        before = asking.value if isinstance(asking.value, list) else []
        self._tiles: list[Button] = []
        for option in asking.options:
            tile = Toggle(asking.words.name(f"option.{field.id}.{option.value}"))
            tile.setObjectName(option.value)
            tile.setChecked(option.value in before)
            tile.clicked.connect(self._toggled)
            self._tiles.append(tile)
        self._rule = self._bounds()
        self.message = Message(page.texts, self._rule)
        self.next_button = Button(page.texts("fill.next"), height=tokens.TARGET + 16)
        self.next_button.clicked.connect(self._go)
        self._arrange()
        self._refresh()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.message)
        skip = skip_button(self._page, self._asking, short=True)
        ends = [skip, self.next_button] if skip else [self.next_button]
        column.addWidget(Tiles(self._page, self._tiles, ends), 1)

    def _bounds(self) -> str:
        texts, least, most = self._page.texts, self._least, self._most
        if least == most:
            return texts("choices.exactly", count=most)
        if most < len(self._tiles):
            if least > 1:
                return texts("choices.between", least=least, most=most)
            return texts("choices.most", count=most)
        return texts("choices.least", count=least) if least > 1 else texts("choices.any")

    def _chosen(self) -> list[str]:
        return [tile.objectName() for tile in self._tiles if tile.isChecked()]

    @Slot()
    def _toggled(self) -> None:
        """One more than may be chosen is not taken, and why is said."""
        tile = self.sender()
        if len(self._chosen()) > self._most and isinstance(tile, Button):
            tile.setChecked(False)
            self.message.say(self._page.texts("choices.most", count=self._most))
            return
        self._refresh()

    @Slot()
    def _go(self) -> None:
        chosen = self._chosen()
        if len(chosen) < self._least and (chosen or self._asking.question.required):
            key = "choices.least" if chosen else "reason.required"
            self.message.say(self._page.texts(key, count=self._least))
            return
        self._page.happened.emit(Answered(self._asking.question.path, chosen))

    def _refresh(self) -> None:
        chosen = len(self._chosen())
        words = self._page.texts("choices.chosen", count=chosen) if chosen else self._rule
        self.message.say(words, tokens.GRAY_800)
