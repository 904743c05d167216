"""送信の状況 at the counter: seen at a glance, driven with the keys, kept while it refreshes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import Closed, Done, QueueOpened
from kiosk.domain.desk import Desk
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import (
    Decided,
    FateAsked,
    Looked,
    Outgoing,
    Pending,
    RetryAsked,
    RowOpened,
    StopAsked,
    Tended,
    Tending,
)
from kiosk.ui.counter.decide import Confirm, Details
from kiosk.ui.counter.pending import Wording
from kiosk.ui.counter.tending import TendPage
from tests.fakes.counter import NOW, Counter
from tests.fakes.samples import FORMS, PURPOSES

DESK = Desk(FORMS, lambda: NOW, PURPOSES)
WORDS = "この端末の鍵では中身を開けないため、送れません。端末の担当者に知らせてください。"
LONG = "この手続きの版は受け付けられません。新しい版で入れ直してください。" * 12
LONGEST = max(FORMS.values(), key=lambda form: len(form.label)).id


def row(number, **more):
    plain = Outgoing(
        id=f"01930000-0000-7000-8000-{number:012d}",
        receipt=f"C01-{number:06d}",
        kept=NOW - timedelta(minutes=number),
        form="juminhyo",
        purpose=None,
        words="まだ送っていません。市役所とつながると、自動で送ります。",
        answer="",
        attempts=0,
        tried=None,
        asks=False,
        stoppable=True,
    )
    return replace(plain, **more)


REFUSED = row(1, receipt="C01-7QX-000001", answer=LONG[:400], attempts=1, tried=NOW, asks=True)
SHUT = row(
    2, form=LONGEST, purpose=PURPOSES.every[0].id, words=WORDS, asks=True, stoppable=False,
    kept=NOW - timedelta(days=3),
)  # fmt: skip
WAITS, GONE = row(3), row(4, form=None, kept=None, attempts=1234)
PAPERS = tuple(f"000000-R8-000123-{copy}" for copy in range(1, 6))
FULL = Pending((REFUSED, SHUT, WAITS, GONE, *(row(n) for n in range(5, 40))), PAPERS)
PLAIN = Qt.KeyboardModifier.NoModifier
PAGE = Tending("守", FULL)
ASKED = {
    "retry": (RetryAsked(REFUSED.id), REFUSED.receipt),
    "stop": (StopAsked(REFUSED.id), REFUSED.receipt),
    "fate": (FateAsked(PAPERS[0], Fate.SPOILED), PAPERS[0]),
}
STATES = {
    "looking": Tending("守"),
    "full": PAGE,
    "away": replace(PAGE, away=True),
    "empty": Tending("守", Pending()),
    "papers": Tending("守", Pending((), PAPERS[:1])),
    "rows": Tending("守", Pending((WAITS,))),
    "blind": replace(PAGE, blind=True),
    "told": replace(PAGE, told=RetryAsked("x"), name=REFUSED.receipt),
    "missed": replace(PAGE, missed=True, name=REFUSED.receipt),
    "details": replace(PAGE, opened=REFUSED.id, name=REFUSED.receipt),
    "shut": replace(PAGE, opened=SHUT.id, name=SHUT.receipt),
    **{key: replace(PAGE, act=act, name=name) for key, (act, name) in ASKED.items()},
    "failed": replace(PAGE, act=ASKED["stop"][0], name="C01-000001", fault="store-unusable"),
}


@pytest.fixture
def counter(qtbot):
    made = Counter(qtbot)
    made.window._desk = DESK
    return made


def page(counter) -> TendPage:
    return counter.page(TendPage)


def look(counter, pending, *, away=False):
    counter.handle(Looked(pending, away=away))
    counter.events.pop()
    return page(counter)


def opened(counter, pending=FULL):
    counter.keys(Qt.Key.Key_F7)
    look(counter, pending)
    counter.events.clear()
    return page(counter)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_every_state_fits_the_screen_with_its_longest_words(qtbot, size):
    counter = Counter(qtbot, size)
    counter.window._desk = DESK
    for name, state in STATES.items():
        counter.show(Listing("守"))
        counter.show(state)
        shown = page(counter)
        assert (counter.window.width(), counter.window.height()) == size, name
        for part in shown.findChildren(QLabel) + shown.findChildren(QPushButton):
            if part.isVisible():
                box = part.rect().translated(part.mapTo(shown, part.rect().topLeft()))
                assert shown.rect().contains(box), (name, part.text())
                tall = part.heightForWidth(part.width())
                assert part.height() >= tall, (name, part.text())


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_no_cell_cuts_its_words_off(qtbot, size):
    counter = Counter(qtbot, size)
    counter.window._desk = DESK
    counter.show(PAGE)
    applications = page(counter).applications
    table, lines = applications.table, applications._lines
    for line in range(table.rowCount()):
        for column in range(table.columnCount()):
            words = table.item(line, column).text()
            needed = lines.tall(words, table.columnWidth(column), table.font())
            assert table.rowHeight(line) >= needed, words
            if column in (0, 1, 6):
                assert needed < 50, (words, "stands on one line")


def test_the_list_says_how_many_ask_for_somebody_and_nothing_where_none_do(counter):
    assert not counter.window.page.asking.isVisible()
    counter.handle(Looked(FULL))
    assert counter.window.page.asking.isVisible()
    assert counter.window.page.asking.text() == "要確認 7"
    counter.handle(Looked(Pending((WAITS,))))
    assert not counter.window.page.asking.isVisible()


def test_f7_opens_it_and_escape_leads_back(counter):
    counter.keys(Qt.Key.Key_F7)
    assert counter.events == [QueueOpened()]
    assert page(counter).line.text() == "調べています…"
    counter.keys(Qt.Key.Key_Escape)
    assert counter.events[-1] == Closed()
    assert counter.state == Listing("守")


def test_the_line_on_top_says_how_it_stands(counter):
    shown = opened(counter)
    assert shown.line.text() == (
        "市役所とつながっています・送信待ち 37件・いちばん古いもの 09:21 から"
    )
    look(counter, FULL, away=True)
    assert shown.line.text().startswith("市役所とつながっていません・送信待ち 37件")
    look(counter, Pending((replace(GONE, asks=False),)))
    assert shown.line.text() == "市役所とつながっています・送信待ち 1件"
    look(counter, None)
    assert "読めません" in shown.line.text()


def test_where_nothing_waits_it_says_so_calmly(counter):
    shown = opened(counter, Pending())
    assert shown.none.isVisible()
    assert not shown.applications.isVisible()
    assert not shown.papers.isVisible()
    assert shown.line.text() == "市役所とつながっています・送信待ちはありません"


def test_return_shows_the_details_and_nothing_of_the_person(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [RowOpened(REFUSED.id)]
    words = " ".join(label.text() for label in shown.card.findChildren(QLabel))
    assert REFUSED.receipt in words
    assert FORMS["juminhyo"].label in words
    assert LONG[:400] in words
    counter.keys(Qt.Key.Key_Escape)
    assert counter.state.opened is None
    assert shown.applications.table.hasFocus()


def test_details_follow_what_becomes_of_it(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert counter.events == [RowOpened(WAITS.id)]
    tried = replace(WAITS, attempts=7)
    look(counter, Pending((REFUSED, tried)))
    assert isinstance(shown.card, Details)
    assert any("7回" in label.text() for label in shown.card.findChildren(QLabel))
    look(counter, Pending((REFUSED,)))
    assert shown.card is None
    assert WAITS.receipt in shown.said.text()


def test_r_and_one_return_send_it_once_more(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_R)
    assert isinstance(shown.card, Confirm)
    assert shown.card.button.hasFocus()
    counter.keys(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert counter.events == [RetryAsked(REFUSED.id), Decided("")]
    assert not shown.card.button.isEnabled()
    counter.handle(Tended(done=True, pending=Pending((WAITS,))))
    assert page(counter).said.text() == "C01-7QX-000001 を送信にもどしました。"
    assert shown.applications.table.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_Q])
def test_from_the_details_the_same_keys_ask_the_same(counter, key):
    opened(counter)
    counter.keys(Qt.Key.Key_Return, key)
    assert counter.events[-1].id == REFUSED.id
    assert isinstance(page(counter).card, Confirm)


def test_nothing_is_held_back_before_a_reason_is_typed(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Q, Qt.Key.Key_Return)
    assert counter.events == [StopAsked(REFUSED.id)]
    assert "理由" in shown.card.wrong.text()
    counter.keys("書類rq1待ち", Qt.Key.Key_Return)
    assert counter.events[-1] == Decided("書類rq1待ち")
    counter.handle(Tended(done=True, pending=FULL))
    assert page(counter).said.text() == "C01-7QX-000001 を止めました。"


def test_what_is_being_typed_survives_a_refresh(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Q, "書類")
    look(counter, Pending((REFUSED, replace(WAITS, attempts=3))), away=True)
    counter.keys("待ち")
    assert shown.card.why.text() == "書類待ち"
    assert shown.card.why.hasFocus()


def test_what_cannot_be_done_now_has_no_key(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_Q)
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_R)
    assert counter.events == []
    assert (shown.applications.retry.isEnabled(), shown.applications.stop.isEnabled()) == (
        False,
        True,
    )


def test_the_chosen_row_stays_chosen_while_the_list_refreshes(counter):
    opened(counter)
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_Down)
    look(counter, Pending((SHUT, WAITS, row(9), row(10))))
    counter.keys(Qt.Key.Key_Return)
    assert counter.events == [RowOpened(WAITS.id)]
    counter.keys(Qt.Key.Key_Escape)
    look(counter, Pending((SHUT, row(9))))
    counter.keys(Qt.Key.Key_Return)
    assert counter.events[-1] == RowOpened(row(9).id)


@pytest.mark.parametrize(
    ("key", "fate", "word"),
    [
        (Qt.Key.Key_1, Fate.PRINTED, "渡した"),
        (Qt.Key.Key_2, Fate.SPOILED, "書損"),
        (Qt.Key.Key_3, Fate.ABANDONED, "出ていない"),
    ],
)
@pytest.mark.parametrize(
    "pad", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier]
)
def test_a_paper_has_three_answers_and_one_confirm(counter, key, fate, word, pad):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_Tab)
    assert shown.papers.table.hasFocus()
    counter.keys(Qt.Key.Key_Down, (key, pad))
    assert counter.events == [FateAsked(PAPERS[1], fate)]
    assert word in " ".join(label.text() for label in shown.card.findChildren(QLabel))
    counter.keys(Qt.Key.Key_Return)
    assert counter.events[-1] == Decided("")
    counter.handle(Tended(done=True, pending=Pending(FULL.rows, PAPERS[2:])))
    assert page(counter).said.text() == f"{PAPERS[1]} を「{word}」と記録しました。"


def test_papers_alone_are_reached_at_once(counter):
    opened(counter, Pending((), PAPERS[:1]))
    counter.keys(Qt.Key.Key_3)
    assert counter.events == [FateAsked(PAPERS[0], Fate.ABANDONED)]


def test_a_deed_that_failed_is_said_and_can_be_tried_again(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_R, Qt.Key.Key_Return)
    counter.handle(Done(None, "store-unusable"))
    assert "記録できません" in shown.card.wrong.text()
    counter.keys(Qt.Key.Key_Return)
    assert counter.events[-1] == Decided("")


def test_leaving_a_question_leaves_everything_as_it_was(counter):
    shown = opened(counter)
    counter.keys(Qt.Key.Key_R, Qt.Key.Key_Escape)
    assert counter.state.act is None
    assert shown.card is None
    assert shown.applications.table.hasFocus()


def test_times_and_procedures_are_said_as_a_clerk_says_them():
    wording = Wording(DESK)
    assert wording.moment(NOW) == "10:00"
    assert wording.moment(NOW - timedelta(days=3)) == "11/18 10:00"
    assert wording.moment(None) == "－"
    assert wording.procedure(replace(WAITS, form="minami")) == "minami"
    assert wording.procedure(GONE) == "－"
    title = PURPOSES.say("title", PURPOSES.every[0].id, "ja")
    assert wording.procedure(SHUT) == f"{FORMS[LONGEST].label}（{title}）"
