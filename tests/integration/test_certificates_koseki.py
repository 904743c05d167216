"""Family registers on paper: read back by poppler, looked at as pixels."""

from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import structs

from printing.certificates.layouts import columns, juri_fine
from printing.certificates.layouts.entries import said
from printing.certificates.layouts.kit import FULL, LEFT, RIGHT, TOP
from printing.contents import (
    Certificate,
    Event,
    Fuhyo,
    Item,
    Juri,
    Koseki,
    KosekiPerson,
    Stay,
)
from printing.faults import MissingGlyph
from printing.paper import texts
from tests.fakes.papers import (
    NAMES,
    POINTS,
    PRESS,
    brightness,
    content_of,
    in_order,
    inked,
    layout_alone,
    look,
    pages_of,
    read_boxes,
    read_pages,
    sample,
    sample_with,
    squeezed,
    text_of,
)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_register_says_is_on_the_paper(name: str) -> None:
    certificate = sample(name)
    text = text_of(certificate)
    content = certificate.content
    surname = f"{content.head.split('　')[0]}　" if isinstance(content, Koseki) else ""
    if isinstance(content, Fuhyo) and content.head:
        surname = f"{content.head.split('　')[0]}　"
    fine = isinstance(content, Juri) and content.fine
    skipped = {"whole", "person", "removed", "1", "2"}
    for told in texts(content):
        shown = columns.in_kanji(said(told)) if fine and said(told) != told else said(told)
        given = told.removeprefix(surname).split("　")[-1]
        places = (squeezed(shown), squeezed(given) if surname else "\0")
        assert told in skipped or any(place in text for place in places), told


@pytest.mark.parametrize("name", NAMES)
def test_no_word_leaves_the_margins(name: str) -> None:
    content = sample(name).content
    boxes = read_boxes(layout_alone(content))
    assert boxes
    if isinstance(content, Juri) and content.fine:
        edges = juri_fine.EDGE + juri_fine.BAND
        inside = (edges, edges, juri_fine.WIDE - edges, juri_fine.HIGH - edges)
    else:
        inside = (LEFT, TOP, RIGHT, FULL)
    for box in boxes:
        assert box.left >= inside[0], box
        assert box.right <= inside[2], box
        assert box.top >= inside[1] - 1, box  # poppler's boxes are taller than the writing
        assert box.bottom <= inside[3] + 1, box


@pytest.mark.parametrize("name", NAMES)
def test_no_ink_leaves_the_margins(name: str, tmp_path: Path) -> None:
    content = sample(name).content
    if isinstance(content, Juri) and content.fine:
        left, right, wide, high = juri_fine.EDGE, juri_fine.WIDE - juri_fine.EDGE, 297, 210
    else:
        left, right, wide, high = LEFT, RIGHT, 210, 297
    for image in look(layout_alone(content), tmp_path):
        assert inked(image, left, 0, right, high)
        assert not inked(image, 0, 0, left - 0.6, high)
        assert not inked(image, right + 0.6, 0, wide, high)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    certificate = sample(name)
    assert PRESS.render(certificate) == PRESS.render(certificate)


def test_a_register_reads_as_the_computerised_one_does() -> None:
    text = text_of(sample("koseki-whole"))
    assert in_order(
        text,
        "（2の1）全部事項証明",
        "本籍かかない県書蒼市緑ケ丘四丁目10番地",
        "氏名渡邉一郎【氏の振り仮名】ワタナベ",
        "戸籍事項戸籍編製【編製日】平成22年6月12日",
        "戸籍に記録されている者【名】一郎【名の振り仮名】イチロウ",
        "【生年月日】昭和55年2月17日【配偶者区分】夫【父】渡邉髙之【母】渡邉和子【続柄】長男",
        "身分事項出生【出生日】昭和55年2月17日【出生地】かかない県書蒼市",
        "【届出日】昭和55年2月25日【届出人】父",
        "婚姻【婚姻日】平成22年6月12日【配偶者氏名】山﨑由美子",
        "【従前戸籍】かかない県書蒼市本町一丁目2番地渡邉髙之",
        "戸籍に記録されている者【名】由美子",
        "戸籍に記録されている者【名】結衣",
        "以下余白",
        "これは、戸籍に記録されている事項の全部を証明した書面である。令和8年11月20日",
        "発行番号20261120-000101",
    )
    assert "除籍" not in text


