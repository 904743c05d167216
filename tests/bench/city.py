"""A city after an outage: every terminal back at once, before offices over one PostgreSQL."""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.measure import ROOT, Row
from tests.bench.queueing import BODY
from tests.fakes.paired import command, end
from tests.fakes.postgres import BIN, Postgres, server

TERMINALS, EACH = 500, 40
CONNECTIONS, BARE = 16, 20_000
ROUNDS = 2


def city() -> list[Row]:
    """Seconds until everything lies there; what is lost, doubled or out of order, in numbers."""
    times: dict[str, list[float]] = {"bare": [], "pgbench": [], "1": [], "2": []}
    wrong, said = 0, {}
    with server() as postgres:
        for turn in range(ROUNDS):
            times["bare"].append(_bare(postgres, turn))
            times["pgbench"].append(_pgbench(postgres, turn))
            for offices in (1, 2):
                found, said = _outage(postgres, f"city{turn}{offices}", offices)
                times[str(offices)].append(said["seconds"])
                wrong += found
    best = {name: min(some) for name, some in times.items()}
    total = TERMINALS * EACH
    scale = total / BARE
    two, one, floor = best["2"], best["1"], best["bare"] * scale
    what = f"{TERMINALS} terminals x {EACH}"
    peer = {"1 office": one, "pgbench": best["pgbench"] * scale}
    waits = {"p50 ms": said["p50"] * 1000, "p99 ms": said["p99"] * 1000}
    return [
        Row(f"{what}, 2 offices", "s", two, floor, two / floor, "INSERT+COMMIT", 4.0, peer),
        Row(f"{what}, 1 to 2 offices", "s", two, one, two / one, "1 office", 1.0, waits),
        Row(f"{what}: lost, doubled, out of order", "rows", wrong, 0, wrong, "none", 0.0),
    ]


def _outage(postgres: Postgres, name: str, offices: int) -> tuple[int, dict[str, Any]]:
    url = postgres.create(name)
    devices = [f"K{number:03d}" for number in range(TERMINALS)]
    with tempfile.TemporaryDirectory(prefix="kakanai-city-") as folder, ExitStack() as running:
        home = Path(folder) / "office"
        enrolled = [part for each in devices for part in ("--enrol", f"{each}:kiosk")]
        urls, pairings = [], {}
        for number in range(offices):
            more = enrolled if number == 0 else []
            office = _started(command(home, "--database", url, *more))
            running.callback(end, office)
            told = json.loads(office.stdout.readline())
            urls.append(told["url"])
            pairings |= told["pairings"]
        said = _come_back({"urls": urls, "pairings": pairings, "each": EACH})
    return _wrong(url, devices), said


def _started(command: list[str]) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def _come_back(who: dict[str, Any]) -> dict[str, Any]:
    crowd = _started([sys.executable, "-m", "tests.bench.crowd"])
    try:
        print(json.dumps(who), file=crowd.stdin, flush=True)
        assert crowd.stdout.readline().strip() == "paired"
        told, _ = crowd.communicate("go\n", timeout=600)
    finally:
        crowd.kill()
        crowd.wait()
    said = json.loads(told)
    assert said["heard"].get("201") == TERMINALS * EACH, said["heard"]
    return said


def _wrong(url: str, devices: list[str]) -> int:
    """Whatever is not there exactly once, in the order of its terminal."""
    with psycopg.connect(url) as base:
        rows = base.execute("SELECT device, sequence FROM submission ORDER BY arrival").fetchall()
    there: dict[str, list[int]] = {device: [] for device in devices}
    for device, sequence in rows:
        there[device].append(sequence)
    wanted = list(range(1, EACH + 1))
    return sum(
        len(set(wanted) ^ set(found)) + len(found) - len(set(found)) + (found != sorted(found))
        for found in there.values()
    )


def _bare(postgres: Postgres, turn: int) -> float:
    """As many INSERTs, each committed alone, by clients in the offices' own language."""
    url = postgres.create(f"bare{turn}")
    with psycopg.connect(url, autocommit=True) as base:
        base.execute("CREATE TABLE bare (place SERIAL PRIMARY KEY, body BYTEA)")
    half = [str(CONNECTIONS // 2), str(BARE // CONNECTIONS)]
    both = [_started([sys.executable, "-m", "tests.bench.bare", url, *half]) for _ in range(2)]
    try:
        for each in both:
            assert each.stdout.readline() == "ready\n"
        for each in both:
            print("go", file=each.stdin, flush=True)
        return max(float(each.communicate(timeout=300)[0]) for each in both)
    finally:
        for each in both:
            each.kill()
            each.wait()


def _pgbench(postgres: Postgres, turn: int) -> float:
    """The same from a client that costs next to nothing."""
    url = postgres.create(f"pgbench{turn}")
    with psycopg.connect(url, autocommit=True) as base:
        base.execute("CREATE TABLE bare (place SERIAL PRIMARY KEY, body BYTEA)")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO bare (body) VALUES ('\\x{BODY.hex()}');")  # noqa: S608
        script.flush()
        each = ["-t", str(BARE // CONNECTIONS), "-c", str(CONNECTIONS), "-j", "2"]
        pgbench = [str(BIN / "pgbench"), "-n", "-M", "prepared", "-f", script.name, *each, url]
        told = subprocess.run(pgbench, check=True, capture_output=True, text=True, timeout=300)
    (line,) = (one for one in told.stdout.splitlines() if one.startswith("tps"))
    return BARE / float(line.split()[2])
