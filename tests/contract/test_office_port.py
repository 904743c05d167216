"""What every office promises a terminal, asked of the practice one and of the real one."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest

from forms.envelope import Envelope, canonical
from forms.envelope import digest as envelope_digest
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.practice import PracticeOffice
from kiosk.errors import NotIssuableHere, OfficeUnreachable
from kiosk.ports.office import CertificateRequest, Delivered, Later, Lies, Office, Refused
from printing.answers import certificate_from, content_from, words_of
from printing.proof.seal import digest, read
from printing.proof.trust import read_trust
from tests.fakes import envelopes
from tests.fakes.envelopes import NOW
from tests.fakes.paired import Devices, Started, office_running

PEOPLE = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
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
OFTEN = {"moved_in", "former_name"}  # on every copy of whoever has one
# every certificate that can be had, with the name its content goes by
PAPERS = {
    "juminhyo": ("juminhyo", {"kind": "household"}),
    "kisai": ("juminhyo", {"kind": "entries"}),
    "inkan": ("inkan-shomei", {}),
    "shotoku": ("zei-shomei", {"kind": "income-tax", "years": [{"year": "2026"}]}),
    "nozei": ("zei-shomei", {"kind": "no-arrears"}),
    "koseki": ("koseki", {"kind": "full"}),
    "fuhyo": ("koseki", {"kind": "fuhyo"}),
    "juri": ("koseki", {"kind": "juri", "notice_kind": "birth", "notice_date": "2015-03-27"}),
    "risai": ("risai", {"disaster": "quake-2026-11"}),
}
OF_A_KIOSK = {"juminhyo", "inkan", "shotoku", "koseki", "fuhyo", "risai"}
numbers = count(1)


def envelope() -> Envelope:
    return envelopes.envelope(next(numbers))


def ordered(name: str, **more: object) -> CertificateRequest:
    form, options = PAPERS[name]
    return replace(REQUEST, type=form, options=tuple({**options, **more}.items()))


def key() -> str:
    return f"contract-key-{next(numbers):06d}"


class OfficeContract:
    """Subclasses say which office."""

    @pytest.fixture
    def office(self) -> Iterator[Office]:
        raise NotImplementedError

    @pytest.fixture
    def kiosk(self) -> Iterator[Office]:
        raise NotImplementedError

    def test_it_is_ready(self, office: Office) -> None:
        office.ready()

    def test_it_takes_a_submission_and_the_same_again(self, office: Office) -> None:
        sent = envelope()
        assert office.submission(str(sent.id)) is None
        assert office.put(str(sent.id), canonical(sent)) == Delivered()
        assert office.put(str(sent.id), canonical(sent)) == Delivered()
        there = office.submission(str(sent.id))
        assert there
        assert there["sha256"] == envelope_digest(canonical(sent))

    def test_another_body_under_the_same_id_is_refused(self, office: Office) -> None:
        sent = envelope()
        office.put(str(sent.id), canonical(sent))
        other = canonical(replace(sent, fee=9))
        assert isinstance(office.put(str(sent.id), other), Refused)
        there = office.submission(str(sent.id))
        assert there
        assert there["sha256"] == envelope_digest(canonical(sent))

    def test_a_photo_comes_in_pieces_after_its_form(self, office: Office) -> None:
        content = bytes(range(256)) * 40
        sha256 = envelope_digest(content)
        photo = {"name": "a.jpg", "type": "image/jpeg", "size": len(content), "sha256": sha256}
        sent = replace(envelope(), content={"photos": [photo]})
        assert office.put(str(sent.id), canonical(sent)) == Delivered()
        first = office.attach(str(sent.id), sha256, 0, content[:6000])
        assert isinstance(first, Lies)
        assert first.have == 6000
        assert office.attach(str(sent.id), sha256, 6000, content[6000:]) == Lies(10240, whole=True)
        assert isinstance(office.attach(str(sent.id), sha256, 6000, content[6000:]), Lies)

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
            assert {name for name, shown in person.items() if shown} - OFTEN == SHOWN

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

    @pytest.mark.parametrize("name", PAPERS)
    def test_every_certificate_can_be_had(self, office: Office, name: str) -> None:
        data = office.certificate(ordered(name), key())
        assert (data["type"], data["content"]["type"]) == (name, name)
        assert content_from(data["content"])
        assert certificate_from(data).number == data["number"]

    @pytest.mark.parametrize("name", PAPERS)
    def test_a_kiosk_gets_what_needs_no_clerk(self, kiosk: Office, name: str) -> None:
        if name in OF_A_KIOSK:
            assert kiosk.certificate(ordered(name), key())["type"] == name
        else:
            with pytest.raises(NotIssuableHere):
                kiosk.certificate(ordered(name), key())

    @pytest.mark.parametrize("name", PAPERS)
    def test_a_protected_person_gets_none_of_them(self, office: Office, name: str) -> None:
        form, options = PAPERS[name]
        with pytest.raises(NotIssuableHere):
            office.certificate(replace(PROTECTED, type=form, options=tuple(options.items())), key())

    def test_every_sheet_set_has_a_number_and_a_seal_of_its_own(self, office: Office) -> None:
        data = office.certificate(ordered("koseki", copies=3), key())
        numbers, seals = data["numbers"], data["seals"]
        assert len(set(numbers)) == 3
        assert len(set(seals)) == 3
        assert (data["number"], data["seal"]) == (numbers[0], seals[0])
        assert all(seal.startswith("KKC1:") for seal in seals)
        (paper,) = data["papers"]
        assert paper == {"content": data["content"], "numbers": numbers, "seals": seals}

    def test_every_tax_year_is_a_paper_with_numbers_of_its_own(self, office: Office) -> None:
        years = [{"year": "2026", "copies": 2}, {"year": "2025"}]
        data = office.certificate(ordered("shotoku", years=years), key())
        told = [(p["content"]["fiscal_year"], len(p["numbers"])) for p in data["papers"]]
        assert told == [(2026, 2), (2025, 1)]
        assert [n for paper in data["papers"] for n in paper["numbers"]] == data["numbers"]
        assert len(set(data["numbers"])) == 3

    def test_an_outcome_can_be_told_again_and_no_other_after_it(self, office: Office) -> None:
        printed, spoiled = office.certificate(ordered("koseki", copies=2), key())["numbers"]
        assert office.outcome(printed, "printed") is None
        assert office.outcome(printed, "printed") is None
        assert office.outcome(printed, "abandoned")
        assert office.outcome(spoiled, "spoiled") is None
        assert [office.standing(n)["state"] for n in (printed, spoiled)] == ["printed", "spoiled"]

    def test_an_outcome_of_no_number_is_refused_in_words(self, office: Office) -> None:
        for number in ("R0-999999", "", "../../readyz", "R8-000001?x=1", "号"):
            words = office.outcome(number, "abandoned")
            assert words
            assert "HTTP" not in words

    def test_an_order_that_was_accounted_for_is_not_answered_again(self, office: Office) -> None:
        mine = key()
        numbers = office.certificate(ordered("koseki", copies=2), mine)["numbers"]
        office.outcome(numbers[1], "spoiled")
        with pytest.raises(NotIssuableHere):
            office.certificate(ordered("koseki", copies=2), mine)

    def test_what_a_number_stands_for_is_told_and_of_no_number_nothing(
        self, office: Office
    ) -> None:
        data = office.certificate(ordered("inkan", copies=2), key())
        number, other = data["numbers"]
        day = office.standing(number)["issued"]
        said = digest(words_of(certificate_from(data))).hex()
        known = {"number": number, "type": "inkan", "issued": day, "digest": said}
        assert office.standing(number) == {**known, "state": "issued", "stands": True}
        office.outcome(number, "printed")
        assert office.standing(number) == {**known, "state": "printed", "stands": True}
        office.outcome(other, "abandoned")
        assert office.standing(other)["stands"] is False
        assert office.standing(other)["digest"] != said
        for none in ("R0-999999", "X-999999", "..", "号"):
            assert office.standing(none) is None

    def test_a_day_tells_every_number_and_nobodys_name(self, office: Office) -> None:
        data = office.certificate(ordered("koseki", copies=2), key())
        office.outcome(data["numbers"][0], "printed")
        rows = office.day(date.fromisoformat(data["issued"]))
        mine = [row for row in rows if row["number"] in data["numbers"]]
        assert [(row["outcome"], row["told"] is None) for row in mine] == [
            ("printed", False), ("issued", True),
        ]  # fmt: skip
        names = {"number", "type", "issued", "state", "stands", "outcome", "device", "at", "told"}
        names |= {"remark"}
        assert {frozenset(row) for row in rows} == {frozenset(names)}
        assert datetime.fromisoformat(mine[0]["at"]).date().isoformat() == data["issued"]
        assert "渡邉" not in json.dumps(rows, ensure_ascii=False)
        assert office.day(date(2020, 2, 2)) == []

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
        return PracticeOffice(PEOPLE, lambda: NOW, by="counter")

    @pytest.fixture
    def kiosk(self) -> Office:
        return PracticeOffice(PEOPLE, lambda: NOW)


@pytest.fixture(scope="module")
def next_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    home = tmp_path_factory.mktemp("office")
    with office_running(home, "--enrol", "K01:kiosk", "--enrol", "C01:counter") as started:
        yield started


class Pair:
    """A kiosk's submissions and a counter's papers: no one device may do both."""

    def __init__(self, devices: Devices) -> None:
        self.kiosk, self.counter = devices.office("K01"), devices.office("C01")
        self.ready, self.put = self.kiosk.ready, self.kiosk.put
        self.submission, self.attach = self.kiosk.submission, self.kiosk.attach
        self.certificate, self.outcome = self.counter.certificate, self.counter.outcome
        self.standing, self.day = self.counter.standing, self.counter.day
        self.submissions = self.counter.submissions

    def close(self) -> None:
        for office in (self.kiosk, self.counter):
            office.close()


class TestHttpOffice(OfficeContract):
    @pytest.fixture
    def office(self, next_door: Started) -> Iterator[Office]:
        pair = Pair(next_door.devices)
        yield pair
        pair.close()

    @pytest.fixture
    def kiosk(self, office: Pair) -> Office:
        return office.kiosk

    def test_the_counter_sees_what_the_kiosk_put(self, office: Office) -> None:
        sent = envelope()
        office.put(str(sent.id), canonical(sent))
        items, _ = office.submissions(None)
        assert items[-1]["envelope"] == json.loads(canonical(sent))

    def test_a_photo_that_no_form_names_is_refused(self, office: Office) -> None:
        sent = envelope()
        office.put(str(sent.id), canonical(sent))
        assert isinstance(office.attach(str(sent.id), "ab" * 32, 0, b"JPEG"), Refused)

    def test_a_piece_at_another_place_is_told_where_to_go_on(self, office: Office) -> None:
        content = b"y" * 9000
        photo = {"name": "a.jpg", "type": "image/jpeg", "size": 9000}
        photo["sha256"] = envelope_digest(content)
        sent = replace(envelope(), content={"photos": [photo]})
        office.put(str(sent.id), canonical(sent))
        one, sha256 = str(sent.id), str(photo["sha256"])
        assert office.attach(one, sha256, 0, content[:4000]) == Lies(4000, whole=False)
        assert office.attach(one, sha256, 0, content[:4000]) == Lies(4000, whole=False)
        assert office.attach(one, sha256, 4000, b"x" * 5000) == Later("damaged on its way")
        assert office.attach(one, sha256, 4000, content[4000:]) == Lies(0, whole=False)
        assert office.attach(one, sha256, 0, content) == Lies(9000, whole=True)

    def test_a_refusal_of_a_body_comes_as_words(self, office: Office) -> None:
        refused = office.put(str(envelope().id), b"{}")
        assert isinstance(refused, Refused)
        assert "HTTP" not in refused.words

    def test_a_list_that_is_not_for_us_is_a_fault_of_ours(self, office: Pair) -> None:
        with pytest.raises(OfficeUnreachable):
            office.kiosk.submissions(None)

    def test_the_public_keys_are_those_behind_its_seals(self, office: Pair) -> None:
        sealed = office.certificate(REQUEST, key())
        trust = read_trust(office.counter.trust())
        assert read(sealed["seal"], trust.seals).number == sealed["number"]

    def test_what_hands_out_no_keys_is_no_office(self, next_door: Started) -> None:
        other = HttpOffice(next_door.url + "/v1/receipts")
        with pytest.raises(OfficeUnreachable):
            other.trust()
        other.close()

    def test_an_office_that_is_away_is_unreachable_to_every_call(
        self, next_door: Started, tmp_path: Path
    ) -> None:
        next_door.devices.lend_keys("C01", tmp_path)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            away = HttpOffice(url, "C01", DeviceKeys(tmp_path / "keys"))
            calls = (
                away.ready,
                lambda: away.put("x", b"{}"),
                lambda: away.certificate(REQUEST, key()),
                lambda: away.outcome("R8-000001", "printed"),
                lambda: away.standing("R8-000001"),
                away.trust,
                lambda: away.day(date(2026, 11, 21)),
                lambda: away.submissions(None),
            )
            for call in calls:
                with pytest.raises(OfficeUnreachable):
                    call()
            away.close()

    def test_an_address_that_is_none_is_unreachable(self) -> None:
        nowhere = HttpOffice("not an address")
        with pytest.raises(OfficeUnreachable):
            nowhere.ready()
        nowhere.close()

    def test_a_key_used_for_another_request_is_refused(self, office: Office) -> None:
        mine = key()
        office.certificate(REQUEST, mine)
        with pytest.raises(NotIssuableHere):
            office.certificate(replace(REQUEST, options=(("kind", "person"),)), mine)

    def test_a_report_that_was_not_heard_is_told_from_one_that_was_refused(
        self, office: Pair, next_door: Started, tmp_path: Path
    ) -> None:
        number = office.certificate(REQUEST, key())["number"]
        assert office.kiosk.outcome(number, "printed")  # another device's number
        next_door.devices.lend_keys("K01", tmp_path)
        stranger = HttpOffice(next_door.url, "C01", DeviceKeys(tmp_path / "keys"))  # not its key
        with pytest.raises(OfficeUnreachable):
            stranger.outcome(number, "printed")
        stranger.close()
        assert office.standing(number)["state"] == "issued"
