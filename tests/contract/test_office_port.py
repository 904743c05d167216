"""What every office promises a terminal, asked of the practice one and of the real one."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from forms.envelope import Envelope, canonical, new_id
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.practice import PracticeOffice
from kiosk.errors import NotIssuableHere, OfficeUnreachable
from kiosk.ports.office import CertificateRequest, Office

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
REQUEST = CertificateRequest(
    None,
    "juminhyo",
    "渡邉　一郎",
    date(1980, 2, 17),
    "かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203",
    (("kind", "household"), ("relationship", True), ("domicile", False)),
)
PROTECTED = replace(
    REQUEST,
    name="鈴木　さくら",
    birth=date(1988, 4, 1),
    address="かかない県書蒼市栄町7番地",
)
SHOWN = {
    "name",
    "kana",
    "sex",
    "relationship",
    "birth",
    "became_resident",
}
numbers = count(1)


def envelope() -> Envelope:
    number = next(numbers)
    return Envelope(
        id=new_id(NOW, number.to_bytes(10, "big")),
        form="juminhyo",
        version="2026-11",
        receipt=f"K01-{number:06d}",
        device="K01",
        sequence=number,
        channel="kiosk",
        submitted=NOW,
        applicant={},
        content={},
        facts=(),
        fee=300,
        wants_certificate=True,
        parent=None,
    )


def key() -> str:
    return f"contract-key-{next(numbers):06d}"


class OfficeContract:
    """Subclasses say which office."""

    @pytest.fixture
    def office(self) -> Iterator[Office]:
        raise NotImplementedError

    def test_it_is_ready(self, office: Office) -> None:
        office.ready()

    def test_it_takes_a_submission_and_the_same_again(self, office: Office) -> None:
        sent = envelope()
        assert office.put(str(sent.id), canonical(sent)) is None
        assert office.put(str(sent.id), canonical(sent)) is None

    def test_a_certificate_shows_the_household(self, office: Office) -> None:
        data = office.certificate(REQUEST, key())
        assert data["number"]
        content = data["content"]
        assert content["type"] == "juminhyo"
        city = data["city"]
        assert (city["name"], city["mayor_title"]) == ("書蒼市", "書蒼市長　文字　守")
        assert (content["address"], content["head"]) == (REQUEST.address, REQUEST.name)
        assert date.fromisoformat(data["issued"])
        people = content["residents"]
        assert [person["name"] for person in people] == [
            "渡邉　一郎",
            "渡邉　由美子",
            "渡邉　結衣",
        ]
        for person in people:
            assert person.keys() >= SHOWN
            assert date.fromisoformat(person["birth"])
            assert date.fromisoformat(person["became_resident"])

    def test_a_certificate_of_a_person_shows_that_person_alone(self, office: Office) -> None:
        alone = replace(REQUEST, options=(("kind", "person"),))
        (person,) = office.certificate(alone, key())["content"]["residents"]
        assert person["name"] == REQUEST.name

    def test_the_same_key_gets_the_same_paper(self, office: Office) -> None:
        mine = key()
        first = office.certificate(REQUEST, mine)
        assert office.certificate(REQUEST, mine) == first
        assert office.certificate(REQUEST, key())["number"] != first["number"]

    def test_the_same_key_for_another_request_is_refused(self, office: Office) -> None:
        mine = key()
        office.certificate(REQUEST, mine)
        with pytest.raises(NotIssuableHere):
            office.certificate(replace(REQUEST, options=(("kind", "person"),)), mine)

    def test_a_paper_shows_what_it_is_to_show_and_no_more(self, office: Office) -> None:
        for person in office.certificate(REQUEST, key())["content"]["residents"]:
            assert {name for name, shown in person.items() if shown} == SHOWN

    @pytest.mark.parametrize(
        "request_",
        [
            PROTECTED,
            replace(REQUEST, name="居内　誰"),
            replace(REQUEST, birth=date(1980, 2, 18)),
            replace(REQUEST, address="かかない県書蒼市港町5番地"),
        ],
        ids=["protected", "another name", "another birth", "another address"],
    )
    def test_whoever_may_not_have_it_is_refused(
        self, office: Office, request_: CertificateRequest
    ) -> None:
        with pytest.raises(NotIssuableHere):
            office.certificate(request_, key())

    def test_a_refusal_uses_up_no_number(self, office: Office) -> None:
        def number() -> int:
            told = office.certificate(REQUEST, key())["number"]
            return int(told.rpartition("-")[2])

        first = number()
        with pytest.raises(NotIssuableHere):
            office.certificate(PROTECTED, key())
        assert number() == first + 1

    def test_an_outcome_can_be_told_again_and_to_nobody(self, office: Office) -> None:
        number = office.certificate(REQUEST, key())["number"]
        office.outcome(number, "printed")
        office.outcome(number, "printed")
        office.outcome("R0-999999", "abandoned")

    def test_the_list_ends(self, office: Office) -> None:
        cursor = None
        for _ in range(50):
            items, cursor = office.submissions(cursor)
            assert isinstance(items, list)
            if cursor is None:
                return
        raise AssertionError("the list has no end")


class TestPracticeOffice(OfficeContract):
    @pytest.fixture
    def office(self) -> Office:
        return PracticeOffice(ROOT / "resources" / "people" / "register.yaml", lambda: NOW)


@pytest.fixture(scope="module")
def next_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    home = tmp_path_factory.mktemp("office")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "office",
            "--home",
            str(home),
            "--port",
            "0",
            "--enrol",
            "K01:kiosk",
            "--enrol",
            "C01:counter",
            "--announce",
            "--until-stdin-closes",
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield said["url"], said["devices"]
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)
        process.stdout.close()


class Pair:
    """A kiosk's calls and a counter's list: no one device may do both."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self.kiosk, self.counter = HttpOffice(url, tokens["K01"]), HttpOffice(url, tokens["C01"])
        self.ready, self.put = self.kiosk.ready, self.kiosk.put
        self.certificate, self.outcome = self.kiosk.certificate, self.kiosk.outcome
        self.submissions = self.counter.submissions

    def close(self) -> None:
        for office in (self.kiosk, self.counter):
            office._session.close()


