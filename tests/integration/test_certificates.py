"""Each certificate read by poppler: every word, in the order of the real paper, page by page."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import ValidationError, structs
from PIL import Image

from printing.answers import certificate_from
from printing.certificates.frame import GENUINE, GOES_ON, SPECIMEN_WORDS
from printing.certificates.letterhead import letterhead
from printing.certificates.ornaments import binding_code
from printing.certificates.press import CertificatePress, words
from printing.contents import Certificate, Inkan, Juminhyo, Kisai, Nozei
from printing.faults import MissingGlyph, Overfull
from tests.fakes.certificates import (
    ALL,
    FONTS,
    MM,
    SAMPLES,
    ink,
    pictures,
    press,
    read_pages,
    sample,
)

ORDERS = json.loads((SAMPLES.parent / "certificate_words.json").read_text())
LONG = "MARIA DE LOS ANGELES FERNANDEZ DE CORDOBA Y RODRIGUEZ VILLANUEVA ESPERANZA"


def _said(part: Any) -> list[str]:
    """What the office answered, text by text, as it was written; readings are written anew."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        unseen = {"type", "kind", "impression", "kana"}
        part = [value for key, value in part.items() if key not in unseen]
    return [text for each in part for text in _said(each)] if isinstance(part, list) else []


@pytest.mark.parametrize("name", ALL)
def test_every_word_that_the_office_answered_stands_on_the_paper(name: str) -> None:
    certificate = sample(name)
    text = "".join(read_pages(press().render(certificate)))
    raw = json.loads((SAMPLES / f"{name}.json").read_text())
    for said in _said(raw["content"]) + _said(raw.get("notes", [])):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}|[12]", said):
            continue  # a day is told in its era, a sex in a word
        for part in said.split():
            assert re.sub(r"\s", "", part) in text, part


@pytest.mark.parametrize("name", ALL)
def test_a_certificate_is_small_and_always_the_same(name: str) -> None:
    first = press().render(sample(name))
    assert first == press().render(sample(name))
    assert len(first) < 90_000


@pytest.mark.parametrize("name", ALL)
def test_no_caller_can_leave_out_that_a_paper_is_a_specimen(name: str) -> None:
    certificate = sample(name, seal="", specimen=True)
    pdf = press().render(certificate)
    sealed = f"{certificate.city.name}長之印"
    for page in read_pages(pdf):
        assert "見本" in page
        assert sealed not in page
        if not name.startswith("juri-fine"):
            assert SPECIMEN_WORDS in page
    assert _title(pdf).startswith("見本 ")
    assert "見本" not in "".join(read_pages(press().render(sample(name))))


@pytest.mark.parametrize("name", ALL)
def test_the_title_of_the_file_names_the_paper_and_nobody(name: str) -> None:
    certificate = sample(name)
    title = _title(press().render(certificate))
    kind, number = title.split()
    assert number == certificate.number
    assert kind.endswith(("写し", "証明書"))
    assert not any(part in title for part in _names(certificate))


def _title(pdf: bytes) -> str:
    run = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode().partition("Title:")[2].splitlines()[0].strip()


def _names(certificate: Certificate) -> list[str]:
    named = {"name", "head", "alias", "former_name"}
    found: list[str] = []

    def collect(part: Any) -> None:
        if isinstance(part, tuple):
            for each in part:
                collect(each)
        elif hasattr(part, "__struct_fields__"):
            for field in part.__struct_fields__:
                value = getattr(part, field)
                if field in named and isinstance(value, str):
                    found.extend(value.split())
                collect(value)

    collect(certificate.content)
    return found


@pytest.mark.parametrize("name", sorted(ORDERS))
def test_each_paper_reads_in_the_order_of_the_real_one(name: str) -> None:
    (text,) = read_pages(press().render(sample(name)))
    place = 0
    for sentence in ORDERS[name]:
        assert sentence in text[place:], sentence
        place = text.index(sentence, place) + 1


