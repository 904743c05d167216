"""The kiosk's window: shows the page of a state, and passes on what happens there."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from forms.purposes import Purposes
from kiosk.domain import states
from kiosk.domain.events import Event
from kiosk.domain.notices import Notice
from kiosk.domain.session import Journey
from kiosk.domain.states import State, language_of
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.kit.tokens import Layout
from kiosk.ui.kit.words import forget_words
from kiosk.ui.resident import arrival
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts, Texts


@dataclass(frozen=True)
class Known:
    """What pages may say besides their state."""

    journey: Journey
    texts: dict[str, Texts]
    notices: tuple[Notice, ...] = ()


Pages = Callable[[Page, State, Known], Label | None]


def start_page(page: Page, state: State, known: Known) -> None:
    """The one page that stands before the others are loaded."""
    if isinstance(state, states.Idle):
        arrival.start(page, state, known.journey, known.notices)


class KioskWindow(QWidget):
    """Exactly one page lives at a time; leaving a page destroys it."""

    painted = Signal()

    def __init__(
        self,
        texts: dict[str, Texts],
        layout: Layout,
        journey: Journey,
        city: str,
        pages: Pages = start_page,
        *,
        practice: bool = False,
        letters: Lettering | None = None,
    ) -> None:
        super().__init__()
        self._known, self._shape, self._pages = Known(journey, texts), layout, pages
        self._letters = letters or Lettering()
        self._city, self._practice = city, practice
        self._handle: Callable[[Event], None] | None = None
        self.page: Page | None = None
        self._counting: Label | None = None
        self._calling = self._seen = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setFixedSize(layout.width, layout.height)
        self.setWindowTitle("書かない窓口")

    def listen(self, handle: Callable[[Event], None]) -> None:
        """Who decides what an event means."""
        self._handle = handle

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that something stands on the screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            self.painted.emit()

    def know(self, journey: Journey, pages: Pages | None = None) -> None:
        """The procedures there are, and every page; the start needs neither."""
        self._known = replace(self._known, journey=journey)
        self._pages = pages or self._pages

    def tell(self, notices: tuple[Notice, ...]) -> None:
        """What the city tells everybody now; the start page says it when it is built."""
        self._known = replace(self._known, notices=notices)

    @property
    def purposes(self) -> Purposes:
        """What consent is asked for here."""
        return self._known.journey.purposes

    def form_words(self, form: str, language: str) -> FormTexts:
        """A procedure's words of one language."""
        return FormTexts(self._known.journey.words[form], self._known.texts[language])

    def words(self, language: str) -> Texts:
        """The words of one language."""
        return self._known.texts[language]

    def show_state(self, state: State) -> None:
        """Build the page of the state; the page before is gone."""
        self._calling = self._calling and not isinstance(state, states.Idle)
        page = self.build(state)
        page.happened.connect(self._happened)
        page.help_wanted.connect(self._call_staff)
        if self.page is not None:
            self._column.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = page
        if isinstance(state, states.Idle):
            forget_words()
        self._column.addWidget(page)

    def build(self, state: State) -> Page:
        """The page for one state, alone."""
        texts = self._known.texts[language_of(state)]
        page = Page(
            texts,
            self._shape,
            city=self._city,
            practice=self._practice,
            calling=self._calling,
            letters=self._letters,
        )
        self._counting = self._pages(page, state, self._known)
        page.resize(self._shape.width, self._shape.height)
        return page

    def counted(self, seconds: int) -> None:
        """The seconds that are left, on the page that warns."""
        if self._counting is not None and self.page is not None:
            key = "hesitate.silent"
            self._counting.words = self.page.texts(key, seconds=seconds)
            self._counting.update()

    @Slot()
    def _call_staff(self) -> None:
        """A sound, and a band seen from afar, until the turn ends or it is pressed again."""
        self._calling = not self._calling
        if self._calling:
            QApplication.beep()
        if self.page is not None:
            self.page.call(self._calling)

    @Slot(object)
    def _happened(self, event: Event) -> None:
        if self._handle is not None:
            self._handle(event)

    def sizeHint(self) -> QSize:
        """The screen it was made for."""
        return QSize(self._shape.width, self._shape.height)
