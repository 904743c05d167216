"""An office that hears consents, or is away."""

from kiosk.adapters.memory_consents import PracticeConsents
from kiosk.errors import OfficeUnreachable


class ToldConsents(PracticeConsents):
    """Away when the test says so, and refusing when it gives the words."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.refusal = None
        self.troubles = {}
        self.heard = []

    def consent(self, record):
        self._answer()
        if record.purpose in self.troubles:
            raise self.troubles[record.purpose]
        self.heard.append((record.purpose, str(record.word)))
        return self.refusal or super().consent(record)

    def consents(self, person):
        self._answer()
        return super().consents(person)

    def _answer(self):
        if self.away:
            raise OfficeUnreachable("ConnectTimeout")
