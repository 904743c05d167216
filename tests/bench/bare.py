"""The floor of the city's bench: INSERT and COMMIT, and nothing else, from many connections.

It goes on word by word, so that several of these processes do each step together.
"""

import asyncio
import sys
import time

import psycopg
import uvloop

from tests.bench.queueing import BODY


async def bare(url: str, connections: int, each: int) -> None:
    """Says `ready`, then after every line on standard input how long the next step took."""

    async def insert(base: "psycopg.AsyncConnection") -> None:
        for _ in range(each):
            await base.execute("INSERT INTO bare (body) VALUES (%s)", (BODY,), prepare=True)

    next_step("ready")
    begun = time.perf_counter()
    dialled = (psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(connections))
    bases = await asyncio.gather(*dialled)
    next_step(time.perf_counter() - begun)
    begun = time.perf_counter()
    await asyncio.gather(*map(insert, bases))
    print(time.perf_counter() - begun, flush=True)
    for base in bases:
        await base.close()


def next_step(told: str | float) -> None:
    """Say how it went, and wait for the word to go on."""
    print(told, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    uvloop.run(bare(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
