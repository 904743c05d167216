"""Workers that are killed at any moment, two at a time, over one PostgreSQL."""

import csv
import hashlib
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from office.app import now
from office.relays.port import Acknowledged, Later, Questioned, Taken
from office.store import open_store
from office.tables import HandoverTable, HistoryTable, SubmissionTable
from tests.fakes.backoffice import BackOffice, serving
from tests.fakes.handing import Handing
from tests.fakes.photos import photo, sha256, submit_with
from tests.fakes.postgres import postgres

ROOT = Path(__file__).resolve().parents[2]
SEED, KILLS, CHAINS, LONG = 20261121, 12, 60, 4
LAYOUT = """columns:
- {name: id, from: id}
- {name: receipt, from: receipt}
- {name: photos, from: attachments, join: ;}
"""


@pytest.fixture(scope="module")
def url():
    with postgres() as address:
        yield address


def emptied(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE submission, handover, history, attachment, piece"
        ).close()
    return engine


class Worker:
    """`office relays run` as a process."""

    def __init__(self, url, home):
        self.errors = (home / "errors").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "office", "--home", str(home), "--database", url),
                *("relays", "run", "--relays", str(home / "relays.yaml")),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )

    def ready(self):
        assert b"targets" in self.process.stdout.readline()

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.process.stdout.close()
        self.errors.close()


