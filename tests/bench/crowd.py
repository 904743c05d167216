"""Many terminals as one process: paired, then all at once back at their offices after an outage.

HTTP/1.1 by hand over one connection for each terminal, so that what is measured is the office.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from forms.envelope import canonical
from kiosk.adapters.devicekeys import public_of
from kiosk.pairing import invitation
from tests.bench.queueing import envelope

AGAIN = (429, 503)
TRIES = 200


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
    line: tuple | None = None

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
        await self.hang_up()

    async def come_back(self) -> None:
        """A session, then everything that waits, each answered before the next."""
        token = await self._session()
        for one, body in self.waiting:
            begun = time.perf_counter()
            status, _ = await self._heeded("PUT", f"/v1/submissions/{one}", body, token)
            self.took.append(time.perf_counter() - begun)
            self.heard[status] += 1
        await self.hang_up()

    async def _session(self) -> str:
        _, told = await self._heeded("GET", "/v1/challenge")
        claims = {"iss": self.device, "nonce": json.loads(told)["challenge"]}
        header = {"alg": "ES256", "typ": "JWT"}
        proof = jwt.encode(header, claims, self.key, algorithms=["ES256"])
        body = json.dumps({"proof": proof}).encode()
        status, told = await self._heeded("POST", "/v1/session", body)
        assert status == 200, told
        return json.loads(told)["token"]

    async def _heeded(
        self, method: str, path: str, body: bytes = b"", token: str = ""
    ) -> tuple[int, bytes]:
        """An answer that is none to come again later."""
        for _ in range(TRIES):
            status, told = await self.ask(method, path, body, token)
            if status not in AGAIN:
                break
            self.heard["again"] += 1
            await asyncio.sleep(0.2 + random.random())  # noqa: S311 (a pause)
        return status, told

    async def ask(
        self, method: str, path: str, body: bytes = b"", token: str = ""
    ) -> tuple[int, bytes]:
        """One call; a line that broke is dialled again, as terminals do."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n"
        head += f"Authorization: Bearer {token}\r\n\r\n" if token else "\r\n"
        for _ in range(TRIES):
            try:
                return await asyncio.wait_for(self._said(head.encode() + body), 60)
            except (OSError, EOFError):
                self.line = None
                self.heard["dialled again"] += 1
                await asyncio.sleep(0.1 + random.random())  # noqa: S311 (a pause)
        raise ConnectionError(self.device)

    async def _said(self, request: bytes) -> tuple[int, bytes]:
        own = (self.address, 0)
        self.line = self.line or await asyncio.open_connection(self.host, self.port, local_addr=own)
        reader, writer = self.line
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return int(head[9:12]), await reader.readexactly(length)

    async def hang_up(self) -> None:
        if self.line:
            self.line[1].close()
            self.line = None


async def crowd(urls: list[str], pairings: dict[str, str], each: int) -> None:
    """Paired first; on the word on standard input, all come back; what came of it on stdout."""
    terminals = []
    for number, (device, code) in enumerate(pairings.items()):
        host, port = urls[number % len(urls)].removeprefix("http://").split(":")
        made = [envelope(place, device) for place in range(1, each + 1)]
        waiting = [(str(one.id), canonical(one)) for one in made]
        own = f"127.1.{number // 250}.{number % 250 + 1}"  # each at an address of its own
        terminals.append(Terminal(device, host, int(port), invitation(code).code, own, waiting))
    for terminal in terminals:
        await terminal.pair()
    print("paired", flush=True)
    sys.stdin.readline()
    begun, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(each.come_back() for each in terminals))
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    took = sorted(one for each in terminals for one in each.took)
    heard = sum((each.heard for each in terminals), Counter())
    told = {"p50": statistics.median(took), "p99": took[int(len(took) * 0.99)]}
    heard = {str(what): times for what, times in heard.items()}
    print(json.dumps({"seconds": seconds, "busy": busy, "heard": heard, **told}))


if __name__ == "__main__":
    asyncio.run(crowd(**json.loads(sys.stdin.readline())))
