"""Every procedure on paper, as others see it: pdfium its words, zxing its codes."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import yaml
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec

from forms.answers import take
from forms.definition import Channel
from forms.kinds import show
from forms.loader import load_all
from forms.prefill import open_sealed, read_symbol
from forms.scope import Occasion
from forms.sealing import join
from forms.words_loader import load_words
from kiosk.formpaper import Wanted, blank_code, carried, paper_of, print_form
from kiosk.usecases.prefill import OpenPrefill
from printing.applications.form import Entry, FormPress, Option, PaperForm, Section
from printing.faults import MissingGlyph
from printing.letters.glyphs import find_fonts

ROOT = Path(__file__).parents[2]
FORMS = load_all(ROOT / "resources" / "forms")
WORDS = load_words(
    ROOT / "resources" / "texts" / "forms", {name: form.definition for name, form in FORMS.items()}
)
PRESS = FormPress(find_fonts())
KEY = ec.generate_private_key(ec.SECP256R1())
MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
POINTS = 72 / 25.4
MARGINS = (18 * POINTS, 7 * POINTS, 194 * POINTS, 287 * POINTS)  # left, low, right, high
SHOWN = ("text", "name", "kana", "date", "phone", "digits", "email", "domicile", "address", "count")


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _wanted(name: str, *, blank: bool = False, practice: bool = False) -> Wanted:
    case = yaml.safe_load((ROOT / "tests" / "data" / "forms" / f"{name}.yaml").read_text())[0]
    answers, untaken = take(FORMS[name], _plain(case["answers"]))
    assert not untaken
    occasion = Occasion(date.fromisoformat(str(case["today"])), Channel(case["channel"]))
    filled = None if blank else answers
    return Wanted(FORMS[name], WORDS[name], filled, occasion, "書蒼市", MADE, practice)


@cache
def _pdf(name: str, *, blank: bool = False) -> bytes:
    return print_form(_wanted(name, blank=blank), KEY.public_key(), PRESS)


def _text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return _squeezed("".join(page.get_textpage().get_text_range() for page in document))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\ufffe\u0002]", "", text)


def _codes(pdf: bytes, dpi: int) -> set[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=dpi / 72).to_pil() for page in document]
    return {
        code.text for picture in pictures for code in zxingcpp.read_barcodes(picture, formats=QR)
    }


def _boxes(page) -> list[tuple[float, float, float, float]]:
    objects = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,))
    bounds = [each.get_bounds() for each in objects]
    return [(a, b, c, d) for a, b, c, d in bounds if c - a > 0.1 and d - b > 0.1]


def _meet(one, other) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0.6 and tall > 0.6


def _tidy(pdf: bytes) -> None:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            boxes = _boxes(page)
            assert boxes
            left, low, right, high = MARGINS
            for box in boxes:
                assert left <= box[0] <= box[2] <= right, box
                assert low <= box[1] <= box[3] <= high, box
            assert not [pair for pair in combinations(boxes, 2) if _meet(*pair)]


def _shown(wanted: Wanted) -> list[str]:
    """What the answers say, with their labels."""
    standing = wanted.form.stand(wanted.answers.values, wanted.occasion)
    found = []
    for question in standing.questions:
        if question.field.kind not in SHOWN:
            continue
        value = wanted.answers.at(question.path)
        if value is not None:
            found += [question.field.label, show(question.field, value)]
    return found


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_answer_stands_on_the_paper_with_its_label(name):
    text = _text(_pdf(name))
    for words in (FORMS[name].label[:4], *_shown(_wanted(name))):
        assert _squeezed(words) in text, words


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_blank_form_has_every_question_for_residents(name):
    text = _text(_pdf(name, blank=True))
    for item in FORMS[name].fields:
        if item.value is None and {Channel.WEB, Channel.KIOSK} & set(item.channels):
            assert _squeezed(item.label) in text, item.label
    assert f"様式{name}" in text


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("name", sorted(FORMS))
def test_nothing_overlaps_or_leaves_the_margins(name, blank):
    _tidy(_pdf(name, blank=blank))


@pytest.mark.parametrize("dpi", [150, 200])
@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_codes_give_back_exactly_what_stands_on_the_paper(name, dpi):
    wanted = _wanted(name)
    symbols = [read_symbol(text) for text in _codes(_pdf(name), dpi)]
    prefill = open_sealed(join(symbols), [KEY])
    assert prefill.answers == carried(wanted.form, wanted.answers, wanted.occasion)
    assert (prefill.form, prefill.version) == (name, wanted.form.version)
    assert prefill.made == MADE.isoformat()
    again, untaken = take(wanted.form, prefill.answers)
    assert not untaken
    standing = wanted.form.stand(wanted.answers.values, wanted.occasion)
    back = wanted.form.stand(again.values, wanted.occasion)
    asked = _asked_at_home(wanted.form)
    assert _only(asked, back.values) == _only(asked, standing.values)


def _asked_at_home(form):
    """What a code may carry: clerks' own answers are given again."""
    return {item.id for item in form.fields if Channel.WEB in item.channels and item.value is None}


