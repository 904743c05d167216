"""Consent at the desk: asked of whom a clerk has seen, one by one, and kept with the form."""

from dataclasses import replace

import pytest

from forms.facts import Source, from_mapping
from forms.person import PARTS, person_mark
from kiosk.domain import counter as d
from kiosk.domain.agreement import Word
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.consulting import PersonAsked
from kiosk.domain.events import WentBack
from kiosk.domain.sheets import NOTHING_AGREED
from tests.fakes.consulting import CARE, DAMAGED, SAID, WATER, Counter
from tests.fakes.samples import NOW

WHO = PersonAsked(SAID, identity_checked=True)
MARK = person_mark(b"k" * 32, SAID)
YES, NO, NOT_ASKED = Word.GIVEN, Word.REFUSED, None


@pytest.fixture
def desk():
    return Counter()


def begin(desk, **more):
    desk.say(d.BegunNew("risai"))
    return desk.say(*(d.Typed(k, v) for k, v in {**DAMAGED, **more}.items()), d.HandedIn())


def answer(desk, care, water):
    return desk.say(d.PurposeAnswered(CARE, care), d.PurposeAnswered(WATER, water))


def kept(desk):
    return [desk.outbox._kept[row.id] for row in desk.outbox.rows()]


def said(desk):
    return [(each.purpose, each.word) for each in desk.outbox.said]


def test_before_it_goes_in_the_clerk_says_whom_they_have_seen(desk):
    asked = begin(desk)
    assert isinstance(asked, d.Agreeing)
    assert (asked.seen, asked.clerk) == (None, "守")
    assert dict(asked.known) == {**SAID, "sex": ""}
    assert desk.outbox.rows() == []
    assert desk.say(PersonAsked(SAID, identity_checked=False)) == asked
    assert desk.say(PersonAsked({**SAID, "sex": ""}, identity_checked=True)) == asked
    assert desk.say(d.PurposeAnswered(CARE, YES)) == asked


def test_every_purpose_is_asked_by_itself_and_what_was_said_goes_in_with_the_form(desk):
    begin(desk)
    assert desk.say(WHO).purpose.id == CARE
    assert desk.say(d.PurposeAnswered(CARE, YES)).purpose.id == WATER
    done = desk.say(d.PurposeAnswered(WATER, NO))
    assert isinstance(done, d.Handled)
    assert done.unasked is None
    assert said(desk) == [(CARE, YES), (WATER, NO)]
    assert {each.person for each in desk.outbox.said} == {MARK}
    application, share = kept(desk)
    assert (application.person, application.purpose, application.channel) == (MARK, None, "counter")
    assert (share.purpose, share.person, share.parent) == (CARE, MARK, application.id)
    assert share.applicant["申請者"] == {
        k: SAID[v] for k, v in (("氏名", "name"), ("住所", "address"))
    }
    assert share.content["contact_detail"] == "妹の家"
    assert "damage" not in share.content


def test_what_was_not_asked_is_no_yes_and_no_no(desk):
    begin(desk)
    desk.say(WHO)
    answer(desk, NOT_ASKED, NO)
    assert said(desk) == [(WATER, NO)]
    assert len(kept(desk)) == 1


def test_an_answer_to_another_purpose_is_none(desk):
    begin(desk)
    asked = desk.say(WHO)
    assert desk.say(d.PurposeAnswered(WATER, YES)) == asked


def test_one_step_back_takes_the_last_answer_back(desk):
    editing = begin(desk).editing
    first = desk.say(WHO)
    desk.say(d.PurposeAnswered(CARE, YES))
    assert desk.say(WentBack()) == first
    assert desk.say(WentBack()) == editing
    assert desk.say(d.HandedIn()).seen is None
    assert said(desk) == []


def test_who_shows_another_ones_card_is_not_asked_in_that_ones_name(desk):
    begin(desk)
    for other in ({"name": "鈴木　さくら"}, {"birth": "1980-02-18"}):
        stranger = desk.say(PersonAsked({**SAID, **other}, identity_checked=True))
        assert (stranger.stranger, stranger.seen) == (True, None)
    assert desk.say(PersonAsked({**SAID, "name": "渡邉 一郎"}, identity_checked=True)).seen


def test_without_a_card_nothing_is_asked_and_the_end_says_why(desk):
    begin(desk)
    done = desk.say(d.AskingSkipped())
    assert (done.unasked, said(desk)) == ("not-shown", [])
    assert [each.person for each in kept(desk)] == [None]


@pytest.mark.parametrize(
    ("more", "why"),
    [({"relation": "household", "identity_method": "interview"}, "interview"),
     ({"relation": "agent"}, "proxy"), ({"relation": "child"}, "proxy")],
)  # fmt: skip
def test_who_cannot_be_marked_is_not_asked(desk, more, why):
    desk.say(d.BegunNew("risai"))
    editing = desk.say(*(d.Typed(k, v) for k, v in {**DAMAGED, **more}.items()))
    state = desk.serve.desk._ask(editing)
    assert state == d.Handling(editing, heard=d.Heard(unasked=why))
    kept_ = desk.serve.desk.advance(replace(state, kept=None), d.Done(None, "store-unusable"))
    assert kept_.unasked is None  # nothing went in, so nothing was left out


def test_a_form_without_purposes_goes_straight_in(desk):
    state = d.Editing("守", "juminhyo", begin(desk).editing.answers, None, Listing("守"))
    assert desk.serve.desk._ask(state) == d.Handling(state, None, NOTHING_AGREED)


def arrival(**card):
    facts = from_mapping({**SAID, **card}, Source.CARD, NOW)
    answers = d.Answers({k: v for k, v in DAMAGED.items() if k not in PARTS})
    return Arrival("01930000-0000-7000-8000-000000000001", "K01-000001", "", "risai", "", "kiosk",
                   "received", answers, facts)  # fmt: skip


def opened(desk, one, **more):
    desk.serve.state = Listing("守", (one,))
    desk.say(d.Opened(one.id))
    return desk.say(*(d.Typed(k, v) for k, v in more.items()), d.HandedIn())


def test_who_showed_the_card_at_the_kiosk_is_asked_at_once(desk):
    asked = opened(desk, arrival())
    assert (asked.seen, asked.purpose.id) == (SAID, CARE)
    answer(desk, YES, NOT_ASKED)
    assert [each.person for each in kept(desk)] == [MARK, MARK]


@pytest.mark.parametrize("card", [{"name": "鈴木　さくら"}, {"birth": "1980-02-18"}])
def test_a_card_of_somebody_else_speaks_for_nobody_here(desk, card):
    asked = opened(desk, arrival(**card), name=SAID["name"], birth=SAID["birth"])
    assert asked.seen is None
    assert (asked.known["name"], asked.known["sex"]) == (SAID["name"], "")


def test_what_a_card_left_out_is_asked_for(desk):
    asked = opened(desk, arrival(sex=""))
    assert (asked.seen, asked.known["address"]) == (None, SAID["address"])


def test_leaving_the_desk_forgets_who_was_asked(desk):
    begin(desk)
    asked = desk.say(WHO)
    assert "渡邉" not in repr(asked)
    assert "given" not in repr(desk.say(d.PurposeAnswered(CARE, YES)))
    assert desk.say(d.SignedOff()) == d.SignedOut()
    assert said(desk) == []


def test_a_full_disk_keeps_neither_form_nor_answer(desk):
    begin(desk)
    desk.say(WHO)
    desk.outbox.full = True
    done = answer(desk, YES, YES)
    assert (done.fault, done.receipt, said(desk)) == ("store-unusable", None, [])
