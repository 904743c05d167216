"""Certificates at the office: hostile orders, one refusal, and a fate for every number."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from office.config import PEOPLE
from office.devices import Device
from office.ledger import Ledger
from office.problems import ProblemError
from office.registry import Registry
from office.sealing import SealingKeys
from office.store import open_store
from printing.answers import certificates_from, words_of
from printing.proof.seal import digest, read
from printing.registers.records import Records
from printing.registers.register import read_register
from tests.fakes.stores import Stores
from tests.integration.test_office import (
    ENROLLED,
    NAME,
    NOBODY,
    SUZUKI,
    WATANABE,
    Answer,
    Office,
    is_problem,
    running,
)

RECORDS = Records(read_register(PEOPLE.read_text("utf-8")))
JST = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=JST)
MINATO = {**SUZUKI, "name": "鈴木　湊", "birth": "2010-09-09"}  # lives with a protected person
COUNTER, KIOSK, OTHER = Device("C01", "counter"), Device("K01", "kiosk"), Device("K02", "kiosk")
ORDERS = {
    "juminhyo": {"kind": "household"},
    "inkan-shomei": {},
    "zei-shomei": {"kind": "income", "years": [{"year": "2026"}]},
    "koseki": {"kind": "full"},
    "risai": {"disaster": "quake-2026-11"},
}
keys = count(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def office(home: Path, stores: Stores) -> Iterator[Office]:
    with running(home, *stores.arguments(home), *ENROLLED) as started:
        yield started


def key() -> str:
    return f"certificate-key-{next(keys):06d}"


def request(**options: Any) -> dict[str, Any]:
    options = {"kind": "household", **options}
    return {"submission": None, "type": "juminhyo", "subject": WATANABE, "options": options}


def given(office: Office, device: str = "K01", **options: Any) -> list[str]:
    answer = office.order(WATANABE, key(), device, options={"kind": "person", **options})
    assert answer.status == 200, answer
    numbers: list[str] = answer.json["numbers"]
    return numbers


def report(office: Office, number: str, outcome: str, device: str = "K01") -> Answer:
    path = f"/v1/certificates/{number}/outcome"
    return office.call("POST", path, device, json={"outcome": outcome})


def revoke(office: Office, number: str, device: str = "C01", reason: str = "誤交付") -> Answer:
    return office.call("POST", f"/v1/certificates/{number}/revoke", device, json={"reason": reason})


def standing(office: Office, number: str, device: str = "C01") -> Answer:
    return office.call("GET", f"/v1/certificates/{number}", device)


def serials(numbers: list[str]) -> list[int]:
    return [int(number.rpartition("-")[2]) for number in numbers]


# What comes in


HOSTILE = {
    "no answers": None,
    "a list": [],
    "nested too deep": {"x": [[[[[[1]]]]]]},
    "too many values": {"x": [0] * 4001},
    "too many values in parts": {"x": [[0] * 100] * 50},
    "a name that is too long": {"x" * 65: 1},
    "a text that is too long": {"x": "x" * 4001},
    "half a character": {"x": "\ud800"},
    "half a character in a name": {"\ud800": 1},
    "a null byte": {"x": "a\0b"},
    "not a number": {"x": float("nan")},
    "no end": {"x": float("inf")},
    "a number that others read otherwise": {"x": 2**53 + 1},
    "a huge number": {"x": 10**400},
    "no copy": {"copies": 0},
    "too many copies": {"copies": 11},
    "copies in words": {"copies": "2"},
    "a copy that is true": {"copies": True},
    "half a copy": {"copies": 1.5},
    "too many copies of a year": {"years": [{"year": "2026", "copies": 11}]},
    "too many copies of another kind": {"copies_other": 99},
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("device", ["K01", "C01"])
def test_hostile_answers_are_refused(office: Office, what: str, device: str) -> None:
    body = json.dumps({**request(), "options": HOSTILE[what]}).encode()
    headers = {"Idempotency-Key": key(), "Content-Type": "application/json"}
    answer = office.call("POST", "/v1/certificates", device, data=body, headers=headers)
    assert is_problem(answer, 422, "invalid")
    assert NAME not in answer.text


def test_answers_that_no_certificate_needs_are_tolerated(office: Office) -> None:
    """All answers of the form come: names of fields, addresses in parts, rows, attachments."""
    more = {
        "purpose": "loan",
        "phone": None,
        "address": {"prefecture": "東京都", "city": "千代田区", "town": "千代田"},
        "place_point": {"latitude": 35.6, "longitude": 139.7},
        "photos": [{"name": "a.jpg", "type": "image/jpeg", "size": 10, "sha256": "0" * 64}] * 30,
        "damage": "x" * 2000 + "\n",
        "nobody_knows": [True, None, 1, "x"],
    }
    answer = office.order(WATANABE, key(), options={"kind": "person", **more})
    assert [each["name"] for each in answer.json["content"]["residents"]] == [NAME]


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "a number without end": b"9" * 10_000,
    "nesting without end": b"[" * 100_000,
    "a word": b'"order"',
}


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("path", ["", "/R8-000001/outcome", "/R8-000001/revoke"])
def test_a_body_that_is_no_order_is_refused(office: Office, path: str, what: str) -> None:
    headers = {"Idempotency-Key": key(), "Content-Type": "application/json"}
    answer = office.call(
        "POST", f"/v1/certificates{path}", "C01", data=BODIES[what], headers=headers
    )
    assert is_problem(answer, 422, "invalid")


def test_a_body_that_is_too_large_is_read_no_further(office: Office) -> None:
    body = json.dumps({"x": "x" * 300_000}).encode()
    headers = {"Idempotency-Key": key(), "Content-Type": "application/json"}
    answer = office.call("POST", "/v1/certificates", data=body, headers=headers)
    assert is_problem(answer, 413, "too-large")


@pytest.mark.parametrize("part", ["name", "birth", "address"])
@pytest.mark.parametrize("value", ["x" * 500, "\ud800", "a\0b", "a\nb", 7, None])
def test_a_subject_that_cannot_be_is_refused(office: Office, part: str, value: object) -> None:
    answer = office.order({**WATANABE, part: value}, key())  # type: ignore[dict-item]
    assert is_problem(answer, 422, "invalid")


@pytest.mark.parametrize("number", ["%00", "%2e%2e", "R8-1%20", "x" * 300, "%E5%8F%B7", "r8-1"])
def test_a_number_that_cannot_be_is_unknown(office: Office, number: str) -> None:
    assert is_problem(standing(office, number), 404, "unknown")
    assert is_problem(report(office, number, "printed"), 404, "unknown")
    assert is_problem(revoke(office, number), 404, "unknown")


# One refusal


def shown_alike(answers: list[Answer]) -> bool:
    """Status, words and headers the same; the second it was said in may differ."""
    first = answers[0]
    silent = {k: v for k, v in first.headers.items() if k != "date"}
    return all(
        (each.status, each.content) == (first.status, first.content)
        and {k: v for k, v in each.headers.items() if k != "date"} == silent
        for each in answers
    )


@pytest.mark.parametrize("device", ["K01", "C01"])
def test_nobody_can_tell_why_there_is_no_certificate(office: Office, device: str) -> None:
    told = [
        office.order(subject, key(), device, type=form, options=options)
        for form, options in ORDERS.items()
        for subject in (NOBODY, SUZUKI, MINATO, {**WATANABE, "birth": "1980-02-18"})
    ]
    told.append(office.order(WATANABE, key(), device, options={"kind": "everything"}))
    told.append(office.order(WATANABE, key(), device, type="koseki", options={"kind": "code"}))
    no_damage = {"disaster": "rain-2026-09"}
    told.append(office.order(WATANABE, key(), device, type="risai", options=no_damage))
    assert is_problem(told[0], 403, "not-issuable-here")
    assert shown_alike(told)


def test_a_kiosk_is_refused_what_is_the_counters_in_the_same_words(office: Office) -> None:
    options = {"kind": "entries"}
    assert office.order(WATANABE, key(), "C01", options=options).status == 200
    kiosk = office.order(WATANABE, key(), "K01", options=options)
    assert shown_alike([kiosk, office.order(NOBODY, key(), "K01")])


def test_protection_that_is_new_holds_for_an_order_that_was_answered(engine: Engine) -> None:
    mine, order = key(), request()
    Registry(engine, RECORDS, lambda: NOW).issue(order, KIOSK, mine)
    register = PEOPLE.read_text("utf-8").replace("id: r4,", "id: r4, protected: true,")
    later = Registry(engine, Records(read_register(register)), lambda: NOW)
    with pytest.raises(ProblemError) as refused:
        later.issue(order, KIOSK, mine)
    assert refused.value.kind == "not-issuable-here"


# Numbers and seals


def test_every_sheet_set_is_numbered_without_a_gap(office: Office) -> None:
    first, second = given(office, copies=3), given(office, copies=10)
    assert serials(first + second) == list(range(serials(first)[0], serials(first)[0] + 13))


def test_a_lost_answer_is_given_again_to_the_byte(office: Office) -> None:
    mine, options = key(), {"kind": "person", "copies": 3}
    first, again = (office.order(WATANABE, mine, options=options) for _ in range(2))
    assert first.content == again.content
    assert len(set(first.json["numbers"])) == 3
    assert given(office) == [f"R8-{serials(first.json['numbers'])[-1] + 1:06d}"]


def test_an_answer_that_arrived_is_not_given_again_nor_kept(
    office: Office, home: Path, stores: Stores
) -> None:
    mine = key()
    numbers = office.order(WATANABE, mine, options={"kind": "person", "copies": 2}).json["numbers"]
    assert report(office, numbers[0], "printed").status == 200
    again = office.order(WATANABE, mine, options={"kind": "person", "copies": 2})
    assert is_problem(again, 409, "accounted")
    kept = open_store(stores.at(home))
    with kept.connect() as look:
        asked = "SELECT answer FROM certificate_order o JOIN certificate c ON c.order_id = o.id "
        rows = look.execute(text(asked + "WHERE c.number = :number"), {"number": numbers[0]})
        assert rows.all() == [(None,)]
    kept.dispose()


def test_the_seals_are_the_citys_over_each_paper(office: Office, home: Path) -> None:
    order = {"type": "inkan-shomei", "options": {"copies": 2}}
    answer = office.order(WATANABE, key(), "K01", **order).json
    trust = SealingKeys(home / "keys", "書蒼市", lambda: NOW).trust()
    for number, seal in zip(answer["numbers"], answer["seals"], strict=True):
        said = read(seal, trust.seals)
        assert (said.number, said.type, said.city) == (number, "inkan", "000000")
        assert said.issued == date.fromisoformat(answer["issued"])
        paper = {k: answer[k] for k in ("type", "issued", "city", "content")} | {"number": number}
        assert said.digest == digest(paper)
        assert standing(office, number).json["digest"] == said.digest.hex()
    papers = certificates_from(answer, specimen=False)
    assert [paper.seal for paper in papers] == answer["seals"]
    assert [digest(words_of(paper)) for paper in papers] == [
        read(seal, trust.seals).digest for seal in answer["seals"]
    ]


def test_an_office_without_keys_says_nothing_of_seals(engine: Engine) -> None:
    answer = Registry(engine, RECORDS, lambda: NOW).issue(request(), KIOSK, key())
    assert not {"seal", "seals"} & (answer.keys() | answer["papers"][0].keys())


def test_a_seal_that_fails_half_way_takes_no_number(engine: Engine) -> None:
    sealed = iter(["one", "two"])

    def sign(_: object) -> str:
        return next(sealed)

    plain = Registry(engine, RECORDS, lambda: NOW)
    before = plain.issue(request(), KIOSK, key())["numbers"]
    with pytest.raises((StopIteration, RuntimeError)):
        Registry(engine, RECORDS, lambda: NOW, sign).issue(request(copies=3), KIOSK, key())
    after = plain.issue(request(), KIOSK, key())["numbers"]
    assert serials(after) == [serials(before)[0] + 1]
    assert sum(Ledger(engine, lambda: NOW).counts().values()) == 2


def test_two_offices_over_one_database_never_give_one_number_twice(
    tmp_path: Path, stores: Stores
) -> None:
    engines = [open_store(stores.at(tmp_path)) for _ in range(2)]
    offices = [Registry(each, RECORDS, lambda: NOW) for each in engines]

    def one(turn: int) -> list[str]:
        answer = offices[turn % 2].issue(request(copies=1 + turn % 3), KIOSK, f"crowd-{turn:06d}")
        numbers: list[str] = answer["numbers"]
        return numbers

    with ThreadPoolExecutor(6) as crowd:
        numbers = [number for found in crowd.map(one, range(36)) for number in found]
    for each in engines:
        each.dispose()
    assert sorted(serials(numbers)) == list(range(1, 73))


def test_the_same_key_at_two_offices_at_once_gets_one_answer(engine: Engine) -> None:
    """The other office is quicker between our look at the key and our order under it."""
    committing = create_engine(engine.url, isolation_level="AUTOCOMMIT")  # waits for nobody
    mine, order, quicker = key(), request(copies=2), []

    def now() -> datetime:
        if not quicker:
            quicker.append(Registry(engine, RECORDS, lambda: NOW).issue(order, KIOSK, mine))
        return NOW

    answer = Registry(committing, RECORDS, now).issue(order, KIOSK, mine)
    committing.dispose()
    assert json.dumps(quicker) == json.dumps([answer])
