"""What a terminal may say about certificates: closed, bounded, and refused before it is heard."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from office.problems import ProblemError

LARGEST = 256 * 1024
_SILENCE, _ALTOGETHER = 10.0, 120.0  # seconds for a body
MOST_VALUES, DEEPEST, LONGEST_NAME, LONGEST_TEXT = 4000, 5, 64, 4000
MOST_COPIES = 10
_WHOLE = 2**53  # beyond it, JSON means another number to others
_COPIES = ("copies", "copies_other")


def _line(text: str) -> str:
    """Text that can be stored and printed: no controls, no half characters."""
    if any(ord(c) < 0x20 or ord(c) == 0x7F or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise ValueError("a character that is no text")
    return text


def _bounded(options: dict[str, Any]) -> dict[str, Any]:
    """Answers of a form: plain values in lists and parts, not too many and not too deep."""
    _count(options, 0)
    for holder in (options, *_rows(options.get("years"))):
        for name in _COPIES:
            value = holder.get(name)
            if value is not None and (type(value) is not int or not 1 <= value <= MOST_COPIES):
                raise ValueError(f"{name}: 1 to {MOST_COPIES}")
    return options


def _rows(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _count(value: Any, depth: int) -> int:
    """How many values there are in it; ValueError for one that cannot be an answer."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict) and any(len(_line(name)) > LONGEST_NAME for name in value):
            raise ValueError("a name that is too long")
        found = 1
        for each in inner:
            found += _count(each, depth + 1)
            if found > MOST_VALUES:
                raise ValueError("too many values")
        return found
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or any(0xD800 <= ord(c) < 0xE000 or c == "\0" for c in value):
            raise ValueError("a text that is none, or too long")
    elif isinstance(value, int | float) and not abs(value) <= _WHOLE:  # NaN is never within
        raise ValueError("a number that is none")
    return 1


Line = Annotated[str, AfterValidator(_line)]


class Subject(BaseModel):
    """Whose certificate it is."""

    model_config = ConfigDict(extra="forbid")
    name: Line = Field(max_length=200)
    birth: Line = Field(max_length=10)
    address: Line = Field(max_length=400)


class CertificateOrder(BaseModel):
    """What a terminal asks for; `options` are all answers of the form, under its fields' names."""

    model_config = ConfigDict(extra="forbid")
    submission: UUID | None
    type: Literal["juminhyo", "inkan-shomei", "zei-shomei", "koseki", "risai"]
    subject: Subject
    options: Annotated[dict[str, Any], AfterValidator(_bounded)]


class Outcome(BaseModel):
    """What became of a numbered sheet set."""

    model_config = ConfigDict(extra="forbid")
    outcome: Literal["printed", "spoiled", "abandoned"]
    remark: Annotated[str, Field(max_length=200), AfterValidator(_line)] = ""


class Revocation(BaseModel):
    """Why a number no longer stands, in a clerk's words."""

    model_config = ConfigDict(extra="forbid")
    reason: Line = Field(min_length=1, max_length=200)


class Bounded(APIRoute):
    """A call whose body is read no further than an order can be long, and is JSON if anything."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind the look at the body."""
        handle = super().get_route_handler()

        async def look_first(request: Request) -> Response:
            whole = _Whole(request.scope, request.receive)
            _json(await whole.body())
            return await handle(whole)

        return look_first


class _Whole(Request):
    """A request that keeps its body once it was read."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await read_whole(self, LARGEST)
        return self._body


async def read_whole(request: Request, most: int) -> bytes:
    """The whole body, never more than may be stored, and never waited for without end."""
    parts, clock = bytearray(), asyncio.get_running_loop().time
    end = clock() + _ALTOGETHER
    try:
        async with asyncio.timeout(_SILENCE) as patience:
            async for part in request.stream():
                parts += part
                if len(parts) > most:
                    raise ProblemError(413, "too-large", "The body is too large")
                patience.reschedule(min(clock() + _SILENCE, end))
    except TimeoutError as fault:
        raise ProblemError(408, "too-slow", "The body did not come") from fault
    except ClientDisconnect as fault:
        raise ProblemError(400, "cut-off", "The body did not come whole") from fault
    return bytes(parts)


def _json(body: bytes) -> None:
    try:
        json.loads(body or b"null")
    except (ValueError, RecursionError) as fault:
        raise ProblemError(422, "invalid", "The body is not JSON") from fault