def test_one_persons_certificate_says_so() -> None:
    text = text_of(sample("koseki-person"))
    assert "（1の1）個人事項証明" in text
    assert "これは、戸籍中の一部の者について記録されている事項の全部を証明した書面である。" in text
    assert "由美子【名" not in text


def test_a_closed_register_is_named_on_every_page_and_who_left_is_boxed() -> None:
    pages = read_pages(PRESS.render(sample("koseki-removed")))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert page.startswith(f"除籍（{len(pages)}の{number}）全部事項証明")
    for page in pages[1:]:
        assert in_order(page[:80], "本籍かかない県書蒼市本町一丁目2番地氏名髙橋太郎")
    whole = "".join(pages)
    assert whole.count("戸籍に記録されている者除籍【名】") == 6
    assert "除籍に記録されている事項の全部を証明した書面である。" in pages[-1]


def test_only_who_left_is_boxed(tmp_path: Path) -> None:
    people = content_of("koseki-whole").people
    left = structs.replace(people[2], removed=True)
    text = text_of(sample_with("koseki-whole", people=(people[0], left)))
    assert text.count("除籍") == 1
    assert "戸籍に記録されている者除籍【名】結衣" in text


def test_adoptive_parents_stand_below_the_others() -> None:
    text = text_of(sample("koseki-removed"))
    assert "【続柄】長女【養父】志村源之助【養母】志村トキ【続柄】養女" in text


def test_days_that_nobody_knows_are_printed_as_they_are() -> None:
    text = text_of(sample("koseki-removed"))
    assert "【届出日】年月日不詳" in text
    assert "【生年月日】推定明治45年【配偶者区分】妻" in text
    assert "【死亡日】平成7年1月17日推定午前5時から午前7時までの間" in text


def test_a_number_of_eight_digits_is_no_day() -> None:
    assert said("20261121") == "20261121"
    assert said("2026-W01-1") == "2026-W01-1"
    assert said("2026-11-21") == "令和8年11月21日"


def test_an_earlier_entry_stands_further_in() -> None:
    boxes = read_boxes(layout_alone(sample("koseki-removed").content))
    (outer,) = [box for box in boxes if box.text.startswith("【従前の記録】")]
    (inner,) = [box for box in boxes if "齋藤熊七" in box.text]
    assert inner.text.startswith("【父】")
    assert inner.left - outer.left == pytest.approx(12.5 / POINTS, abs=0.5)


def test_hard_names_are_read_back_to_the_code_point() -> None:
    text = text_of(sample("koseki-hard"))
    for name in (
        "𠮷田葛\U000e0102之助",
        "【名】葛\U000e0102之助",
        "辻\U000e0101邉瑞﨑",
        "葛\U000e0102飾台",
    ):
        assert name in text


def test_a_character_without_a_glyph_stops_the_paper() -> None:
    person = KosekiPerson(name="渡邉\U000e01ef　一", birth="1980-02-17")
    with pytest.raises(MissingGlyph):
        PRESS.render(sample_with("koseki-whole", people=(person,)))


def _many(count: int, lines: int = 3) -> Certificate:
    entries = tuple(Item(label=f"事項{n}", value=f"値{n}") for n in range(lines))
    people = tuple(
        KosekiPerson(
            name=f"渡邉　第{n}郎",
            birth="1980-02-17",
            relation="子",
            events=(Event(title="出生", entries=entries), Event(title="婚姻", entries=entries)),
        )
        for n in range(count)
    )
    return sample_with("koseki-whole", people=people)


def test_many_people_break_over_pages_and_nobody_is_parted_from_his_first_event() -> None:
    pages = read_pages(layout_alone(_many(20).content))
    assert len(pages) > 5
    for number in range(20):
        (page,) = [page for page in pages if f"【名】第{number}郎" in page]
        assert "身分事項出生【事項0】値0" in page.split(f"【名】第{number}郎")[1]


