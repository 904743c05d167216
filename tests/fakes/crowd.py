"""Many terminals that hand in at once, over kept connections, and remember each answer."""

import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import requests

from forms.envelope import Envelope, canonical

_lines = count()


@dataclass(frozen=True)
class Heard:
    """What one of them was answered: a status, or none where the line broke."""

    id: UUID
    device: str
    sequence: int
    status: int | None


def hand_in(
    urls: Sequence[str], tokens: Mapping[str, str], sent: Iterable[Envelope]
) -> list[Heard]:
    """One terminal, one after the other, never twice."""
    url = urls[next(_lines) % len(urls)]
    with requests.Session() as session:
        session.trust_env = False
        return [_one(session, url, tokens, each) for each in sent]


def crowd(
    urls: Sequence[str], tokens: Mapping[str, str], each: Sequence[Sequence[Envelope]]
) -> list[Heard]:
    """All of them at once."""
    with ThreadPoolExecutor(len(each)) as together:
        heard = list(together.map(lambda sent: hand_in(urls, tokens, sent), each))
    return [one for several in heard for one in several]


def drip(address: tuple[str, int], head: bytes, seconds: float, every: float = 0.2) -> float:
    """A client that says a byte now and then; how long it was borne."""
    began = time.monotonic()
    with socket.create_connection(address, timeout=5) as line:
        line.sendall(head)
        line.settimeout(every)
        while time.monotonic() - began < seconds:
            try:
                if not line.recv(4096):
                    break
            except TimeoutError:
                pass
            except OSError:
                break
            try:
                line.sendall(b"x")
            except OSError:
                break
    return time.monotonic() - began


def _one(session: requests.Session, url: str, tokens: Mapping[str, str], sent: Envelope) -> Heard:
    headers = {"Authorization": f"Bearer {tokens[sent.device]}"}
    path = f"{url}/v1/submissions/{sent.id}"
    try:
        answer = session.put(path, data=canonical(sent), headers=headers, timeout=20)
        status: int | None = answer.status_code
    except requests.RequestException:
        status = None
    return Heard(sent.id, sent.device, sent.sequence, status)
