"""What a body must be before it may come in: an envelope of its device, canonical to the byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from forms.envelope import Envelope, EnvelopeFault, canonical, digest, from_json
from forms.kinds.attached import LARGEST as LARGEST_FILE
from forms.kinds.attached import PARTS
from office.problems import ProblemError

LARGEST = 2 * 1024 * 1024
MOST_FILES, LARGEST_ALTOGETHER = 50, 100_000_000
_WHOLE = 2**31  # what the database counts to
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST_PURPOSE = 40
DEEPEST = 32


@dataclass(frozen=True)
class Attached:
    """A photo or file that an envelope speaks of."""

    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Arrival:
    """A body that may come in; `by` whom and with which `words`, if not by its device itself."""

    device: str
    sha256: str
    body: bytes = field(repr=False)
    envelope: Envelope = field(repr=False)
    attached: tuple[Attached, ...] = ()
    by: str = ""
    words: str = ""

    @cached_property
    def id(self) -> str:
        """The client's own choice: the same again is the same."""
        return str(self.envelope.id)


def arrival_of(submission: UUID, device: str, body: bytes) -> Arrival:
    """The body as what it claims to be; ProblemError names what is wrong with it."""
    if len(body) > LARGEST:
        raise ProblemError(413, "too-large", "The submission is too large")
    try:
        raw = msgspec.json.decode(body)
        if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deeper(raw, DEEPEST):
            raise _invalid("B票: too deep", "B票", "depth")
        envelope = from_json(raw)
        is_canonical = canonical(envelope) == body
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise ProblemError(422, "invalid", "The body is not JSON") from fault
    except EnvelopeFault as fault:
        raise _invalid(str(fault), fault.where, fault.why) from fault
    wrong = {
        "id": envelope.id != submission,
        "device": envelope.device != device,
        "body": not is_canonical,
    }
    if found := [{"field": field, "reason": "mismatch"} for field, bad in wrong.items() if bad]:
        raise ProblemError(422, "invalid", "The body does not fit its envelope", problems=found)
    _check_bounds(envelope)
    return Arrival(device, digest(body), body, envelope, _checked(attached_in(envelope.content)))


def attached_in(part: Any) -> Iterator[Attached]:
    """The files that an envelope's content speaks of, wherever it does."""
    if isinstance(part, dict):
        if part.keys() >= set(PARTS):
            yield Attached(*(part[key] for key in PARTS))
        else:
            for each in part.values():
                yield from attached_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from attached_in(each)


def _is_deeper(part: Any, most: int) -> bool:
    """Whoever reads the list writes it again, and no library does that without end."""
    if not isinstance(part, dict | list):
        return False
    inner = part.values() if isinstance(part, dict) else part
    return not most or any(_is_deeper(each, most - 1) for each in inner)


def _check_bounds(envelope: Envelope) -> None:
    if not 0 <= envelope.sequence < _WHOLE:
        raise _invalid("sequence: cannot be", "sequence", "range")
    if envelope.purpose is not None and not 0 < len(envelope.purpose) <= _LONGEST_PURPOSE:
        raise _invalid("purpose: cannot be", "purpose", "length")
    if envelope.purpose is not None and envelope.person is None:
        raise _invalid("person: whose consent is it?", "person", "required")
    if envelope.purpose is not None and "\0" in envelope.purpose:
        raise _invalid("purpose: cannot be", "purpose", "character")


def _checked(found: Iterator[Attached]) -> tuple[Attached, ...]:
    """Each file once, and no more of them than may be stored."""
    files: dict[str, Attached] = {}
    for each in found:
        if not isinstance(each.sha256, str) or not _SHA256.fullmatch(each.sha256):
            raise _invalid("B票: a file without its hash", "B票", "sha256")
        if type(each.size) is not int or not 0 < each.size <= LARGEST_FILE:
            raise _invalid("B票: a file that is too large", "B票", "size")
        if files.setdefault(each.sha256, each).size != each.size:
            raise _invalid("B票: one file of two sizes", "B票", "size")
    if len(files) > MOST_FILES or sum(e.size for e in files.values()) > LARGEST_ALTOGETHER:
        raise ProblemError(413, "too-large", "The files are too large or too many altogether")
    return tuple(files.values())


def _invalid(words: str, where: str, why: str) -> ProblemError:
    return ProblemError(422, "invalid", words, problems=[{"field": where, "reason": why}])
