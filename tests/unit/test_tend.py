"""Staff look after what waits: the same deeds for the commands and for the counter's page."""

import pytest

from kiosk.domain import counter as d
from kiosk.domain.arrivals import Listing
from kiosk.domain.journal import Deed
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import Decided, FateAsked, RetryAsked, StopAsked, Tending
from kiosk.errors import StoreUnusable
from kiosk.ports.lanes import Lane
from kiosk.ports.outbox import NOT_AGREED, OK, UNREADABLE, OutboxRow, RowState, Try
from kiosk.usecases.tend import words_of
from tests.fakes.desk import Counter
from tests.fakes.envelopes import NAME, envelope
from tests.fakes.samples import NOW

PAPER = "X-000001-1"


@pytest.fixture
def counter():
    made = Counter()
    made.sign_in()
    return made


def keep(counter, state=RowState.WAITING, answer="", **more):
    """One more on its way, and what became of it so far."""
    one = str(counter.outbox.keep(lambda number: envelope(number, **more)).id)
    if answer:
        counter.outbox.record([Try(one, state, answer, NOW, again=2**60)])
    return one


def unclear(counter, number=PAPER):
    account = counter.serve._crew.issue.release.account
    account.issued([number])
    account.ledger.move(number, Fate.UNCLEAR)
    return account


def look(counter):
    counter.serve.refresh()
    counter.lanes.release_all()
    return counter.state


def page(counter, *events):
    counter.say(d.QueueOpened())
    counter.lanes.release_all()
    return play(counter, *events)


def play(counter, *events):
    for event in events:
        counter.say(event)
        counter.lanes.release_all()
    return counter.state


def unusable(*_):
    raise StoreUnusable("DatabaseError")


def test_what_asks_for_somebody_stands_on_top_and_the_rest_oldest_first(counter):
    keep(counter, RowState.WAITING, "HTTP 503")
    keep(counter, RowState.DELIVERED, OK)
    keep(counter, RowState.REFUSED, "another body under this id")
    keep(counter, RowState.SET_ASIDE, UNREADABLE)
    keep(counter, RowState.SET_ASIDE, NOT_AGREED, purpose="care")
    keep(counter)
    rows = page(counter).pending.rows
    assert [(row.receipt[-1], row.asks, row.stoppable) for row in rows] == [
        ("3", True, True),
        ("4", True, False),
        ("1", False, True),
        ("6", False, True),
    ]
    assert [row.answer for row in rows] == ["another body under this id", "", "HTTP 503", ""]
    assert [row.attempts for row in rows] == [1, 1, 1, 0]
    assert {row.form for row in rows} == {"juminhyo"}
    assert rows[0].kept.isoformat() == counter.outbox.rows()[2].kept_at
    assert (rows[0].tried, rows[3].tried) == (NOW, None)


def test_nothing_of_the_person_is_on_the_page(counter):
    keep(counter)
    keep(counter, RowState.REFUSED, "no")
    assert NAME not in repr(page(counter))


def test_what_its_seal_hides_has_no_procedure_and_hides_nothing_else(counter, monkeypatch):
    keep(counter, RowState.SET_ASIDE, UNREADABLE)
    monkeypatch.setattr(counter.outbox, "body", unusable)
    (row,) = page(counter).pending.rows
    assert (row.form, row.asks) == (None, True)


def test_what_is_frozen_is_opened_once(counter, monkeypatch):
    keep(counter)
    page(counter)
    monkeypatch.setattr(counter.outbox, "body", unusable)
    assert look(counter).pending.rows[0].form == "juminhyo"


def test_the_list_says_how_many_ask_for_somebody(counter):
    keep(counter, RowState.REFUSED, "no")
    keep(counter)
    unclear(counter)
    assert look(counter) == Listing("守", asking=2)


def test_what_was_refused_goes_once_more_and_goes_at_once(counter):
    one = keep(counter, RowState.REFUSED, "no")
    done = page(counter, RetryAsked(one), Decided())
    assert done.told == RetryAsked(one)
    assert list(counter.office.handed_in) == [one]
    assert look(counter).pending.rows == ()


def test_while_the_office_is_away_it_waits_again_and_nobody_calls_there(counter):
    one = keep(counter, RowState.REFUSED, "no")
    page(counter, RetryAsked(one))
    counter.serve._watch.up = False
    counter.say(Decided())
    counter.lanes.release(Lane.STORE)
    assert [row.asks for row in counter.state.pending.rows] == [False]
    assert counter.lanes.waiting(Lane.OFFICE) == 0


def test_what_waits_is_held_back_with_its_reason(counter):
    one = keep(counter, RowState.WAITING, "ConnectTimeout")
    assert page(counter).pending.rows[0].answer == "つながりませんでした"
    counter.office.away = True
    done = play(counter, StopAsked(one), Decided("　書類の確認待ち"))
    assert (done.told, done.pending.asking) == (StopAsked(one), 1)
    assert done.pending.rows[0].answer == "書類の確認待ち"


