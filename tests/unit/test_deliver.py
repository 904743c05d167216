"""One sender: every answer an office may give, and every clock a terminal may have."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from forms.envelope import canonical, digest
from forms.kinds.attached import Attachment
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.errors import OfficeUnreachable, StoreUnusable
from kiosk.ports.office import Later, Refused
from kiosk.ports.outbox import NOT_AGREED, NOT_HEARD, UNREADABLE, RowState, Try
from kiosk.usecases.deliver import PIECE, Deliver, Delivery, Drained
from tests.fakes.clock import StandingClock
from tests.fakes.envelopes import NOW, envelope
from tests.fakes.outbox import FillingOutbox
from tests.fakes.scripted_office import CUT, LOST, ScriptedOffice

PERSON = "c" * 64


@dataclass
class Post:
    """A sender, its office, its outbox, and both of its clocks."""

    office: ScriptedOffice
    outbox: MemoryOutbox = field(default_factory=FillingOutbox)
    clock: StandingClock = field(default_factory=StandingClock)
    ticks: float = 100.0
    agreed: object = True
    told: int = 0

    def __post_init__(self):
        self.deliver = Deliver(
            self.outbox,
            self.office,
            self.clock,
            lambda: self.ticks,
            why_not=self._why_not,
            delivered=self._told,
            chance=lambda: 1.0,
        )

    def _why_not(self, person, purpose):
        if isinstance(self.agreed, Exception):
            raise self.agreed
        if self.agreed == NOT_HEARD:
            return NOT_HEARD
        return None if self.agreed and (person, purpose) == (PERSON, "care") else NOT_AGREED

    def _told(self):
        self.told += 1
        raise OfficeUnreachable  # the journal's end is told another time, and disturbs nobody

    def keep(self, count=1, *files, **more):
        several = [self.outbox.keep(lambda n: envelope(n, **more), files) for _ in range(count)]
        return [str(each.id) for each in several]

    def states(self):
        return [row.state for row in self.outbox.rows()]

    def answers(self):
        return [row.last_answer for row in self.outbox.rows()]


def test_everything_goes_oldest_first_and_the_journals_end_is_told_once():
    post = Post(ScriptedOffice())
    kept = post.keep(60)
    assert post.deliver.drain() == Drained(delivered=60)
    assert post.office.arrived == kept
    assert post.told == 1
    assert post.deliver.drain() == Drained()
    assert post.told == 1


def test_a_lost_answer_is_asked_after_and_nothing_is_sent_again():
    post = Post(ScriptedOffice(LOST))
    (kept,) = post.keep()
    assert post.deliver.drain() == Drained(away=True)
    assert post.states() == ["waiting"]
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=1)
    assert post.office.calls == [("put", kept), ("get", kept)]
    assert post.office.arrived == [kept]


def test_a_question_that_was_lost_before_it_arrived_is_sent_without_asking():
    post = Post(ScriptedOffice(CUT))
    (kept,) = post.keep()
    post.deliver.drain()
    post.ticks += 100
    post.deliver.drain()
    assert post.office.calls == [("put", kept), ("put", kept)]


def test_what_is_doubtful_and_did_not_arrive_is_sent():
    post = Post(ScriptedOffice(OfficeUnreachable("ReadTimeout", doubtful=True)))
    (kept,) = post.keep()
    post.deliver.drain()
    post.ticks += 100
    assert post.deliver.drain().delivered == 1
    assert post.office.calls == [("put", kept), ("get", kept), ("put", kept)]


def test_a_doubt_outlasts_a_line_that_stays_cut():
    post = Post(ScriptedOffice(LOST, CUT))
    (kept,) = post.keep()
    for _ in range(3):
        post.deliver.drain()
        post.ticks += 100
    assert post.office.calls == [("put", kept), ("get", kept), ("get", kept)]


def test_a_line_that_is_cut_is_tried_once_then_rests_longer_each_time():
    post = Post(ScriptedOffice(*[CUT] * 8))
    post.keep(3)
    rests = []
    for _ in range(8):
        assert post.deliver.drain().away
        begun = post.ticks
        while (
            post.deliver.drain() == Drained(away=True) and len(post.office.calls) == len(rests) + 1
        ):
            post.ticks += 0.5
        rests.append(post.ticks - begun)
        if not post.office.script:
            break
    assert rests[:4] == [2, 4, 8, 16]
    assert set(rests[4:]) <= {30}
    assert post.office.calls[0] == post.office.calls[1]


def test_the_line_came_back_and_whoever_heard_it_ends_the_rest():
    post = Post(ScriptedOffice(CUT))
    post.keep()
    post.deliver.drain()
    assert post.deliver.drain() == Drained(away=True)
    post.deliver.wake()
    assert post.deliver.drain() == Drained(delivered=1)


def test_an_office_that_asks_for_time_gets_it():
    post = Post(ScriptedOffice(OfficeUnreachable("HTTP 503", seconds=120.0)))
    post.keep(2)
    assert post.deliver.drain().away
    post.ticks += 119
    assert post.deliver.drain() == Drained(away=True)
    post.ticks += 1
    assert post.deliver.drain() == Drained(delivered=2)


def test_one_that_is_put_off_holds_up_no_other_and_waits_as_long_as_it_was_asked_to():
    post = Post(ScriptedOffice(Later("HTTP 429", 40.0)))
    kept = post.keep(3)
    assert post.deliver.drain() == Drained(delivered=2)
    assert post.office.arrived == kept[1:]
    assert post.answers() == ["HTTP 429", "ok", "ok"]
    post.ticks += 39.9
    assert post.deliver.drain() == Drained()
    post.ticks += 0.2
    assert post.deliver.drain() == Drained(delivered=1)


def test_who_is_put_off_again_and_again_waits_longer_but_never_for_ever():
    post = Post(ScriptedOffice(*[Later("HTTP 500")] * 12))
    post.keep()
    waits = []
    for _ in range(12):
        post.deliver.drain()
        begun, tries = post.ticks, len(post.office.calls)
        while len(post.office.calls) == tries:
            post.ticks += 1
            post.deliver.drain()
        waits.append(round(post.ticks - begun))
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == 600
    assert post.states() == ["delivered"]


def test_no_office_makes_us_wait_for_a_year():
    post = Post(ScriptedOffice(Later("HTTP 429", 1e9), OfficeUnreachable("HTTP 503", seconds=1e9)))
    post.keep(2)
    post.deliver.drain()
    post.ticks += 3601
    assert post.deliver.drain() == Drained(delivered=2)


def test_three_put_off_in_a_row_are_the_offices_trouble_and_all_wait():
    post = Post(ScriptedOffice(*[Later("HTTP 500")] * 3))
    post.keep(10)
    assert post.deliver.drain() == Drained(away=True)
    assert len(post.office.calls) == 3
    assert post.states() == ["waiting"] * 10


def test_a_refusal_waits_for_staff_with_the_offices_words_and_holds_up_nobody():
    post = Post(ScriptedOffice(Refused("B票: required")))
    post.keep(3)
    assert post.deliver.drain() == Drained(delivered=2, refused=1)
    assert post.answers()[0] == "B票: required"
    post.ticks += 1e6
    assert post.deliver.drain() == Drained()


def test_a_row_that_cannot_be_opened_is_set_aside_and_holds_up_nobody():
    post = Post(ScriptedOffice())
    kept = post.keep(3)
    post.outbox.broken = {kept[1]}
    assert post.deliver.drain() == Drained(delivered=2, set_aside=1)
    assert (post.states()[1], post.answers()[1]) == ("set-aside", UNREADABLE)


def test_a_share_leaves_only_while_its_consent_stands():
    post = Post(ScriptedOffice(CUT))
    yes, no = post.keep(1, purpose="care", person=PERSON) + post.keep(
        1, purpose="ads", person=PERSON
    )
    assert post.deliver.drain().away
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=1, set_aside=1)
    assert post.office.arrived == [yes]
    assert post.answers() == ["ok", NOT_AGREED]
    with pytest.raises(StoreUnusable):
        post.outbox.body(no)


def test_a_consent_that_was_withdrawn_while_the_line_was_cut_stops_what_waits():
    post = Post(ScriptedOffice(CUT))
    post.keep(1, purpose="care", person=PERSON)
    post.deliver.drain()
    post.agreed, post.ticks = False, post.ticks + 100
    assert post.deliver.drain() == Drained(set_aside=1)
    assert post.office.stored == {}


def test_a_share_whose_yes_the_office_did_not_take_stays_whole_for_staff():
    post = Post(ScriptedOffice(), agreed=NOT_HEARD)
    (kept,) = post.keep(1, purpose="care", person=PERSON)
    assert post.deliver.drain() == Drained(set_aside=1)
    assert post.outbox.body(kept)
    assert post.outbox.retry(kept, post.clock.now(), "counter")
    post.agreed = True
    assert post.deliver.drain() == Drained(delivered=1)


def test_words_of_the_office_erase_nothing_whatever_they_are():
    post = Post(ScriptedOffice(Refused(NOT_AGREED)))
    (kept,) = post.keep()
    post.deliver.drain()
    assert post.states() == ["refused"]
    assert post.outbox.body(kept)


def test_one_that_is_put_off_for_an_hour_holds_up_no_other_for_that_hour():
    post = Post(ScriptedOffice(Later("HTTP 429", 3600.0)))
    post.keep(1)
    assert post.deliver.drain() == Drained()
    assert len(post.office.calls) == 1
    post.keep(1)
    assert post.deliver.drain() == Drained(delivered=1)


STRANGE = OfficeUnreachable("HTTP 403", strange=True)


def test_a_body_that_a_guard_before_the_office_dislikes_holds_up_no_other():
    post = Post(ScriptedOffice(STRANGE))
    kept = post.keep(3)
    assert post.deliver.drain() == Drained(delivered=2)
    assert post.office.arrived == kept[1:]
    assert post.states()[0] == "waiting"


def test_a_question_that_fails_for_one_alone_holds_up_no_other():
    post = Post(ScriptedOffice(LOST, OfficeUnreachable("HTTP 500", strange=True)))
    post.keep(3)
    assert post.deliver.drain() == Drained(away=True)
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=2)
    post.agreed = OfficeUnreachable("HTTP 500", strange=True)
    post.keep(1, purpose="care", person=PERSON)
    post.keep(1)
    assert post.deliver.drain().delivered == 1


def test_behind_a_portal_everything_waits_in_its_order():
    post = Post(ScriptedOffice(STRANGE))
    post.office.well = False
    kept = post.keep(3)
    assert post.deliver.drain() == Drained(away=True)
    post.office.well = True
    post.ticks += 100
    post.deliver.drain()
    assert post.office.arrived == kept


def test_a_photo_that_a_guard_dislikes_is_asked_after_and_holds_up_no_other():
    photo = Attachment(digest(b"z"), b"z")
    post = Post(ScriptedOffice(None, STRANGE))
    post.keep(1, photo)
    post.keep(1)
    assert post.deliver.drain() == Drained(delivered=1)
    assert [each.doubtful for each in post.outbox.claim(10**15)] == [True]


def test_without_anybody_to_ask_no_share_leaves():
    post = Post(ScriptedOffice())
    post.keep(1, purpose="care", person=PERSON)
    alone = Deliver(post.outbox, post.office, post.clock, lambda: post.ticks)
    assert alone.drain() == Drained(set_aside=1)


@pytest.mark.parametrize("jump", [timedelta(days=-20_000), timedelta(days=20_000)])
def test_a_clock_that_jumps_neither_stops_nor_hurries_anybody(jump):
    post = Post(ScriptedOffice(CUT, Later("HTTP 429", 40.0)))
    post.keep(2)
    post.deliver.drain()
    post.clock.moment += jump
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=1)
    post.clock.moment -= 2 * jump
    assert post.deliver.drain() == Drained()
    post.ticks += 41
    assert post.deliver.drain() == Drained(delivered=1)


def test_a_photo_leaves_in_pieces_and_goes_on_where_the_office_has_it():
    photo = Attachment(digest(b"x" * 700_000), b"x" * 700_000)
    post = Post(ScriptedOffice(None, None, None, CUT))
    post.keep(1, photo)
    assert post.deliver.drain() == Drained(away=True)
    assert post.states() == ["waiting"]
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=1)
    assert [call for call, _ in post.office.calls] == [
        "put",
        "attach 0",
        f"attach {PIECE}",
        f"attach {2 * PIECE}",
        "get",
        f"attach {2 * PIECE}",
    ]
    assert bytes(post.office.pieces[photo.sha256]) == photo.content


def test_a_photo_that_arrived_stays_three_days_in_case_the_office_loses_it():
    photo, post = Attachment(digest(b"x"), b"x"), Post(ScriptedOffice())
    (kept,) = post.keep(1, photo)
    for days, here in ((0, 1), (2, 1), (1, 0)):
        post.clock.moment += timedelta(days=days)
        post.ticks += 3601
        post.deliver.drain()
        assert len(post.outbox.attachments(kept)) == here
    assert post.states() == ["delivered"]


def test_a_piece_whose_answer_was_lost_is_not_added_twice():
    photo = Attachment(digest(b"y" * 600_000), b"y" * 600_000)
    post = Post(ScriptedOffice(None, LOST))
    post.keep(1, photo)
    post.deliver.drain()
    post.ticks += 100
    assert post.deliver.drain() == Drained(delivered=1)
    assert bytes(post.office.pieces[photo.sha256]) == photo.content


@pytest.mark.parametrize("answer", [Refused("not named"), Later("HTTP 429", 5.0)])
def test_a_photos_trouble_is_its_forms_trouble(answer):
    photo = Attachment(digest(b"z"), b"z")
    post = Post(ScriptedOffice(None, answer))
    post.keep(1, photo)
    post.deliver.drain()
    assert post.states() == ["refused" if isinstance(answer, Refused) else "waiting"]


def test_an_office_that_never_gets_further_is_left_for_later():
    photo = Attachment(digest(b"right"), b"wrong")
    post = Post(ScriptedOffice())
    post.keep(1, photo)
    assert post.deliver.drain() == Drained()
    assert post.answers() == ["no progress"]
    assert len(post.office.calls) < 10


def test_whoever_stands_there_goes_now_and_whatever_is_older_before_it():
    post = Post(ScriptedOffice(CUT))
    kept = post.keep(3)
    post.deliver.drain()
    assert post.deliver.one(kept[2]) is Delivery.DELIVERED
    assert post.office.arrived == kept


def test_behind_a_long_queue_the_resident_gets_a_slip_and_does_not_stand_there():
    post = Post(ScriptedOffice())
    kept = post.keep(40)
    assert post.deliver.one(kept[-1]) is Delivery.WAITING
    assert len(post.office.arrived) == 25
    assert post.deliver.drain() == Drained(delivered=15)


class Interrupted(ScriptedOffice):
    """Somebody comes to the terminal when it has been asked so often."""

    def __init__(self, after, come):
        super().__init__()
        self.after, self.come = after, come

    def _step(self):
        if len(self.calls) == self.after:
            self.come()
        return super()._step()


def test_what_is_sent_in_the_background_makes_way_for_whoever_stands_there():
    came = []
    post = Post(Interrupted(3, lambda: came.append(post.deliver.ahead(lambda: "served"))))
    kept = post.keep(40)
    assert post.deliver.drain() == Drained(delivered=3)
    assert post.states() == ["delivered"] * 3 + ["waiting"] * 37
    assert not any(each.doubtful for each in post.outbox.claim(10**15, 40))
    post.outbox.record([Try(one, RowState.WAITING, "", NOW, tried=False) for one in kept[3:]])
    assert post.deliver.drain() == Drained(delivered=1)  # never none, whoever waits
    assert came.pop()() == "served"
    assert post.deliver.drain() == Drained(delivered=36)
    assert post.office.arrived == kept


def test_a_photo_makes_way_in_its_middle_and_goes_on_there():
    photo, came = Attachment(digest(b"x" * 700_000), b"x" * 700_000), []
    post = Post(Interrupted(2, lambda: came.append(post.deliver.ahead(lambda: None))))
    post.keep(1, photo)
    assert post.deliver.drain() == Drained()
    assert post.states() == ["waiting"]
    assert [row.attempts for row in post.outbox.rows()] == [0]
    came.pop()()
    assert post.deliver.drain() == Drained(delivered=1)
    assert [call for call, _ in post.office.calls] == [
        "put",
        "attach 0",
        "get",
        f"attach {PIECE}",
        f"attach {2 * PIECE}",
    ]


def test_whoever_stands_there_is_not_held_up_by_a_store_that_failed_before():
    post = Post(ScriptedOffice())
    kept = post.keep(3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(post.outbox, "sender", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            post.deliver.one(kept[0])
    assert post.deliver.drain() == Drained(delivered=3)


def test_what_was_sent_meanwhile_is_known_to_be_delivered():
    post = Post(ScriptedOffice())
    kept = post.keep(2)
    post.deliver.drain()
    assert post.deliver.one(kept[0]) is Delivery.DELIVERED
    assert post.deliver.one("nobody") is Delivery.WAITING


def test_a_bug_in_the_middle_leaves_nothing_half_sent():
    post = Post(ScriptedOffice(None, ZeroDivisionError()))
    post.keep(4)
    with pytest.raises(ZeroDivisionError):
        post.deliver.drain()
    assert post.states() == ["delivered", "waiting", "waiting", "waiting"]
    assert post.deliver.drain() == Drained(delivered=3)
    assert [call for call, _ in post.office.calls[2:]] == ["get", "put", "put", "put"]


def test_what_was_delivered_is_erased_after_its_term_and_looked_for_once_an_hour():
    post = Post(ScriptedOffice())
    post.keep()
    post.deliver.drain()
    post.clock.moment += timedelta(days=31)
    post.deliver.drain()
    assert len(post.outbox.rows()) == 1
    post.ticks += 3600
    post.deliver.drain()
    assert list(post.outbox.rows()) == []


def test_only_one_sends_at_a_time():
    post = Post(ScriptedOffice())
    kept = post.keep()
    post.outbox.sends = True
    assert post.deliver.drain() == Drained()
    assert post.deliver.one(kept[0]) is Delivery.WAITING
    assert post.office.calls == []


def test_the_body_is_what_was_frozen():
    post = Post(ScriptedOffice())
    (kept,) = post.keep()
    post.deliver.drain()
    assert post.office.stored[kept] == canonical(envelope(1))
