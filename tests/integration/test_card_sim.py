"""`kakanai card-sim` puts a card behind a real pcscd, and says what became of it."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

from tests.fakes import pcscd as stack

pytestmark = pytest.mark.skipif(bool(stack.missing()), reason=f"needs {stack.missing()}")
ROOT = Path(__file__).resolve().parents[2]


class Simulator:
    """The program as a process, told what to do line by line."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "kiosk", "card-sim", "--home", str(home)),
                *("--until-stdin-closes", *arguments),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.first = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()

    def tell(self, line: str) -> dict:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        return json.loads(self.process.stdout.readline())


def card(pcscd: stack.Pcscd, *arguments: str, stdin: str = "") -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "card", "--json", "--wait", "5", *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=pcscd.environment(),
    )
    return json.loads(done.stdout)


def test_the_command_reads_the_simulator_behind_a_real_card_service(tmp_path):
    with Simulator(tmp_path, "--card", "plane2") as sim:
        assert sim.first["card"] == "plane2"
        with stack.private_pcscd(tmp_path / "stack", [sim.first["reader_conf"]]) as pcscd:
            trust = ["--trust", sim.first["trust"]]
            told = card(pcscd, *trust, "--pin-stdin", stdin="1234\n")
            assert told["attributes"]["name"] == "𠮷野　𣘺一"
            assert set(told["checked"].values()) == {"good", "not-checked"}
            untrusting = card(pcscd, "--pin-stdin", stdin="1234\n")
            assert untrusting["checked"]["issuer"] == "unknown"
            after = sim.tell("status")
            assert (after["verified"], after["wasted"]) == ([], 0)
            sim.tell("remove")
            time.sleep(1.0)
            sim.tell("insert p3")
            wrong = card(pcscd, *trust, "--pin-stdin", "--last-try", stdin="9999\n")
            assert wrong["error"]["code"] == "pin-blocked"
            assert sim.tell("status")["tries"]["text"] == 0
            assert sim.tell("insert nobody")["error"]["code"] == "usage"


def test_the_keys_of_its_issuers_stay_the_same_and_are_for_us_alone(tmp_path):
    with Simulator(tmp_path) as sim:
        first = Path(sim.first["trust"]).read_text()
    with Simulator(tmp_path) as sim:
        assert Path(sim.first["trust"]).read_text() == first
    keys = list((tmp_path / "card-sim" / "keys").glob("*.pem"))
    assert keys
    assert all(key.stat().st_mode & 0o777 == 0o600 for key in keys)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["--card", "nobody"], "p1"), (["--vpcd", "here"], "HOST:PORT"), (["--vpcd", ":9"], "pcscd")],
)
def test_what_cannot_be_simulated_is_one_clear_line(tmp_path, arguments, named):
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "card-sim", "--home", str(tmp_path), *arguments],
        cwd=ROOT,
        input="",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