def test_what_was_not_asked_for_is_not_on_the_paper() -> None:
    (text,) = read_pages(press().render(sample("juminhyo-bare")))
    for label in ("本籍", "筆頭者", "住民票コード", "個人番号", "旧氏", "前住所", "履歴", "国籍"):
        assert label not in text
    assert "続柄省略" in text
    assert "世帯主省略" in text
    income = read_pages(press().render(sample("shotoku-income")))[0]
    assert "控除" not in income
    assert "税額" not in income


def test_a_my_number_is_told_as_the_card_shows_it() -> None:
    household = sample("juminhyo-household")
    assert isinstance(household.content, Juminhyo)
    first = structs.replace(household.content.residents[0], my_number="000011112222")
    content = structs.replace(household.content, residents=(first,))
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"],
        input=press().render(replace(household, content=content)),
        capture_output=True,
        check=True,
    )
    assert "0000 1111 2222" in run.stdout.decode()


def test_nothing_declared_hides_even_sums_that_were_sent() -> None:
    told = sample("shotoku")
    text = read_pages(press().render(_undeclared(told)))[0]
    assert "5,642,000" not in text
    assert "234,800" not in text


def _undeclared(certificate: Certificate) -> Certificate:
    content: Any = certificate.content
    return replace(certificate, content=structs.replace(content, undeclared=True))


def test_nine_residents_stand_whole_under_their_address_on_bound_pages() -> None:
    household = sample("juminhyo-household")
    assert isinstance(household.content, Juminhyo)
    nine = household.content.residents * 3
    pdf = press().render(
        replace(household, content=structs.replace(household.content, residents=nine))
    )
    pages = read_pages(pdf)
    assert [page.count("筆頭者") for page in pages] == [3, 3, 3]
    assert all("住所かかない県書蒼市緑ケ丘四丁目10番地コーポみどり203世帯主" in p for p in pages)
    assert [GOES_ON in page for page in pages] == [True, True, False]
    assert ["証明する" in page for page in pages] == [False, False, True]
    code = binding_code("20261121-000101\x00000000")
    for number, page in enumerate(pages, 1):
        assert f"契印{code}{number}／3" in page
        assert f"{number}／3ページ" in page


def test_sheets_of_two_documents_are_told_apart_by_their_binding() -> None:
    one, other = (binding_code(f"20261121-0001{n:02}\x00000000") for n in (1, 2))
    assert one != other
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one)


def test_a_long_list_goes_on_under_its_heads() -> None:
    paid = sample("nozei")
    assert isinstance(paid.content, Nozei)
    lines = paid.content.lines * 12
    pages = read_pages(
        press().render(replace(paid, content=structs.replace(paid.content, lines=lines)))
    )
    assert len(pages) == 3
    assert all("税目年度納付すべき額" in page for page in pages)
    assert sum(page.count("軽自動車税") for page in pages) == 12
    assert f"合計{565_300 * 12:,}" in pages[-1]


def test_a_person_with_more_entries_than_a_page_is_named_on_each() -> None:
    told = sample("kisai")
    assert isinstance(told.content, Kisai)
    name, *rest = told.content.residents[0]
    many = (name, *rest * 8)
    pages = read_pages(press().render(replace(told, content=Kisai(residents=(many,)))))
    assert len(pages) > 2
    assert all("氏名渡邉一郎" in page for page in pages)
    assert sum(page.count("続柄世帯主") for page in pages) == 8


@pytest.mark.parametrize("name", [each for each in ALL if not each.startswith(("koseki", "juri"))])
@pytest.mark.parametrize("long", [LONG, "髙" * 60, "W" * 120], ids=["words", "kanji", "letters"])
def test_long_names_and_addresses_are_whole_and_within_their_lines(
    name: str, long: str, tmp_path: Path
) -> None:
    certificate = sample(name)
    stretched = replace(certificate, content=_stretched(certificate.content, long))
    pdf = press().render(stretched)
    text = "".join(read_pages(pdf))
    assert text.count(re.sub(r"\s", "", long)) >= 1
    for path in pictures(pdf, tmp_path):
        with Image.open(path) as page:
            assert ink(page)[2] <= 190.6 * MM


