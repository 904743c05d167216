"""Many terminals as one process: paired, then all at once back at their offices after an outage.

HTTP/1.1 by hand over one connection for each terminal, so that what is measured is the office:
whoever plays the crowd shares the processor with it.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field

import uvloop
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from forms.envelope import canonical
from kiosk.adapters.devicekeys import public_of
from kiosk.pairing import invitation
from tests.bench.bare import next_step
from tests.bench.queueing import envelope

AGAIN = (429, 503)
TRIES, PATIENCE = 200, 60.0
Answer = tuple[int, bytes]


class Line(asyncio.Protocol):
    """One connection that asks and is answered, one after the other."""

    def __init__(self) -> None:
        self._heard, self._answer = bytearray(), asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    async def said(self, request: bytes) -> Answer:
        """What comes back for it; ConnectionError where nothing does."""
        if self.transport.is_closing():
            raise ConnectionError
        self._answer = asyncio.get_running_loop().create_future()
        late = asyncio.get_running_loop().call_later(PATIENCE, self.transport.abort)
        self.transport.write(request)
        try:
            return await self._answer
        finally:
            late.cancel()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if len(body) >= int(length):
            self._heard.clear()
            self._answer.set_result((int(head[9:12]), bytes(body)))

    def connection_lost(self, _: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError())


@dataclass
class Terminal:
    """One device with its key, its connection and what it has to hand in, in order."""

    device: str
    host: str
    port: int
    code: str
    address: str
    waiting: list[tuple[str, bytes]]
    took: list[float] = field(default_factory=list)
    heard: Counter = field(default_factory=Counter)
    line: Line | None = None
    token: str = ""

    async def pair(self) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        self.key = ECKey.import_key(pem)
        body = {"code": self.code, "public_key": public_of(pem)}
        status, told = await self.ask("POST", "/v1/pairings", json.dumps(body).encode())
        assert status == 200, told
        self.hang_up()

    async def come_back(self) -> None:
        """The line is dialled, and the device proves itself."""
        _, told = await self._heeded("GET", "/v1/challenge")
        claims = {"iss": self.device, "nonce": json.loads(told)["challenge"]}
        header = {"alg": "ES256", "typ": "JWT"}
        proof = jwt.encode(header, claims, self.key, algorithms=["ES256"])
        body = json.dumps({"proof": proof}).encode()
        status, told = await self._heeded("POST", "/v1/session", body)
        assert status == 200, told
        self.token = json.loads(told)["token"]

    async def hand_in(self) -> None:
        """Everything that waits, each answered before the next."""
        for one, body in self.waiting:
            begun = time.perf_counter()
            status, _ = await self._heeded("PUT", f"/v1/submissions/{one}", body)
            self.took.append(time.perf_counter() - begun)
            self.heard[status] += 1

    async def _heeded(self, method: str, path: str, body: bytes = b"") -> Answer:
        """An answer that is none to come again later."""
        for _ in range(TRIES):
            status, told = await self.ask(method, path, body)
            if status not in AGAIN:
                break
            self.heard["again"] += 1
            await asyncio.sleep(0.2 + random.random())  # noqa: S311 (a pause)
        return status, told

    async def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """One call; a line that broke is dialled again, as terminals do."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n"
        head += f"Authorization: Bearer {self.token}\r\n\r\n" if self.token else "\r\n"
        for _ in range(TRIES):
            try:
                self.line = self.line or await self._dialled()
                return await self.line.said(head.encode() + body)
            except OSError:
                self.line = None
                self.heard["dialled again"] += 1
                await asyncio.sleep(0.1 + random.random())  # noqa: S311 (a pause)
        raise ConnectionError(self.device)

    async def _dialled(self) -> Line:
        loop, own = asyncio.get_running_loop(), (self.address, 0)
        _, line = await loop.create_connection(Line, self.host, self.port, local_addr=own)
        return line

    def hang_up(self) -> None:
        if self.line:
            self.line.transport.close()
            self.line = None


async def crowd(urls: list[str], pairings: dict[str, str], each: int) -> None:
    """Paired first; after every line on standard input all come back, then all hand in."""
    terminals = []
    for number, (device, code) in enumerate(pairings.items()):
        host, port = urls[number % len(urls)].removeprefix("http://").split(":")
        made = [envelope(place, device) for place in range(1, each + 1)]
        waiting = [(str(one.id), canonical(one)) for one in made]
        own = f"127.1.{number // 250}.{number % 250 + 1}"  # each at an address of its own
        terminals.append(Terminal(device, host, int(port), invitation(code).code, own, waiting))
    for terminal in terminals:
        await terminal.pair()
    next_step("ready")
    busy = time.process_time()
    next_step(await _all(each.come_back() for each in terminals))
    print(await _all(each.hand_in() for each in terminals), flush=True)
    busy = time.process_time() - busy
    took = sorted(one for each in terminals for one in each.took)
    heard = sum((each.heard for each in terminals), Counter())
    told = {"p50": statistics.median(took), "p99": took[int(len(took) * 0.99)], "crowd": busy}
    told["heard"] = {str(what): times for what, times in heard.items()}
    print(json.dumps(told), flush=True)


async def _all(doing: Iterable[Coroutine]) -> float:
    """Seconds until the last of them is done."""
    begun = time.perf_counter()
    await asyncio.gather(*doing)
    return time.perf_counter() - begun


if __name__ == "__main__":
    uvloop.run(crowd(**json.loads(sys.argv[1])))