class Consumer(threading.Thread):
    """Takes every complete pair away at once, and remembers what was in it."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.rows, self.bad, self.pairs = folder, [], 0, 0
        self.photos = {}
        self.end = threading.Event()

    def run(self):
        while not self.end.is_set():
            self.take()
            time.sleep(0.01)
        self.take()

    def along(self, said):
        for each in said["attachments"]:
            path = self.folder / each["file"]
            there = path.read_bytes()
            self.bad += (len(there), sha256(there)) != (each["bytes"], each["sha256"])
            self.photos.setdefault(each["receipt"], set()).add(sha256(there))
            path.unlink()
        return {each["file"] for each in said["attachments"]}

    def take(self):
        for end in sorted(self.folder.glob("*.csv.end")):
            said = json.loads(end.read_text())
            content = (self.folder / said["file"]).read_bytes()
            whole = hashlib.sha256(content).hexdigest() == said["sha256"]
            rows = list(csv.reader(content.decode().splitlines()))[1:]
            self.bad += not whole or len(rows) != said["rows"] or len(content) != said["bytes"]
            self.bad += {n for row in rows for n in row[2].split(";") if n} != self.along(said)
            self.rows += [row[0] for row in rows]
            self.pairs += 1
            (self.folder / said["file"]).unlink()
            end.unlink()


@contextmanager
def working(url, home, chance, killed):
    """Two workers, one of which is killed every now and then."""
    end = threading.Event()

    def storm():
        workers = [Worker(url, home) for _ in range(2)]
        for worker in workers:
            worker.ready()
        while not end.wait(chance.uniform(0.05, 0.9)):
            if len(killed) >= KILLS:
                continue
            number = chance.randrange(2)
            workers[number].kill()
            killed.append(number)
            workers[number] = Worker(url, home)
            workers[number].ready()
        for worker in workers:
            worker.kill()

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(60)


def test_through_kills_and_failures_each_arrives_once_and_in_the_order_of_its_chain(url, tmp_path):
    chance = random.Random(SEED)  # noqa: S311 a story that can be told again
    drop = tmp_path / "drop"
    drop.mkdir()
    (tmp_path / "layout.yaml").write_text(LAYOUT)
    back, killed, chains, sent = BackOffice(), [], [], {}
    engine = emptied(open_store(url))
    handing = Handing(engine, now)
    consumer = Consumer(drop)
    with serving(back) as address:
        (tmp_path / "relays.yaml").write_text(
            "lease: 2\ntargets:\n"
            "- {name: files, kind: csv-drop, folder: drop, layout: layout.yaml,\n"
            "   every: 0, most: 3, attachments: along}\n"
            f"- {{name: calls, kind: rest, url: '{address}/in', timeout: 1,\n"
            "   attachments: along}\n"
        )
        troubles = ["cut before", "cut after", "half", (500,), (503, {"Retry-After": "0"}), (409,)]
        consumer.start()
        with working(url, tmp_path, chance, killed):
            for number in range(CHAINS):
                photos = [photo(400_000, 2 * number), photo(99, 2 * number + 1)]
                chain = [submit_with(handing, "files calls", photos)]
                sent[chain[0]] = {sha256(each) for each in photos}
                for _ in range(LONG - 1):
                    chain.append(handing.submit("files", "calls", parent=chain[-1]))
                    if chance.random() < 0.2:
                        back.script.append(chance.choice(troubles))
                chains.append(chain)
                time.sleep(chance.uniform(0, 0.05))
            until = time.monotonic() + 150
            while time.monotonic() < until:
                states = {*handing.states("files"), *handing.states("calls")}
                if states == {"forwarded"} and len(killed) >= KILLS:
                    break
                time.sleep(0.2)
    consumer.end.set()
    consumer.join(10)
    engine.dispose()
    everybody = {each for chain in chains for each in chain}
    assert len(killed) == KILLS
    assert consumer.bad == 0
    assert len(consumer.rows) == len(everybody)
    assert set(consumer.rows) == everybody
    keys = [key.strip('"') for key in back.done]
    done = [key for key in keys if key in everybody]
    assert sorted(map(sorted, consumer.photos.values())) == sorted(map(sorted, sent.values()))
    assert list(drop.glob("*.jpg")) == []
    for made, hashes in sent.items():
        assert {sha256(back.files[f"/in/attachments/{each}"]) for each in hashes} == hashes
        assert max(keys.index(f"{made}-{each}") for each in hashes) < keys.index(made)
    assert set(done) == everybody
    for chain in chains:
        assert sorted(chain, key=consumer.rows.index) == chain
        assert sorted(chain, key=done.index) == chain
    assert "渡邉" not in (tmp_path / "errors").read_text()
    print(f"{len(killed)} kills, {consumer.pairs} pairs, {len(back.calls)} calls")


def test_a_worker_killed_with_many_in_hand_leaves_each_once_and_in_order(url, tmp_path):
    back, engine = BackOffice(), emptied(open_store(url))
    handing = Handing(engine, now)
    chains = [[handing.submit("calls")] for _ in range(120)]
    for chain in chains:
        chain.append(handing.submit("calls", parent=chain[-1]))
    everybody = 2 * len(chains)
    with serving(back) as address:
        target = f"{{name: calls, kind: rest, url: '{address}/in', timeout: 2}}"
        (tmp_path / "relays.yaml").write_text(f"lease: 3\ntargets: [{target}]\n")
        for _ in range(3):
            enough = min(len(back.done) + 40, everybody)
            worked_until(lambda n=enough: len(back.done) >= n, url, tmp_path)
            time.sleep(3.1)
        over = ["forwarded"] * everybody
        worked_until(lambda: handing.states("calls") == over, url, tmp_path)
    engine.dispose()
    keys = [key.strip('"') for key in back.done]
    assert sorted(keys) == sorted(each for chain in chains for each in chain)
    assert all(keys.index(first) < keys.index(second) for first, second in chains)
    assert len(back.calls) > everybody, "nobody was killed with answers in hand"


def worked_until(true, url, home, seconds=150):
    """A worker that is killed at that moment."""
    worker, until = Worker(url, home), time.monotonic() + seconds
    try:
        worker.ready()
        while not true():
            assert time.monotonic() < until
            time.sleep(0.002)
    finally:
        worker.kill()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("claim", "companions", "answer", "half", "die", "pass", "submit", "correct")
        ),
        st.integers(0, 1),
        st.sampled_from(("taken", "acknowledged", "questioned", "later")),
    ),
    max_size=60,
)
ANSWERS = {
    "taken": Taken(),
    "acknowledged": Acknowledged(),
    "questioned": Questioned("no"),
    "later": Later("busy", 1.0),
}


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request, tmp_path_factory):
    where = (
        tmp_path_factory.mktemp("home") / "office.db"
        if request.param == "sqlite"
        else request.getfixturevalue("url")
    )
    opened = open_store(where)
    yield opened
    opened.dispose()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_two_workers_live_through_nobody_overtakes_and_nobody_is_lost(engine, steps):
    with engine.begin() as connection:
        for table in (SubmissionTable, HandoverTable, HistoryTable):
            connection.execute(delete(table))
    handing = Handing(engine)
    workers, held, last = [handing.queue, handing.another()], [[], []], [None]
    arrived, settled, parent = [], {}, {}

    def answer(number, kind, most=100):
        told = [(claim, ANSWERS[kind]) for claim in held[number][:most]]
        for claim in workers[number].note(told):
            if kind != "later":
                assert claim.parcel.id not in settled
                settled[claim.parcel.id] = kind
        workers[number].give_back(held[number][most:])
        held[number] = []

    def nobody_overtakes(number):
        for claim in held[number]:
            before = parent.get(claim.parcel.id)
            assert before is None or before in settled

    for step, number, kind in steps:
        match step:
            case "submit":
                last[0] = handing.submit("juki")
                arrived.append(last[0])
            case "correct" if last[0]:
                made = handing.submit("juki", parent=last[0])
                parent[made], last[0] = last[0], made
                arrived.append(made)
            case "claim" if not held[number]:
                held[number] = workers[number].claim("juki", 2)
                nobody_overtakes(number)
            case "companions" if not held[number]:
                held[number] = workers[number].claim_companions("juki", 4)
                nobody_overtakes(number)
            case "answer":
                answer(number, kind)
            case "half":
                answer(number, kind, 1)
            case "die":
                held[number] = []
            case "pass":
                handing.now.pass_(130)
    held[0], held[1] = [], []
    for _ in range(len(arrived) + 1):
        handing.now.pass_(1000)
        held[0] = workers[0].claim("juki", 100)
        answer(0, "taken")
    assert set(settled) == set(arrived)
