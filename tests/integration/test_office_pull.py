"""Back offices that fetch for themselves: what goes to them, once, and who took it over."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from forms.envelope import canonical
from office.history import move, steps
from office.intake import Intake
from office.meters import Meters
from office.problems import ProblemError
from office.store import open_store
from tests.fakes.stores import Stores
from tests.integration.test_office import ENROLLED, NOW, Office, envelope, is_problem, running

TARGETS = """
targets:
  - {kind: pull, name: residents, device: B01, forms: [juminhyo]}
  - {kind: pull, name: tax, device: B02, forms: [zei-shomei]}
"""
BACK_OFFICES = ("--enrol", "B01:backoffice", "--enrol", "B02:backoffice")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pull")


@pytest.fixture(scope="module")
def office(home: Path, stores: Stores) -> Iterator[Office]:
    file = home / "relays.yaml"
    file.write_text(TARGETS, "utf-8")
    where = (*stores.arguments(home), "--relays", str(file))
    with running(home, *where, *ENROLLED, *BACK_OFFICES) as started:
        yield started


def listed(office: Office, device: str) -> list[str]:
    page = office.call("GET", "/v1/submissions", device).json
    return [item["id"] for item in page["items"]]


def test_each_back_office_sees_what_goes_to_it_and_takes_over_that_alone(
    office: Office, home: Path, stores: Stores
) -> None:
    mine, theirs = envelope(), replace(envelope(), form="zei-shomei")
    for each in (mine, theirs):
        assert office.put(each).status == 201
    assert listed(office, "B01") == [str(mine.id)]
    assert listed(office, "B02") == [str(theirs.id)]
    assert listed(office, "C01") == [str(mine.id), str(theirs.id)]
    path = f"/v1/submissions/{mine.id}/ack"
    assert is_problem(office.call("POST", path, "B02"), 404, "unknown")
    for _ in range(2):
        answer = office.call("POST", path, "B01")
        assert (answer.status, answer.json["state"]) == (200, "acknowledged")
    history = office.call("GET", f"/v1/submissions/{mine.id}").json["history"]
    told = [(each["state"], each["by"]) for each in history]
    assert told == [("received", "K01"), ("acknowledged", "residents")]
    engine = open_store(stores.at(home))
    with engine.connect() as look:
        rows = look.execute(text("SELECT target, state FROM handover ORDER BY place")).all()
    engine.dispose()
    assert rows == [("residents", "acknowledged"), ("tax", "waiting")]
    assert (
        'kakanai_handovers{target="tax",state="waiting"} 1'
        in office.call("GET", "/metrics", "").text
    )


def test_a_back_office_learns_nothing_of_what_goes_to_another(office: Office) -> None:
    sent = replace(envelope(), form="zei-shomei")
    assert office.put(sent).status == 201
    path = f"/v1/submissions/{sent.id}"
    assert office.call("GET", path, "B02").json["state"] == "received"
    assert is_problem(office.call("GET", path, "B01"), 404, "unknown")


def test_a_state_never_goes_back_and_what_is_said_twice_is_noted_once(engine: Engine) -> None:
    sent = envelope()
    intake = Intake(engine, lambda: NOW, Meters(), lambda *_: False)
    intake.put(sent.id, "K01", canonical(sent)).result(timeout=10)
    intake.close()
    told = [
        ("forwarded", "A", "forwarded"),
        ("forwarded", "A", "forwarded"),
        ("acknowledged", "A", "acknowledged"),
        ("forwarded", "B", "acknowledged"),  # noted, and A's word stands
        ("questioned", "B", "questioned"),
        ("acknowledged", "B", "acknowledged"),
        ("done", "A", "done"),
        ("questioned", "B", "done"),
        ("received", "A", "done"),
        ("stopped", "A", "done"),
    ]
    with Session(engine) as session, session.begin():
        for state, by, stands in told:
            assert move(session, str(sent.id), state, by, "x" * 500, NOW).state == stands
        noted = [(each["state"], each["by"]) for each in steps(session, str(sent.id))[1:]]
        assert noted == [(told[n][0], told[n][1]) for n in (0, 2, 3, 4, 5, 6)]
        with pytest.raises(ProblemError, match="No such submission"):
            move(session, "nobody", "done", "A", "", NOW)
