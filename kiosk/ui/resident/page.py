"""One page of the kiosk: built for a state, destroyed when it is left, deciding nothing."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from kiosk.domain.events import AskedToLeave, WentBack
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.kit.name_label import NameLabel, Style
from kiosk.ui.kit.tokens import Layout
from kiosk.ui.kit.words import plain
from kiosk.ui.texts import Texts

RAIL = 420


class Page(QWidget):
    """Heading, body, and the same three buttons in the same place on every page."""

    happened = Signal(object)
    help_wanted = Signal()

    def __init__(
        self,
        texts: Texts,
        layout: Layout,
        *,
        city: str,
        practice: bool,
        calling: bool = False,
        letters: Lettering | None = None,
    ) -> None:
        super().__init__()
        self.texts, self.shape = texts, layout
        self.letters = letters or Lettering()
        self._calling = calling
        self.body = QVBoxLayout()
        self.body.setSpacing(tokens.GAP)
        self.rail = QVBoxLayout()
        self.rail.setSpacing(tokens.GAP)
        self._foot: QLayout = QHBoxLayout() if layout.portrait else QVBoxLayout()
        self._foot.setSpacing(tokens.GAP)
        self._name = self._band_words(city, practice=practice)
        self._outer()

    def _band_words(self, city: str, *, practice: bool) -> Label:
        """Whose terminal this is, or that somebody here calls for help: seen from afar."""
        self._city = f"{city}　{self.texts('practice')}" if practice else city
        words = self.texts("nav.help.called") if self._calling else self._city
        return Label(words, tokens.SMALLEST, colour=tokens.WHITE, bold=True)

    def _outer(self) -> None:
        margin = self.shape.margin
        if self.shape.portrait:
            outer: QVBoxLayout | QHBoxLayout = QVBoxLayout(self)
            outer.setContentsMargins(margin, 28, margin, 40)
            outer.setSpacing(36)
            outer.addWidget(self._name)
            outer.addSpacing(48)
            outer.addLayout(self.rail)
            outer.addLayout(self.body, 1)
            outer.addLayout(self._foot)
            return
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, margin, 0)
        outer.setSpacing(margin)
        side = QWidget()
        side.setFixedWidth(RAIL)
        column = QVBoxLayout(side)
        column.setContentsMargins(32, 40, 32, 40)
        column.addWidget(self._name)
        column.addSpacing(56)
        column.addLayout(self.rail)
        column.addStretch(1)
        column.addLayout(self._foot)
        outer.addWidget(side)
        right = QVBoxLayout()
        right.setContentsMargins(0, 48, 0, 48)
        right.addLayout(self.body, 1)
        outer.addLayout(right, 1)

    def call(self, calling: bool) -> None:  # noqa: FBT001 (one switch)
        """Turn the band to the colour of a call, or back; what was typed here stays."""
        self._calling = calling
        self._name.words = self.texts("nav.help.called") if calling else self._city
        self._name.setAccessibleName(plain(self._name.words))
        self.update()

    def feet(self, *, back: bool = False, leave: bool = True) -> None:
        """The fixed buttons: back, end, call staff."""
        if back:
            self._foot.addWidget(
                self.button(
                    "nav.back", WentBack(), Look.SECONDARY, symbol="back", size=tokens.SMALLEST + 2
                )
            )
        if leave:
            self._foot.addWidget(
                self.button(
                    "nav.leave",
                    AskedToLeave(),
                    Look.QUIET,
                    symbol="close",
                    size=tokens.SMALLEST + 2,
                )
            )
        call = Button(self.texts("nav.help"), Look.QUIET, symbol="help", size=tokens.SMALLEST + 2)
        call.clicked.connect(self.help_wanted)
        self._foot.addWidget(call)

    def step(self, at: int, total: int) -> None:
        """How far along: in words, and as a row of marks."""
        self.rail.addWidget(
            Label(
                self.texts("fill.step", at=at, total=total),
                tokens.BODY,
                bold=True,
                colour=self._rail_ink,
            )
        )

    @property
    def _rail_ink(self) -> str:
        return tokens.BLUE_900

    def heading(self, key: str, **facts: object) -> None:
        """What this page is about."""
        size = tokens.HEADING if self.shape.portrait else tokens.HEADING - 6
        self.body.addWidget(Label(self.texts(key, **facts), size, bold=True))

    def title(self, words: str) -> None:
        """What this page asks, in the form's own words."""
        size = tokens.HEADING if self.shape.portrait else tokens.HEADING - 6
        self.body.addWidget(Label(words, size, bold=True))

    def line(self, words: str) -> None:
        """One sentence of help, where there is one."""
        if words:
            self.body.addWidget(Label(words, tokens.BODY, colour=tokens.GRAY_800))

    def say(
        self, key: str, colour: str = tokens.GRAY_800, size: int = tokens.BODY, **facts: object
    ) -> None:
        """A sentence."""
        self.body.addWidget(Label(self.texts(key, **facts), size, colour=colour))

    def name_style(self, size: int) -> Style:
        """How a person's own words look on this page."""
        return Style(size, self.texts("name.missing"), bold=True)

    def name(self, words: str, size: int) -> NameLabel:
        """A person's own words, as they are registered."""
        return NameLabel(words, self.letters, self.name_style(size))

    def button(
        self,
        key: str,
        event: object,
        look: Look = Look.PRIMARY,
        *,
        symbol: str | None = None,
        size: int = tokens.BUTTON,
        height: int = tokens.TARGET,
        **facts: object,
    ) -> Button:
        """A button that says what happened when it is pressed."""
        made = Button(self.texts(key, **facts), look, symbol=symbol, size=size, height=height)
        made.setObjectName(key)
        made.clicked.connect(partial(self._emit, lambda: event))
        return made

    def choice(
        self,
        words: str,
        event: object,
        *,
        symbol: str | None,
        hint: str = "",
        height: int = 140,
        look: Look = Look.TILE,
    ) -> Button:
        """A large tile for one answer."""
        tile = Button(words, look, symbol=symbol, hint=hint, size=tokens.LEAD, height=height)
        tile.clicked.connect(partial(self._emit, lambda: event))
        return tile

    def _emit(self, event: Callable[[], object], *_: object) -> None:
        self.happened.emit(event())

    @Slot(int)
    def counted(self, seconds: int) -> None:
        """A page that counts down overrides this."""

    def paintEvent(self, _: QPaintEvent) -> None:
        """White ground; the city's band on top, or at the side."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.WHITE))
        band = QColor(tokens.ORANGE if self._calling else tokens.BLUE_900)
        if self.shape.portrait:
            painter.fillRect(0, 0, self.width(), 104, band)
            return
        painter.fillRect(0, 0, RAIL, self.height(), QColor(tokens.GRAY_50))
        painter.fillRect(0, 0, RAIL, 112, band)

    def keyboard_first(self, button: QWidget) -> None:
        """Where the keyboard stands when the page opens."""
        button.setFocus(Qt.FocusReason.OtherFocusReason)