def _only(names, values):
    found = {name: value for name, value in values.items() if name in names}
    for name, several in values.items():
        if (
            isinstance(several, list)
            and several
            and isinstance(several[0], dict)
            and name not in names
        ):
            found[name] = [{k: v for k, v in row.items() if k in names} for row in several]
    return found


def test_answers_that_all_stand_come_back_to_the_letter():
    wanted = _wanted("ido")
    symbols = [read_symbol(text) for text in _codes(_pdf("ido"), 200)]
    asked = _asked_at_home(wanted.form)
    assert open_sealed(join(symbols), [KEY]).answers == _only(asked, wanted.answers.values)


@dataclass(frozen=True)
class Branch:
    """A terminal's key and clock, where a sheet is shown."""

    def prefill_keys(self):
        return (KEY,)

    def now(self):
        return MADE


@pytest.mark.parametrize("name", ["juminhyo", "ido", "shimin-no-koe"])
def test_a_sheet_is_taken_over_at_a_terminal_without_typing(name):
    opening = OpenPrefill(scanner=None, keys=Branch(), forms=FORMS, clock=Branch())
    read = [opening.open(text) for text in sorted(_codes(_pdf(name), 200))][-1]
    wanted = _wanted(name)
    for field, value in carried(wanted.form, wanted.answers, wanted.occasion).items():
        assert read.answers.values[field] == value


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_blank_form_carries_only_which_form_it_is(name):
    assert _codes(_pdf(name, blank=True), 150) == {blank_code(FORMS[name])}


@pytest.mark.parametrize(
    "name", ["渡邉\U000e0102　花子", "𠮷田　𠮷乃", "葛\U000e0100城", "邉\U000e0110", "髙﨑"]
)
def test_names_read_back_as_they_are_registered(name):
    wanted = _wanted("juminhyo")
    answers = wanted.answers.answer("name", name)
    pdf = print_form(replace(wanted, answers=answers), KEY.public_key(), PRESS)
    assert _squeezed(name) in _text(pdf)
    symbols = [read_symbol(text) for text in _codes(pdf, 200)]
    assert open_sealed(join(symbols), [KEY]).answers["name"] == name
    _tidy(pdf)


def test_a_variant_is_drawn_as_another_shape_than_its_character():
    def drawn(name: str) -> bytes:
        paper = replace(_paper(), sections=(Section("人", (Entry("氏名", name),)),))
        with pypdfium2.PdfDocument(PRESS.render(paper)) as document:
            picture = document[0].render(scale=3).to_pil().convert("L")
        return picture.crop((0, 150 * 3, picture.width, 220 * 3)).tobytes()

    plain = drawn("葛城")
    assert drawn("葛\U000e0104城") != plain
    assert drawn("葛\U000e0103城") == plain  # the registered shape of the character itself


def test_a_variant_without_a_shape_is_said_on_the_paper():
    told = "もとの字で印刷しています：邉"
    assert told in _text(PRESS.render(_paper("渡邉\U000e0102")))
    assert "U+9089U+E0102" in _text(PRESS.render(_paper("渡邉\U000e0102")))
    assert told[:8] not in _text(PRESS.render(_paper("渡邉\U000e0110")))


@pytest.mark.parametrize(
    "name", ["鱻\ue000", "鱻\u3099", "改\x07", "\U00040001", "😀", "あ\U000e0100"]
)
def test_a_missing_glyph_refuses_before_anything_is_drawn(name):
    with pytest.raises(MissingGlyph):
        PRESS.render(_paper(name))


def test_five_movers_each_have_a_card_that_is_whole():
    wanted = _wanted("ido")
    rows = [*wanted.answers.values["movers"]]
    answers = wanted.answers.answer("movers", [*rows, {**rows[3], "mover_name": "髙﨑　五月"}])
    pdf = print_form(replace(wanted, answers=answers), KEY.public_key(), PRESS)
    text = _text(pdf)
    assert all(f"異動者{number}／5" in text for number in range(1, 6))
    assert "髙﨑五月" in text
    _tidy(pdf)
    symbols = [read_symbol(code) for code in _codes(pdf, 150)]
    assert open_sealed(join(symbols), [KEY]).answers["movers"] == answers.values["movers"]


