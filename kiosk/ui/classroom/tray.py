"""A tray of practice cards: what hands do at a real kiosk, done with buttons."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from devices.scanners.files import UnreadableFile, codes_in_file
from devices.simulated.card.person import Holder
from devices.simulated.printer import FolderPrinter, MemoryPrinter
from devices.simulated.reader import SimulatedReader
from devices.simulated.scanner import SimulatedScanner
from kiosk.ui.kit import tokens
from kiosk.ui.kit.fonts import face


class Tray(QWidget):
    """Lays cards on the simulated reader, shows codes, takes the paper away."""

    papers_wanted = Signal()

    def __init__(
        self,
        cards: Sequence[Holder],
        reader: SimulatedReader,
        scanner: SimulatedScanner,
        printer: FolderPrinter | MemoryPrinter,
        pictures: Path | None = None,
    ) -> None:
        super().__init__()
        self._reader, self._scanner, self._printer = reader, scanner, printer
        self._pictures = str(pictures or Path.home())
        self.setWindowTitle("練習の道具")
        self.setFont(face(26))
        self.setStyleSheet(
            f"QWidget {{ background: {tokens.WHITE}; color: {tokens.GRAY_900}; }}"
            f"QPushButton {{ text-align: left; padding: 14px 20px; border: 2px solid {tokens.BLUE_900};"
            f" border-radius: 8px; color: {tokens.BLUE_900}; }}"
            f"QPushButton:focus {{ border: 4px solid {tokens.GRAY_900};"
            f" background: {tokens.YELLOW_50}; }}"
        )
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(QLabel("練習カード（暗証番号は 1234）"))
        self.places: dict[str, QPushButton] = {}
        for card in cards:
            place = QPushButton(card.note)
            place.clicked.connect(partial(self._place, card))
            self.places[card.id] = place
            column.addWidget(place)
        self.remove = QPushButton("カードを取る")
        self.remove.clicked.connect(self._remove)
        column.addWidget(self.remove)
        column.addSpacing(16)
        code = QPushButton("QRコードの画像を見せる…")
        code.clicked.connect(self._choose_code)
        column.addWidget(code)
        self.said = QLabel()
        self.said.setWordWrap(True)
        column.addWidget(self.said)
        self.paper_out = QCheckBox("プリンターの紙をなくす")
        self.paper_out.toggled.connect(self._paper)
        column.addWidget(self.paper_out)
        column.addStretch(1)
        self.setMinimumWidth(520)

    def _place(self, card: Holder, *_: object) -> None:
        self._reader.place(card)

    @Slot()
    def _remove(self) -> None:
        self._reader.remove()

    @Slot(bool)
    def _paper(self, out: bool) -> None:  # noqa: FBT001 (Qt calls it)
        self._printer.paper_out = out

    @Slot()
    def _choose_code(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "QRコードの画像", self._pictures, "画像・PDF (*.png *.jpg *.jpeg *.webp *.pdf)"
        )
        if name:
            self.show_code(Path(name))

    def show_code(self, file: Path) -> None:
        """Hold a picture of a code before the scanner; one without a code is said."""
        try:
            codes = codes_in_file(file)
        except UnreadableFile:
            codes = ()
        for text in codes:
            self._scanner.show(text)
        self.said.setText("" if codes else f"{file.name} に、QRコードは見つかりませんでした")
