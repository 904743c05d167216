"""A device that stands still says so, and to the staff for which papers they have to look."""

from kiosk.domain.states import Closed
from kiosk.ui.kit import tokens
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.picture import Picture
from kiosk.ui.resident.page import Page


def closed(page: Page, state: Closed) -> None:
    """Nothing is printed here until somebody has looked."""
    page.heading("closed.title")
    page.body.addStretch(1)
    page.body.addWidget(Picture("no", 320, tokens.ORANGE))
    page.body.addStretch(1)
    page.say("closed.sentence", size=tokens.LEAD)
    if state.papers:
        page.say("closed.staff")
        page.body.addWidget(Label("　".join(state.papers), tokens.LEAD, bold=True))
    page.feet(leave=False)
