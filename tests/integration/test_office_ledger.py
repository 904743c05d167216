"""What became of every number, told to whom it concerns, and nothing personal with it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from office.devices import Device
from office.ledger import Ledger
from office.problems import ProblemError
from office.registry import Registry
from office.store import open_store
from tests.fakes.stores import Stores
from tests.integration.test_office import (
    ENROLLED,
    NAME,
    WATANABE,
    Office,
    is_problem,
    running,
)
from tests.integration.test_office_certificates import (
    KIOSK,
    NOW,
    ORDERS,
    OTHER,
    RECORDS,
    given,
    home,
    key,
    office,
    report,
    request,
    revoke,
    serials,
    shown_alike,
    standing,
)

__all__ = ["home", "office"]  # fixtures


def test_each_copy_has_a_fate_of_its_own(office: Office) -> None:
    printed, spoiled, abandoned, issued = given(office, copies=4)
    for number, outcome in ((printed, "printed"), (spoiled, "spoiled"), (abandoned, "abandoned")):
        for _ in range(2):
            answer = report(office, number, outcome)
            assert (answer.status, answer.json) == (200, {"number": number, "outcome": outcome})
    told = {n: standing(office, n).json for n in (printed, spoiled, abandoned, issued)}
    assert {n: (t["state"], t["stands"]) for n, t in told.items()} == {
        printed: ("printed", True),
        spoiled: ("spoiled", False),
        abandoned: ("abandoned", False),
        issued: ("issued", True),
    }
    assert told[printed].keys() == {"number", "type", "issued", "state", "stands", "digest"}
    for other in ("spoiled", "abandoned"):
        assert is_problem(report(office, printed, other), 409, "final")


def test_another_devices_number_is_as_unknown_as_none(office: Office) -> None:
    (number,) = given(office)
    nowhere = report(office, "R0-999999", "printed", "K02")
    theirs = report(office, number, "printed", "K02")
    assert is_problem(theirs, 404, "unknown")
    assert shown_alike([nowhere, theirs, standing(office, number, "K02")])
    assert is_problem(report(office, number, "printed", "C01"), 404, "unknown")
    assert standing(office, number, "K01").json["state"] == "issued"


def test_a_device_whose_name_begins_like_anothers_is_another(engine: Engine) -> None:
    ledger = Ledger(engine, lambda: NOW)
    registry = Registry(engine, RECORDS, lambda: NOW)
    number = registry.issue(request(), Device("K0", "kiosk"), "1:a-key-of-K0")["number"]
    for stranger in ("K", "K0:1", "K01"):
        with pytest.raises(ProblemError):
            ledger.outcome(number, "printed", stranger)


def test_only_the_counter_takes_a_papers_word_back(office: Office) -> None:
    (number,) = given(office)
    report(office, number, "printed")
    assert is_problem(revoke(office, number, "K01"), 403, "not-allowed")
    assert is_problem(revoke(office, number, "stranger"), 401, "unknown-device")
    for reason in ("", "x" * 201, "a\nb", "\ud800"):
        assert is_problem(revoke(office, number, reason=reason), 422, "invalid")
    assert standing(office, number).json["stands"]
    for _ in range(2):
        answer = revoke(office, number)
        assert (answer.status, answer.json["state"], answer.json["stands"]) == (
            200,
            "revoked",
            False,
        )
    assert standing(office, number, "K01").json["state"] == "revoked"


def test_what_never_stood_cannot_be_revoked(office: Office) -> None:
    (number,) = given(office)
    report(office, number, "spoiled")
    assert is_problem(revoke(office, number), 409, "final")
    assert standing(office, number).json["state"] == "spoiled"


def test_a_report_that_comes_after_the_revocation_is_still_noted(office: Office) -> None:
    (number,) = given(office)
    revoke(office, number)
    assert report(office, number, "printed").status == 200
    today = standing(office, number).json["issued"]
    (row,) = [r for r in rows_of(office, today) if r["number"] == number]
    assert (row["state"], row["outcome"], row["stands"]) == ("revoked", "printed", False)


def rows_of(office: Office, day: str, device: str = "C01") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = "0"
    for _ in range(50):
        asked = {"day": day, "after": after}
        page = office.call("GET", "/v1/certificates", device, params=asked).json
        found += page["items"]
        if page["next"] is None:
            return found
        after = page["next"]
    raise AssertionError("the list has no end")


def test_a_days_numbers_come_page_by_page_and_nothing_personal_with_them(
    tmp_path: Path, stores: Stores
) -> None:
    engine = open_store(stores.at(tmp_path))
    clock = [NOW]
    registry = Registry(engine, RECORDS, lambda: clock[0])
    for turn in range(21):
        registry.issue(request(copies=10), OTHER if turn == 20 else KIOSK, key())
    clock[0] = NOW + timedelta(days=1)
    registry.issue(request(copies=2), KIOSK, key())
    engine.dispose()
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        rows = rows_of(office, "2026-11-21")
        assert serials([row["number"] for row in rows]) == list(range(1, 211))
        assert {row["at"] for row in rows} == {NOW.isoformat()}
        assert len(rows_of(office, "2026-11-22")) == 2
        assert len(rows_of(office, "2026-11-21", "K01")) == 200
        assert {row["device"] for row in rows} == {"K01", "K02"}
        text_ = json.dumps(rows, ensure_ascii=False)
        assert not [part for part in (NAME, "渡邉", WATANABE["address"], "answer") if part in text_]


def test_a_kiosk_is_told_its_own_numbers_of_the_day(office: Office) -> None:
    (mine,), (theirs,) = given(office, "K01"), given(office, "K02")
    day = standing(office, mine).json["issued"]
    told = {row["number"] for row in rows_of(office, day, "K01")}
    assert mine in told
    assert theirs not in told
    asked = {"day": day, "device": "K02"}
    answer = office.call("GET", "/v1/certificates", "K01", params=asked)
    assert is_problem(answer, 403, "not-allowed")
    assert theirs in {row["number"] for row in counter_rows(office, day, "K02")}
    assert mine not in {row["number"] for row in counter_rows(office, day, "K02")}


def counter_rows(office: Office, day: str, of: str) -> list[dict[str, Any]]:
    page = office.call("GET", "/v1/certificates", "C01", params={"day": day, "device": of}).json
    items: list[dict[str, Any]] = page["items"]
    return items


@pytest.mark.parametrize("day", ["", "today", "20261121", "2026-13-01", "2026-11-21T00:00", "０"])
def test_a_day_that_is_none_is_refused(office: Office, day: str) -> None:
    answer = office.call("GET", "/v1/certificates", "C01", params={"day": day})
    assert is_problem(answer, 422, "invalid")


@pytest.mark.parametrize("after", ["-1", "x", "", "٣", "9" * 19])
def test_a_cursor_that_is_none_of_ours_is_refused(office: Office, after: str) -> None:
    for path in ("/v1/certificates", "/v1/submissions"):
        asked = {"day": "2026-11-21", "after": after}
        assert is_problem(office.call("GET", path, "C01", params=asked), 422, "invalid")


def test_a_stranger_learns_nothing_of_numbers(office: Office) -> None:
    (number,) = given(office)
    for method, path in (
        ("GET", f"/v1/certificates/{number}"),
        ("GET", "/v1/certificates?day=2026-11-21"),
    ):
        for token in ("", "not-a-token"):
            assert is_problem(office.call(method, path, token), 401, "unknown-device")


def test_the_metrics_count_every_end(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        printed, spoiled, gone, revoked, _ = given(office, copies=5)
        report(office, printed, "printed")
        report(office, spoiled, "spoiled")
        report(office, gone, "abandoned")
        revoke(office, revoked)
        told = office.call("GET", "/metrics", "").text
        for state in ("issued", "printed", "spoiled", "abandoned", "revoked"):
            assert f'kakanai_certificates{{outcome="{state}"}} 1\n' in told


def test_the_api_tells_how_to_ask_for_certificates(office: Office) -> None:
    described = office.call("GET", "/openapi.json", "").json
    for path in ("", "/{number}", "/{number}/outcome", "/{number}/revoke"):
        assert f"/v1/certificates{path}" in described["paths"]
    order = described["components"]["schemas"]["CertificateOrder"]["properties"]
    assert order["type"]["enum"] == list(ORDERS)
