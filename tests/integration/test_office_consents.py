"""The office's memory of what people agreed to, on both engines: the last word counts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
import requests

from forms.envelope import Envelope, canonical, new_id
from forms.purposes import Purpose
from office.consents import Consents, ConsentTold
from tests.fakes.envelopes import NAME, envelope
from tests.fakes.paired import Started, office_running
from tests.fakes.postgres import postgres
from tests.integration.test_office import WATANABE

NOW = datetime.now(UTC)
PURPOSE = "disaster-care"
ROLES = ("K01:kiosk", "K02:kiosk", "C01:counter")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def office(request, tmp_path_factory) -> Iterator[Started]:
    home = tmp_path_factory.mktemp("office")
    enrolled = [part for role in ROLES for part in ("--enrol", role)]
    if request.param == "sqlite":
        with office_running(home, *enrolled) as started:
            yield started
        return
    with postgres() as url, office_running(home, *enrolled, "--database", url) as started:
        yield started


@pytest.fixture
def person(request) -> str:
    return sha256(request.node.nodeid.encode()).hexdigest()


class Clerk:
    """Somebody with a line to the office."""

    numbers = 0

    def __init__(self, office: Started) -> None:
        self._office = office

    def call(self, method, path, device="K01", **arguments):
        headers = self._office.devices.header(device) | arguments.pop("headers", {})
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, self._office.url + path, headers=headers, timeout=20, **arguments
            )

    def say(self, person, state, *, after=0, device="K01", record=None, more=()):
        told = {"person": person, "purpose": PURPOSE, "notice": "2026-11", "state": state}
        told |= {"at": (NOW + timedelta(seconds=after)).isoformat(), **dict(more)}
        return self.call("PUT", f"/v1/consents/{record or fresh()}", device, json=told)

    def standing(self, person, device="K01"):
        answer = self.call("GET", f"/v1/persons/{person}/consents", device)
        assert answer.status_code == 200
        return {each["purpose"]: each["state"] for each in answer.json()["standing"]}

    def share(self, person, device="K01", purpose=PURPOSE):
        made = share(person, device, purpose)
        answer = self.call("PUT", f"/v1/submissions/{made.id}", device, data=canonical(made))
        return str(made.id), answer

    def state(self, submission):
        return self.call("GET", f"/v1/submissions/{submission}", "C01").json()["state"]


@pytest.fixture
def clerk(office) -> Clerk:
    return Clerk(office)


def fresh() -> UUID:
    Clerk.numbers += 1
    return new_id(NOW, Clerk.numbers.to_bytes(10, "big"))


def share(person, device, purpose) -> Envelope:
    one, parent = fresh(), fresh()
    return envelope(
        Clerk.numbers, device, id=one, form="risai", parent=parent, purpose=purpose, person=person
    )


def test_a_word_comes_in_once_and_another_under_its_id_is_refused(clerk, person):
    one = fresh()
    said = [clerk.say(person, state, record=one) for state in ("given", "given", "withdrawn")]
    assert [answer.status_code for answer in said] == [201, 200, 409]
    assert clerk.standing(person) == {PURPOSE: "given"}


def test_what_another_terminal_says_counts_everywhere(clerk, person):
    clerk.say(person, "given")
    clerk.say(person, "withdrawn", after=1, device="K02")
    assert clerk.standing(person) == {PURPOSE: "withdrawn"}


def test_a_word_that_is_told_late_overrules_nothing_newer(clerk, person):
    clerk.say(person, "withdrawn", device="K02", after=-10)
    clerk.say(person, "given", after=-600)
    assert clerk.standing(person) == {PURPOSE: "withdrawn"}


def test_a_clock_that_is_ahead_gains_nothing(clerk, person):
    clerk.say(person, "given", after=86_400)
    later = datetime.now(UTC) + timedelta(milliseconds=1)
    clerk.say(person, "withdrawn", more={"at": later.isoformat()})
    assert clerk.standing(person) == {PURPOSE: "withdrawn"}


def test_a_yes_ends_with_its_term(clerk, person):
    clerk.say(person, "given", after=-86_400 * 800)
    assert clerk.standing(person) == {PURPOSE: "expired"}
    assert clerk.share(person)[1].json()["state"] == "stopped"


def test_a_share_with_a_yes_comes_in_and_lies_there(clerk, person):
    clerk.say(person, "given")
    one, answer = clerk.share(person)
    assert (answer.status_code, answer.json()["state"]) == (201, "received")
    clerk.say(person, "withdrawn", after=1)
    assert clerk.state(one) == "stopped"
    assert clerk.share(person)[1].json()["state"] == "stopped"


@pytest.mark.parametrize(
    ("words", "purpose"), [((), PURPOSE), (("refused",), PURPOSE), (("given",), "no-such-purpose")]
)
def test_a_share_without_a_yes_is_stored_without_its_content(clerk, person, words, purpose):
    for word in words:
        clerk.say(person, word)
    one, answer = clerk.share(person, purpose=purpose)
    assert (answer.status_code, answer.json()["state"]) == (201, "stopped")
    held = clerk.call("GET", f"/v1/persons/{person}", "C01").json()["submissions"]
    assert [(each["id"], each["state"], each["envelope"]) for each in held] == [
        (one, "stopped", None)
    ]


def test_another_persons_yes_lets_nothing_through(clerk, person):
    clerk.say(person, "given")
    assert clerk.share("0" * 64)[1].json()["state"] == "stopped"


def test_another_persons_no_stops_nothing(clerk, person):
    clerk.say(person, "given")
    one, _ = clerk.share(person)
    clerk.say("1" * 64, "withdrawn")
    assert clerk.state(one) == "received"


def test_the_same_share_again_is_the_same_though_its_content_is_gone(clerk, person):
    made = share(person, "K01", PURPOSE)
    path = f"/v1/submissions/{made.id}"
    first = clerk.call("PUT", path, data=canonical(made))
    again = clerk.call("PUT", path, data=canonical(made))
    assert (first.status_code, again.status_code) == (201, 200)
    other = replace(made, content={})
    assert clerk.call("PUT", path, data=canonical(other)).status_code == 409


def test_everything_that_is_held_is_given_to_a_counter_and_to_no_kiosk(clerk, person):
    clerk.say(person, "given")
    one, _ = clerk.share(person)
    assert clerk.call("GET", f"/v1/persons/{person}").status_code == 403
    held = clerk.call("GET", f"/v1/persons/{person}", "C01").json()
    (found,) = held["submissions"]
    assert (found["id"], found["purpose"]) == (one, PURPOSE)
    assert found["envelope"]["A票"]["申請者"]["氏名"] == NAME
    assert [step["state"] for step in found["history"]] == ["received"]
    assert [item["state"] for item in held["consents"]["items"]] == ["given"]


def test_of_a_stranger_nothing_is_held(clerk):
    held = clerk.call("GET", f"/v1/persons/{'2' * 64}", "C01").json()
    assert held["submissions"] == held["consents"]["items"] == held["consents"]["standing"] == []


@pytest.mark.parametrize(
    "odd",
    [
        {"person": "x"},
        {"person": NAME},
        {"purpose": "No Purpose"},
        {"notice": "\0"},
        {"state": "expired"},
        {"at": "2026-11-21T10:00:00"},
        {"name": NAME},
    ],
)
def test_what_is_no_record_is_refused_and_not_repeated(clerk, person, odd):
    answer = clerk.say(person, "given", more=odd)
    assert answer.status_code == 422
    assert NAME not in json.dumps(answer.json(), ensure_ascii=False)
    assert clerk.standing(person) == {}


def test_whom_the_office_does_not_know_is_told_nothing(office):
    for path in ("/v1/persons/{0}/consents", "/v1/persons/{0}"):
        answer = requests.get(office.url + path.format("2" * 64), timeout=20)
        assert answer.status_code == 401


def test_the_papers_that_somebody_was_given_are_part_of_what_is_held(clerk, person):
    one, other = (
        envelope(Clerk.numbers, id=fresh(), person=person),
        envelope(Clerk.numbers, id=fresh(), person=person),
    )
    for each in (one, other):
        path = f"/v1/submissions/{each.id}"
        assert clerk.call("PUT", path, data=canonical(each)).status_code == 201
    order = {
        "submission": str(one.id),
        "type": "juminhyo",
        "subject": WATANABE,
        "options": {"kind": "household", "copies": 2},
    }
    headers = {"Idempotency-Key": f"{one.id}#1"}
    given = clerk.call("POST", "/v1/certificates", json=order, headers=headers).json()
    held = clerk.call("GET", f"/v1/persons/{person}", "C01").json()["submissions"]
    papers = [[paper["number"] for paper in each["certificates"]] for each in held]
    assert papers == [given["numbers"], []]


def test_a_clock_of_the_office_that_was_set_back_lets_no_yes_outlive_a_no(engine, person):
    """What was heard later was said later than what was heard before it, at the earliest."""
    now = [NOW]
    purpose = Purpose(id=PURPOSE, forms=("risai",), shares=("name",), notice="2026-11", months=6)
    consents = Consents(engine, (purpose,), lambda: now[0])

    def say(state, at):
        told = {"person": person, "purpose": PURPOSE, "notice": "2026-11", "state": state}
        consents.put(fresh(), ConsentTold(**told, at=at), "K01")
        return consents.allowed(person, PURPOSE)

    assert say("given", NOW)
    now[0] = NOW - timedelta(days=1)
    assert not say("withdrawn", NOW + timedelta(minutes=1))
    now[0] = NOW + timedelta(minutes=2)
    assert say("given", now[0])
