"""預かり票から戻す: the spare codes of a slip, whose it is, one yes, and what came of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kiosk.domain.counter import Closed
from kiosk.domain.desk import Desk
from kiosk.domain.events import Confirmed, WentBack
from kiosk.domain.reseeding import PicturesChosen, Reseeding, SlipFound, SlipSettled
from kiosk.ui.counter.lines import line, primary
from kiosk.ui.counter.pending import Say
from kiosk.ui.texts import Texts

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WHAT = (
    "送る前に端末がこわれたとき、預かり票の「予備のコード」から申請を戻します。",
    "中身はこの画面に出ません。市役所だけが開けます。同じ申請が二つになることはありません。",
)
_FILES = "画像・PDF (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.pdf)"


class ReseedPage(QWidget):
    """No letter is a key here: a scanner types its codes as if it were a keyboard."""

    def __init__(self, say: Say, texts: Texts, desk: Desk, state: Reseeding) -> None:
        super().__init__()
        self._say, self._texts, self._desk, self._state = say, texts, desk, state
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(12)
        self._line("預かり票から戻す", "title")
        for words in _WHAT:
            self._line(words, "plain")
        self._column.addSpacing(16)
        if state.reads:
            self._read()
        elif state.found is None:
            self._look()
        elif state.asks or state.taking:
            self._ask(state.found)
        else:
            self._tell(state.found)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)

    def _read(self) -> None:
        """Which codes were read, and which are still wanted."""
        state = self._state
        self._line("予備のコードを、スキャナーで読み取ってください。", "large")
        self.wrong = self._line(self._reason(state.wrong), "wrong")
        self.wrong.setVisible(bool(state.wrong))
        if state.symbols:
            self._progress()
        if not state.scans:
            self._line("スキャナーが動いていません。画像からは読み取れます。", "calm")
        self.pictures = QPushButton("画像から読み取る　F2")
        self.pictures.clicked.connect(self._choose)
        QShortcut(QKeySequence(Qt.Key.Key_F2), self, self._choose)
        row = QHBoxLayout()
        row.addWidget(self.pictures)
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addStretch(1)
        back = "はじめから読み取る" if state.symbols else "送信の状況にもどる"
        self._line(f"F2 画像から読み取る　　Esc {back}", "quiet")

    def _progress(self) -> None:
        """A box for each code, so that the one that is missing is seen on the slip."""
        have = {each.number for each in self._state.symbols}
        row = QHBoxLayout()
        row.setSpacing(12)
        for number in range(1, self._state.of + 1):
            box = QLabel(f"{number}　{'読み取りました' if number in have else 'まだです'}")
            box.setObjectName("read" if number in have else "unread")
            row.addWidget(box)
        row.addStretch(1)
        self.progress = self._line(f"{len(have)}／{self._state.of} 読み取りました", "number")
        self._column.addLayout(row)

    def _look(self) -> None:
        if self._state.pictures:
            self._line("画像を読み取っています…", "large")
        elif not self._state.away:
            self._line("市役所に確かめています…", "large")
        else:
            self._line("市役所とつながりません", "large")
            self._line("つながると、自動で確かめます。コードはこの画面に残っています。", "calm")
            self._primary("もう一度確かめる　Enter", Confirmed())
        self._column.addStretch(1)
        self._line("Esc やめる" if not self._state.pictures else "", "quiet")

    def _ask(self, found: SlipFound) -> None:
        """Whose it is, before anything happens."""
        self._whose(found)
        self._line("この申請を戻しますか", "large")
        if self._state.away:
            self._line(self._texts("reseed.unsure"), "calm")
        else:
            self._line("市役所には、まだ届いていません。戻すと、市役所が受け付けます。", "plain")
        self._primary("戻す　Enter", Confirmed())
        self.button.setEnabled(self._state.asks)
        self._column.addStretch(1)
        self._line("Enter 戻す　　Esc 戻さない", "quiet")

    def _tell(self, found: SlipFound) -> None:
        """What came of it; nothing is left to do here but the next slip."""
        taken, photos = self._state.taken, ""
        if found.here and not found.there:
            told = "here"
        elif taken is None or not taken.fresh:
            told = "there"
        else:
            told = "taken"
            photos = self._texts("reseed.photos", count=found.photos) if found.photos else ""
        self._line(self._texts(f"reseed.{told}"), "large")
        self._line(self._texts(f"reseed.{told}.do"), "plain")
        if photos:
            self._line(photos, "calm")
        self._column.addSpacing(12)
        self._whose(found)
        self._primary("次の票を読み取る　Enter", SlipSettled())
        self._column.addStretch(1)
        self._line("Enter 次の票　　Esc 送信の状況にもどる", "quiet")

    def _whose(self, found: SlipFound) -> None:
        """Its number and procedure: enough to compare with the slip, and nothing of the person."""
        form = self._desk.forms.get(found.form)
        self._line(f"受付番号　{found.receipt}", "number")
        self._line(form.label if form else found.form, "number")
        if found.photos and found.missing and self._state.taken is None:
            self._line(self._texts("reseed.photos", count=found.photos), "plain")
        self._column.addSpacing(12)

    def _reason(self, wrong: str | None) -> str:
        if wrong is None:
            return ""
        for key in (f"reseed.{wrong}", f"apology.{wrong}"):
            if key in self._texts:
                return self._texts(key)
        return self._texts("reseed.refused")

    def _line(self, words: str, look: str) -> QLabel:
        return line(self._column, words, look)

    def _primary(self, words: str, event: Confirmed | SlipSettled) -> None:
        self.button = primary(words, self._saying(event))
        for key in _ENTER:
            QShortcut(QKeySequence(key), self, self.button.click)
        self._column.addWidget(self.button)
        self.setFocusProxy(self.button)

    def _saying(self, event: Confirmed | SlipSettled) -> Callable[[], None]:
        return lambda: self._say(event)

    @Slot()
    def _choose(self) -> None:
        """The dialog belongs to the window: a code that is scanned meanwhile renews the page."""
        names, _ = QFileDialog.getOpenFileNames(self.window(), "預かり票の画像", "", _FILES)
        if names:
            self._say(PicturesChosen(tuple(names)))

    @Slot()
    def _back(self) -> None:
        """What was read is given up first; then the page."""
        state = self._state
        done = state.found is not None and not state.asks
        inside = bool(state.symbols) and not done
        self._say(WentBack() if inside else Closed())
