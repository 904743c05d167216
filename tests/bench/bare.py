"""The floor of the city's bench: INSERT and COMMIT, and nothing else, from many connections."""

import asyncio
import sys
import time

import psycopg

from tests.bench.queueing import BODY


async def bare(url: str, connections: int, each: int) -> None:
    bases = [
        await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(connections)
    ]

    async def insert(base: "psycopg.AsyncConnection") -> None:
        for _ in range(each):
            await base.execute("INSERT INTO bare (body) VALUES (%s)", (BODY,), prepare=True)

    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    await asyncio.gather(*map(insert, bases))
    print(time.perf_counter() - begun, flush=True)
    for base in bases:
        await base.close()


if __name__ == "__main__":
    asyncio.run(bare(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
