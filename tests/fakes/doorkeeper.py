"""An office that opens sessions and counts them; it believes every proof of a known key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey

from kiosk.errors import OfficeUnreachable


@dataclass
class Doorkeeper:
    """`knows` is the private key it has the other half of; `away` is how often it is not heard."""

    knows: str
    seconds: int = 900
    status: int = 200
    away: int = 0
    challenges: int = 0
    sessions: int = 0
    refused: int = 0
    _lock: Lock = field(default_factory=Lock)

    def ask(
        self, method: str, path: str, body: Mapping[str, str] | None
    ) -> tuple[int, dict[str, Any]]:
        with self._lock:
            if self.away:
                self.away -= 1
                raise OfficeUnreachable("away")
            if (method, path) == ("GET", "/v1/challenge"):
                self.challenges += 1
                return 200, {"challenge": f"challenge {self.challenges}"}
            assert (method, path) == ("POST", "/v1/session")
            assert body
            if self.status != 200:
                return self.status, {"title": "no"}
            if not self._is_ours(body["proof"]):
                self.refused += 1
                return 401, {"title": "This device is not paired with this office"}
            self.sessions += 1
            said = {"token": f"token {self.sessions}", "seconds": self.seconds, "role": "kiosk"}
            return 200, said

    def _is_ours(self, proof: str) -> bool:
        try:
            jws.deserialize_compact(proof, ECKey.import_key(self.knows), ["ES256"])
        except BadSignatureError:
            return False
        return True
