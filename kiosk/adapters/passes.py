"""Who we are to the office: a key of our own opens a session, and nobody's clock is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.errors import OfficeUnreachable, StoreUnusable

_AHEAD, _DAY = 60.0, 86_400  # seconds before its end a session is renewed; none is longer
_ALGORITHM = "ES256"
_OK, _STRANGER = 200, 401
NOT_PAIRED = "not paired"
Ask = Callable[[str, str, Mapping[str, str] | None], tuple[int, dict[str, Any]]]


@dataclass(frozen=True)
class Session:
    """A token of the office, and when to ask for another by the clock that never jumps."""

    token: str
    until: float
    role: str


class Pass:
    """The sessions of this device; lanes share it, and one of them fetches for all.

    `ask` is method, path and body to status and body; it raises OfficeUnreachable.
    """

    def __init__(
        self,
        device: str,
        keys: DeviceKeys | None,
        ask: Ask,
        tick: Callable[[], float] = monotonic,
    ) -> None:
        self._device, self._keys, self._ask, self._tick = device, keys, ask, tick
        self._lock = Lock()
        self._session: Session | None = None

    def token(self, *, instead_of: str = "") -> str:
        """One that counts; `instead_of` one that the office did not take."""
        with self._lock:
            held = self._session
            if held is None or held.token == instead_of or self._tick() >= held.until:
                self._session = None
                opened = self._opened()
                if isinstance(opened, str):
                    raise OfficeUnreachable(opened)
                held = self._session = opened
            return held.token

    def open(self) -> Session | str:
        """A session, now; or why the office has none for us."""
        with self._lock:
            self._session = None
            opened = self._opened()
            self._session = opened if isinstance(opened, Session) else None
            return opened

    def proof(self, pem: str) -> str:
        """A fresh challenge of the office, signed: no clock of ours is in it."""
        status, told = self._ask("GET", "/v1/challenge", None)
        if status != _OK or not isinstance(told.get("challenge"), str):
            raise OfficeUnreachable("no challenge")
        claims = {"iss": self._device, "nonce": told["challenge"]}
        header = {"alg": _ALGORITHM, "typ": "JWT"}
        try:
            return jwt.encode(header, claims, ECKey.import_key(pem), algorithms=[_ALGORITHM])
        except (JoseError, ValueError) as fault:
            raise StoreUnusable("device.pem") from fault

    def _opened(self) -> Session | str:
        """By the key the office knows: the old one, or the new one if its answer was lost.

        A key that cannot be used is no reason to stand still: applications wait in the outbox.
        """
        said = NOT_PAIRED
        try:
            for pem in self._keys.candidates() if self._keys else ():
                opened = self._opened_by(pem)
                if isinstance(opened, Session):
                    return opened
                said = opened
        except StoreUnusable as fault:
            return f"keys/{fault} cannot be used"
        return said

    def _opened_by(self, pem: str) -> Session | str:
        began = self._tick()
        status, told = self._ask("POST", "/v1/session", {"proof": self.proof(pem)})
        if status == _OK:
            session = _session(told, began)
            if self._keys:
                self._keys.confirm(pem)
            return session
        if status != _STRANGER:
            raise OfficeUnreachable(f"HTTP {status}")
        return str(told.get("title") or "not known")


def _session(told: Mapping[str, Any], began: float) -> Session:
    token, seconds = told.get("token"), told.get("seconds")
    if not isinstance(token, str) or type(seconds) is not int or not 0 < seconds <= _DAY:
        raise OfficeUnreachable("no session")
    until = began + max(seconds - _AHEAD, seconds / 2)
    return Session(token, until, str(told.get("role")))
