"""What every editor is: something in which one answer is given."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from forms.answers import Problem
from forms.definition import Field, Option
from forms.form import Form
from forms.kinds import Unreadable, parse
from forms.kinds.attached import Attachment
from forms.outcome import sentence
from forms.questions import NOTHING
from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.kit.retouch import Retouch, text_of
from kiosk.ui.texts import Texts

LINE = 34
WHOLE = 99
_WORDS = {"text", "note", "name", "kana", "domicile", "address", "email", "account"}


def read(field: Field, raw: object) -> tuple[object, str | None]:
    """The stored answer, or what was typed and why it cannot be read."""
    if raw is None or raw in NOTHING or raw == {}:
        return None, None
    try:
        stored = parse(field, raw)
    except Unreadable as fault:
        return raw, fault.reason
    return (None if stored in NOTHING else stored), None


def short(form: Form, path: str, reason: str, texts: Texts) -> str:
    """What is wrong, without the label that it stands beside."""
    if reason == "required":
        return "未入力"
    whole = sentence(form, Problem(path, reason), texts)
    return whole.partition("」: ")[2] or whole


class Editor:
    """Holds the answer as it is stored, or as it was typed while it cannot be read."""

    def __init__(self, field: Field, widget: QWidget) -> None:
        self.field, self.widget = field, widget
        self.value: object = None
        self.reason: str | None = None
        self.complaint = ""
        self.said: Callable[[], None] = _nothing
        self.left: Callable[[], None] = _nothing
        self.regrown: Callable[[], None] = _nothing
        self.brought: Callable[[Attachment], None] = _nobody
        self._retouched: list[Retouch] = []
        widget.setAccessibleName(field.label)

    def put(self, value: object) -> None:
        """Show this answer; one that stands here already disturbs nobody."""
        if value == self.value:
            return
        self.value, self.reason, self.complaint = value, None, ""
        self.show()

    def show(self) -> None:
        """Show the value."""
        raise NotImplementedError

    def take(self, raw: object) -> None:
        """The clerk gave this."""
        self.value, self.reason = read(self.field, raw)
        self.complaint = ""
        self.said()

    def letter(self, letters: Lettering, respelled: Callable[[], None]) -> None:
        """Show whatever is typed here in its registered shape, and tell when it is another text."""
        if self.field.kind not in _WORDS:
            return
        found = self.widget.findChildren(QWidget)
        typed = [e for e in (self.widget, *found) if isinstance(e, QLineEdit | QPlainTextEdit)]
        self._retouched = [Retouch(each, letters, partial(_ground, each)) for each in typed]
        for each in self._retouched:
            each.changed.connect(respelled)

    def typed(self) -> list[str]:
        """The texts that stand here, to be read by eye."""
        here = self.widget
        every = (each.editor for each in self._retouched)
        return [text_of(each) for each in every if each is here or each.isVisibleTo(here)]

    def offer(self, options: tuple[Option, ...]) -> None:
        """Only these can be chosen now."""

    def mark(self, *, wrong: bool) -> None:
        """Show whether the answer has to be mended."""
        for part in self.stops():
            if bool(part.property("wrong")) != wrong:
                part.setProperty("wrong", wrong)
                part.style().unpolish(part)
                part.style().polish(part)

    def stops(self) -> list[QWidget]:
        """Where the focus stops, in order."""
        return [self.widget]

    def enter(self) -> bool:
        """Return was pressed; whether that meant something here."""
        return False

    def echo(self) -> str:
        """What the answer means, beside the label."""
        return ""

    def units(self, unit: int) -> int:  # noqa: ARG002 (most need no measure)
        """How many columns of this width it takes."""
        return 1

    def tall(self, width: int) -> int:  # noqa: ARG002 (most are one line)
        """Its height in that width."""
        return LINE


def _ground(part: QWidget) -> str:
    """What is behind the text, as the style sheet has it."""
    if part.hasFocus():
        return t.YELLOW_50
    return t.RED_50 if part.property("wrong") else t.WHITE


def _nothing() -> None:
    """Nobody listens yet."""


def _nobody(_: Attachment) -> None:
    """Nobody takes it yet."""
