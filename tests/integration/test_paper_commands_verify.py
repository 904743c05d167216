"""`kakanai paper verify` as a process, before a real office that answers or is away."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from kiosk.config import read_settings
from kiosk.errors import SetupFault
from kiosk.trusting import KEPT
from kiosk.verifying import verify_paper
from office.app import sealing_keys
from office.config import Settings as OfficeSettings
from printing.proof.finding import NOT_OURS, OURS, WHOLE, WORDS
from tests.integration.test_office import ENROLLED, Office, running
from tests.integration.test_office_certificates import report, revoke
from tests.integration.test_paper_commands import (
    PAPERS,
    Place,
    answered,
    at,
    lonely,
    office,
    place,
    refused,
    scanned,
    trust,
)

__all__ = ["lonely", "office", "place", "trust"]  # fixtures


def copied(office: Office, folder: Path) -> tuple[str, Path]:
    """A number and its electronic copy."""
    number: str = answered(office)["number"]
    file = folder / f"{number}.pdf"
    answer = office.call("GET", f"/v1/certificates/{number}/electronic", "C01")
    assert answer.status == 200, answer
    file.write_bytes(answer.content)
    return number, file


def tampered(pdf: Path) -> Path:
    """A stroke through the name, added as an honest program adds things."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf.read_bytes()))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    line = writer.add_object(generic.StreamObject(stream_data=b"q 2 w 71 620 m 130 620 l S Q"))
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), line])
    writer.update_container(page)
    file = pdf.with_name("tampered.pdf")
    with file.open("wb") as out:
        writer.write(out)
    return file


# Is this paper ours


def test_an_electronic_copy_is_whole(office: Office, place: Place, tmp_path: Path) -> None:
    number, file = copied(office, tmp_path)
    told = place.told(0, "verify", file)
    assert (told["answer"], told["authentic"], told["kind"]) == ("whole", True, "signed-pdf")
    assert set(told["checked"].values()) == {"good"}
    assert told["seal"]["number"] == number
    plain = place.run("verify", file)
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.splitlines() == told["words"]
    assert told["words"][0] == WHOLE
    assert WORDS["issue-good"] in told["words"]


