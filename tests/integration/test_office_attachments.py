"""Photos and files at the office: piece by piece, taken up again after every loss."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from forms.envelope import Envelope
from forms.kinds.attached import LARGEST
from office.arrivals import MOST_FILES
from office.attachments import LARGEST_PIECE
from office.store import open_store
from tests.fakes.stores import Stores
from tests.integration.test_office import (
    ENROLLED,
    Answer,
    Office,
    envelope,
    is_problem,
    pulled,
    running,
)

turns = count(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attachments") / "home"


@pytest.fixture(scope="module")
def office(home: Path, stores: Stores) -> Iterator[Office]:
    with running(home, *stores.arguments(home), *ENROLLED) as started:
        yield started


def photo(size: int = LARGEST_PIECE * 2 + 7) -> bytes:
    return (next(turns).to_bytes(4, "big") * (size // 4 + 1))[:size]


def named(content: bytes, **more: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {
        "name": "家.jpg",
        "type": "image/jpeg",
        "size": len(content),
        "sha256": sha256,
        **more,
    }


def with_files(*files: dict[str, Any]) -> Envelope:
    return replace(envelope(), content={"被害": {"写真": list(files)}, "別": {"署名": "paper"}})


def path(sent: Envelope, content: bytes) -> str:
    return f"/v1/submissions/{sent.id}/attachments/{hashlib.sha256(content).hexdigest()}"


def piece(
    office: Office, sent: Envelope, content: bytes, start: int, part: bytes, device: str = "K01"
) -> Answer:
    return office.call("PUT", f"{path(sent, content)}?start={start}", device, data=part)


def parts(content: bytes, size: int = LARGEST_PIECE) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(content), size):
        yield start, content[start : start + size]


def missing(office: Office, sent: Envelope) -> int:
    return int(office.call("GET", f"/v1/submissions/{sent.id}").json["missing"])


def item(office: Office, sent: Envelope) -> dict[str, Any]:
    (found,) = (each for each in pulled(office)[0] if each["id"] == str(sent.id))
    return found


def test_a_file_comes_piece_by_piece_and_is_told_when_it_is_whole(office: Office) -> None:
    content = photo()
    sent = with_files(named(content))
    assert office.put(sent).status == 201
    assert missing(office, sent) == 1
    assert item(office, sent)["attachments"] == [{**named(content), "whole": False}]
    told = [piece(office, sent, content, *part).json for part in parts(content)]
    assert [each["have"] for each in told] == [262_144, 524_288, 524_295]
    assert [each["whole"] for each in told] == [False, False, True]
    assert missing(office, sent) == 0
    assert item(office, sent)["attachments"] == [{**named(content), "whole": True}]
    got = office.call("GET", f"{path(sent, content)}/content", "C01")
    assert (got.status, got.content) == (200, content)
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["x-content-type-options"] == "nosniff"


def test_after_a_lost_answer_it_goes_on_where_it_was(office: Office) -> None:
    content = photo()
    sent = with_files(named(content))
    office.put(sent)
    (first, second, third) = parts(content)
    piece(office, sent, content, *first)
    again = piece(office, sent, content, *first)  # its answer was lost
    assert is_problem(again, 409, "another-start")
    assert again.json["have"] == LARGEST_PIECE
    assert is_problem(piece(office, sent, content, *third), 409, "another-start")
    asked = office.call("GET", path(sent, content)).json
    assert asked == {"size": len(content), "have": LARGEST_PIECE, "whole": False}
    piece(office, sent, content, *second)
    assert piece(office, sent, content, *third).json["whole"]
    for part in (first, third):
        told = piece(office, sent, content, *part)  # the last answer was lost
        assert (told.status, told.json["whole"]) == (200, True)


def test_pieces_of_another_file_begin_again(office: Office) -> None:
    content, other = photo(1000), photo(1000)
    sent = with_files(named(content))
    office.put(sent)
    piece(office, sent, content, 0, content[:500])
    answer = piece(office, sent, content, 500, other[500:])
    assert is_problem(answer, 422, "another-file")
    assert answer.json["have"] == 0
    assert office.call("GET", path(sent, content)).json["have"] == 0
    assert missing(office, sent) == 1
    assert piece(office, sent, content, 0, content).json["whole"]
    assert office.call("GET", f"{path(sent, content)}/content", "C01").content == content


def test_nothing_but_what_the_envelope_names_comes_in(office: Office) -> None:
    content, other = photo(100), photo(100)
    sent = with_files(named(content))
    nowhere = envelope()
    office.put(sent)
    assert is_problem(piece(office, sent, other, 0, other), 404, "unknown")
    assert is_problem(piece(office, nowhere, content, 0, content), 404, "unknown")
    assert is_problem(piece(office, sent, content, 0, content, "K02"), 404, "unknown")
    assert is_problem(piece(office, sent, content, 0, content, "stranger"), 401, "unknown-device")
    assert is_problem(piece(office, sent, content, 0, content + b"x"), 422, "too-long")
    assert is_problem(piece(office, sent, content, 0, b""), 422, "invalid")
    assert is_problem(piece(office, sent, content, 0, b"x" * (LARGEST_PIECE + 1)), 413, "too-large")
    assert is_problem(piece(office, sent, content, -1, content), 422, "invalid")
    assert office.call("GET", path(sent, content)).json["have"] == 0


def test_a_file_is_read_whole_or_not_at_all_and_by_no_kiosk(office: Office) -> None:
    content = photo(100)
    sent = with_files(named(content))
    office.put(sent)
    piece(office, sent, content, 0, content[:50])
    where = f"{path(sent, content)}/content"
    assert is_problem(office.call("GET", where, "C01"), 409, "not-whole")
    assert is_problem(office.call("GET", where), 403, "not-allowed")
    assert is_problem(office.call("GET", path(sent, b"none") + "/content", "C01"), 404, "unknown")


def test_what_a_browser_would_run_is_never_called_so(office: Office) -> None:
    content = b"<script>alert(1)</script>"
    sent = with_files(named(content, type="text/html"))
    office.put(sent)
    piece(office, sent, content, 0, content)
    got = office.call("GET", f"{path(sent, content)}/content", "C01")
    assert got.headers["content-type"] == "application/octet-stream"


def test_the_same_file_twice_is_one(office: Office) -> None:
    content = photo(64)
    sent = with_files(named(content), named(content, name="もう一枚.jpg"))
    office.put(sent)
    assert missing(office, sent) == 1
    assert piece(office, sent, content, 0, content).json["whole"]
    assert missing(office, sent) == 0


TOO_MUCH = {
    "one that is too large": ([{"size": LARGEST + 1}], 422, "invalid"),
    "too many": ([{"sha256": f"{n:064x}"} for n in range(MOST_FILES + 1)], 413, "too-large"),
    "too large altogether": (
        [{"sha256": f"{n:064x}", "size": LARGEST} for n in range(6)],
        413,
        "too-large",
    ),
    "no hash": ([{"sha256": "none"}], 422, "invalid"),
    "no size": ([{"size": True}], 422, "invalid"),
    "one file of two sizes": ([{"size": 1}, {"size": 2}], 422, "invalid"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_more_than_may_be_stored_does_not_come_in(office: Office, what: str) -> None:
    files, status, kind = TOO_MUCH[what]
    sent = with_files(*(named(b"x", **each) for each in files))
    assert is_problem(office.put(sent), status, kind)
    assert office.call("GET", f"/v1/submissions/{sent.id}").status == 404


def test_pieces_outlive_a_kill(tmp_path: Path, stores: Stores) -> None:
    content = photo()
    sent = with_files(named(content))
    (first, second, third) = parts(content)
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        office.put(sent)
        piece(office, sent, content, *first)
        office.process.kill()
        office.process.wait(timeout=10)
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        assert office.call("GET", path(sent, content)).json["have"] == LARGEST_PIECE
        piece(office, sent, content, *second)
        assert piece(office, sent, content, *third).json["whole"]


def test_with_the_consent_the_files_of_a_share_go_too(
    office: Office, home: Path, stores: Stores
) -> None:
    content, person = photo(400), hashlib.sha256(photo(9)).hexdigest()
    sent = replace(with_files(named(content)), purpose="disaster-care", person=person)
    said = {"person": person, "purpose": "disaster-care", "notice": "2026-11"}
    for state, status in (("given", 201), ("withdrawn", 201)):
        if state == "withdrawn":
            assert office.put(sent).status == 201
            piece(office, sent, content, 0, content[:300])
        told = {**said, "state": state, "at": datetime.now(UTC).isoformat()}
        answer = office.call("PUT", f"/v1/consents/{uuid4()}", json=told)
        assert answer.status == status, answer
    assert office.call("GET", f"/v1/submissions/{sent.id}").json["state"] == "stopped"
    assert is_problem(piece(office, sent, content, 300, content[300:]), 404, "unknown")
    assert (item(office, sent)["envelope"], item(office, sent)["attachments"]) == (None, [])
    engine = open_store(stores.at(home))
    with engine.connect() as look:
        asked = text("SELECT count(*) FROM piece WHERE submission = :id")
        assert look.execute(asked, {"id": str(sent.id)}).scalar_one() == 0
    engine.dispose()
