"""Slips as words and sizes: what stands on them, how large, and that no word is lost."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfDocument

from printing.daily import NONE_OPEN, OUTCOMES, DailyPress
from printing.faults import MissingGlyph
from printing.letters.glyphs import find_fonts
from printing.paper import DailySheet, FeeGroup, FeeList, IssueLine, Receipt, Ticket
from printing.raster import black, pages
from printing.slips.fees import FeeListPress
from printing.slips.receipt import KEPT, WAITING, ReceiptPress
from printing.slips.roll import ROLL_58, ROLL_80, ROLLS, TM_T88V, SlipKit
from printing.slips.ticket import TicketPress

FONTS = find_fonts()
AT = datetime(2026, 11, 21, 14, 5)  # noqa: DTZ001 - the paper shows the office's wall clock
TICKET = Ticket(
    number="A128",
    city="書蒼市",
    office_name="本庁窓口",
    at=AT,
    procedure="住民票・印鑑証明",
    waiting=5,
    code="T20261121-A128",
    url="https://kakanai.example.jp/q/A128",
    note="",
    specimen=False,
)
RECEIPT = Receipt(
    number="K01-000042",
    city="書蒼市",
    office_name="本庁窓口",
    at=AT,
    procedure="住民票の写しの交付",
    fee=1300,
    lines=(("住民票の写し　1通", "300円"), ("戸籍全部事項証明書の郵送　2通", "1,000円")),
    waiting=False,
    status_url="https://kakanai.example.jp/status/7Q2M9KD4",
    how_to_ask="市民課（1番窓口）へ。\n受付番号をお伝えください。",
    specimen=False,
)
FEES = FeeList(
    city="書蒼市",
    office_name="本庁窓口",
    day=date(2026, 11, 21),
    groups=(
        FeeGroup("住民票", (("住民票の写し（世帯全員）", 300), ("除票の写し", 300))),
        FeeGroup("その他", (("罹災証明書", 0),)),
    ),
    url="https://kakanai.example.jp/fees",
    note="1通あたりの金額です。",
    specimen=False,
)


def _daily(count: int, outcome=lambda _: "printed", tills: int = 0) -> DailySheet:
    lines = tuple(
        IssueLine(f"20261121-{n:06d}", AT, f"種類{n % 3}", outcome(n), 300 + n % 2, "")
        for n in range(count)
    )
    return DailySheet(
        "書蒼市", "本庁窓口", "K01", AT.date(), AT, lines, (("現金", tills),), specimen=False
    )


def _texts(pdf: bytes) -> list[str]:
    document = PdfDocument(pdf)
    read = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return ["".join(text.split()) for text in read]


def _heights(pdf: bytes) -> list[float]:
    """How tall each line of figures stands, in millimetres, from its dots."""
    document = PdfDocument(pdf)
    words = document[0].get_textpage()
    boxes = [words.get_charbox(n) for n in range(words.count_chars())]
    said = [words.get_text_range(n, 1) for n in range(words.count_chars())]
    document.close()
    tall = zip(said, boxes, strict=True)
    return [(box[3] - box[1]) / 72 * 25.4 for one, box in tall if one.isdecimal()]


ALL = {
    "receipt": (ReceiptPress, RECEIPT),
    "kept": (ReceiptPress, replace(RECEIPT, waiting=True, fee=0, status_url=None)),
    "ticket": (TicketPress, TICKET),
    "fees": (FeeListPress, FEES),
}


@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
@pytest.mark.parametrize("name", ALL)
def test_every_figure_is_big_enough_for_old_eyes(name: str, roll) -> None:
    press, paper = ALL[name]
    heights = _heights(press(FONTS, roll).render(paper))
    assert min(heights) >= 3.0
    if name != "fees":
        assert max(heights) >= (15 if name == "ticket" else 6.0)


@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
def test_a_page_is_whole_dots_and_the_head_reaches_all_of_its_words(roll) -> None:
    (page,) = pages(TicketPress(FONTS, roll).render(TICKET), roll.dpi)
    assert page.width == roll.paper
    left = (roll.paper - roll.dots) // 2
    ink = page.point(lambda grey: 255 if grey < 168 else 0).getbbox()
    assert ink[0] >= left + 7
    assert ink[2] <= left + roll.dots - 7
    assert ink[1] >= 24
    assert ink[3] <= page.height - 24


@pytest.mark.parametrize("roll", [ROLL_80, ROLL_58])
def test_a_name_of_any_length_is_whole(roll) -> None:
    long = "髙﨑渡邉" * 14
    lines = ((long, "1" * 40), (long, "300円"))
    slip = ReceiptPress(FONTS, roll).render(
        replace(RECEIPT, procedure=long, office_name=long, lines=lines, how_to_ask="")
    )
    (text,) = _texts(slip)
    assert text.count(long) == 4
    assert "1" * 40 in text


@pytest.mark.parametrize("name", ["髙﨑", "渡邉", "𠮷田", "渡邉\U000e010f", "葛\U000e0103城"])
def test_a_hard_name_is_drawn_as_another_picture_than_its_plain_brother(name: str) -> None:
    plain = name.translate({0x9AD9: "高", 0xFA11: "崎", 0x20BB7: "吉", 0x9089: "辺", 0x845B: "鰯"})
    plain = "".join(c for c in plain if ord(c) < 0xE0000)
    press = ReceiptPress(FONTS, ROLL_58)
    drawn, brother = (
        black(pages(press.render(replace(RECEIPT, procedure=f"{each}さまの届")), 203.2)[0], 384)
        for each in (name, plain)
    )
    assert drawn.tobytes() != brother.tobytes()


@pytest.mark.parametrize("name", ["鱻\ue000", "改\x07行"])
@pytest.mark.parametrize("paper", ALL)
def test_a_character_that_no_font_has_stops_every_slip(paper: str, name: str) -> None:
    press, slip = ALL[paper]
    with pytest.raises(MissingGlyph):
        press(FONTS).render(replace(slip, office_name=name))
    with pytest.raises(MissingGlyph):
        DailyPress(FONTS).render(replace(_daily(1), office_name=name))


def test_a_kept_slip_says_so_and_no_other_does() -> None:
    kept = _texts(ReceiptPress(FONTS).render(ALL["kept"][1]))[0]
    taken = _texts(ReceiptPress(FONTS).render(RECEIPT))[0]
    assert WAITING in kept
    assert KEPT in kept
    assert "預かり票" in kept
    assert "領収" not in kept
    assert "受け付けました" in taken
    assert "領収・受付票" in taken
    assert "預かり" not in taken


def test_a_ticket_says_how_many_wait_and_when_it_is_your_turn_next() -> None:
    press = TicketPress(FONTS)
    text = _texts(press.render(TICKET))[0]
    assert "あなたの前に5人お待ちです" in text
    assert "令和8年11月21日（土）14:05" in text
    assert "住民票・印鑑証明番号札A128" in text
    assert "まもなくお呼びします" in _texts(press.render(replace(TICKET, waiting=0)))[0]


def test_a_fee_of_nothing_is_free() -> None:
    text = _texts(FeeListPress(FONTS).render(FEES))[0]
    assert "罹災証明書無料" in text
    assert "住民票の写し（世帯全員）300円" in text
    assert "0円無料" not in text


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("roll", [ROLL_80, ROLL_58])
def test_a_specimen_shows_in_pure_black_over_the_whole_slip(name: str, roll) -> None:
    press, paper = ALL[name]
    real, practice = (
        press(FONTS, roll).render(replace(paper, specimen=specimen)) for specimen in (False, True)
    )
    assert "見本" not in _texts(real)[0]
    assert _texts(practice)[0].count("この紙は使えません") == 2
    plain, marked = (black(pages(each, roll.dpi)[0], roll.dots) for each in (real, practice))
    banner = (marked.height - plain.height) // 2
    plain = plain.crop((0, 40, roll.dots, plain.height - 40))  # without what is left of banners
    within = marked.crop((0, banner + 40, roll.dots, banner + 40 + plain.height))
    lost = ImageChops.subtract(within.convert("L"), plain.convert("L"))
    added = ImageChops.subtract(plain.convert("L"), within.convert("L"))
    ink = plain.convert("L").histogram()[0]
    assert lost.histogram()[255] < ink / 500  # every word is there, but for dots of rounding
    assert added.getbbox()[3] - added.getbbox()[1] > plain.height / 3
    assert added.histogram()[255] > 1000


def test_the_same_paper_gives_the_same_bytes() -> None:
    for press, paper in ALL.values():
        assert press(FONTS).render(paper) == press(FONTS).render(paper)
    assert DailyPress(FONTS).render(_daily(9)) == DailyPress(FONTS).render(_daily(9))


def test_a_code_too_wide_for_the_roll_stands_upright_instead() -> None:
    kit = SlipKit(FONTS, ROLL_58)
    assert kit.bars("HONCHO-MADOGUCHI-01-000042").height > kit.bars("K01-000042").height * 2


# ── dots ────────────────────────────────────────────────────────────────────────────────────────
def test_a_thin_stroke_of_mincho_survives_wherever_it_falls() -> None:
    for start in range(10):
        wide = Image.new("L", (10 * 16, 10), 255)  # ten to a dot
        ImageDraw.Draw(wide).rectangle((70 + start, 0, 76 + start, 9), fill=0)
        grey = wide.resize((16, 1), Image.Resampling.BOX)
        assert black(grey, 16).convert("L").getextrema()[0] == 0


def test_words_beyond_the_head_make_the_picture_smaller_and_margins_do_not() -> None:
    page = Image.new("L", (640, 100), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 10, 600, 20), fill=0)
    kept = black(page, 576)
    assert kept.size == (576, 100)
    assert kept.convert("L").point(lambda g: 255 - g).getbbox() == (8, 10, 569, 21)
    draw.rectangle((2, 40, 637, 60), fill=0)
    shrunk = black(page, 576)
    assert shrunk.size == (576, 90)
    box = shrunk.convert("L").point(lambda g: 255 - g).getbbox()
    assert box[0] >= 1
    assert box[2] <= 575


def test_a_narrow_page_stands_in_the_middle_of_a_wide_head() -> None:
    page = Image.new("L", (100, 10), 0)
    assert black(page, 576).convert("L").point(lambda g: 255 - g).getbbox() == (238, 0, 338, 10)


# ── the day ─────────────────────────────────────────────────────────────────────────────────────
def test_every_number_stands_in_the_table_and_pages_are_counted() -> None:
    daily = _daily(200)
    texts = _texts(DailyPress(FONTS).render(daily))
    assert all(f"{n}／{len(texts)}ページ" in text for n, text in enumerate(texts, 1))
    assert len(texts) > 4
    assert all("発行番号時刻種類結果金額備考" in text for text in texts[:-1])
    assert all("".join(texts).count(line.number) == 1 for line in daily.lines)
    assert NONE_OPEN in texts[0]


@pytest.mark.parametrize("unknown", ["issued", "released", "unclear", ""])
def test_whatever_is_not_final_is_unaccounted_and_comes_first(unknown: str) -> None:
    daily = _daily(80, lambda n: unknown if n in (3, 70) else "printed")
    first = _texts(DailyPress(FONTS).render(daily))[0]
    assert "未確認の番号が2件あります" in first
    for number in ("20261121-000003", "20261121-000070"):
        assert first.index(number) < first.index("種類発行印刷済")
    assert "排紙口" in first
    assert NONE_OPEN not in first


def test_sums_agree_per_type_and_in_all_to_the_yen() -> None:
    fates = [*OUTCOMES, "issued"]
    daily = _daily(12, lambda n: fates[n % 4], tills=3607)
    text = "".join(_texts(DailyPress(FONTS).render(daily)))
    assert "合計1233333,606円" in text
    assert "種類0411111,202円" in text
    assert "受け取った額の合計3,607円+1円" in text
    short = "".join(_texts(DailyPress(FONTS).render(replace(daily, tills=(("現金", 3600),)))))
    assert "3,600円-6円" in short
    even = "".join(_texts(DailyPress(FONTS).render(replace(daily, tills=(("現金", 3606),)))))
    assert "受け取った額の合計3,606円0円" in even


def test_many_unaccounted_numbers_go_on_over_pages_and_none_is_lost() -> None:
    daily = _daily(120, lambda _: "issued")
    texts = _texts(DailyPress(FONTS).render(daily))
    assert all("".join(texts).count(line.number) == 2 for line in daily.lines)
    assert "所属長" in texts[-1]


def test_a_day_without_numbers_is_a_sheet_too() -> None:
    (text,) = _texts(DailyPress(FONTS).render(_daily(0)))
    assert "合計000000円" in text
    assert NONE_OPEN in text


def test_the_third_roll_has_the_resolution_of_its_head() -> None:
    assert TM_T88V.dots * TM_T88V.dot == pytest.approx(72.25, abs=0.01)