def test_a_scan_is_ours_and_nobody_can_take_its_words_for_checked(
    office: Office, place: Place, tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    told = place.told(0, "verify", scanned(file))
    assert (told["answer"], told["kind"]) == ("code-only", "picture")
    assert told["checked"]["text"] == "not-checked"
    assert told["checked"]["issue"] == "good"
    first, second, *_ = told["words"]
    assert first == OURS
    assert "台帳の記載と見くらべてください" in second


def test_without_the_office_the_answer_says_what_nobody_asked(
    office: Office, place: Place, tmp_path: Path
) -> None:
    number, file = copied(office, tmp_path)
    revoke(office, number)
    told = place.told(0, "verify", file, "--offline")
    assert told["answer"] == "whole"
    assert told["checked"]["issue"] == "not-checked"
    assert "市役所に確かめていません" in told["words"][1]


def test_a_copy_that_was_tampered_with_is_not_ours_any_more(
    office: Office, place: Place, tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    told = place.told(1, "verify", tampered(file))
    assert (told["answer"], told["authentic"]) == ("no", False)
    assert (told["checked"]["signature"], told["checked"]["text"]) == ("bad", "bad")
    assert told["places"][0]["page"] == 1
    assert told["words"][0] == NOT_OURS


@pytest.mark.parametrize("fate", ["spoiled", "abandoned", "revoked"])
def test_a_number_that_does_not_stand_is_said_so(
    office: Office, place: Place, tmp_path: Path, fate: str
) -> None:
    number, file = copied(office, tmp_path)
    if fate == "revoked":
        report(office, number, "printed", "C01")
        revoke(office, number)
    else:
        report(office, number, fate, "C01")
    for paper in (file, scanned(file)):
        told = place.told(1, "verify", paper)
        assert (told["answer"], told["checked"]["issue"]) == ("no", "bad")
        assert WORDS[f"issue-{fate}"] in told["words"]


def test_a_printed_number_stands(office: Office, place: Place, tmp_path: Path) -> None:
    number, file = copied(office, tmp_path)
    report(office, number, "printed", "C01")
    assert place.told(0, "verify", file)["answer"] == "whole"


def test_an_office_that_is_away_leaves_the_answer_open(
    office: Office, lonely: Place, tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    told = lonely.told(9, "verify", file)
    assert (told["answer"], told["authentic"]) == ("unanswered", False)
    assert (told["checked"]["text"], told["checked"]["issue"]) == ("good", "unknown")
    plain = lonely.run("verify", file)
    assert plain.returncode == 9
    assert WORDS["issue-unknown"] in plain.stdout
    assert "市役所とつながりません" in plain.stderr
    assert lonely.told(1, "verify", tampered(file))["answer"] == "no"  # whatever it would say


def test_a_file_that_is_no_paper_is_not_ours(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    for content in (b"", b"Dear Sir or Madam", b"%PDF-1.7\n%%EOF"):
        file.write_bytes(content)
        told = place.told(1, "verify", file)
        assert (told["answer"], told["seal"]) == ("no", None)


@pytest.mark.parametrize("trust", ["no file", "no JSON", "another list"])
def test_keys_that_are_none_are_one_line(place: Place, tmp_path: Path, trust: str) -> None:
    file = tmp_path / "trust.json"
    if trust != "no file":
        file.write_text("{" if trust == "no JSON" else '{"keys": []}')
    refused(place, str(file), "verify", PAPERS[0], "--trust", file)


def test_a_paper_to_verify_that_is_not_there_is_one_line(place: Place, tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere.pdf", tmp_path):
        refused(place, str(file), "verify", file)


def test_where_nobody_is_believed_the_way_to_the_keys_is_told(tmp_path: Path) -> None:
    refused(Place(tmp_path / "bare"), "kakanai office trust", "verify", PAPERS[0], "--offline")


# Keys that the office handed out


@pytest.fixture
def verified(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The command without its process: exit status, and the one JSON value."""

    def run(place: Place, file: Path, *, ask: bool = True, refresh: bool = False) -> Any:
        status = verify_paper(
            read_settings(place.home),
            file,
            None,
            ask=ask,
            as_json=True,
            home=place.home,
            refresh=refresh,
        )
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def bare(office: Office, tmp_path: Path) -> Place:
    """A terminal that was given no file of keys."""
    return at(office, tmp_path / "bare")


def moved(place: Place, url: str) -> None:
    """The same home, and another office at the other end of the line."""
    file = place.home / "kakanai.toml"
    file.write_text(f'device = "C01"\noffice_url = "{url}"\n', "utf-8")


def test_the_keys_are_fetched_once_and_kept(
    office: Office, bare: Place, verified: Callable[..., Any], tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    status, told = verified(bare, file)
    assert (status, told["answer"]) == (0, "whole")
    kept = bare.home / KEPT
    assert kept.read_bytes() == office.call("GET", "/v1/trust", "").content
    moved(bare, "http://127.0.0.1:1")
    assert verified(bare, file, ask=False)[1]["answer"] == "whole"
    assert verified(bare, file)[0] == 9


def test_where_no_keys_are_and_the_office_is_away_nothing_is_said_of_the_paper(
    office: Office, bare: Place, verified: Callable[..., Any], tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    moved(bare, "http://127.0.0.1:1")
    with pytest.raises(SetupFault, match=r"kakanai office trust .* was not reached"):
        verified(bare, file)
    with pytest.raises(SetupFault, match="kakanai office trust"):
        verified(bare, file, ask=False)
    assert not (bare.home / KEPT).exists()


def test_new_seal_keys_under_the_same_authority_come_when_asked_for(
    verified: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    with running(folder, *ENROLLED) as office:
        bare = at(office, tmp_path / "bare")
        _, old = copied(office, tmp_path)
        assert verified(bare, old)[0] == 0
        sealing_keys(OfficeSettings(folder)).rotate()
        _, new = copied(office, tmp_path)
        status, told = verified(bare, new)
        assert (status, told["checked"]["code"]) == (1, "unknown")
        assert "鍵が古いのかもしれません" in told["words"][1]
        assert verified(bare, new, refresh=True)[1]["answer"] == "whole"
        assert verified(bare, new)[1]["answer"] == "whole"
        assert verified(bare, old)[1]["answer"] == "whole"
        moved(bare, "http://127.0.0.1:1")
        status, told = verified(bare, new, refresh=True)
        assert (status, told["error"]["code"]) == (9, "office-unreachable")


def test_another_authority_is_refused_and_what_was_kept_stays(
    office: Office, bare: Place, verified: Callable[..., Any], tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    assert verified(bare, file)[0] == 0
    kept = (bare.home / KEPT).read_bytes()
    with running(tmp_path / "impostor", *ENROLLED) as impostor:
        moved(bare, impostor.url)
        with pytest.raises(SetupFault, match="another authority"):
            verified(bare, file, refresh=True)
    assert (bare.home / KEPT).read_bytes() == kept


def test_keys_that_come_from_a_file_are_not_renewed(place: Place, tmp_path: Path) -> None:
    settings = read_settings(place.home)
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"")
    for settings_, ask in ((settings, True), (read_settings(tmp_path), False)):
        with pytest.raises(SetupFault, match="--refresh-trust"):
            verify_paper(
                settings_, file, None, ask=ask, as_json=True, home=place.home, refresh=True
            )


def test_a_terminal_needs_no_file_copied_by_hand(
    office: Office, bare: Place, tmp_path: Path
) -> None:
    _, file = copied(office, tmp_path)
    assert bare.told(0, "verify", file)["answer"] == "whole"
    assert (bare.home / KEPT).exists()
    assert bare.told(0, "verify", file, "--refresh-trust")["answer"] == "whole"
    refused(bare, "leave out --offline", "verify", file, "--refresh-trust", "--offline")