def test_a_note_of_two_thousand_characters_goes_on_under_its_label():
    note = "".join(chr(0x30A1 + number % 80) for number in range(2000))
    paper = _paper(note, label="ご意見")
    pdf = PRESS.render(replace(paper, sections=paper.sections * 3))
    assert _text(pdf).replace("ご意見（つづき）", "").count("ァ") == 3 * note.count("ァ")
    _tidy(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    written = [page for page in pages if "ァ" in page]
    assert len(written) > 2
    assert all("ご意見" in page for page in written)
    assert any("ご意見（つづき）" in page for page in written)


@pytest.mark.parametrize("value", ["渡" * 200, "W" * 200, "NGUYEN THI MINH CHAU " * 9])
def test_long_values_are_wrapped_and_whole(value):
    pdf = PRESS.render(_paper(value))
    assert _squeezed(value) in _text(pdf)
    _tidy(pdf)


def test_names_are_never_set_smaller_than_nine_points():
    pdf = PRESS.render(_paper("渡" * 200))
    with pypdfium2.PdfDocument(pdf) as document:
        tall = [top - low for _, low, _, top in _boxes(document[0])]
    assert sorted(tall)[len(tall) // 2] > 8


def test_no_label_is_parted_from_its_value_by_a_page():
    entries = tuple(Entry(f"項目{n:02d}", f"値{n:02d}の中身", wide=True) for n in range(70))
    pdf = PRESS.render(replace(_paper(), sections=(Section("多い", entries),)))
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) > 1
    for number in range(70):
        assert [f"項目{number:02d}" in page for page in pages] == [
            f"値{number:02d}の" in page for page in pages
        ]
    assert all(f"{n}／{len(pages)}" in page for n, page in enumerate(pages, 1))


def test_practice_is_burnt_into_every_page_and_nowhere_else():
    real = _wanted("ido")
    practice = print_form(replace(real, practice=True), KEY.public_key(), PRESS)
    with pypdfium2.PdfDocument(practice) as document:
        assert all("見本" in _squeezed(page.get_textpage().get_text_range()) for page in document)
    assert "見本" not in _text(_pdf("ido"))
    assert len(_codes(practice, 150)) == len(_codes(_pdf("ido"), 150))


@pytest.mark.parametrize("letters", range(560, 900, 20))
def test_codes_of_every_size_are_read_wherever_they_stand(letters):
    texts = tuple(f"KKN2.{n}.2.ABCDEFGH.{'K7QX2' * (letters // 5)}" for n in (1, 2))
    entry = Entry("氏名", "渡邉", wide=True)
    for entries in (1, 4):
        paper = replace(_paper(), codes=texts, sections=(Section("人", (entry,) * entries),))
        assert _codes(PRESS.render(paper), 150) == set(texts)


def test_sixteen_codes_are_all_read():
    texts = tuple(f"KKN2.{number}.16.ABCDEFGH.{'Q7' * 440}" for number in range(1, 17))
    assert _codes(PRESS.render(replace(_paper(), codes=texts)), 150) == set(texts)


def test_a_form_without_a_signature_has_no_line_to_sign_on():
    assert "自署" not in _text(_pdf("shimin-no-koe", blank=True))
    assert "自署" in _text(_pdf("juminhyo", blank=True))


def test_what_is_chosen_is_ticked_and_what_is_not_is_not():
    def ticks(*chosen: bool) -> int:
        options = tuple(Option("はい", each) for each in chosen)
        entry = Entry("同意", options=options)
        paper = replace(_paper(), sections=(Section("人", (entry,)),))
        return _text(PRESS.render(paper)).count("✓")

    assert ticks(True, False, False) == 1
    assert ticks(False, False) == 0


def test_the_same_form_gives_the_same_bytes():
    assert PRESS.render(_paper("渡邉\U000e0102")) == PRESS.render(_paper("渡邉\U000e0102"))


def test_the_paper_is_made_from_the_definition_alone():
    wanted = _wanted("juminhyo")
    paper = paper_of(wanted.form, wanted.answers, wanted.occasion, wanted.words, "書蒼市", ())
    assert paper.title == "住民票の写し　交付申請書"
    assert paper.fees[-1] == ("合計", "900円")
    assert paper.papers == ("本人確認書類",)


def _paper(value: str = "渡邉", label: str = "氏名") -> PaperForm:
    entry = Entry(label, value, wide=len(value) > 200)
    return PaperForm(
        id="test",
        version="2026-11",
        title="試しの申請書",
        law="条例第1条",
        city="書蒼市",
        addressee="（宛先）書蒼市長",
        number="A-0042",
        date="令和8年11月21日",
        sections=(Section("人", (entry,)),),
        notes=("お急ぎの方は窓口へ。",),
        papers=("本人確認書類",),
        fees=(("手数料", "300円"),),
        codes=(),
        code_words="コード",
        stamps=("受付",),
        practice=False,
    )