def test_what_goes_on_on_the_next_page_says_whose_it_is() -> None:
    told = 0
    pages = read_pages(layout_alone(_many(20, lines=5).content))
    for before, page in pairwise(pages):
        if not page.startswith("戸籍に記録されている者"):
            whose = before.rsplit("【名】", 1)[1].split("【", 1)[0]
            assert page.startswith(f"婚姻（{whose}・続き）")
            told += 1
    assert told


def test_an_event_longer_than_a_page_goes_on_without_losing_a_line() -> None:
    pages = read_pages(layout_alone(_many(1, lines=70).content))
    assert len(pages) >= 4
    text = "".join(pages)
    assert in_order(text, *(f"【事項{n}】値{n}" for n in range(70)))
    assert "出生（第0郎・続き）" in pages[1]


def test_a_broken_frame_is_closed_on_every_page(tmp_path: Path) -> None:
    content = sample("koseki-removed").content
    layout = pages_of(content)
    for blocks, image in zip(layout, look(layout_alone(content), tmp_path), strict=True):
        gap = 4.0 if blocks is layout[-1] else 0.0
        foot = TOP + sum(block.height for block in blocks) - gap
        row = round(foot * 100 / 25.4)
        for x in (LEFT + 5, RIGHT - 5):  # below the labels and below the entries
            column = round(x * 100 / 25.4)
            assert min(brightness(image, (column, row + by)) for by in range(-2, 3)) < 200
        assert not inked(image, LEFT, foot + 1, RIGHT, 290)


def test_addresses_go_on_between_words_and_never_within_a_number() -> None:
    long = "かかない県書蒼市海岸通り二丁目12345番地の67890　書蒼ベイサイドレジデンス1105号"
    for extra in range(25):
        stay = Stay(address="港" * extra + long, since="2020-01-01")
        person = structs.replace(content_of("fuhyo").people[0], stays=(stay,))
        boxes = read_boxes(layout_alone(sample_with("fuhyo", people=(person,)).content))
        for number in ("12345", "67890", "1105"):
            assert any(number in box.text for box in boxes), (extra, number)


def test_a_line_ends_at_a_gap_rather_than_within_a_word() -> None:
    entry = Item(
        label="従前戸籍", value="かかない県文字町大字港町5番地　勅使河原権左衛門之助長次郎太"
    )
    event = Event(title="婚姻", entries=(entry,))
    person = KosekiPerson(name="渡邉　一郎", birth="1980-02-17", events=(event,))
    boxes = read_boxes(layout_alone(sample_with("koseki-whole", people=(person,)).content))
    assert "勅使河原権左衛門之助長次郎太" in [box.text for box in boxes]


def test_a_fuhyo_tells_the_addresses_in_their_order() -> None:
    text = text_of(sample("fuhyo"))
    assert in_order(
        text,
        "本籍かかない県書蒼市緑ケ丘四丁目10番地",
        "筆頭者氏名渡邉一郎",
        "附票に記録されている者【名】イチロウ一郎",
        "【生年月日】昭和55年2月17日【性別】男",
        "【在外選挙人名簿登録市町村名】かかない県書蒼市",
        "【住所】かかない県書蒼市本町一丁目2番3号【住定日】平成17年4月1日",
        "【住所】かかない県書蒼市緑ケ丘四丁目10番地コーポみどり203【住定日】平成22年6月12日",
        "【名】ユミコ由美子",
    )


def test_whose_register_it_is_stays_off_unless_asked_for_and_then_the_name_is_whole() -> None:
    text = text_of(sample("fuhyo-person"))
    assert in_order(text, "本籍省略", "筆頭者氏名省略", "【氏名】スズキサクラ鈴木さくら")
    assert "【住定日】記載なし" in text
    assert "附票作成日" not in text


def test_who_left_a_fuhyo_has_the_day_and_the_reason() -> None:
    pages = read_pages(PRESS.render(sample("fuhyo-removed")))
    text = "".join(pages)
    assert "附票に記録されている者除籍【名】二三【除籍日】平成13年7月20日【除籍事由】死亡" in text
    assert "【新本籍】かかない県文字町大字港町八丁目3000番地の15" in text
    assert "（花子の住所・続き）【住所】" in pages[1]
