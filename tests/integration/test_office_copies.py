"""Electronic copies, as those see them who get them from the office."""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from office.config import PEOPLE
from office.copies import Copies
from office.problems import ProblemError
from office.registry import Registry
from office.sealing import SealingKeys
from printing.answers import certificates_from
from printing.certificates.letterhead import letterhead
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.letters.glyphs import find_fonts
from printing.proof.finding import Finding
from printing.proof.seal import seal_of, sign
from printing.proof.trust import Trust, read_trust
from printing.proof.verify import verify
from tests.contract.test_office_port import PAPERS
from tests.integration.test_office import (
    ENROLLED,
    NAME,
    WATANABE,
    Answer,
    Office,
    is_problem,
    refused_in_one_line,
    running,
    start_in_vain,
)
from tests.integration.test_office_certificates import (
    COUNTER,
    NOW,
    RECORDS,
    home,
    key,
    report,
    request,
    revoke,
    shown_alike,
    standing,
)

__all__ = ["home"]  # a fixture
HARD = {
    "name": "渡邉\U000e0102　花\U000e0100子",
    "birth": "1951-06-07",
    "address": "かかない県書蒼市葛\U000e0100城町1番地",
}
HEAD = 'seal: {words: 書蒼市長印}\nsigner: "{mayor}（職務代理者）"\n'


@pytest.fixture(scope="module")
def office(home: Path) -> Iterator[Office]:
    with running(home, *ENROLLED, "--enrol", "C02:counter") as started:
        yield started


def ordered(office: Office, device: str = "C01", **options: Any) -> list[str]:
    """Numbers of one order of 住民票の写し."""
    answer = office.order(WATANABE, key(), device, options={"kind": "person", **options})
    assert answer.status == 200, answer
    numbers: list[str] = answer.json["numbers"]
    return numbers


def copy(office: Office, number: str, device: str = "C01") -> Answer:
    return office.call("GET", f"/v1/certificates/{number}/electronic", device)


def trusted(office: Office) -> Trust:
    return read_trust(office.call("GET", "/v1/trust", "").content)


def found(pdf: bytes, trust: Trust, press: CertificatePress | None = None) -> Finding:
    press = press or CertificatePress(find_fonts())
    return verify(pdf, trust, lambda data: press.render(certificates_from(data, specimen=False)[0]))


def valid_to_poppler(pdf: bytes, folder: Path) -> bool:
    file = folder / "copy.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True)
    return "Signature is Valid" in run.stdout and "Total document signed" in run.stdout


# The copy


@pytest.mark.parametrize("name", PAPERS)
def test_the_copy_of_every_paper_is_valid_whole_and_the_citys(
    office: Office, name: str, tmp_path: Path
) -> None:
    form, options = PAPERS[name]
    ordered = office.order(WATANABE, key(), "C01", type=form, options=options)
    number = ordered.json["number"]
    answer = copy(office, number)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="{number}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert valid_to_poppler(answer.content, tmp_path)
    finding = found(answer.content, trusted(office)).answered(standing(office, number).json)
    assert set(finding.checked.values()) == {"good"}
    assert finding.authentic
    assert finding.seal is not None
    assert (finding.seal.number, finding.seal.type) == (number, name)


def test_each_number_has_a_copy_of_its_own_seal(office: Office) -> None:
    numbers = ordered(office, copies=2)
    seals = [found(copy(office, number).content, trusted(office)).seal for number in numbers]
    assert [seal and seal.number for seal in seals] == numbers


def test_a_copy_is_the_paper_under_the_citys_own_letterhead(tmp_path: Path) -> None:
    file = tmp_path / "head.yaml"
    file.write_text(HEAD, "utf-8")
    with running(tmp_path / "home", *ENROLLED, "--letterhead", str(file)) as office:
        (number,) = ordered(office)
        pdf = copy(office, number).content
        own = CertificatePress(find_fonts(), letterhead(file))
        assert found(pdf, trusted(office), own).checked["text"] == "good"
        assert found(pdf, trusted(office)).checked["text"] == "bad"


def test_a_copy_is_for_the_counter_that_ordered_it_alone(office: Office) -> None:
    (kiosks,), (mine,) = ordered(office, "K01"), ordered(office, "C01")
    assert is_problem(copy(office, kiosks, "K01"), 403, "not-allowed")
    assert is_problem(copy(office, mine, "stranger"), 401, "unknown-device")
    nowhere = copy(office, "R0-999999")
    assert is_problem(nowhere, 404, "unknown")
    for number, device in ((kiosks, "C01"), (mine, "C02"), ("%E5%8F%B7", "C01")):
        assert shown_alike([nowhere, copy(office, number, device)])
    assert copy(office, mine).status == 200


@pytest.mark.parametrize("outcome", ["printed", "spoiled", "abandoned"])
def test_what_was_accounted_for_has_no_copy(office: Office, outcome: str) -> None:
    number, other = ordered(office, copies=2)
    report(office, number, outcome, "C01")
    answer = copy(office, number)
    assert is_problem(answer, 409, "final")
    assert outcome in answer.json["title"]
    assert is_problem(copy(office, other), 409, "accounted")  # what it said is kept no more


def test_what_was_revoked_has_no_copy(office: Office) -> None:
    (number,) = ordered(office)
    revoke(office, number)
    answer = copy(office, number)
    assert is_problem(answer, 409, "final")
    assert "revoked" in answer.json["title"]