class TestHttpOffice(OfficeContract):
    @pytest.fixture
    def office(self, next_door: tuple[str, dict[str, str]]) -> Iterator[Office]:
        pair = Pair(*next_door)
        yield pair
        pair.close()

    def test_the_counter_sees_what_the_kiosk_put(self, office: Office) -> None:
        sent = envelope()
        office.put(str(sent.id), canonical(sent))
        items, _ = office.submissions(None)
        assert items[-1]["envelope"] == json.loads(canonical(sent))

    def test_a_refusal_of_a_body_comes_as_words(self, office: Office) -> None:
        words = office.put(str(envelope().id), b"{}")
        assert words
        assert "HTTP" not in words

    def test_a_list_that_is_not_for_us_is_a_fault_of_ours(self, office: Pair) -> None:
        with pytest.raises(OfficeUnreachable):
            office.kiosk.submissions(None)

    def test_an_office_that_is_away_is_unreachable_to_every_call(self) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
            away = HttpOffice(f"http://127.0.0.1:{nobody.getsockname()[1]}", "token")
            calls = (
                away.ready,
                lambda: away.put("x", b"{}"),
                lambda: away.certificate(REQUEST, key()),
                lambda: away.outcome("R8-000001", "printed"),
                lambda: away.submissions(None),
            )
            for call in calls:
                with pytest.raises(OfficeUnreachable):
                    call()
            away._session.close()

    def test_an_address_that_is_none_is_unreachable(self) -> None:
        nowhere = HttpOffice("not an address", "token")
        with pytest.raises(OfficeUnreachable):
            nowhere.ready()
        nowhere._session.close()

    def test_a_key_used_for_another_request_is_refused(self, office: Office) -> None:
        mine = key()
        office.certificate(REQUEST, mine)
        with pytest.raises(NotIssuableHere):
            office.certificate(replace(REQUEST, options=(("kind", "person"),)), mine)
