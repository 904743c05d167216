"""Words on a page: exact in height for their width, so that nothing is ever cut."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.words import Block, lay_out, plain


class Label(QWidget):
    """A paragraph of one size and colour."""

    def __init__(
        self,
        words: str,
        size: int = tokens.BODY,
        *,
        bold: bool = False,
        colour: str = tokens.GRAY_900,
        centred: bool = False,
    ) -> None:
        super().__init__()
        self.words, self.size_, self.bold, self.colour = words, size, bold, colour
        self._align = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(plain(words))

    def block(self, width: int | None = None) -> Block:
        """The words as they stand in this width."""
        return lay_out(self.words, self.size_, width or max(self.width(), 1), bold=self.bold)

    def hasHeightForWidth(self) -> bool:
        """Words need height according to their width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height these words need in that width."""
        return int(self.block(width).height) + 2

    def sizeHint(self) -> QSize:
        """Wide enough for reading."""
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        """One line at the least."""
        return QSize(120, int(lay_out("あ", self.size_, 9999, bold=self.bold).height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Claim the height that the new width needs."""
        super().resizeEvent(event)
        needed = self.heightForWidth(self.width())
        if self.minimumHeight() != needed:
            self.setMinimumHeight(needed)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the words."""
        painter = QPainter(self)
        self.block().draw(painter, QRectF(self.rect()), self.colour, self._align)

    def fits(self) -> bool:
        """Whether every word is inside the widget."""
        block = self.block()
        return block.width <= self.width() + 1 and block.height <= self.height() + 1
