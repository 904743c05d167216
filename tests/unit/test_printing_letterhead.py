"""What differs by city: read with care, laid over ours, named with its line where it is wrong."""

from pathlib import Path

import pytest

from printing.certificates.letterhead import DEFAULT, default_letterhead, letterhead
from printing.certificates.source import LetterheadFault
from printing.contents import City, Inkan, Juminhyo, Nozei, Shotoku

CITY = City(code="000000", name="書蒼市", mayor_title="市長　文字　守")
HOUSEHOLD = Juminhyo(kind="household", address="", head=None, residents=())
INKAN = Inkan(name="", birth="", address="", impression="", side=15)


def _file(folder: Path, text: str) -> Path:
    file = folder / "city.yaml"
    file.write_text(text)
    return file


def _fault(folder: Path, text: str) -> LetterheadFault:
    with pytest.raises(LetterheadFault) as refusal:
        letterhead(_file(folder, text))
    return refusal.value


def test_a_city_without_a_file_has_ours() -> None:
    wording = default_letterhead().wording(HOUSEHOLD, "household", CITY, {})
    assert wording.title == "住民票の写し"
    assert wording.subheading == "（世帯全員）"
    assert wording.attestation == "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
    assert wording.signer == "書蒼市　市長　文字　守"
    assert wording.seal == "書蒼市長之印"


def test_a_title_that_names_the_city_is_not_told_twice() -> None:
    mayor = City(code="000000", name="書蒼市", mayor_title="書蒼市長　文字　守")
    assert default_letterhead().wording(INKAN, "", mayor, {}).signer == "書蒼市長　文字　守"


def test_what_a_kind_does_not_say_is_said_by_its_paper() -> None:
    person = default_letterhead().wording(HOUSEHOLD, "person", CITY, {})
    assert person.heading == "住　民　票"
    assert person.attestation == "この写しは、住民票の原本と相違ないことを証明する。"
    unknown = default_letterhead().wording(HOUSEHOLD, "no-such-kind", CITY, {})
    assert unknown.subheading == ""


def test_the_year_of_a_tax_paper_stands_in_its_heading() -> None:
    empty = Shotoku(
        fiscal_year=2026,
        name="",
        birth="",
        address="",
        address_then="",
        incomes=(),
        deductions=(),
        dependants=(),
        taxes=(),
    )
    years = {"year": "令和8年度", "earned": "令和7年分"}
    said = default_letterhead().wording(empty, "both", CITY, years)
    assert said.subheading == "令和8年度　市民税・県民税（令和7年分の所得）"


def test_a_city_says_only_what_it_has_otherwise(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        """
inkan_sex: yes
margins: {left: 22.5}
papers:
  nozei:
    signer: "{city}税務課長　税田　務"
    kinds:
      paid: {subheading: （滞納のない証明）}
""",
    )
    ours, theirs = default_letterhead(), letterhead(file)
    paid = Nozei(name="", address="", lines=())
    said = theirs.wording(paid, "paid", CITY, {})
    assert said.signer == "書蒼市税務課長　税田　務"
    assert said.subheading == "（滞納のない証明）"
    assert said.attestation == ours.wording(paid, "paid", CITY, {}).attestation
    assert theirs.wording(INKAN, "", CITY, {}) == ours.wording(INKAN, "", CITY, {})
    assert theirs.inkan_sex
    assert not ours.inkan_sex
    assert theirs.shift == (2.5, 0.0)
    assert theirs.screen == ours.screen


def test_a_paper_with_a_pattern_of_its_own_gets_no_screen(tmp_path: Path) -> None:
    assert letterhead(_file(tmp_path, "screen: {words: []}")).screen is None


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("inkan_sex: no\npapers:\n  juminhyo:\n    haeding: x\n", 4, "haeding"),
        ("inkan_sex: no\npapers:\n  zeikin: {title: x}\n", 3, "zeikin"),
        ("papers:\n  inkan:\n    title: 1\n", 3, "Expected `str"),
        ("papers:\n  juminhyo:\n    kinds:\n      all: {title: x}\n", 4, "all"),
        ("signer: a\nsignr: b\n", 2, "signr"),
        ("margins:\n  left: 5\n", 2, "from 13 to 27"),
        ("margins:\n  top: 40\n", 2, "from 12 to 20"),
        ("seal:\n  side: 60\n", 2, "from 15 to 27"),
        ("screen:\n  colour: teal\n", 2, "#rrggbb"),
        ("screen:\n  colour: '#104030'\n", 2, "too dark"),
        ("screen:\n  words:\n    - 複写\n    - 禁止されているもの\n", 4, "1 to 6"),
        ("screen:\n  words: [a, b, c, d, e]\n", 2, "more than 4"),
        ("papers:\n  inkan:\n    signer: '{mayer}'\n", 3, "{mayer}"),
        ("papers:\n  inkan:\n    heading: '{year}'\n", 3, "{year}"),
        ("signer: '{mayor!r}'\n", 1, "no place"),
        ("signer: '{mayor.__class__}'\n", 1, "no place"),
        ("signer: '{mayor:>9999}'\n", 1, "no place"),
        ("a: 1\nsigner: '{'\n", 1, "unknown field"),
        ("signer: '{'\n", 1, "not closed"),
        ("signer: |\n  a\n  b\n", 1, "one line"),
        (f"signer: {'あ' * 97}\n", 1, "at most 96"),
        ("signer: a\nsigner: b\n", 2, "twice"),
        ("signer: &a x\npapers: *a\n", 2, "aliases"),
        ("signer: [\n", 2, "expected"),
        ("signer: 2020-01-01\n", 1, "no text"),
        ("seal: {side: 0x1F}\n", 1, "plainly"),
        ("seal: {side: .inf}\n", 1, "plainly"),
        ("? [a]\n: b\n", 1, "a key"),
        ("- a\n", 1, "Expected `object`"),
        ("x: " + "[" * 20 + "]" * 20 + "\n", 1, "deeper"),
        ("signer: !!python/object:os.system x\n", 1, "no text"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_file_and_line(
    tmp_path: Path, text: str, line: int, rule: str
) -> None:
    fault = _fault(tmp_path, text)
    assert fault.line == line
    assert rule in fault.rule
    assert str(fault).startswith(f"{tmp_path / 'city.yaml'}: line {line}: ")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"a: \x00", b"#" * 100_001])
def test_what_is_no_text_at_all_is_named_with_its_file(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "city.yaml"
    file.write_bytes(raw)
    with pytest.raises(LetterheadFault, match=r"city\.yaml"):
        letterhead(file)


def test_a_file_that_is_not_there_is_a_fault_too(tmp_path: Path) -> None:
    with pytest.raises(LetterheadFault, match="No such file"):
        letterhead(tmp_path / "none.yaml")


def test_a_seal_that_is_no_picture_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_bytes(b"no picture")
    fault = _fault(tmp_path, "seal:\n  picture: seal.png\n")
    assert fault.line == 2
    assert "no whole PNG" in fault.rule
    assert "No such file" in _fault(tmp_path, "seal:\n  picture: none.png\n").rule


def test_ours_says_everything_that_a_paper_needs() -> None:
    for words in default_letterhead()._words.values():
        for said in words.values():
            assert {"title", "heading", "attestation", "signer", "seal", "subheading"} == set(said)
            assert all(said[name] for name in said if name != "subheading")
    assert "{mayor}" in DEFAULT.read_text()
