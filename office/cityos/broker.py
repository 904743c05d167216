"""The port to a context broker, and how its answers are understood; the dialects are adapters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import requests

from office.cityos.entities import Entity
from office.oauth import Caller

Plain = Mapping[str, Any]
LATER = {401, 403, 408, 425, 429}
THERE = {409, 422}  # GeonicDB, Orion: already there (then compare)
TOO_LARGE = 413


class BrokerAway(Exception):
    """No answer, half an answer, or not now: the same again later, after so many seconds."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


class BrokerRefuses(Exception):
    """It will not take this, however often it is asked."""

    def __init__(self, words: str, *, too_large: bool = False) -> None:
        super().__init__(words)
        self.too_large = too_large


@dataclass(frozen=True)
class Subscription:
    """Tell us at this address when something of these kinds changes."""

    url: str
    types: tuple[str, ...]


class Broker(Protocol):
    """Where a city's programs tell each other how things stand; nothing personal."""

    def upsert(self, entity: Entity) -> bool:
        """Make it stand there, unless something newer does; whether anything was written."""
        ...

    def upsert_many(self, entities: Sequence[Entity]) -> Mapping[str, str]:
        """The same for many; what was refused, and in which words."""
        ...

    def get(self, entity: str) -> Plain | None:
        """The entity as plain values."""
        ...

    def query(self, kind: str) -> Sequence[Plain]:
        """Every entity of the kind."""
        ...

    def subscribe(self, subscription: Subscription) -> str:
        """Its id; asked again, there is still one."""
        ...

    def delete(self, entity: str) -> None:
        """Gone afterwards, whether it was there or not."""
        ...

    def close(self) -> None:
        """Let go of the line."""
        ...


class Line:
    """HTTP to one broker: every answer becomes a value, or one of the two faults."""

    def __init__(self, url: str, caller: Caller, headers: Mapping[str, str]) -> None:
        self._url, self._caller, self._headers = url.rstrip("/"), caller, headers

    def ask(
        self, method: str, path: str, *, well: Iterable[int] = (), **arguments: Any
    ) -> requests.Response:
        """The answer, if its status is one of `well` or a success."""
        headers = {**self._headers, **arguments.pop("headers", {})}
        try:
            answer = self._caller.call(method, self._url + path, headers=headers, **arguments)
        except requests.RequestException as fault:
            raise BrokerAway(type(fault).__name__) from fault
        status = answer.status_code
        if answer.ok or status in well:
            return answer
        if status in LATER or status >= requests.codes.server_error:
            raise BrokerAway(f"HTTP {status}", _after(answer))
        raise BrokerRefuses(f"HTTP {status} {_words(answer)}", too_large=status == TOO_LARGE)

    def close(self) -> None:
        """Let go of the connections."""
        self._caller.close()


def plain(answer: requests.Response, kind: type) -> Any:
    """The JSON of an answer; half of one is no answer."""
    try:
        body = answer.json()
    except ValueError as fault:
        raise BrokerAway("no JSON") from fault
    if not isinstance(body, kind):
        raise BrokerAway("another JSON")
    return body


def newer(there: Plain | None, ours: Plain, order: str | None) -> bool:
    """Whether ours has something to say that is not older than what stands there."""
    if there is None:
        return True
    if order is not None:
        was, now = _rank(there.get(order)), _rank(ours.get(order))
        if was is not None and now is not None and was > now:
            return False
    return any(not _same(there.get(key), value) for key, value in ours.items())


def _same(there: Any, ours: Any) -> bool:
    """Brokers give moments and numbers back in another spelling."""
    if isinstance(there, Mapping) and isinstance(ours, Mapping):
        return there.keys() == ours.keys() and all(_same(there[key], ours[key]) for key in ours)
    if isinstance(there, list | tuple) and isinstance(ours, list | tuple):
        return len(there) == len(ours) and all(map(_same, there, ours))
    moment = _moment(ours)
    return bool(there == ours or (moment is not None and moment == _moment(there)))


def _rank(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    moment = _moment(value)
    return moment.timestamp() if moment else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _after(answer: requests.Response) -> float | None:
    given = answer.headers.get("Retry-After", "")
    return min(float(given), 3600.0) if given.isdecimal() else None


def _words(answer: requests.Response) -> str:
    """Which rule, in the broker's short name for it: its sentences may carry our values back."""
    try:
        said = answer.json()
        return str(said.get("error") or said.get("type") or "")[:80]
    except (ValueError, AttributeError):
        return ""
