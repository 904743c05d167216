"""One POST each, told apart by its key: a call that was lost is made again and does nothing new."""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from forms.kinds.attached import DOCUMENTS
from office.arrivals import Attached
from office.oauth import Caller, NoToken
from office.relays.along import content
from office.relays.port import (
    Acknowledged,
    Answer,
    Later,
    NotWhole,
    Parcel,
    Questioned,
    Refused,
    Taken,
    plain,
)

_CONNECT = 3.05
_LONGEST_ANSWER = 65_536
_TAKEN = (Taken, Acknowledged)
_CALM = 60.0  # seconds until we show our key again where it was not taken


@dataclass(frozen=True)
class RestRelay:
    """A back office that takes JSON over HTTP; `source` names us in events.

    `attachments`: where each photo or file goes; without it they stay here.
    """

    caller: Caller
    url: str
    bearer: str | None = field(default=None, repr=False)
    timeout: float = 20.0
    events: bool = False
    source: str = "urn:kakanai:office"
    attachments: str | None = None
    after: bool = False

    def hand_over(self, parcel: Parcel) -> Answer:
        """The same keys for the same submission and its files, always."""
        try:
            return self._handed_over(parcel)
        except NotWhole as fault:
            return Later(str(fault))
        except requests.RequestException as fault:
            return Later(f"no answer ({type(fault).__name__})", everybody=_never_began(fault))

    def _handed_over(self, parcel: Parcel) -> Answer:
        if not parcel.attachments or self.attachments is None:
            return self._post(parcel)
        if self.after:
            answer = self._post(parcel)
            return (isinstance(answer, _TAKEN) and self._files(parcel)) or answer
        if trouble := self._files(parcel):
            return trouble
        if not parcel.may_go():
            return Later("it may not go any more")
        return self._post(parcel)

    def _files(self, parcel: Parcel) -> Answer | None:
        """What went wrong with the first that they do not have now; None where they have all."""
        for file in parcel.attachments:
            answer = self._put(parcel, file)
            if not isinstance(answer, _TAKEN):
                return replace(answer, words=f"file {file.sha256[:12]}: {answer.words}")
        return None

    def _post(self, parcel: Parcel) -> Answer:
        key, body, sort = f'"{parcel.id}"', parcel.body, "application/json"
        if self.events:
            body, sort = _event(parcel, self.source), "application/cloudevents+json"
        headers = {"Idempotency-Key": key, "Content-Type": sort}
        return self._call("POST", self.url, headers, body)

    def _put(self, parcel: Parcel, file: Attached) -> Answer:
        """With the digest of RFC 9530, by which they know that all of it is there."""
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        headers = {
            "Idempotency-Key": f'"{parcel.id}-{file.sha256}"',
            "Content-Type": file.type if file.type in DOCUMENTS else "application/octet-stream",
            "Content-Digest": f"sha-256=:{digest}:",
        }
        url = (self.attachments or "").replace("{sha256}", file.sha256).replace("{id}", parcel.id)
        return self._call("PUT", url, headers, _Body(parcel, file))

    def _call(self, method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
        headers["Accept"] = "application/json, application/problem+json"
        if self.bearer:
            headers["Authorization"] = f"Bearer {self.bearer}"
        patience = (_CONNECT, self.timeout)
        with self.caller.call(
            method, url, data=body, headers=headers, timeout=patience, stream=True
        ) as answer:
            return _understood(answer, time.monotonic() + self.timeout)


@dataclass(frozen=True)
class _Body:
    """A file piece by piece; read anew where the call is made again with another token."""

    parcel: Parcel
    file: Attached

    def __len__(self) -> int:
        return self.file.size

    def __iter__(self) -> Iterator[bytes]:
        return content(self.parcel, self.file)


def _never_began(fault: requests.RequestException) -> bool:
    """Nobody is there at all, or not who should be: that is no fault of this parcel."""
    if isinstance(fault, NoToken | requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    return isinstance(getattr(next(iter(fault.args), None), "reason", None), NewConnectionError)


def _understood(answer: requests.Response, until: float) -> Answer:
    status, told = answer.status_code, _told(answer, until)
    words = _words(status, told)
    match status:
        case 200 | 201 | 204:
            return Acknowledged(words) if _is_acknowledged(told) else Taken()
        case 202:
            return Taken()
        case 408 | 409 | 425:
            return Later(words, _wait(answer))
        case 401 | 403 | 407:
            return Later(words, _wait(answer) or _CALM, everybody=True)
        case 429 | 502 | 503 | 504:
            return Later(words, _wait(answer), everybody=True)
        case 422 if _is_key_reused(told):
            return Refused(words)
        case _ if 400 <= status < 500:
            return Questioned(words)
        case _:
            return Later(words, _wait(answer))


def _told(answer: requests.Response, until: float) -> Mapping[str, Any]:
    """The JSON of the answer, so far as it is an object, and not without end."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return {}
    raw = b""
    for piece in answer.iter_content(1):
        raw += piece
        if len(raw) > _LONGEST_ANSWER or time.monotonic() > until:
            return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _words(status: int, told: Mapping[str, Any]) -> str:
    """RFC 9457: the title and the detail, else the number."""
    said = [told[key] for key in ("title", "detail") if isinstance(told.get(key), str)]
    return plain(": ".join(["HTTP " + str(status), *said]))[:400]


def _is_acknowledged(told: Mapping[str, Any]) -> bool:
    return told.get("state") == "acknowledged"


def _is_key_reused(told: Mapping[str, Any]) -> bool:
    """What 422 means in the draft on idempotency keys, unless it names fields."""
    return not any(key in told for key in ("problems", "errors", "invalid-params"))


def _wait(answer: requests.Response) -> float | None:
    """Retry-After, in either of its two forms."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        when = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _event(parcel: Parcel, source: str) -> bytes:
    """CloudEvents 1.0, structured; `data` holds the canonical bytes untouched."""
    said = {
        "specversion": "1.0",
        "id": parcel.id,
        "source": source,
        "type": "jp.kakanai.submission",
        "subject": parcel.receipt,
        "time": parcel.envelope["submitted"],
        "datacontenttype": "application/json",
        "sha256": parcel.sha256,
    }
    return json.dumps(said).encode()[:-1] + b', "data": ' + parcel.body + b"}"