def test_a_character_without_its_shape_is_named_with_its_code(office: Office) -> None:
    number = office.order(HARD, key(), "C01").json["number"]
    answer = copy(office, number)
    assert is_problem(answer, 422, "missing-glyph")
    assert answer.json["missing"] == ["邉\U000e0102 (U+9089 U+E0102)"]
    assert "U+9089 U+E0102" in answer.json["title"]


def test_fonts_that_are_missing_are_said_in_one_sentence(tmp_path: Path) -> None:
    font = tmp_path / "city.ttf"
    font.write_text("no font")
    with running(tmp_path / "home", *ENROLLED, "--font", str(font)) as office:
        (number,) = ordered(office)
        answer = copy(office, number)
        assert is_problem(answer, 503, "missing-font")
        assert str(font) in answer.json["title"]
        assert standing(office, number).json["stands"]


def test_a_letterhead_that_no_font_has_is_not_the_orders_fault(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "head.yaml"
    file.write_text("seal: {words: \U000323af}", "utf-8")
    copies, number = in_process(
        engine, tmp_path, lambda: CertificatePress(find_fonts(), letterhead(file))
    )
    with pytest.raises(ProblemError) as refused:
        asyncio.run(copies.of(number, COUNTER))
    assert (refused.value.status, refused.value.kind) == (503, "missing-font")
    assert "U+323AF" in refused.value.title


def test_what_it_needs_is_named_at_the_start(tmp_path: Path) -> None:
    for option in ("--letterhead", "--font"):
        file = tmp_path / "nowhere"
        line = refused_in_one_line(start_in_vain(tmp_path, "--port", "0", option, str(file)))
        assert str(file) in line


def test_keys_that_went_bad_are_a_problem_and_name_no_file_to_strangers(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        (number,) = ordered(office)
        (tmp_path / "keys" / "seal.pem").write_text("no key")
        (tmp_path / "keys" / "city.pem").write_text("no key")
        for answer in (office.call("GET", "/v1/trust", ""), copy(office, number)):
            assert is_problem(answer, 503, "not-set-up")
            assert str(tmp_path) not in answer.text


# In process: what cannot be arranged from outside


class CountingPress(CertificatePress):
    """Knows how many papers were being drawn at once."""

    def __init__(self) -> None:
        super().__init__(find_fonts())
        self.at_once = self.most = 0
        self._lock = threading.Lock()

    def render(self, certificate: Certificate, *more: Any) -> bytes:
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        try:
            return super().render(certificate, *more)
        finally:
            with self._lock:
                self.at_once -= 1


def in_process(
    engine: Engine, folder: Path, open_press: Any, *guarded: tuple[str, str], seals: bool = True
) -> tuple[Copies, str]:
    keys = SealingKeys(folder / "keys", "書蒼市", lambda: NOW)

    def seal(said: Any) -> str:
        return sign(seal_of(said, "000000"), keys.key())

    registry = Registry(engine, RECORDS, lambda: NOW, seal if seals else None)
    number: str = registry.issue(request(), COUNTER, key())["number"]
    return Copies(registry, keys, open_press, guarded), number


def test_one_is_drawn_at_a_time_and_the_press_is_opened_once(
    engine: Engine, tmp_path: Path
) -> None:
    opened: list[CountingPress] = []

    def open_press() -> CountingPress:
        opened.append(CountingPress())
        return opened[-1]

    copies, number = in_process(engine, tmp_path, open_press)
    assert not opened

    async def crowd() -> list[bytes]:
        return await asyncio.gather(*(copies.of(number, COUNTER) for _ in range(8)))

    assert all(made.startswith(b"%PDF") for made in asyncio.run(crowd()))
    (press,) = opened
    assert press.most == 1


def test_whoever_is_protected_since_the_order_gets_no_copy(engine: Engine, tmp_path: Path) -> None:
    copies, number = in_process(
        engine, tmp_path, lambda: CertificatePress(find_fonts()), ("渡邉　結衣", "2015-03-21")
    )
    with pytest.raises(ProblemError) as refused:
        asyncio.run(copies.of(number, COUNTER))
    assert refused.value.kind == "not-issuable-here"


def test_the_real_office_knows_whom_no_copy_may_name(tmp_path: Path) -> None:
    """Ordered before, asked for after the register was told of the protection."""
    folder = tmp_path / "office"
    with running(folder, *ENROLLED) as office:
        (number,) = ordered(office, kind="household")
        assert copy(office, number).status == 200
        token = office.tokens["C01"]
    register = tmp_path / "register.yaml"
    people = PEOPLE.read_text("utf-8").replace("id: r4,", "id: r4, protected: true,")
    register.write_text(people, "utf-8")
    with running(folder, "--people", str(register)) as office:
        answer = copy(office, number, token)
        assert is_problem(answer, 403, "not-issuable-here")
        assert NAME not in answer.text


def test_a_number_of_before_the_seals_has_no_copy(engine: Engine, tmp_path: Path) -> None:
    copies, number = in_process(
        engine, tmp_path, lambda: CertificatePress(find_fonts()), seals=False
    )
    with pytest.raises(ProblemError) as refused:
        asyncio.run(copies.of(number, COUNTER))
    assert (refused.value.status, refused.value.kind) == (409, "unsealed")


def test_the_office_answers_others_while_copies_are_made(office: Office) -> None:
    numbers = ordered(office, copies=10)
    with ThreadPoolExecutor(12) as crowd:
        waiting = [crowd.submit(copy, office, number) for number in numbers]
        assert office.call("GET", "/healthz", "").text == "ok"
        assert {each.result().status for each in waiting} == {200}
