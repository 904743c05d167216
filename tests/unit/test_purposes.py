"""What residents may be asked to agree to: read with care, told with file and line."""

from datetime import date
from pathlib import Path

import pytest

from forms.person import person_mark
from forms.purposes import SAID, Purposes
from forms.purposes_loader import load_purposes, told_purposes
from forms.sources import FormFault
from forms.words import LANGUAGES
from tests.fakes.samples import FORMS, ROOT

FILE = ROOT / "resources" / "consent" / "purposes.yaml"
WORDS = ROOT / "resources" / "texts" / "consent" / "purposes.yaml"
ONE = """purposes:
  - id: disaster-care
    forms: [risai]
    shares: [name, address]
    notice: "2026-11"
    months: 24
"""
FACTS = {"name": "渡邉　一郎", "birth": "1980-02-17", "sex": "1", "address": "緑ケ丘四丁目10番地"}


@pytest.fixture
def purposes() -> Purposes:
    return told_purposes(FILE, WORDS, FORMS)


def told(tmp_path: Path, text: str) -> str:
    file = tmp_path / "purposes.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(FormFault) as fault:
        told_purposes(file, WORDS, FORMS)
    return str(fault.value).removeprefix(f"{file}: ")


def test_ours_are_asked_after_their_forms_in_their_order(purposes):
    assert [each.id for each in purposes.of("risai")] == ["disaster-care", "disaster-water"]
    assert purposes.of("juminhyo") == ()
    assert purposes.named("nothing") is None


def test_every_purpose_is_told_in_every_language(purposes):
    for purpose in purposes.every:
        said = [purposes.say(part, purpose.id, each) for part in SAID for each in LANGUAGES]
        assert len(set(said)) == len(said)


def test_a_purpose_that_the_city_has_no_more_is_told_by_its_id(purposes):
    assert purposes.say("title", "gone", "ja") == "gone"


@pytest.mark.parametrize(
    ("line", "instead", "where"),
    [
        ("[name, address]", "[name, number]", "line 4: disaster-care.shares: 'risai' has no field"),
        ("[risai]", "[rissai]", "line 3: disaster-care.forms: there is no form 'rissai'"),
        ("[risai]", "[komarigoto]", "line 3: disaster-care.forms: 'komarigoto' asks nobody"),
        ("months: 24", "months: 0", "line 6: Expected `int` >= 1"),
        ("months: 24", "month: 24", "line 2: Object contains unknown field `month`"),
        ('"2026-11"', '""', "line 5: Expected `str` matching regex"),
        ("[name, address]", "[]", "line 4: Expected `array` of length >= 1"),
        ("months: 24\n", f"months: 24\n{ONE.partition(chr(10))[2]}", "line 7: 'disaster-care'"),
        ("disaster-care", "Disaster", "line 2: Expected `str` matching regex"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path, line, instead, where):
    assert told(tmp_path, ONE.replace(line, instead)).startswith(where)


def test_a_purpose_without_words_is_a_fault(tmp_path):
    text = ONE.replace("disaster-care", "other")
    file = tmp_path / "purposes.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(FormFault, match=r"title\.other: says nothing in ja"):
        told_purposes(file, WORDS, FORMS)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        (date(2026, 11, 21), date(2028, 11, 21)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_yes_holds_so_many_months(said, until):
    assert load_purposes(FILE)[0].until(said) == until


def test_one_person_has_one_mark_and_two_keys_make_two():
    mark = person_mark(b"k" * 32, FACTS)
    assert mark == person_mark(b"k" * 32, dict(reversed(FACTS.items())))
    assert len(mark or "") == 64
    assert mark != person_mark(b"l" * 32, FACTS)
    assert all(mark != person_mark(b"k" * 32, {**FACTS, part: "x"}) for part in FACTS)


@pytest.mark.parametrize(
    ("card", "typed"),
    [
        ("かかない県書蒼市本町一丁目2番3号", "かかない県書蒼市本町一丁目２番３号"),
        ("緑ケ丘4-10　コーポみどり203", "緑ケ丘４−１０ コーポみどり２０３"),
        ("NGUYEN THI MINH CHAU", "ＮＧＵＹＥＮ　ＴＨＩ　ＭＩＮＨ　ＣＨＡＵ"),
        ("髙橋　花子", " 髙橋  花子　"),
        ("渡邉󠄂　一郎", "渡邉　一郎"),
    ],
)
@pytest.mark.parametrize("part", ["name", "address"])
def test_what_a_clerk_types_from_a_card_gives_the_mark_of_the_card(part, card, typed):
    marks = {person_mark(b"k" * 32, {**FACTS, part: words}) for words in (card, typed)}
    assert len(marks) == 1


@pytest.mark.parametrize(("chip", "printed"), [("1", "男"), ("2", " 女")])
def test_what_is_printed_on_a_card_means_what_its_chip_says(chip, printed):
    assert person_mark(b"k" * 32, {**FACTS, "sex": printed}) == person_mark(
        b"k" * 32, {**FACTS, "sex": chip}
    )


@pytest.mark.parametrize("other", ["高橋　花子", "髙橋花子", "髙橋　花"])
def test_another_name_gives_another_mark(other):
    assert person_mark(b"k" * 32, {**FACTS, "name": "髙橋　花子"}) != person_mark(
        b"k" * 32, {**FACTS, "name": other}
    )


@pytest.mark.parametrize("part", FACTS)
def test_whoever_is_not_wholly_known_has_no_mark(part):
    assert person_mark(b"k" * 32, {**FACTS, part: ""}) is None
