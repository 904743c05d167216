"""Things to press: large, acting on release, with a focus ring that is seen."""

from enum import Enum

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from kiosk.ui.kit import tokens
from kiosk.ui.kit.icons import icon
from kiosk.ui.kit.words import lay_out, plain

_DOUBLE_STRIKE_MS = 500
_SAME_KEY_MS = 180  # a keypad: 11 is wanted, the bounce of a trembling finger is not
_RING = 8


class Look(Enum):
    """What a button is for: background, edge, words, background while pressed."""

    PRIMARY = (tokens.BLUE_900, tokens.BLUE_900, tokens.WHITE, tokens.BLUE_1200)
    SECONDARY = (tokens.WHITE, tokens.BLUE_900, tokens.BLUE_900, tokens.BLUE_100)
    TILE = (tokens.WHITE, tokens.GRAY_420, tokens.GRAY_900, tokens.BLUE_100)
    AWAY = (tokens.GRAY_50, tokens.GRAY_420, tokens.GRAY_600, tokens.GRAY_200)
    KEY = (tokens.WHITE, tokens.GRAY_600, tokens.GRAY_900, tokens.BLUE_100)
    QUIET = (tokens.WHITE, tokens.GRAY_420, tokens.GRAY_800, tokens.GRAY_200)


class Button(QAbstractButton):
    """Words, perhaps an icon, perhaps a line of explanation under them."""

    def __init__(
        self,
        words: str,
        look: Look = Look.PRIMARY,
        *,
        symbol: str | None = None,
        hint: str = "",
        size: int = tokens.BUTTON,
        height: int = tokens.TARGET,
    ) -> None:
        super().__init__()
        self.words, self.hint, self.size_ = words, hint, size
        self._look, self._symbol, self._height = look, symbol, height
        self._since_press = QElapsedTimer()
        self.setAccessibleName(plain(words))
        self.setAccessibleDescription(plain(hint))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def _is_tile(self) -> bool:
        return self._look in (Look.TILE, Look.AWAY)

    @property
    def _symbol_size(self) -> int:
        return int(self.size_ * 1.5) if self._symbol else 0

    def _words_width(self, width: int) -> int:
        return max(
            width
            - 2 * tokens.GAP
            - 2 * _RING
            - (self._symbol_size + tokens.GAP if self._symbol else 0),
            1,
        )

    def hasHeightForWidth(self) -> bool:
        """Words need height according to their width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for every word, and never less than a finger needs."""
        return max(self._height, int(self._words_height(width)) + 2 * tokens.GAP)

    def _words_height(self, width: int) -> float:
        inner = self._words_width(width)
        height = lay_out(self.words, self.size_, inner, bold=True).height
        return height + (lay_out(self.hint, tokens.SMALLEST, inner).height if self.hint else 0)

    def sizeHint(self) -> QSize:
        """As wide as the words on one line."""
        wide = lay_out(self.words, self.size_, 9999, bold=True).width + 4 * tokens.GAP
        wide += self._symbol_size + tokens.GAP if self._symbol else 0
        return QSize(int(wide), self.heightForWidth(int(wide)))

    def minimumSizeHint(self) -> QSize:
        """Never smaller than a finger."""
        return QSize(tokens.TARGET, self.heightForWidth(self.width()))

    def fits(self) -> bool:
        """Whether every word is inside the button."""
        inner = self._words_width(self.width())
        widest = lay_out(self.words, self.size_, inner, bold=True).width
        return widest <= inner + 1 and self._words_height(self.width()) <= self.height()

    def hitButton(self, position: object) -> bool:  # noqa: ARG002 (Qt's shape)
        """A second strike within a moment is a tremor, not a wish; keys take one sooner."""
        rest = _SAME_KEY_MS if self._look is Look.KEY else _DOUBLE_STRIKE_MS
        fresh = not self._since_press.isValid() or self._since_press.hasExpired(rest)
        if fresh and not self.isDown():
            self._since_press.start()
        return fresh or self.isDown()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw ground, ring, icon and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, ink, pressed = self._look.value
        if not self.isEnabled():
            ground, edge, ink = tokens.GRAY_50, tokens.GRAY_420, tokens.GRAY_600
        box = QRectF(self.rect()).adjusted(_RING, _RING, -_RING, -_RING)
        if self.hasFocus():
            _ring(painter, box)
        painter.setBrush(QColor(pressed if self.isDown() or self.isChecked() else ground))
        painter.setPen(QPen(QColor(edge), 3))
        painter.drawRoundedRect(box, tokens.RADIUS, tokens.RADIUS)
        if self.isDown() and self._look is Look.PRIMARY:
            ink = tokens.WHITE
        self._draw_words(painter, box, ink)

    def _draw_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        inner = self._words_width(self.width())
        words = lay_out(self.words, self.size_, inner, bold=True)
        hint = lay_out(self.hint, tokens.SMALLEST, inner) if self.hint else None
        tall = words.height + (hint.height if hint else 0)
        top = box.top() + (box.height() - tall) / 2
        left = box.left() + tokens.GAP
        align = Qt.AlignmentFlag.AlignLeft if self._is_tile else Qt.AlignmentFlag.AlignHCenter
        if self._symbol:
            side = self._symbol_size
            if align is Qt.AlignmentFlag.AlignHCenter:
                left = max(left, box.center().x() - (words.width + side + tokens.GAP) / 2)
                inner, align = int(words.width) + 1, Qt.AlignmentFlag.AlignLeft
            tint = tokens.BLUE_900 if self._look is Look.TILE else ink
            painter.drawPixmap(
                int(left), int(box.center().y() - side / 2), icon(self._symbol, side, tint)
            )
            left += side + tokens.GAP
        words.draw(painter, QRectF(left, top, inner, words.height), ink, align)
        if hint:
            area = QRectF(left, top + words.height, inner, hint.height)
            hint.draw(painter, area, tokens.GRAY_800, align)


def _ring(painter: QPainter, box: QRectF) -> None:
    """Yellow within black: the focus mark of the design system."""
    painter.setBrush(QColor(tokens.GRAY_900))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box.adjusted(-8, -8, 8, 8), tokens.RADIUS + 6, tokens.RADIUS + 6)
    painter.setBrush(QColor(tokens.YELLOW_300))
    painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), tokens.RADIUS + 3, tokens.RADIUS + 3)
