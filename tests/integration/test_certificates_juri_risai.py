"""Notices and disasters on paper: plain, framed and on the nationwide form."""

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import structs

from printing.answers import content_from
from printing.certificates.layouts import juri_fine
from printing.certificates.layouts.kit import BOTTOM, TOP
from printing.contents import Degree, Party
from printing.sheet import Sheet
from tests.fakes.papers import (
    KIT,
    PAPERS,
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
    text_of,
)


def test_a_plain_notice_is_certified_in_lines() -> None:
    assert in_order(
        text_of(sample("juri")),
        "受理証明書",
        "届出の種類婚姻届受理年月日令和8年11月11日",
        "夫【氏名】わたなべいちろう渡邉一郎【生年月日】昭和55年2月17日【本籍】",
        "妻【氏名】やまさきゆみこ山﨑由美子",
        "上記の届出を受理したことを証明する。",
    )


def test_the_framed_paper_reads_from_the_right_to_the_left() -> None:
    pdf = PRESS.render(sample("juri-fine"))
    (text,) = read_pages(pdf)
    assert in_order(
        text,
        "受理証明書",
        "夫わたなべいちろう渡邉一郎",
        "本籍かかない県書蒼市緑ケ丘四丁目10番地",
        "筆頭者渡邉髙之",
        "昭和五十五年二月十七日生",
        "妻やまさきゆみこ山﨑由美子",
        "右の婚姻届は、令和八年十一月十一日に受理したことを証明する。",
        "令和八年十一月二十日",
        "書蒼市長文字守",
        "書蒼市長之印",
    )
    boxes = read_boxes(pdf)
    title = max(boxes, key=lambda box: box.right - box.left if box.text == "受" else 0)
    husband = next(box for box in boxes if box.text.startswith("夫"))
    wife = next(box for box in boxes if box.text.startswith("妻"))
    assert title.left > husband.left > wife.left


def test_a_notice_without_its_word_is_called_one() -> None:
    content: Any = structs.replace(content_of("juri-fine"), notice="離婚")
    assert "右の離婚の届出は、令和八年" in read_pages(layout_alone(content))[0]


def test_three_parties_with_long_names_still_stand_in_the_frame() -> None:
    (text,) = read_pages(PRESS.render(sample("juri-fine-adoption")))
    assert in_order(
        text,
        "養父てしがわらごんざえもん勅使河原権左衛門",
        "養母マリア・フェルナンダ国籍ブラジル連邦共和国",
        "養子たかさきみお髙﨑澪",
        "養子の代諾者親権者母髙﨑瑞穂（かかない県文字町「ハイツみなと」203号）",
    )


