"""Wherever a person's own words are shown or typed, a variant is not the plain character."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from forms.answers import Answers, start
from forms.definition import Field
from forms.facts import Fact, Facts, Source, from_mapping
from forms.questions import Question
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.counter import Editing
from kiosk.domain.states import Case, Filling, Identity, Reviewing
from kiosk.ui.kit.button import Button
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.retouch import Retouch
from kiosk.ui.kit.tokens import LAYOUTS
from kiosk.ui.kit.writingline import WritingLine
from kiosk.ui.resident.asked import Asking
from kiosk.ui.resident.asking import ask
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts
from tests.fakes.answers import ANSWERS
from tests.fakes.counter import EMPTY, NOW, TEXTS, Counter
from tests.fakes.samples import FORMS, OCCASION, WORDS
from tests.fakes.screen import opened

PLAIN, VARIANT, UNKNOWN = "辻", "辻\U000e0102", "辻\U000e0110"
CODES = "U+8FBB\u00a0U+E0110"
LONG = "MARIA DE LOS ANGELES FERNANDEZ DE CORDOBA Y RODRIGUEZ（通称　{}真理亜）"


def settled(widget: QWidget) -> QImage:
    for _ in range(5):
        QApplication.processEvents()
    return widget.grab().toImage()


def case(sign: str, language: str = "ja") -> Case:
    known = from_mapping(
        {"name": f"渡部　{sign}子", "address": f"書蒼市{sign}町一丁目2番", "birth": "1999-08-08"},
        Source.CARD,
        NOW,
    )
    answers = start(FORMS["juminhyo"], known, OCCASION)
    for name, value in ANSWERS.items():
        answers = answers.answer(name, value)
    return Case(language, "juminhyo", Identity.CARD, known, answers)


@pytest.fixture(params=LAYOUTS)
def kiosk(request, qtbot):
    made = opened(qtbot, request.param)

    def shown(state) -> QImage:
        made.show_state(state)
        return settled(made)

    made.shown = shown
    return made


def told(window: QWidget) -> str:
    """Everything that a page says to readers."""
    parts = (p for p in window.findChildren(QWidget) if p.isVisible())
    return "\n".join(f"{p.accessibleName()}\n{p.accessibleDescription()}" for p in parts)


@pytest.mark.parametrize("page", [Filling, Reviewing])
def test_a_resident_sees_the_registered_shape(kiosk, page):
    pictures = [kiosk.shown(page(case(sign))) for sign in (PLAIN, VARIANT, UNKNOWN)]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    assert CODES in told(kiosk.page)
    assert kiosk.shown(page(case(PLAIN))) == pictures[0]


@pytest.mark.parametrize("page", [Filling, Reviewing])
@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("sign", [UNKNOWN, LONG.format(VARIANT), LONG.format(UNKNOWN)])
def test_a_page_fits_with_a_name_that_is_long_or_cannot_be_shown(kiosk, page, language, sign):
    kiosk.shown(page(case(sign, language)))
    boxes = []
    for part in kiosk.page.findChildren(QWidget):
        if isinstance(part, Label | Button) and part.isVisible():
            assert part.fits(), part.words
            boxes.append(
                (part, part.rect().translated(part.mapTo(kiosk.page, part.rect().topLeft())))
            )
    for place, (one, box) in enumerate(boxes):
        assert kiosk.page.rect().contains(box), one.words
        for other, there in boxes[place + 1 :]:
            assert not box.intersects(there), (one.words, other.words)


def page_of(layout, kind: str, value: object, facts: tuple[Fact, ...] = ()) -> Page:
    asked = Field(id="name", kind=kind, label="氏名")
    words = FormTexts(WORDS["juminhyo"], TEXTS["ja"])
    page = Page(TEXTS["ja"], layout, city="書蒼市", practice=False)
    page.title("氏名")
    ask(page, Asking(Question("name", asked, required=True), (), value, words, facts))
    page.feet(back=True)
    page.setFixedSize(layout.width, layout.height)
    return page


@pytest.fixture(params=LAYOUTS)
def pages(request, qtbot):
    def made(*more) -> tuple[Page, QImage]:
        page = page_of(LAYOUTS[request.param], *more)
        qtbot.addWidget(page)
        page.show()
        return page, settled(page)

    return made


@pytest.mark.parametrize("kind", ["text", "note", "name", "domicile", "address"])
def test_what_a_resident_types_is_shown_in_its_registered_shape(pages, kind):
    shown = [pages(kind, f"渡部{sign}子") for sign in (PLAIN, VARIANT, UNKNOWN)]
    pictures = [picture for _, picture in shown]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    assert [CODES in told(page) for page, _ in shown] == [False, False, True]
    assert not any(button.fits() is False for button in shown[2][0].findChildren(Button))


def test_the_key_that_erases_takes_a_character_with_its_variant(pages):
    page, _ = pages("name", f"渡{UNKNOWN}")
    line = page.findChild(WritingLine).text
    erase = next(b for b in page.findChildren(Button) if b.words == TEXTS["ja"]("board.erase"))
    assert CODES in told(page)
    erase.click()
    assert line.toPlainText() == "渡"
    assert CODES not in told(page)


def test_a_resident_chooses_between_shapes(pages):
    def dispute(sign: str) -> tuple[Fact, ...]:
        pairs = ((Source.CARD, VARIANT), (Source.PREFILL, sign))
        return tuple(Fact("name", f"渡部　{each}子", source, NOW) for source, each in pairs)

    shown = [pages("name", None, dispute(sign)) for sign in (PLAIN, VARIANT, UNKNOWN)]
    pictures = [picture for _, picture in shown]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    page, _ = pages("name", None, dispute(LONG.format(UNKNOWN) * 2))
    tiles = [b for b in page.findChildren(Button) if UNKNOWN in b.words]
    assert [tile.fits() for tile in tiles] == [True]
    emitted = []
    page.happened.connect(emitted.append)
    tiles[0].click()
    assert emitted[0].value == f"渡部　{LONG.format(UNKNOWN) * 2}子"


@pytest.fixture(params=[(1920, 1080), (1366, 768)])
def counter(request, qtbot):
    made = Counter(qtbot, request.param)

    def shown(state) -> QImage:
        made.show(EMPTY)
        made.show(state)
        return settled(made.window)

    made.shown = shown
    return made


def arrival(name: str) -> Arrival:
    time = "2026-11-21T10:00:00+09:00"
    return Arrival("a", "K01-1", time, "juminhyo", name, "kiosk", "received", Answers({}))


def editing(form: str, facts: Facts | None = None, **answers: object) -> Editing:
    return Editing("守", form, Answers(answers), None, EMPTY, facts=facts or Facts())


def of_form(sign: str, field: str) -> Editing:
    whole = {
        "name": f"渡部{sign}子",
        "address": f"書蒼市{sign}町",
        "building": {"city": "書蒼市", "town": f"{sign}町"},
        "submit_to": f"{sign}商店",
    }
    if field == "note":
        return editing(
            "komarigoto", relation="self", trouble=["other"], trouble_words=f"渡\n{sign}"
        )
    if field == "row":
        rows = [{"mover_name": f"渡部{sign}子"}]
        return editing("ido", relation="self", change="in", moved_on="2026-11-20", movers=rows)
    named = "address" if field == "building" else field
    return editing("juminhyo", relation="self", **{named: whole[field]})


FIELDS = ["name", "address", "building", "submit_to", "note", "row"]


@pytest.mark.parametrize("field", FIELDS)
def test_the_clerk_types_in_registered_shapes(counter, field):
    pictures = []
    for sign in (PLAIN, VARIANT, UNKNOWN):
        counter.shown(of_form(sign, field))
        pictures.append(settled(counter.sheet.canvas))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    told = [cell.told_missing for cell in counter.sheet.canvas.standing if cell.told_missing]
    assert len(told) == 1
    assert CODES in told[0]


@pytest.mark.parametrize("field", FIELDS)
def test_a_note_below_a_field_has_room_and_goes_with_the_character(counter, field):
    counter.shown(of_form(UNKNOWN, field))
    cell = next(cell for cell in counter.sheet.canvas.standing if cell.told_missing)
    room = cell.height() - cell.editor.widget.geometry().bottom()
    assert room > 15
    assert cell.parentWidget().rect().contains(cell.geometry())
    line = next(each.editor for each in cell.findChildren(Retouch) if each.cover)
    line.setFocus()
    line.selectAll()
    counter.keys(Qt.Key.Key_Backspace)
    assert cell.told_missing == ""
    assert cell.height() - cell.editor.widget.geometry().bottom() <= 1


def test_what_is_typed_with_a_variant_is_stored_with_it(counter):
    counter.shown(of_form(VARIANT, "name"))
    line = counter.sheet.fields["name"]
    line.setFocus()
    line.end(False)
    counter.keys("葛")
    assert counter.value("name") == f"渡部{VARIANT}子葛"
    line.setCursorPosition(5)
    counter.keys(Qt.Key.Key_Backspace)
    assert counter.value("name") == "渡部子葛"


def disputed(facts: dict[str, object], others: dict[str, object]) -> Facts:
    return from_mapping(facts, Source.CARD, NOW).learn(
        from_mapping(others, Source.PREFILL, NOW).known
    )


def test_the_clerk_settles_a_name_between_shapes(counter):
    def state(sign: str) -> Editing:
        both = disputed({"name": f"渡部{VARIANT}子"}, {"name": f"渡部{sign}子"})
        return editing("juminhyo", both, relation="self")

    pictures = [counter.shown(state(sign)) for sign in (PLAIN, UNKNOWN)]
    assert pictures[0] != pictures[1]
    counter.shown(state(LONG.format(UNKNOWN) * 2))
    for button in counter.cell("name").stops()[:2]:
        assert button.height() >= button.tall(button.width())
        assert button.geometry().bottom() < counter.editor("name").widget.y()


def test_the_clerk_settles_rows_between_shapes(counter):
    def state(sign: str) -> Editing:
        rows = [{"name": f"渡部{sign}子"}]
        both = disputed({"household": [{"name": "渡部"}]}, {"household": rows})
        whole = editing("ido", both, relation="self", change="in", moved_on="2026-11-20")
        return replace(whole, answers=whole.answers.answer("movers", []))

    pictures = []
    for sign in (PLAIN, VARIANT, UNKNOWN):
        counter.shown(state(sign))
        counter.sheet.canvas.boxes["movers"].stops()[1].setFocus()
        pictures.append(settled(counter.sheet.canvas.boxes["movers"]))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_the_list_shows_names_whole_in_their_registered_shapes(counter):
    several = [Listing("守", (arrival(f"渡部{sign}子"),)) for sign in (PLAIN, VARIANT, UNKNOWN)]
    pictures = [counter.shown(each) for each in several]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    table = counter.window.page.table
    with_note = table.rowHeight(0)
    counter.shown(Listing("守", (arrival(LONG.format(VARIANT) * 2), arrival("渡部"))))
    table = counter.window.page.table
    assert table.rowHeight(0) > with_note > table.rowHeight(1) == 42


def test_the_list_copies_a_name_as_it_is_registered(counter, qapp):
    counter.shown(Listing("守", (arrival(f"渡部{VARIANT}子"),)))
    table = counter.window.page.table
    table.setFocus()
    table.setCurrentCell(0, 3)
    counter.keys((Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier))
    assert qapp.clipboard().text() == f"渡部{VARIANT}子"
