"""A city after an outage: every terminal back at once, before offices over one PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.measure import ROOT, Row
from tests.bench.queueing import BODY
from tests.fakes.paired import command, end
from tests.fakes.postgres import BIN, Postgres, server

TERMINALS, EACH = 500, 40
TOTAL, FEW, MOST_CONNECTIONS = TERMINALS * EACH, 16, 600
ROUNDS = 3
_HERTZ = os.sysconf("SC_CLK_TCK")
Told = dict[str, float]
Process = "subprocess.Popen[str]"


def city() -> list[Row]:
    """Seconds until everything lies there, beside INSERT and COMMIT from as many connections.

    The floor of a step is the quicker of two clients, psycopg in two processes and pgbench, and
    opens its connections where ours dial and prove themselves: no part of it is slow on purpose.
    """
    runs: dict[str, list[Told]] = defaultdict(list)
    with server(MOST_CONNECTIONS) as postgres:
        for turn in range(ROUNDS):
            for lines in (FEW, TERMINALS):
                runs[f"psycopg, {lines}"].append(_bare(postgres, f"bare{turn}{lines}", lines))
                runs[f"pgbench, {lines}"].append(_pgbench(postgres, f"pgbench{turn}{lines}", lines))
            for offices in (1, 2):
                runs[f"{offices}"].append(_outage(postgres, f"city{turn}{offices}", offices))
    wrong = sum(each["wrong"] for offices in ("1", "2") for each in runs[offices])
    return _rows({name: _best(some) for name, some in runs.items()}, wrong)


def _best(some: list[Told]) -> Told:
    return {name: min(each[name] for each in some) for name in some[0]}


def _rows(best: dict[str, Told], wrong: float) -> list[Row]:
    one, two = best.pop("1"), best.pop("2")
    many = [told for name, told in best.items() if name.endswith(f" {TERMINALS}")]
    put, whole = (min(told[step] for told in many) for step in ("putting", "whole"))
    what, bare = f"{TERMINALS} terminals x {EACH}", f"INSERT+COMMIT, {TERMINALS} connections"
    peers = {name: told["putting"] for name, told in best.items()}
    peers |= {"office CPU ms a PUT": two["busy"] * 1000 / TOTAL, "crowd CPU s": two["crowd"]}
    opened = {name: told["whole"] for name, told in best.items()}
    opened |= {"sessions": two["opening"], "connections": min(told["opening"] for told in many)}
    waits = {f"{name} ms": two[name] * 1000 for name in ("p50", "p99")}
    ours, all_of_it, alone = two["putting"], two["whole"], one["putting"]
    return [
        Row(f"{what}, 2 offices, sessions open", "s", ours, put, ours / put, bare, 4.0, peers),
        Row(
            *(f"{what}, 2 offices, from the first dial on", "s", all_of_it, whole),
            *(all_of_it / whole, f"connecting, {bare}", 4.0, opened),
        ),
        Row(f"{what}, 1 to 2 offices", "s", ours, alone, ours / alone, "1 office", 1.0, waits),
        Row(f"{what}: lost, doubled, out of order", "rows", wrong, 0, wrong, "none", 0.0),
    ]


def _outage(postgres: Postgres, name: str, offices: int) -> Told:
    url = postgres.create(name)
    devices = [f"K{number:03d}" for number in range(TERMINALS)]
    with tempfile.TemporaryDirectory(prefix="kakanai-city-") as folder, ExitStack() as running:
        home = Path(folder) / "office"
        enrolled = [part for each in devices for part in ("--enrol", f"{each}:kiosk")]
        urls, pairings, processes = [], {}, []
        for number in range(offices):
            more = enrolled if number == 0 else []
            office = _started(command(home, "--database", url, *more))
            running.callback(end, office)
            processes.append(office)
            told = json.loads(office.stdout.readline())
            urls.append(told["url"])
            pairings |= told["pairings"]
        came = _come_back({"urls": urls, "pairings": pairings, "each": EACH}, processes)
    return came | {"wrong": _wrong(url, devices)}


def _come_back(who: dict[str, Any], offices: Sequence[Process]) -> Told:
    with _stepping([["tests.bench.crowd", json.dumps(who)]]) as crowd:
        opening = _step(crowd)
        before = _cpu(offices)
        putting = _step(crowd)
        busy = _cpu(offices) - before
        said = json.loads(crowd[0].stdout.readline())
    assert said["heard"].get("201") == TOTAL, said["heard"]
    times = {"opening": opening, "putting": putting, "whole": opening + putting, "busy": busy}
    return times | {name: said[name] for name in ("crowd", "p50", "p99")}


def _cpu(processes: Sequence[Process]) -> float:
    """Seconds of a processor that they have used."""
    ticks = 0
    for each in processes:
        fields = Path(f"/proc/{each.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _HERTZ


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


def _table(postgres: Postgres, name: str) -> str:
    url = postgres.create(name)
    with psycopg.connect(url, autocommit=True) as base:
        base.execute("CREATE TABLE bare (place SERIAL PRIMARY KEY, body BYTEA)")
    return url


def _bare(postgres: Postgres, name: str, lines: int) -> Told:
    """As many INSERTs, each committed alone, by clients in the offices' own language."""
    half = ["tests.bench.bare", _table(postgres, name), str(lines // 2), str(TOTAL // lines)]
    with _stepping([half, half]) as both:
        opening, putting = _step(both), _step(both)
    return {"opening": opening, "putting": putting, "whole": opening + putting}


def _pgbench(postgres: Postgres, name: str, lines: int) -> Told:
    """The same from a client that costs next to nothing."""
    url = _table(postgres, name)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO bare (body) VALUES ('\\x{BODY.hex()}');")  # noqa: S608
        script.flush()
        each = ["-t", str(TOTAL // lines), "-c", str(lines), "-j", "2"]
        pgbench = [str(BIN / "pgbench"), "-n", "-M", "prepared", "-f", script.name, *each, url]
        told = subprocess.run(pgbench, check=True, capture_output=True, text=True, timeout=300)
    said = dict(line.partition(" = ")[::2] for line in told.stdout.splitlines())
    opening = float(said["initial connection time"].split()[0]) / 1000
    putting = TOTAL / float(said["tps"].split()[0])
    return {"opening": opening, "putting": putting, "whole": opening + putting}


@contextmanager
def _stepping(modules: Sequence[Sequence[str]]) -> Iterator[list[Process]]:
    """Processes that say they are ready, and then go on only when they are told to."""
    started = [_started([sys.executable, "-m", *each]) for each in modules]
    try:
        for each in started:
            assert each.stdout.readline() == "ready\n"
        yield started
    finally:
        for each in started:
            each.kill()
            each.wait()


def _step(processes: Sequence[Process]) -> float:
    """The next step of all of them together, until the last is done."""
    for each in processes:
        print("go", file=each.stdin, flush=True)
    return max(float(each.stdout.readline()) for each in processes)


def _started(command: list[str]) -> Process:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
