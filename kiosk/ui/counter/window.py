"""The counter's window: sign-in, today's list, one dense form, done."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import Consulting
from kiosk.domain.counter import (
    Agreeing,
    DeskEvent,
    DeskState,
    Editing,
    Handled,
    Handling,
    SignedOut,
    Substituting,
)
from kiosk.domain.desk import Desk
from kiosk.domain.notices import Notice
from kiosk.domain.reseeding import Reseeding
from kiosk.domain.tending import Tending
from kiosk.ui.counter.agreeing import AgreePage
from kiosk.ui.counter.consents import ConsentsPage
from kiosk.ui.counter.done import DonePage
from kiosk.ui.counter.editors import Postcodes
from kiosk.ui.counter.form import FormSheet
from kiosk.ui.counter.listing import ListPage
from kiosk.ui.counter.names import Names
from kiosk.ui.counter.reseeding import ReseedPage
from kiosk.ui.counter.signin import SignInPage
from kiosk.ui.counter.style import STYLE
from kiosk.ui.counter.substitutes import SubstitutesPage
from kiosk.ui.counter.tending import TendPage
from kiosk.ui.counter.told import Told
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.texts import Texts

__all__ = ["CounterWindow", "DonePage", "ListPage", "SignInPage"]

REFRESH_MS, SCAN_MS = 2000, 200


class CounterWindow(QWidget):
    """Shows the page of a desk's state; pages decide nothing."""

    happened = Signal(object)
    signing_in = Signal(str, str)
    refresh_wanted = Signal()
    scan_wanted = Signal()

    def __init__(
        self,
        texts: Texts,
        desk: Desk,
        city: str,
        postcodes: Postcodes | None = None,
        readings: Mapping[str, str] = MappingProxyType({}),
        letters: Lettering | None = None,
    ) -> None:
        super().__init__()
        self._texts, self._desk, self._city = texts, desk, city
        self._letters = letters or Lettering()
        self._postcodes, self._readings = postcodes or _no_postcodes, readings
        self.setStyleSheet(STYLE)
        self.setWindowTitle(f"窓口　{city}")
        self.resize(1920, 1080)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._band = QLabel(f"{city}　窓口")
        self._band.setObjectName("band")
        column.addWidget(self._band)
        self._room = QVBoxLayout()
        self._room.setContentsMargins(24, 8, 24, 12)
        column.addLayout(self._room, 1)
        self.page: QWidget | None = None
        self._notices: tuple[Notice, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh_wanted)
        self._timer.start()
        self._scanning = QTimer(self)
        self._scanning.setInterval(SCAN_MS)
        self._scanning.timeout.connect(self.scan_wanted)

    def tell(self, notices: tuple[Notice, ...]) -> None:
        """What the city tells everybody, over the list."""
        self._notices = notices
        if isinstance(self.page, ListPage):
            self.page.news.tell(notices)

    def show_state(self, state: DeskState) -> None:
        """The page of the state; a list or a form that only changed keeps its place."""
        if isinstance(state, Listing) and isinstance(self.page, ListPage):
            self.page.fill(state)
            return
        if isinstance(state, Tending) and isinstance(self.page, TendPage):
            self.page.fill(state)
            return
        if (
            isinstance(state, Editing)
            and isinstance(self.page, FormSheet)
            and self.page.shows(state)
        ):
            self.page.refresh(state)
            return
        if self.page is not None:
            self._room.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = self._build(state)
        if isinstance(state, Reseeding) != self._scanning.isActive():
            self._scanning.stop() if self._scanning.isActive() else self._scanning.start()
        self._room.addWidget(self.page, 1)
        self.page.show()
        self.page.setFocus()
        clerk = getattr(state, "clerk", "")
        self._band.setText(f"{self._city}　窓口" + (f"　　担当　{clerk}" if clerk else ""))

    def _build(self, state: DeskState) -> QWidget:
        match state:
            case SignedOut(refused):
                return SignInPage(self.signing_in.emit, refused=refused)
            case Listing():
                names = Names(self._letters, self._texts("name.missing"))
                page = ListPage(self._say, self._desk, self._readings, names)
                page.fill(state)
                page.news.tell(self._notices)
                return page
            case Editing():
                return FormSheet(
                    self._say, self._texts, self._desk, state, self._postcodes, self._letters
                )
            case Agreeing():
                return AgreePage(self._say, self._texts, self._desk, state)
            case Reseeding():
                return ReseedPage(self._say, self._texts, self._desk, state)
            case Consulting():
                return ConsentsPage(self._say, self._texts, self._desk.purposes, state)
            case Tending():
                return TendPage(self._say, self._desk, state)
            case Handling():
                return Told("処理しています…", "そのままお待ちください。")
            case Substituting():
                names = Names(self._letters, self._texts("name.missing"))
                return SubstitutesPage(self._say, names, state)
            case Handled():
                return DonePage(self._say, self._texts, self._desk, state)

    def _say(self, event: DeskEvent) -> None:
        self.happened.emit(event)


def _no_postcodes(_: str) -> tuple[Mapping[str, str], ...]:
    """A window that was given no postcodes knows none."""
    return ()
