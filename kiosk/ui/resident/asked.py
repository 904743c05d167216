"""What every asker shares: the question, what is wrong in words, the way past it."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from forms.definition import Option
from forms.facts import Fact
from forms.questions import Question
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.kanaboard import draw_centred
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.words import lay_out, plain
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts, Texts

WRITTEN = ("text", "note", "name", "kana", "domicile", "address", "email")
OWN_WORDS = (*WRITTEN, "account", "photos", "files")  # kinds whose answers are not our words


@dataclass(frozen=True)
class Asking:
    """One question as a page asks it."""

    question: Question
    options: tuple[Option, ...]
    value: object
    words: FormTexts
    disputed: tuple[Fact, ...] = ()


class Message(Label):
    """What is wrong, in words; its place is kept for the longest, so that nothing jumps."""

    def __init__(self, texts: Texts, *others: str) -> None:
        super().__init__("", tokens.SMALLEST, bold=True, colour=tokens.RED)
        reasons = (texts(key) for key in sorted(texts.keys()) if key.startswith("reason."))
        self._ever = (*reasons, *others)
        self._texts = texts

    def heightForWidth(self, width: int) -> int:
        """The height of the longest that may be said here, or of what is said now."""
        every = (*self._ever, self.words)
        blocks = (lay_out(words, self.size_, width, bold=True) for words in every)
        return int(max(block.height for block in blocks)) + 2

    def say(self, words: str, colour: str = tokens.RED) -> None:
        """These words now, for eyes and for readers."""
        self.words, self.colour = words, colour
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.setAccessibleName(plain(words))
        self.update()

    def refuse(self, reason: str) -> None:
        """Why this answer cannot be taken."""
        self.say(self._texts(f"reason.{reason}"))


def skip_button(page: Page, asking: Asking, *, short: bool = False) -> Button | None:
    """The quiet way past a question that need not be answered."""
    if asking.question.required:
        return None
    words = page.texts("board.skip" if short else "fill.skip")
    made = Button(words, Look.QUIET, size=tokens.SMALLEST)
    made.setObjectName("fill.skip")
    made.setAccessibleName(plain(page.texts("fill.skip")))
    answer = Answered(asking.question.path, None)
    made.clicked.connect(lambda: page.happened.emit(answer))
    return made


class Centred(Label):
    """One line in the middle of the place it has."""

    def __init__(self, size: int) -> None:
        super().__init__("", size, bold=True, centred=True)

    def show_words(self, words: str, name: str = "") -> None:
        """These words now, for eyes and for readers."""
        self.words = words
        self.setAccessibleName(name or plain(words))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """The words, as far from the top as from the bottom."""
        draw_centred(QPainter(self), QRectF(self.rect()), self.block(), self.colour)


class Shown(Centred):
    """What has been typed, large, in a frame."""

    def heightForWidth(self, width: int) -> int:
        """One line, with room for the frame."""
        return super().heightForWidth(width) + 56

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.BLUE_900), 4))
        painter.setBrush(QColor(tokens.WHITE))
        box = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        painter.drawRoundedRect(box, tokens.RADIUS, tokens.RADIUS)
        painter.end()
        super().paintEvent(event)


class Switch(Button):
    """One of several that is on: white on blue, so that it is seen without colours too."""

    def __init__(self, words: str, height: int) -> None:
        super().__init__(words, Look.SECONDARY, size=tokens.BODY, height=height)
        self.setCheckable(True)
        self.setMinimumHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def turn(self, *, on: bool) -> None:
        """On or off."""
        self.setChecked(on)
        self._look = Look.PRIMARY if on else Look.SECONDARY
        self.update()