def _stretched(part: Any, long: str) -> Any:
    """The same content with other names and addresses."""
    if isinstance(part, tuple):
        return tuple(_stretched(each, long) for each in part)
    if not hasattr(part, "__struct_fields__"):
        return part
    changes = {}
    for field in part.__struct_fields__:
        value = getattr(part, field)
        hit = field in {"name", "address", "head", "domicile", "alias", "former_name"}
        if hit or (field == "value" and getattr(part, "label", "") == "氏名"):
            changes[field] = long if value else value
        else:
            changes[field] = _stretched(value, long)
    return structs.replace(part, **changes)


def test_words_without_end_become_smaller_before_they_are_refused() -> None:
    told = sample("inkan")
    address = "書蒼市の長い住所" * 150
    content: Any = structs.replace(told.content, address=address)
    (text,) = read_pages(press().render(replace(told, content=content)))
    assert address in text


def test_what_no_sheet_has_room_for_is_refused_and_not_cut_off() -> None:
    told = sample("inkan")
    content: Any = structs.replace(told.content, address="長" * 20_000)
    with pytest.raises(Overfull):
        press().render(replace(told, content=content))


def test_a_sex_stands_on_a_seal_certificate_only_where_the_city_says_so(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text("inkan_sex: yes\n")
    (with_sex,) = read_pages(CertificatePress(FONTS, letterhead(file)).render(sample("inkan")))
    (without,) = read_pages(press().render(sample("inkan")))
    assert "性別女" in with_sex
    assert "性別" not in without


def test_the_code_and_the_picture_do_not_go_through_the_gate() -> None:
    told = sample("inkan")
    assert isinstance(told.content, Inkan)
    drawn = list(words(told))
    assert told.seal not in drawn
    assert told.content.impression not in drawn
    assert told.content.name in drawn
    assert {told.number, told.city.name, told.city.mayor_title} <= set(drawn)


@pytest.mark.parametrize("name", ALL)
def test_a_character_without_a_shape_stops_every_paper(name: str) -> None:
    certificate = sample(name)
    with pytest.raises(MissingGlyph):
        press().render(replace(certificate, notes=("\U000323af",)))


def test_a_substitute_that_a_clerk_agreed_to_is_told_on_the_paper() -> None:
    told = sample("inkan")
    content: Any = structs.replace(told.content, name="\U000323af田　花子")
    certificate = replace(told, content=content)
    (text,) = read_pages(press().render(certificate, {"\U000323af": "辺"}))
    assert "登録されている文字（U+323AF）は、「辺」の字形で表しています。" in text
    assert "U+" not in read_pages(press().render(told, {"\U000323af": "辺"}))[0]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"issued": "yesterday"}, "issued"),
        ({"number": 5}, "number"),
        ({"content": {"type": "passport"}}, "content"),
        ({"content": {"type": "nozei", "name": "", "address": "", "lines": [], "x": 1}}, "x"),
        ({"city": {"code": "1", "name": "a"}}, "mayor_title"),
    ],
)
def test_an_answer_that_is_no_certificate_is_refused_where_it_is_wrong(
    changes: dict[str, Any], rule: str
) -> None:
    raw = json.loads((SAMPLES / "nozei.json").read_text())
    with pytest.raises(ValidationError, match=rule):
        certificate_from({**raw, **changes})


def test_without_a_signed_code_nothing_is_said_of_one() -> None:
    (plain,) = read_pages(press().render(sample("inkan", seal="")))
    (sealed,) = read_pages(press().render(sample("inkan")))
    assert GENUINE not in plain
    assert GENUINE in sealed
