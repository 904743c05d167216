"""Every kind of question can be asked at a kiosk: it fits, and gives exactly the stored answer."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QWidget

from forms.definition import Field, FormDefinition, Option, Section
from forms.facts import Fact, Source
from forms.kinds import parse
from forms.outcome import REASONS
from forms.questions import ROWS, Question
from forms.words import LANGUAGES, FormWords
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button
from kiosk.ui.kit.kanaboard import (
    HALF_VOICED,
    SHIFT,
    SMALL,
    VOICED,
    Board,
    Key,
    changed,
)
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.tokens import LAYOUTS, PORTRAIT
from kiosk.ui.kit.writingline import WritingLine, _Writing
from kiosk.ui.resident.asked import Asking, Message
from kiosk.ui.resident.asking import ask
from kiosk.ui.resident.dates import DatePad, TimePad
from kiosk.ui.resident.pads import DigitPad, Pad, Stepper
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts, load_texts

TEXTS = load_texts(Path(__file__).parents[2] / "resources" / "texts")
OF_OTHER_KINDS = {
    "unknown-field", "not-rows", "not-a-point", "not-a-file", "wrong-type-of-file", "too-large",
}  # fmt: skip
ASK = {
    "ja": "その年の1月1日、どこに住んでいましたか",
    "ja_easy": "その [年|とし]の 1[月|がつ][1日|ついたち]に どこに [住|す]んで いましたか",
    "en": "At which number can we reach you in the daytime?",
}
WHY = {
    "ja": "令和8年度なら令和8年1月1日です。証明は、その日に住んでいた市区町村が出します。",
    "ja_easy": "[知|し]らせて いないと、[紙|かみ]が [出|で]ません。[会社|かいしゃ]が "
    "して くれた [人|ひと]も「はい」です。",
    "en": "Without it nothing can be certified. Your employer's year-end adjustment counts.",
}
LONG = {
    "ja": "お年寄りや障害のある人がつらい目にあっている",
    "ja_easy": "お[年寄|としよ]りや [障害|しょうがい]の ある [人|ひと]が "
    "つらい [目|め]に あって いる",
    "en": "Certificate of registered matters (登記事項証明書), at most three months old",
}
SHORT = {"ja": "近所のこと", "ja_easy": "[近所|きんじょ]の こと", "en": "The neighbourhood"}


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(value=f"o{place}", label="選択肢") for place in range(count))


def field(kind: str, **more: object) -> Field:
    return Field(id="asked", kind=kind, label="質問", **more)


CASES = {
    "choice-3": (field("choice", options=options(3)), "o1"),
    "choice-6": (field("choice", options=options(6)), None),
    "choice-13": (field("choice", options=options(13), required=False), "o0"),
    "choices-4": (field("choices", options=options(4), minimum=2, maximum=3), ["o1"]),
    "choices-13": (field("choices", options=options(13), required=False), ["o0", "o3"]),
    "yes-no": (field("yes-no", required=False), True),
    "count": (field("count", minimum=1, maximum=12, required=False), 3),
    "count-large": (field("count", minimum=0, maximum=5000, required=False), 1200),
    "rows": (field(ROWS, minimum=1, maximum=10), None),
    "phone": (field("phone", required=False), "09012345678"),
    "digits": (field("digits", length=8), "12345678"),
    "money": (field("money", required=False), 123456789),
    "date": (field("date", required=False), "1988-12-31"),
    "date-empty": (field("date"), None),
    "date-partial": (field("date", partial=True, required=False), "1944-05"),
    "time": (field("time", required=False), "09:30"),
    "text": (field("text", required=False), "町内会"),
    "note": (field("note", required=False), "道に穴があいています。\n車が通るとゆれます。"),
    "name": (field("name", required=False), "渡邉　太郎"),
    "kana": (field("kana", required=False), "ワタナベ　タロウ"),
    "domicile": (field("domicile"), "東京都千代田区千代田一番"),
    "address": (
        field("address", required=False),
        "かかない県書蒼市駅前二丁目8番1号　書蒼ハイツ1105",
    ),
    "email": (field("email", required=False), "taro.watanabe@example.jp"),
}


def build(name: str, language: str, layout, *, value: object = ...) -> Page:
    asked, given = CASES[name]
    return page_of(asked, language, layout, given if value is ... else value)


def form_of(asked: Field) -> FormDefinition:
    sections = (Section("s", "部", (asked,)),)
    return FormDefinition(id="made-up", version="1", label="届", law="法", sections=sections)


def page_of(asked: Field, language: str, layout, value: object = None) -> Page:
    texts = TEXTS[language]
    long = len(asked.options) != 6
    words = {"ask.asked": ASK, "why.asked": WHY}
    for place, option in enumerate(asked.options):
        words[f"option.asked.{option.value}"] = LONG if place % 3 == 0 and long else SHORT
    form = FormTexts(FormWords(form_of(asked), words), texts)
    page = Page(texts, layout, city="書蒼市", practice=False)
    page.step(7, 21)
    page.title(form.question(asked))
    page.line(form.help(asked))
    question = Question("asked", asked, required=asked.required is True)
    ask(page, Asking(question, asked.options, value, form))
    page.feet(back=True)
    page.setFixedSize(layout.width, layout.height)
    return page


@pytest.fixture(params=LAYOUTS)
def layout(request):
    return LAYOUTS[request.param]


@pytest.fixture
def shown(qtbot, qapp):
    """A page on the screen, and what it emitted."""

    def show(page: Page) -> tuple[Page, list[object]]:
        emitted: list[object] = []
        page.happened.connect(emitted.append)
        qtbot.addWidget(page)
        page.show()
        for _ in range(4):
            qapp.processEvents()
        return page, emitted

    return show


def placed(part: QWidget, page: Page):
    return part.rect().translated(part.mapTo(page, part.rect().topLeft()))


def key_of(page: Page, words: str) -> Button:
    found = [b for b in page.findChildren(Button) if words in (b.words, b.objectName())]
    assert found, words
    return found[0]


def press(page: Page, *words: str) -> None:
    for word in words:
        key = key_of(page, word)
        assert key.isEnabled(), word
        assert key.isVisible(), word
        key.click()


def said(page: Page) -> str:
    return " ".join(part.words for part in page.findChildren(Label))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_question_fits_and_cuts_no_word(shown, layout, language, name):
    page, _ = shown(build(name, language, layout))
    assert (page.width(), page.height()) == (layout.width, layout.height)
    for part in page.findChildren(QWidget):
        assert page.rect().contains(placed(part, page)) or not part.isVisible(), part
        if isinstance(part, Label | Button):
            assert part.fits(), part.words
            assert part.size_ >= tokens.SMALLEST, part.words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_nothing_overlaps_and_every_target_is_large_enough(shown, layout, language, name):
    page, _ = shown(build(name, language, layout))
    parts = [p for p in page.findChildren(QWidget) if isinstance(p, Label | Button)]
    boxes = [(part, placed(part, page)) for part in parts if part.isVisible()]
    for place, (one, box) in enumerate(boxes):
        for other, there in boxes[place + 1 :]:
            assert not box.intersects(there), (one.words, other.words)
        if isinstance(one, Button):
            least = 96 if isinstance(one, Key) or one.words.isdecimal() else 80
            assert min(box.width(), box.height()) >= least, (one.words, box)


def test_every_reason_of_these_kinds_is_said_in_every_language(shown, layout):
    for language in LANGUAGES:
        texts = TEXTS[language]
        for name in ("date", "phone", "note", "choices-13"):
            page, _ = shown(build(name, language, layout))
            for message in page.findChildren(Message):
                for reason in REASONS - OF_OTHER_KINDS:
                    message.refuse(reason)
                    assert message.words == texts(f"reason.{reason}")
                    assert message.fits(), message.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_need_not_be_answered_is_skipped(shown, layout, language):
    for name, (asked, _) in CASES.items():
        page, emitted = shown(build(name, language, layout))
        if asked.required:
            assert not [b for b in page.findChildren(Button) if b.objectName() == "fill.skip"]
        else:
            press(page, "fill.skip")
            assert emitted == [Answered("asked", None)], name


def test_what_was_answered_before_is_answered_again(shown, layout):
    """Somebody who came back and changes nothing says the same once more."""
    for language in LANGUAGES:
        for name in ("count", "count-large", "phone", "digits", "money", "date", "date-partial",
                     "time", "text", "note", "name", "kana", "domicile", "address", "email",
                     "choices-13"):  # fmt: skip
            page, emitted = shown(build(name, language, layout))
            press(page, TEXTS[language]("fill.next"))
            asked, value = CASES[name]
            assert emitted == [Answered("asked", value)], (name, said(page))
            assert parse(asked, value) == value


def test_one_of_several_is_chosen_at_a_touch(shown, layout):
    page, emitted = shown(build("choice-3", "ja", layout))
    assert [tile.isChecked() for tile in page.findChildren(Button)].count(True) == 1
    press(page, LONG["ja"])
    assert emitted == [Answered("asked", "o0")]
    page, emitted = shown(build("yes-no", "ja", layout, value=None))
    press(page, "いいえ")
    assert emitted == [Answered("asked", False)]


def test_many_choices_are_on_pages_and_each_can_be_reached(shown, layout):
    many = field("choice", options=options(30))
    page, emitted = shown(page_of(many, "en", layout))
    tiles = [b for b in page.findChildren(Button) if b.words in (LONG["en"], SHORT["en"])]
    seen: list[Button] = []
    while True:
        here = [tile for tile in tiles if tile.isVisible()]
        assert 1 <= len(here) <= 8
        seen += here
        more = key_of(page, "fill.more")
        if not more.isEnabled():
            break
        more.click()
    assert seen == tiles
    assert not emitted
    seen[-1].click()
    assert emitted == [Answered("asked", "o29")]
    press(page, "fill.before")
    assert not seen[-1].isVisible()


def test_some_of_several_are_ticked_and_unticked(shown, layout):
    page, emitted = shown(build("choices-4", "ja", layout, value=None))
    texts = TEXTS["ja"]
    assert texts("choices.between", least=2, most=3) in said(page)
    press(page, texts("fill.next"))
    assert texts("reason.required") in said(page)
    press(page, "o2", texts("fill.next"))
    assert texts("choices.least", count=2) in said(page)
    press(page, "o1", "o0", "o3")
    assert texts("choices.most", count=3) in said(page)
    assert not key_of(page, "o3").isChecked()
    press(page, "o2", "o3", texts("fill.next"))
    assert emitted == [Answered("asked", ["o0", "o1", "o3"])]


def test_none_of_several_is_an_answer_where_none_is_required(shown, layout):
    page, emitted = shown(build("choices-13", "ja", layout, value=None))
    press(page, "次へ")
    assert emitted == [Answered("asked", [])]


def test_a_small_number_is_counted_by_touch_and_by_keyboard(shown, layout, qtbot):
    page, emitted = shown(build("count", "ja", layout))
    press(page, "+", "+", "−")
    qtbot.keyClick(page.findChild(Stepper), Qt.Key.Key_Up)
    press(page, "次へ")
    qtbot.keyClicks(page.findChild(Stepper), "7")
    qtbot.keyClick(page.findChild(Stepper), Qt.Key.Key_Return)
    assert emitted == [Answered("asked", 5), Answered("asked", 7)]
    assert said(page).count("7")


def test_how_many_rows_is_counted(shown, layout):
    page, emitted = shown(build("rows", "ja", layout, value=[{}, {}]))
    press(page, "+", "次へ")
    assert emitted == [Answered("asked", 3)]


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("phone", "0312345678", "0312345678"),
        ("digits", "00123456", "00123456"),
        ("money", "1500", 1500),
        ("count-large", "0", 0),
    ],
)
def test_digits_are_typed_by_touch_and_by_keyboard(shown, layout, qtbot, name, typed, stored):
    page, emitted = shown(build(name, "ja", layout, value=None))
    press(page, *typed, "次へ")
    page, again = shown(build(name, "ja", layout, value=None))
    pad = page.findChild(DigitPad)
    qtbot.keyClicks(pad, typed + "9")
    for _ in range(len(typed) + 1):
        qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    qtbot.keyClicks(pad, typed)
    qtbot.keyClick(pad, Qt.Key.Key_Enter)
    assert emitted == again == [Answered("asked", stored)]


def test_wrong_digits_say_why(shown, layout):
    page, emitted = shown(build("phone", "ja", layout, value=None))
    texts = TEXTS["ja"]
    press(page, "次へ")
    assert texts("reason.required") in said(page)
    press(page, "1", "2", "次へ")
    assert texts("reason.not-phone") in said(page)
    press(page, "3")
    assert texts("reason.not-phone") not in said(page)
    assert not emitted


def test_a_date_grows_in_its_era(shown, layout):
    page, emitted = shown(build("date-empty", "ja", layout))
    assert TEXTS["ja"]("date.era") in said(page)
    press(page, "昭和", "1", "9")
    assert key_of(page, "昭和19年")
    press(page, "5", "3")
    assert key_of(page, "3日")
    assert "1944年5月3日" in said(page)
    press(page, "次へ")
    assert emitted == [Answered("asked", "1944-05-03")]


def test_a_date_is_typed_on_a_keyboard(shown, layout, qtbot):
    page, emitted = shown(build("date-empty", "ja", layout))
    pad = page.findChild(DatePad)
    qtbot.keyClicks(pad, "s2")
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    qtbot.keyClicks(pad, "1231")
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    assert emitted == [Answered("asked", "1927-12-31")]


def test_a_western_date_needs_no_era(shown, layout, qtbot):
    page, emitted = shown(build("date-empty", "en", layout))
    press(page, *"1988", *"12", *"31")
    assert "昭和63年12月31日" in said(page)
    press(page, "Next")
    page, again = shown(build("date-empty", "ja", layout))
    qtbot.keyClicks(page.findChild(DatePad), "19881231")
    press(page, "次へ")
    assert emitted == again == [Answered("asked", "1988-12-31")]


def test_one_part_of_a_date_is_mended(shown, layout, qtbot):
    page, emitted = shown(build("date", "ja", layout))
    press(page, "12月", "2", "次へ")
    assert TEXTS["ja"]("reason.not-date") in said(page)
    press(page, "31日", "消す", "消す", "次へ")
    assert TEXTS["ja"]("reason.required") in said(page)
    press(page, "3")
    qtbot.keyClick(page.findChild(DatePad), Qt.Key.Key_Left)
    press(page, "4", "次へ")
    assert emitted == [Answered("asked", "1988-04-03")]


def test_a_date_that_never_was_says_so(shown, layout):
    page, emitted = shown(build("date-empty", "ja", layout))
    press(page, "昭和", "6", "4", "1", "次へ", "8", "次へ")
    assert TEXTS["ja"]("reason.not-date") in said(page)
    assert not emitted
    press(page, "平成", "1", "次へ")
    assert emitted == [Answered("asked", "1989-01-08")]


def test_erasing_goes_back_through_a_date(shown, layout):
    page, emitted = shown(build("date-empty", "ja", layout))
    press(page, "令和", "8", "次へ", "5", "消す", "4", "1", "次へ")
    assert emitted == [Answered("asked", "2026-04-01")]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (["昭和", "1", "9", "date.unknown"], "1944"),
        (["昭和", "1", "9", "5", "date.unknown"], "1944-05"),
        (["昭和", "date.unknown", "1", "9", "date.unknown"], "1944"),
        (["昭和", "1", "9", "date.unknown", "5", "date.unknown"], "1944-05"),
    ],
)
def test_what_is_not_known_of_a_date_is_left_out(shown, layout, typed, stored):
    page, emitted = shown(build("date-partial", "ja", layout, value=None))
    press(page, *typed, "次へ")
    assert emitted == [Answered("asked", stored)]


def test_a_time_is_typed(shown, layout, qtbot):
    page, emitted = shown(build("time", "ja", layout, value=None))
    press(page, "9", "3", "0", "次へ")
    page, again = shown(build("time", "ja", layout, value=None))
    qtbot.keyClicks(page.findChild(TimePad), "0930")
    qtbot.keyClick(page.findChild(TimePad), Qt.Key.Key_Return)
    assert emitted == again == [Answered("asked", "09:30")]
    page, whole = shown(build("time", "ja", layout, value=None))
    press(page, "1", "6", "次へ")
    assert whole == [Answered("asked", "16:00")]


def write(page: Page, keys: str) -> None:
    """Press the keys for these letters, shifting where the board is in the other size."""
    board = page.findChild(Board)
    for key in keys:
        if key == "　":
            press(page, board._texts["board.space"])
            continue
        if key.isascii() and all(each.words != key for each in board.keys):
            press(page, SHIFT)
        press(page, key)


@pytest.mark.parametrize(
    ("name", "language", "keys", "stored"),
    [
        ("kana", "ja", "ハ゜ンタ゛　シ小ンイ", "パンダ　シンイ"),
        ("kana", "ja", "キヤ小ー", "キャー"),
        ("text", "ja", "は゛す、か゛゛　こ小。", "ばす、か　こ。"),
        ("name", "en", "NGUYEN", "NGUYEN"),
        ("email", "ja", "a.b-c_1@d.jp", "a.b-c_1@d.jp"),
        ("note", "en", "Hello.", "Hello."),
        ("address", "en", "1-2-3　Aoi", "1-2-3 Aoi"),
    ],
)
def test_words_are_written_on_the_board(shown, layout, name, language, keys, stored):
    page, emitted = shown(build(name, language, layout, value=None))
    write(page, keys)
    press(page, TEXTS[language]("fill.next"))
    assert emitted == [Answered("asked", stored)]


def test_the_board_changes_its_script(shown, layout):
    page, emitted = shown(build("domicile", "ja", layout, value=None))
    write(page, "あ")
    press(page, "board.katakana")
    write(page, "ウ゛")
    press(page, "board.alphabet")
    write(page, "1b")
    press(page, "board.hiragana")
    write(page, "ん")
    press(page, "次へ")
    assert emitted == [Answered("asked", "あヴ1bん")]


def test_letters_are_erased_one_by_one_or_all(shown, layout):
    page, emitted = shown(build("text", "ja", layout))
    press(page, "1字消す", "1字消す")
    write(page, "の")
    press(page, "次へ", "全部消す", "次へ")
    assert TEXTS["ja"]("reason.required") in said(page)
    write(page, "か")
    assert TEXTS["ja"]("reason.required") not in said(page)
    press(page, "次へ")
    assert emitted == [Answered("asked", "町の"), Answered("asked", "か")]


def test_a_keyboard_writes_in_the_same_line(shown, layout, qtbot):
    page, emitted = shown(build("name", "ja", layout, value=None))
    line = page.findChild(WritingLine).text
    qtbot.keyClicks(line, "Ann")
    write(page, "あ")
    line.inputMethodEvent(committed("渡邉"))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert emitted == [Answered("asked", "Annあ渡邉")]


def test_a_finger_on_the_board_leaves_the_keyboard_in_the_line(shown, layout, qtbot):
    page, _ = shown(build("text", "ja", layout, value=None))
    page.activateWindow()
    line = page.findChild(WritingLine).text
    for key in "あい":
        qtbot.mouseClick(key_of(page, key), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.focusWidget(), "3")
    assert page.focusWidget() is line
    assert line.toPlainText() == "あい3"


def test_an_address_of_mail_has_its_endings(shown, layout):
    page, emitted = shown(build("email", "en", layout, value=None))
    write(page, "a@b")
    press(page, ".com", "Next")
    assert emitted == [Answered("asked", "a@b.com")]


def test_the_page_with_the_answer_of_before_opens_first(shown, layout):
    many = field("choice", options=options(13))
    page, _ = shown(page_of(many, "ja", layout, "o12"))
    assert next(b for b in page.findChildren(Button) if b.isChecked()).isVisible()


def test_two_sources_that_disagree_are_a_choice(shown, layout, qapp):
    asked, now = field("address"), datetime(2026, 11, 21, tzinfo=UTC)
    form = FormTexts(FormWords(form_of(asked), {}), TEXTS["ja"])
    page = Page(TEXTS["ja"], layout, city="書蒼市", practice=False)
    facts = (
        Fact("address", "駅前一丁目", Source.CARD, now),
        Fact("address", "駅前二丁目", Source.PREFILL, now),
    )
    ask(page, Asking(Question("asked", asked, required=True), (), None, form, facts))
    page.setFixedSize(layout.width, layout.height)
    page, emitted = shown(page)
    press(page, "駅前二丁目")
    assert emitted == [Answered("asked", "駅前二丁目")]


def test_an_address_in_parts_stays_in_parts(shown, layout):
    parts = {"postcode": "1000001", "prefecture": "東京都", "city": "千代田区", "number": "1-1"}
    page, emitted = shown(build("address", "ja", layout, value=parts))
    press(page, "次へ")
    assert emitted == [Answered("asked", parts)]


def test_a_note_has_lines(shown, layout, qtbot):
    page, emitted = shown(build("note", "ja", layout, value=None))
    line = page.findChild(WritingLine).text
    write(page, "あ")
    press(page, "改行")
    write(page, "゛い")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    write(page, "う")
    assert not emitted
    press(page, "次へ")
    assert emitted == [Answered("asked", "あ\nい\nう")]


def committed(words: str) -> QInputMethodEvent:
    event = QInputMethodEvent()
    event.setCommitString(words)
    return event


@pytest.mark.parametrize(
    ("name", "words", "reason"),
    [
        ("kana", "渡邉", "not-kana"),
        ("email", "taro", "not-email"),
        ("text", "あ" * 300, "too-long"),
        ("name", "a\u200eb", "odd-character"),
    ],
)
def test_wrong_words_say_why(shown, layout, name, words, reason):
    page, emitted = shown(build(name, "ja", layout, value=None))
    page.findChild(WritingLine).text.inputMethodEvent(committed(words))
    press(page, "次へ")
    assert TEXTS["ja"](f"reason.{reason}") in said(page)
    assert not emitted


def test_nothing_of_somebody_before_can_be_pasted_or_copied(shown, layout, qtbot, qapp):
    page, _ = shown(build("text", "ja", layout))
    qapp.clipboard().setText("before")
    line = page.findChild(WritingLine).text
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert line.toPlainText() == "町内会"
    assert qapp.clipboard().text() == "before"
    assert not line.textCursor().hasSelection()


def test_arrows_go_to_the_nearest_key(shown, layout, qtbot):
    page, _ = shown(build("kana", "ja", layout, value=None))
    page.activateWindow()
    key_of(page, "ア").setFocus()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Down)
    assert page.focusWidget() is key_of(page, "イ")
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Right)
    assert page.focusWidget() is key_of(page, "キ")


def test_the_keyboard_stands_where_it_writes(shown, layout):
    places = {"text": WritingLine, "phone": DigitPad, "date": DatePad, "count": Stepper}
    for name, kind in places.items():
        page, _ = shown(build(name, "ja", layout))
        place = page.findChild(kind)
        assert page.focusWidget() is (place.text if kind is WritingLine else place)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_everything_has_a_name_for_a_screen_reader(shown, language, name):
    page, _ = shown(build(name, language, PORTRAIT))
    for part in page.findChildren(QWidget):
        if isinstance(part, Button | Pad | _Writing | Stepper):
            assert part.accessibleName().strip(), part
            assert "|" not in part.accessibleName()


@pytest.mark.parametrize(
    ("character", "key", "made"),
    [
        ("か", VOICED, "が"),
        ("が", VOICED, "か"),
        ("ハ", HALF_VOICED, "パ"),
        ("バ", HALF_VOICED, "パ"),
        ("う", VOICED, "ゔ"),
        ("あ", VOICED, "あ"),
        ("つ", SMALL, "っ"),
        ("ョ", SMALL, "ヨ"),
        ("ん", SMALL, "ん"),
        ("漢", HALF_VOICED, "漢"),
    ],
)
def test_a_mark_changes_the_letter_before(character, key, made):
    assert changed(character, key) == made
