"""From a terminal through a running office to the systems behind it, and back to the receipt."""

import json
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from forms.envelope import canonical, from_json, new_id
from tests.fakes.handing import NOW, example
from tests.fakes.paired import office_running

ROOT = Path(__file__).resolve().parents[2]
RELAYS = """
targets:
  - name: files
    kind: csv-drop
    forms: [juminhyo]
    folder: out
    layout: layout.yaml
    every: 0
    ack: {folder: back}
  - {name: juki, kind: pull, forms: [juminhyo], device: B01}
  - {name: zei, kind: pull, forms: [zei-shomei], device: B02}
  - {name: water, kind: csv-drop, purposes: [disaster-water], folder: water, layout: layout.yaml}
"""
LAYOUT = (
    "encoding: cp932\ncolumns: [{name: 番号, from: receipt}, {name: 氏名, from: A票.申請者.氏名}]\n"
)
ENROLLED = [f"--enrol={each}" for each in ("K01:kiosk", "B01:backoffice", "B02:backoffice")]


class City:
    def __init__(self, started, home):
        self.started, self.home, self.sequence = started, home, 0
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method, path, device="K01", **more):
        headers = self.started.devices.header(device)
        return self.session.request(
            method, self.started.url + path, headers=headers, timeout=10, **more
        )

    def submit(self, **changed):
        self.sequence += 1
        said = {"id": str(new_id(NOW, secrets.token_bytes(10))), "sequence": self.sequence}
        said["receipt"] = f"K01-{self.sequence:06d}"
        made = from_json(example(**said, **changed))
        answer = self.call("PUT", f"/v1/submissions/{made.id}", data=canonical(made))
        assert answer.status_code == 201, answer.text
        return str(made.id)

    def state(self, submission):
        return self.call("GET", f"/v1/submissions/{submission}").json()["state"]

    def relays(self, *arguments):
        command = [sys.executable, "-m", "office", "--home", str(self.home), "relays", *arguments]
        done = subprocess.run(
            [*command, "--relays", str(self.home / "relays.yaml"), "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return done.returncode, json.loads(done.stdout)


def eventually(holds):
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def running(home):
    with office_running(home, "--relays", str(home / "relays.yaml"), *ENROLLED) as started:
        city = City(started, home)
        yield city
        city.session.close()


@pytest.fixture
def home(tmp_path):
    for folder in ("out", "back", "water"):
        (tmp_path / folder).mkdir()
    (tmp_path / "relays.yaml").write_text(RELAYS)
    (tmp_path / "layout.yaml").write_text(LAYOUT)
    return tmp_path


def test_what_a_resident_hands_in_arrives_behind_the_office_and_its_answer_on_the_receipt(home):
    with running(home) as city:
        made = city.submit()
        eventually(lambda: list((home / "out").glob("*.end")))
        (table,) = (home / "out").glob("*.csv")
        assert table.read_bytes().decode("cp932").splitlines()[1] == "K01-000001,渡邉　一郎"
        assert city.state(made) == "forwarded"
        (home / "back" / f"{table.name}.ng").write_text("様式が違います")
        eventually(lambda: city.state(made) == "questioned")
        status, told = city.relays("list")
        assert (status, [row["state"] for row in told["rows"]]) == (0, ["questioned"])
        assert told["rows"][0]["last"]["answer"] == "様式が違います"
        assert city.relays("retry", made) == (0, {"again": 2})
        eventually(lambda: len(list((home / "out").glob("*.end"))) == 1)
        (table,) = (home / "out").glob("*.csv")
        (home / "back" / f"{table.name}.ok").touch()
        eventually(lambda: city.state(made) == "acknowledged")
        status, told = city.relays("show", made)
        states = [(step["state"], step["by"]) for step in told["history"]]
        assert states[1:] == [
            ("forwarded", "files"),
            ("questioned", "files"),
            ("forwarded", "files"),
            ("acknowledged", "files"),
        ]
        assert city.relays("retry", "nobody") == (1, {"again": 0})
        assert city.relays("show", "nobody")[0] == 1


def test_a_system_that_fetches_sees_what_goes_to_it_and_says_that_it_has_it(home):
    with running(home) as city:
        made = city.submit()
        items = city.call("GET", "/v1/submissions", "B01").json()["items"]
        assert [each["id"] for each in items] == [made]
        assert city.call("GET", "/v1/submissions", "B02").json()["items"] == []
        assert city.call("POST", f"/v1/submissions/{made}/ack", "B02").status_code == 404
        assert city.call("POST", f"/v1/submissions/{made}/ack", "B01").ok
        counts = {each["target"]: each["counts"] for each in city.relays("list")[1]["targets"]}
        assert counts["juki"] == {"acknowledged": 1}
        assert counts["zei"] == {}
        assert city.state(made) == "acknowledged"


def test_an_office_with_a_wrong_file_does_not_start_and_says_which_line(home):
    (home / "relays.yaml").write_text("targets:\n  - {name: a, kind: fax}\n")
    for verb in (["serve", "--port", "0"], ["relays", "check"]):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "office", "--home", str(home), *verb),
                *("--relays", str(home / "relays.yaml")),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 2
        assert "relays.yaml: line 2: " in done.stderr
        assert done.stderr.count("\n") == 1


def test_what_does_not_fit_is_one_json_value_and_status_one(home):
    (home / "layout.yaml").write_text("columns: [{name: x, from: B票.nothing}]\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "office", "--home", str(home), "relays", "check", "--json"),
            *("--relays", str(home / "relays.yaml")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["fits"]) == (1, False)
    assert {each["target"] for each in told["findings"] if not each["note"]} == {"files", "water"}
