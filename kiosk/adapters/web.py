"""One way to the office: past the proxies of the surroundings, believing whom the city names."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import requests

from kiosk.errors import SetupFault

MOST, LONGEST = 64 * 1024 * 1024, 60.0  # bytes, and seconds they may take once they come
_PIECE = 64 * 1024


def web_session(ca: str = "") -> requests.Session:
    """A session of its own; `ca` is the file of the city's own authority, if it has one."""
    if ca and not Path(ca).is_file():
        raise SetupFault(f"office_ca: {ca}: no such file")
    session = _Bounded()
    session.trust_env = False
    session.verify = ca or True
    return session


def is_ready(answer: requests.Response) -> bool:
    """Whether the office itself says so: a portal's page has another word."""
    return answer.status_code == requests.codes.ok and answer.content == b"ok"


def json_of(answer: requests.Response) -> Any:
    """What it says, if that is JSON; None where it is none, whatever was wrong with it."""
    try:
        return msgspec.json.decode(answer.content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


class _Bounded(requests.Session):
    """Gives up an answer that has no end, or that drips: a lane waits for it."""

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """One answer, all of it here."""
        answer = super().send(request, **{**how, "stream": True})
        answer.raw = _Pieces(answer.raw)
        try:
            _ = answer.content
        except BaseException:
            answer.close()
            raise
        return answer


class _Pieces:
    """The body as it comes, counted and timed; everything else is as it was."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def stream(self, _: int, *, decode_content: bool) -> Iterator[bytes]:
        """Whatever has come so far, until it ends."""
        until, left = monotonic() + LONGEST, MOST
        while piece := self._raw.read1(_PIECE, decode_content=decode_content):
            left -= len(piece)
            if left < 0 or monotonic() > until:
                raise requests.exceptions.ReadTimeout("an answer without an end")
            yield piece
        if self._cut():  # the line went: nobody answered strangely
            raise requests.exceptions.ConnectionError("an answer that was cut")

    def _cut(self) -> bool:
        """An answer says how long it is, or where it ends; cut in its head, it does neither."""
        remaining = self._raw.length_remaining
        return bool(remaining) or (remaining is None and not self._raw.chunked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)
