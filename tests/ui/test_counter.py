"""The clerk's pages besides the form: sign-in, list, choice of a procedure, done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from forms.answers import Answers
from forms.definition import Channel
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.counter import (
    BegunNew,
    Closed,
    Done,
    Editing,
    HandedIn,
    Handled,
    Handling,
    IdentityChecked,
    KeptHere,
    Opened,
    Refreshed,
    SignedIn,
    SignedOut,
)
from kiosk.domain.events import Kept
from kiosk.ui.counter.window import DonePage, ListPage
from tests.fakes.answers import ANSWERS
from tests.fakes.counter import DESK, EMPTY, Counter
from tests.fakes.samples import FORMS

WHOLE = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "1944-05-03",
    **ANSWERS,
}


def arrival(id_, receipt, form="juminhyo", name="髙橋　花子"):
    time = "2026-11-21T10:00:00+09:00"
    return Arrival(id_, receipt, time, form, name, "kiosk", "received", Answers({}))


ONE, TWO = arrival("a1", "K01-000001"), arrival("a2", "K01-000002", name="渡邉󠄂　一郎")


@pytest.fixture
def counter(qtbot):
    return Counter(qtbot)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_every_page_fits_the_screen(qtbot, size):
    counter = Counter(qtbot, size)
    editing = Editing("守", "juminhyo", Answers(WHOLE), None, EMPTY)
    followed = DESK.advance(Handling(editing), Done(None, None))
    pages = [
        SignedOut(refused=True),
        Listing("守", (TWO, ONE)),
        Listing("守", away=True),
        *(Editing("守", form, Answers({}), None, EMPTY) for form in FORMS),
        Handling(editing),
        Handled("守", "C01-000001", "R8-000001", None, EMPTY),
        Handled("守", "C01-000001", None, "office-unreachable", EMPTY),
        followed,
    ]
    for state in pages:
        counter.show(state)
        QApplication.processEvents()
        assert (counter.window.width(), counter.window.height()) == size, state


def test_the_list_opens_with_return_and_keeps_its_place_when_it_refreshes(counter):
    counter.show(Listing("守", (ONE,)))
    assert isinstance(counter.window.page, ListPage)
    counter.show(Listing("守", (TWO, ONE)))
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [Opened("a1")]


def test_f2_offers_every_procedure_of_the_counter(counter):
    counter.keys(Qt.Key.Key_F2)
    offered = {choice.form.id for choice in counter.window.page.choose.choices}
    assert offered == {f.id for f in FORMS.values() if Channel.COUNTER in f.definition.channels}


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("住民票", "juminhyo"),
        ("じゅうみんひょう", "juminhyo"),
        ("ジュウミンヒョウ", "juminhyo"),
        ("転入", "ido"),
        ("juminhyo", "juminhyo"),
        ("いぬ", "inu"),
        ("介護", "kaigo"),
    ],
)
def test_a_part_of_the_name_or_its_reading_finds_a_procedure(counter, typed, form):
    counter.keys(Qt.Key.Key_F2, typed, Qt.Key.Key_Return)
    assert counter.events == [BegunNew(form)]
    assert counter.sheet


def test_arrows_move_through_the_procedures_and_escape_goes_back(counter):
    counter.keys(Qt.Key.Key_F2)
    page = counter.window.page.choose
    first = page.current
    counter.keys(Qt.Key.Key_Right)
    assert page.current is page.shown[0][1]
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert page.current is first
    counter.keys(Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert counter.window.page.new.hasFocus()
    assert counter.events == []


def test_a_name_that_no_procedure_has_is_told_and_begins_nothing(counter):
    counter.keys(Qt.Key.Key_F2, "ぬるぽ", Qt.Key.Key_Return)
    assert counter.window.page.choose.nothing.isVisible()
    assert counter.events == []


def test_the_list_that_refreshes_does_not_take_the_choice_away(counter):
    counter.keys(Qt.Key.Key_F2, "介護")
    counter.show(Listing("守", (ONE,)))
    assert counter.window.page.choose.isVisible()
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [BegunNew("kaigo")]


def test_what_else_must_be_done_is_listed_and_a_number_begins_it(counter):
    counter.show(_moved_in(counter))
    page = counter.window.page
    assert isinstance(page, DonePage)
    assert page.following
    first = next(each for each in counter.state.next if each.followup.form in FORMS)
    counter.keys((Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier))
    assert counter.events[-1] == BegunNew(first.followup.form)
    assert counter.sheet


def test_a_followup_begins_with_what_the_visit_knows_and_asks_none_of_it_again(counter):
    counter.show(_moved_in(counter))
    counter.keys("1")
    facts, standing = counter.state.facts, counter.sheet.canvas.standing
    known = [
        cell
        for cell in standing
        if cell.field.fact and "[" not in cell.path and facts.value(cell.field.fact)
    ]
    assert {"name", "kana", "birth", "phone"} <= {cell.field.fact for cell in known}
    for cell in known:
        assert cell.editor.value is not None, cell.path
    assert counter.focused() not in {cell.path for cell in known}


def test_what_is_done_elsewhere_has_no_number(counter):
    state = _moved_in(counter)
    counter.show(state)
    ours = [each for each in state.next if each.followup.form in FORMS]
    assert len(counter.window.page.following) == len(ours) < len(state.next)


def test_return_on_the_done_page_goes_back_to_the_list(counter):
    counter.show(_moved_in(counter))
    counter.keys(Qt.Key.Key_Return)
    assert counter.events[-1] == Closed()


def _moved_in(counter):
    """Handled: a family of two moved in."""
    mover = {
        "mover_name": "渡邉󠄂　花子",
        "mover_kana": "ワタナベ　ハナコ",
        "mover_birth": "1984-05-03",
        "mover_relation": "head",
        "mover_nationality": "japan",
        "mover_kokuho": True,
        "mover_pension": "first",
    }
    counter.begin(
        "ido",
        name="渡邉󠄂　花子",
        kana="ワタナベ　ハナコ",
        birth="1984-05-03",
        phone="09012345678",
        address="かかない県書蒼市本町一丁目2番3号",
        relation="self",
        change="in",
        moved_on="2026-11-20",
        leaving_proof="paper",
        movers=[mover, {**mover, "mover_birth": "2018-05-03", "mover_relation": "child"}],
    )
    kept = DESK.advance(Handling(counter.state), KeptHere(Kept("x", "C01-000001")))
    counter.events.clear()
    handled = DESK.advance(kept, Done(None, None))
    assert isinstance(handled, Handled)
    return handled


def test_nothing_is_submitted_while_something_is_missing(counter):
    counter.show(Editing("守", "juminhyo", Answers(WHOLE), None, EMPTY))
    counter.keys(Qt.Key.Key_F9)
    assert isinstance(counter.state, Editing)
    assert counter.state.problems


def test_where_the_form_asks_for_no_identity_the_clerk_says_it(counter):
    forms = [f for f in FORMS.values() if DESK.asks_identity(f)]
    for form in forms:
        counter.begin(form.id)
        assert counter.sheet.identity.isVisible()
        counter.sheet.identity.setChecked(True)
        assert counter.events[-1] == IdentityChecked(checked=True)
    others = [f for f in FORMS.values() if not DESK.asks_identity(f)]
    counter.begin(others[0].id)
    assert not counter.sheet.identity.isVisible()


def test_the_desk_forgets_the_list_when_the_clerk_signs_in_anew():
    listing = DESK.advance(SignedOut(), SignedIn("守"))
    assert DESK.advance(listing, Refreshed((ONE,))) == Listing("守", (ONE,))
    assert DESK.advance(SignedOut(), SignedIn("守")) == Listing("守")


def test_an_office_that_is_away_leaves_the_last_list_standing():
    assert DESK.advance(Listing("守", (ONE,)), Refreshed(None)) == Listing("守", (ONE,), away=True)


def test_f9_hands_in_and_escape_goes_back(counter):
    counter.show(Editing("守", "juminhyo", Answers(WHOLE), None, EMPTY))
    counter.keys(Qt.Key.Key_F9, Qt.Key.Key_Escape)
    assert counter.events == [HandedIn(), Closed()]
