"""The kiosk's window: shows the page of a state, and passes on what happens there."""

from collections.abc import Callable

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
from kiosk.ui.resident import arrival, closing, consenting, filling, standing
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts, Texts


class KioskWindow(QWidget):
    """Exactly one page lives at a time; leaving a page destroys it."""

    painted = Signal()

    def __init__(
        self,
        texts: dict[str, Texts],
        layout: Layout,
        journey: Journey,
        city: str,
        *,
        practice: bool = False,
        letters: Lettering | None = None,
    ) -> None:
        super().__init__()
        self._texts, self._shape, self._journey = texts, layout, journey
        self._letters = letters or Lettering()
        self._city, self._practice = city, practice
        self._handle: Callable[[Event], None] | None = None
        self.page: Page | None = None
        self._counting: Label | None = None
        self._calling = self._seen = False
        self._notices: tuple[Notice, ...] = ()
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

    def know(self, journey: Journey) -> None:
        """The procedures there are; the start page needs none."""
        self._journey = journey

    def tell(self, notices: tuple[Notice, ...]) -> None:
        """What the city tells everybody now; the start page says it when it is built."""
        self._notices = notices

    @property
    def purposes(self) -> Purposes:
        """What consent is asked for here."""
        return self._journey.purposes

    def form_words(self, form: str, language: str) -> FormTexts:
        """A procedure's words of one language."""
        return FormTexts(self._journey.words[form], self._texts[language])

    def words(self, language: str) -> Texts:
        """The words of one language."""
        return self._texts[language]

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
        texts = self._texts[language_of(state)]
        page = Page(
            texts,
            self._shape,
            city=self._city,
            practice=self._practice,
            calling=self._calling,
            letters=self._letters,
        )
        self._counting = None
        self._fill(page, state)
        page.resize(self._shape.width, self._shape.height)
        return page

    def _fill(self, page: Page, state: State) -> None:
        match state:
            case states.Idle():
                arrival.start(page, state, self._journey, self._notices)
            case states.Closed():
                standing.closed(page, state)
            case states.Greeting():
                arrival.language(page, state, self._texts)
            case states.Choosing():
                arrival.choose(page, state, self._journey, self._notices)
            case states.Identifying():
                arrival.identify(page, state)
            case states.EnteringPin():
                arrival.enter_pin(page, state)
            case states.Reading():
                arrival.reading(page, state)
            case states.Filling():
                filling.fill(page, state, self._journey)
            case states.Blocked():
                filling.blocked(page, state, self._journey)
            case states.Reviewing():
                closing.review(page, state, self._journey)
            case states.Consenting():
                consenting.consent(page, state, self._journey)
            case states.Recalling():
                consenting.working(page, "recall")
            case states.Surveying():
                consenting.survey(page, state, self._journey)
            case states.Withdrawing():
                consenting.withdraw(page, state, self._journey)
            case states.Revoking():
                consenting.working(page, "revoke")
            case states.Paying():
                closing.pay(page, state)
            case states.Deferring():
                closing.defer(page, state)
            case states.Submitting():
                closing.submit(page, state)
            case states.Issuing():
                closing.issue(page, state)
            case states.Parting():
                closing.part(page, state)
            case states.Apologising():
                closing.apologise(page, state)
            case states.Hesitating():
                self._counting = closing.hesitate(page, state)

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