@pytest.mark.parametrize(("name", "times"), [("juri-fine", 1), ("juri-fine-adoption", 2)])
def test_no_column_stands_in_another_one(name: str, times: int) -> None:
    content: Any = sample(name).content
    crowded = structs.replace(content, parties=content.parties * times)
    boxes = [b for b in read_boxes(layout_alone(crowded)) if b.right - b.left > 2]
    upright = [b for b in boxes if re.fullmatch("[一-龥ぁ-んァ-ヶ]+", b.text)]
    assert len(upright) > 50
    for one, other in combinations(upright, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        tall = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert wide < 0.3 or tall < 1.2, (one, other)


def test_a_name_too_long_for_a_column_gets_another_one() -> None:
    name = "・".join(["ペドロ", "アルカンタラ", "フランシスコ", "アントニオ", "カルロス"] * 2)
    party = Party(role="養親となる者", name=name, kana="ぺどろ")
    (text,) = read_pages(
        layout_alone(structs.replace(sample("juri-fine").content, parties=(party,)))
    )
    assert in_order(text, "養親となる者", name)


def test_room_is_left_for_the_codes_of_the_framed_paper(tmp_path: Path) -> None:
    for name in ("juri-fine", "juri-fine-adoption"):
        (image,) = look(layout_alone(sample(name).content), tmp_path)
        left, top, side = juri_fine.CODE_CORNER
        assert not inked(image, left, top, left + side, top + side)
        left, top, wide, high = juri_fine.BARS_CORNER
        assert not inked(image, left, top, left + wide, top + high)


def test_a_specimen_of_the_framed_paper_bears_no_seal_of_the_city() -> None:
    (text,) = read_pages(PRESS.render(replace(sample("juri-fine"), specimen=True)))
    assert "書蒼市長之印" not in text


def test_the_framed_paper_can_be_signed_and_stamped_by_others() -> None:
    stamped: list[tuple[float, float]] = []
    sheet, certificate = Sheet(juri_fine.WIDE, juri_fine.HIGH, "signed"), sample("juri-fine")
    content: Any = certificate.content
    juri_fine.draw(
        sheet, certificate, content, KIT, signer="書蒼市長職務代理者　葵", stamp=stamped.append
    )
    sheet.turn()
    (text,) = read_pages(sheet.pdf())
    assert "書蒼市長職務代理者葵" in text
    assert "之印" not in text
    ((x, y),) = stamped
    assert juri_fine.LEFT_EDGE < x < juri_fine.WIDE / 3
    assert y < juri_fine.BOTTOM


def test_a_disaster_is_told_in_the_order_of_the_nationwide_form() -> None:
    assert in_order(
        text_of(sample("risai")),
        "罹災証明書",
        "世帯主住所かかない県書蒼市緑ケ丘四丁目10番地コーポみどり203",
        "世帯主氏名渡邉一郎",
        "世帯構成員氏名続柄生年月日渡邉一郎世帯主昭和55年2月17日渡邉由美子妻昭和57年7月7日",
        "罹災原因令和8年9月3日の令和8年台風第15号による浸水",
        "被災住家※の所在地かかない県書蒼市緑ケ丘四丁目10番地",
        "住家※の被害の程度",
        "調査年月日令和8年9月20日",
        "備考床上浸水（床上約80センチメートル）",
        "※住家とは、現実に居住",
        "上記のとおり、相違ないことを証明する。",
    )


@pytest.mark.parametrize("degree", get_args(Degree))
def test_exactly_the_degree_that_holds_is_marked(degree: str, tmp_path: Path) -> None:
    certificate = sample_with("risai", degree=degree)
    text = text_of(certificate)
    marks = "".join(f"{'■' if each == degree else '□'}{each}" for each in get_args(Degree))
    assert f"住家※の被害の程度{marks}（一部損壊）" in text
    assert text.count("■") == 1
    pdf = layout_alone(certificate.content)
    (mark,) = [box for box in read_boxes(pdf) if box.text == "■"]
    (image,) = look(pdf, tmp_path)
    beside = (
        round((mark.right + 1.2) * 100 / 25.4),
        round((mark.top + mark.bottom) / 2 * 100 / 25.4),
    )
    assert 200 < brightness(image, beside) < 250  # the tint of the frame around it


def test_a_seventh_degree_is_refused() -> None:
    raw = json.loads((PAPERS / "risai.json").read_text())["content"] | {"degree": "一部損壊"}
    with pytest.raises(msgspec.ValidationError):
        content_from(raw)


def test_a_household_of_nine_fits_on_one_page_and_its_names_can_be_read() -> None:
    pdf = layout_alone(content_of("risai-large"))
    assert len(read_pages(pdf)) == 1
    tall = [b.bottom - b.top for b in read_boxes(pdf) if b.text.startswith(("マリア", "NGUYEN"))]
    assert len(tall) == 2
    assert min(tall) * POINTS > 10


def test_forty_victims_break_over_pages_under_their_label() -> None:
    victims = content_of("risai-large").household * 5
    pages = read_pages(layout_alone(sample_with("risai-large", household=victims).content))
    assert len(pages) == 3
    assert "（世帯構成員・続き）" in pages[1]
    assert "".join(pages).count("年月日不詳") == 5


def test_a_household_of_very_long_names_loses_none_of_them() -> None:
    victims = tuple(
        structs.replace(victim, name=f"{number}・" + "アレクサンドラ・" * 9 + "サントス")
        for number, victim in enumerate(content_of("risai-large").household)
    )
    certificate = sample_with("risai-large", household=victims)
    text = "".join(read_pages(layout_alone(certificate.content)))
    assert in_order(text, *(victim.name for victim in victims))
    assert (
        max(block.height for page in pages_of(certificate.content) for block in page) < BOTTOM - TOP
    )