def test_a_look_that_comes_home_meanwhile_does_not_do_it_again(counter):
    one = keep(counter)
    page(counter, StopAsked(one))
    counter.serve.refresh()
    keep(counter)
    counter.say(Decided("x"))
    assert counter.lanes.waiting(Lane.STORE) == 2
    counter.lanes.release(Lane.STORE)
    assert (len(counter.state.pending.rows), counter.state.doing) == (2, True)
    assert counter.lanes.waiting(Lane.STORE) == 1


def test_a_reason_that_reads_like_one_of_our_own_hides_nothing(counter):
    one = keep(counter)
    counter.office.away = True
    done = page(counter, StopAsked(one), Decided(NOT_AGREED))
    assert [row.answer for row in done.pending.rows] == ["「not-agreed」"]


def test_what_arrived_meanwhile_is_not_held_back(counter):
    one = keep(counter)
    page(counter, StopAsked(one))
    counter.outbox.record([Try(one, RowState.DELIVERED, OK, NOW)])
    done = play(counter, Decided("x"))
    assert (done.told, done.missed, done.pending.rows) == (None, True, ())


@pytest.mark.parametrize("fate", [Fate.PRINTED, Fate.SPOILED, Fate.ABANDONED])
def test_a_paper_is_settled_written_down_and_reported(counter, fate):
    unclear(counter)
    done = page(counter, FateAsked(PAPER, fate), Decided())
    assert (done.told, done.pending.papers) == (FateAsked(PAPER, fate), ())
    assert counter.journal.deeds[-1] == ("clerk:mamoru", Deed.PAPER_SETTLED)
    assert counter.office.outcomes == [(PAPER, str(fate))]


def test_a_paper_is_settled_while_the_office_is_away_and_reported_when_it_is_back(counter):
    unclear(counter)
    page(counter, FateAsked(PAPER, Fate.PRINTED))
    counter.office.away = True
    assert play(counter, Decided()).pending.papers == ()
    assert counter.office.outcomes == []
    counter.office.away = False
    counter.serve._draining = False
    counter.serve._drain()
    counter.lanes.release_all()
    assert counter.office.outcomes == [(PAPER, "printed")]


def test_a_paper_that_somebody_else_settled_is_not_settled_twice(counter):
    account = unclear(counter)
    page(counter, FateAsked(PAPER, Fate.PRINTED))
    account.settle(PAPER, Fate.SPOILED)
    assert play(counter, Decided()).missed
    assert counter.journal.deeds[-1] == ("clerk:mamoru", Deed.SIGNED_IN)


def test_nothing_is_settled_unwritten(counter):
    account = unclear(counter)
    counter.journal.full = True
    done = page(counter, FateAsked(PAPER, Fate.PRINTED), Decided())
    assert (done.fault, done.told, done.doing) == ("store-unusable", None, False)
    assert account.unclear() == [PAPER]


def test_a_store_that_cannot_be_read_is_said_and_looked_at_again(counter, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(counter.outbox, "undelivered", unusable)
        assert page(counter).blind
    assert look(counter) == Tending("守", counter.serve._tend.look(), before=Listing("守"))


def test_a_mistake_of_ours_while_looking_goes_to_the_top(counter, monkeypatch):
    monkeypatch.setattr(counter.outbox, "undelivered", lambda: 1 // 0)
    counter.say(d.QueueOpened())
    with pytest.raises(ZeroDivisionError):
        counter.lanes.release_all()


def test_it_is_looked_at_once_at_a_time_and_only_where_it_is_shown(counter):
    counter.serve.refresh()
    counter.serve.refresh()
    assert counter.lanes.waiting(Lane.STORE) == 1
    counter.lanes.release_all()
    counter.say(d.BegunNew("juminhyo"))
    counter.serve.refresh()
    assert counter.lanes.waiting(Lane.STORE) == 0


def test_the_line_that_breaks_is_said_on_the_page(counter):
    page(counter)
    counter.serve._watch._say(up=False)
    counter.lanes.release_all()
    assert counter.state.away


@pytest.mark.parametrize(
    ("state", "attempts", "answer", "words"),
    [
        ("waiting", 0, None, "まだ送っていません。市役所とつながると、自動で送ります。"),
        ("waiting", 2, "x", "2回送りましたが、まだ届いていません（x）。自動でもう一度送ります。"),
        ("waiting", 2, "", "2回送りましたが、まだ届いていません。自動でもう一度送ります。"),
        ("sending", 2, "503", "いま市役所へ送っています。"),
        ("refused", 1, "no", "市役所が受け付けませんでした（no）。中身を確かめてください。"),
        ("set-aside", 0, NOT_AGREED, "同意が取り消されたため送りません。中身は消しました。"),
        ("set-aside", 0, "なぜ", "職員が送信から外しました（なぜ）。送信にもどせます。"),
        ("delivered", 1, OK, "市役所に届きました。"),
    ],
)  # fmt: skip
def test_where_it_stands_is_one_sentence(state, attempts, answer, words):
    row = OutboxRow("x", "C01-000001", "", state, attempts, None, answer)
    assert words_of(row) == words
