"""The printer itself, asked past the queue.

A queue that is at rest still says what was wrong when its last job ended, and calls a job
completed when the printer has forgotten it; only the printer knows. It is asked about its state
and about our jobs, and told to drop them; it gets no document this way.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import CERT_NONE, PROTOCOL_TLS_CLIENT, SSLContext
from urllib.parse import urlsplit

_CANCEL_JOB, _GET_JOBS, _GET_PRINTER = 0x0008, 0x000A, 0x000B
_OPERATION, _END = 0x01, 0x03
_NO_VALUE = range(0x10, 0x20)
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_BEGIN, _LEAVE = 0x34, 0x37
_WITH_LANGUAGE = (0x35, 0x36)
_NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x42, 0x44, 0x45, 0x47, 0x48
_REFUSED = 0x0100
_LONGEST = 1 << 20
_MANY = 50
_OF_JOB = ("job-id", "job-name", "job-state")

Value = int | bool | str
Attributes = Mapping[str, tuple[Value, ...]]
_Asked = tuple[int, str, tuple[Value, ...]]


class NoAnswer(Exception):
    """The printer cannot be reached, or what answers there is no printer."""


@dataclass(frozen=True)
class PrinterJob:
    """A job as the printer knows it; `state` is IPP's number, 7 and above are final."""

    id: int
    name: str
    state: int


@dataclass(frozen=True)
class IppPrinter:
    """A printer that speaks IPP, at its own address."""

    uri: str
    user: str
    timeout: float

    @classmethod
    def at(cls, uri: str, user: str, timeout: float) -> "IppPrinter | None":
        """The printer behind a queue's device, if that can be asked at all."""
        where = urlsplit(uri)
        return (
            cls(uri, user, timeout) if where.scheme in ("ipp", "ipps") and where.hostname else None
        )

    def attributes(self, *names: str) -> Attributes:
        """What the printer says of itself."""
        groups = self._ask(_GET_PRINTER, (_KEYWORD, "requested-attributes", names))
        return groups[0] if groups else {}

    def jobs(self, which: str) -> tuple[PrinterJob, ...]:
        """The jobs it still knows, `completed` or `not-completed`; none if it does not tell."""
        groups = self._ask(
            _GET_JOBS,
            (_INTEGER, "limit", (_MANY,)),
            (_KEYWORD, "requested-attributes", _OF_JOB),
            (_KEYWORD, "which-jobs", (which,)),
        )
        return tuple(_job(group) for group in groups if "job-id" in group)

    def cancel(self, job: int) -> None:
        """Tell it to drop a job."""
        self._ask(_CANCEL_JOB, target=(_INTEGER, "job-id", (job,)))

    def _ask(
        self, operation: int, *asked: _Asked, target: _Asked | None = None
    ) -> tuple[Attributes, ...]:
        """One exchange; IPP wants the target, printer and job, before anything else."""
        uri = (_URI, "printer-uri", (self.uri,))
        user = (_NAME, "requesting-user-name", (self.user,))
        targets = (uri, target) if target else (uri,)
        status, groups = _parsed(self._post(_message(operation, (*targets, user, *asked))))
        return () if status >= _REFUSED else groups

    def _post(self, body: bytes) -> bytes:
        where = urlsplit(self.uri)
        host = where.hostname or ""
        if where.scheme == "ipps":
            line: HTTPConnection = HTTPSConnection(
                host, where.port or 631, timeout=self.timeout, context=_any_certificate()
            )
        else:
            line = HTTPConnection(host, where.port or 631, timeout=self.timeout)
        try:
            line.request("POST", where.path or "/", body, {"Content-Type": "application/ipp"})
            answer = line.getresponse()
            said = answer.read(_LONGEST)
        except (OSError, HTTPException) as fault:
            raise NoAnswer(self.uri) from fault
        finally:
            line.close()
        if answer.status != 200:
            raise NoAnswer(f"{self.uri}: HTTP {answer.status}")
        return said


def _any_certificate() -> SSLContext:
    """Printers make their certificates themselves; the queue's own trust is in the first sight."""
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = CERT_NONE
    return context


def _job(group: Attributes) -> PrinterJob:
    number, name, state = (next(iter(group.get(name, ())), "") for name in _OF_JOB)
    if not isinstance(number, int) or not isinstance(state, int):
        raise NoAnswer("a job without number and state")
    return PrinterJob(number, str(name), state)


def _message(operation: int, asked: tuple[_Asked, ...]) -> bytes:
    parts = [struct.pack(">BBHIB", 1, 1, operation, 1, _OPERATION)]
    fixed = (
        (_CHARSET, "attributes-charset", ("utf-8",)),
        (_LANGUAGE, "attributes-natural-language", ("en",)),
    )
    for tag, name, values in (*fixed, *asked):
        for place, value in enumerate(values):
            raw = value.encode() if isinstance(value, str) else struct.pack(">i", value)
            label = b"" if place else name.encode()
            parts.append(struct.pack(">BH", tag, len(label)) + label)
            parts.append(struct.pack(">H", len(raw)) + raw)
    return b"".join((*parts, bytes([_END])))


def _parsed(raw: bytes) -> tuple[int, tuple[Attributes, ...]]:
    """The status, and the attributes of each group after the operation's own."""
    try:
        (status,) = struct.unpack_from(">H", raw, 2)
        groups: list[dict[str, tuple[Value, ...]]] = []
        for group, name, value in _walk(raw):
            if group == _OPERATION:
                continue
            if name is None:
                groups.append({})
            else:
                groups[-1][name] = (*groups[-1].get(name, ()), value)
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise NoAnswer("what it says is not IPP") from fault
    return status, tuple(groups)


def _walk(raw: bytes) -> Iterator[tuple[int, str | None, Value]]:
    """Each value with its group and name; a nameless one begins a group."""
    at, group, name, depth = 8, _OPERATION, "", 0
    while (tag := raw[at]) != _END:
        at += 1
        if tag < 0x10:
            group = tag
            yield group, None, ""
            continue
        label, at = _piece(raw, at)
        value, at = _piece(raw, at)
        depth += (tag == _BEGIN) - (tag == _LEAVE)
        if depth or tag == _LEAVE:
            continue  # what lies inside a collection is not needed
        name = label.decode() or name
        if tag in _NO_VALUE:
            continue
        yield group, name, _value(tag, value)


def _piece(raw: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", raw, at)
    end = at + 2 + length
    if end > len(raw):
        raise IndexError(end)
    return raw[at + 2 : end], end


def _value(tag: int, raw: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", raw)[0])
    if tag == _BOOLEAN:
        return raw != b"\0"
    if tag in _WITH_LANGUAGE:
        _language, at = _piece(raw, 0)
        raw, _ = _piece(raw, at)
    return raw.decode(errors="replace")
