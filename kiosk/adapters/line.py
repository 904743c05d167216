"""Whether anybody is there: the shortest question to the office, over a connection of its own."""

import requests

from kiosk.adapters.web import is_ready, web_session
from kiosk.errors import OfficeUnreachable

PATIENCE = 2.5  # seconds; two of them and a pause are less than the ten that the kiosk may take


class HttpLine:
    """Asks nothing but whether the office is ready, and needs nobody's leave for it."""

    def __init__(self, url: str, ca: str = "") -> None:
        self._url = url.rstrip("/") + "/readyz"
        self._session = web_session(ca)

    def ask(self) -> None:
        """Return if the office takes submissions now; raise OfficeUnreachable otherwise."""
        try:
            answer = self._session.get(self._url, timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException as fault:
            raise OfficeUnreachable(type(fault).__name__) from fault
        if not is_ready(answer):
            raise OfficeUnreachable(f"HTTP {answer.status_code}")
