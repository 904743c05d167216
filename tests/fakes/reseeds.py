"""An office that knows slips by heart, and is away or refuses when it is told to."""

from kiosk.errors import OfficeUnreachable
from kiosk.ports.reseeds import Declined


class ToldReseeds:
    """Remembers what was brought in."""

    def __init__(self, **slip) -> None:
        self.slips: list[bytes] = []
        self.told = {"id": "x", "receipt": "K01-000001", "form": "risai", "photos": 0, **slip}
        self.away = False
        self.refusal: str | None = None

    def slip(self, sealed):
        return self._answer({"state": "received" if sealed in self.slips else None, **self.told})

    def reseed(self, sealed):
        fresh = sealed not in self.slips
        answer = self._answer({**self.told, "fresh": fresh})
        if not isinstance(answer, Declined) and fresh:
            self.slips.append(sealed)
        return answer

    def _answer(self, told):
        if self.away:
            raise OfficeUnreachable("ConnectTimeout")
        return Declined(self.refusal, "No") if self.refusal else told
