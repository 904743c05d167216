"""Several at a time to one that takes each by itself: claimed together, noted together."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event

from office.relays.couriers import OneByOne
from office.relays.port import Acknowledged, Later, Taken, TargetAway
from office.store import open_store
from tests.fakes.handing import PERSON, Handing, Listening
from tests.fakes.postgres import postgres


@pytest.fixture(scope="module")
def server():
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def handing(request, tmp_path):
    if request.param == "sqlite":
        engine = open_store(tmp_path / "office.db")
    else:
        engine = open_store(request.getfixturevalue("server"))
        with engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE submission, handover, history").close()
    yield Handing(engine)
    engine.dispose()


class Killed(BaseException):
    """What a process does not live through."""


@dataclass
class Target(Listening):
    """Takes as long as it is told to, for some longer, and may not be survived."""

    handing: Any = None
    takes: float = 0.0
    slow: dict[str, float] = field(default_factory=dict)
    deadly: set[str] = field(default_factory=set)
    meanwhile: Any = None
    at: float = 0.0

    def clock(self):
        return self.at

    def hand_over(self, parcel):
        answer = super().hand_over(parcel)
        seconds = self.slow.get(parcel.id, self.takes)
        self.at += seconds
        self.handing.now.pass_(seconds)
        if parcel.id in self.deadly:
            raise Killed
        if parcel.id in self.slow and self.meanwhile:
            self.meanwhile()
        return answer

    def courier(self, queue=None):
        return OneByOne("juki", self, queue or self.handing.queue, self.clock)

    def heard_in_turns(self, courier):
        counts = []
        before = len(self.heard)
        while courier.turn():
            counts.append(len(self.heard) - before)
            before = len(self.heard)
        return counts


def until_nothing_goes(courier):
    while courier.turn():
        pass


def warm(target, courier, turns=4):
    """A courier that knows its target to be quick; it goes with 16 next."""
    for _ in range(2**turns - 1):
        target.handing.submit("juki")
    for _ in range(turns):
        courier.turn()
    target.heard.clear()


def test_a_quick_target_gets_more_in_each_turn_and_a_slow_one_never_more_than_one(handing):
    made = [handing.submit("juki") for _ in range(120)]
    quick = Target(handing=handing, takes=0.001)
    assert quick.heard_in_turns(quick.courier()) == [1, 2, 4, 8, 16, 32, 50, 7]
    assert quick.heard == made
    for _ in range(5):
        handing.submit("juki")
    slow = Target(handing=handing, takes=0.3)
    assert slow.heard_in_turns(slow.courier()) == [1] * 5
    for _ in range(30):
        handing.submit("juki")
    middling = Target(handing=handing, takes=0.05)
    assert max(middling.heard_in_turns(middling.courier())) <= 10
    assert handing.states("juki") == ["forwarded"] * 155


def test_a_turn_with_many_is_two_transactions(handing):
    target = Target({}, handing=handing)
    courier = target.courier()
    warm(target, courier)
    for _ in range(16):
        handing.submit("juki")
    commits, said = [], []
    event.listen(handing.engine, "commit", commits.append)
    event.listen(handing.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    courier.turn()
    assert len(target.heard) == 16
    assert len(commits) == 2
    assert len([each for each in said if not each.startswith("BEGIN")]) <= 8


def test_when_one_is_slow_the_rest_are_given_back_for_others_at_once(handing):
    target = Target(handing=handing)
    courier = target.courier()
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    target.slow[made[2]] = 20.0
    courier.turn()
    assert target.heard == made[:3]
    other = handing.another().claim("juki", 100)
    assert [claim.parcel.id for claim in other] == made[3:]
    assert {claim.attempts for claim in other} == {1}


def test_the_slowest_call_there_may_be_lets_nobodys_claim_run_out(handing):
    """A time-out is shorter than the claim by a second at least."""
    target, other = Target({}, handing=handing), handing.another()
    courier = target.courier()
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    target.takes, target.slow[made[3]] = 0.45, 119.0
    target.meanwhile = lambda: seen.extend(other.claim("juki", 100))
    seen = []
    until_nothing_goes(courier)
    assert {claim.parcel.id for claim in seen}.isdisjoint(target.heard)
    assert [handing.handover(each, "juki").state for each in made[:4]] == ["forwarded"] * 4


def test_who_was_taken_over_is_not_held_again_with_his_companions(handing):
    first, second = handing.submit("juki"), handing.submit("juki")
    mine = handing.queue.claim("juki", 2)
    handing.now.pass_(121)
    (theirs,) = handing.another().claim("juki")
    assert list(mine[0].parcel.pieces("0" * 64)) == []  # whoever fetches goes on holding
    assert handing.queue.note([(claim, Taken()) for claim in mine]) == mine[1:]
    assert handing.handover(second, "juki").state == "forwarded"
    assert handing.handover(first, "juki").state == "waiting"
    assert handing.another().record(theirs, Taken())


def test_who_was_taken_over_during_a_call_without_end_goes_from_one_alone(handing):
    target, another = Target({}, handing=handing), Target(handing=handing)
    courier, other = target.courier(), another.courier(handing.another())
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    target.slow[made[2]] = 130.0

    target.meanwhile = lambda: until_nothing_goes(other)
    courier.turn()
    assert target.heard == made[:3]
    assert another.heard == made
    assert [handing.history(each) for each in made] == [[("forwarded", "juki", "")]] * 16


def test_one_that_breaks_or_must_wait_or_is_refused_keeps_none_of_its_companions(handing):
    class Breaking(Target):
        def hand_over(self, parcel):
            if parcel.id == bad:
                raise KeyError(parcel.envelope["A票"])
            return super().hand_over(parcel)

    target = Breaking(handing=handing)
    courier = target.courier()
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    bad, busy = made[3], made[5]
    target.answers[busy] = Later("busy")
    target.answers[made[7]] = Acknowledged("受理")
    courier.turn()
    assert target.heard == [each for each in made if each != bad]
    states = handing.states("juki")[-16:]
    assert [states.pop(7), states.pop(5), states.pop(3)] == ["acknowledged", "waiting", "waiting"]
    assert set(states) == {"forwarded"}
    assert handing.history(made[7]) == [("acknowledged", "juki", "受理")]


def test_a_target_that_goes_away_in_the_middle_has_what_it_took_and_gets_no_more(handing):
    target = Target(handing=handing)
    courier = target.courier()
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    target.answers[made[4]] = Later("away", 30, everybody=True)
    with pytest.raises(TargetAway):
        courier.turn()
    assert target.heard == made[:5]
    assert handing.states("juki")[-16:] == ["forwarded"] * 4 + ["waiting"] * 12
    assert len(handing.another().claim("juki", 100)) == 11


def test_whoever_kills_the_workers_that_hold_him_blocks_no_companion(handing):
    target = Target(handing=handing)
    courier = target.courier()
    warm(target, courier)
    made = [handing.submit("juki") for _ in range(16)]
    deadly = made[3]
    target.deadly = {deadly}
    for _ in range(3):
        with pytest.raises(Killed):
            until_nothing_goes(courier)
        handing.now.pass_(121)
    with pytest.raises(Killed):
        until_nothing_goes(courier)
    until_nothing_goes(courier)
    assert [handing.handover(e, "juki").state for e in made if e != deadly] == ["forwarded"] * 15
    assert all(len(handing.history(each)) == 1 for each in made if each != deadly)
    assert handing.handover(deadly, "juki").state == "waiting"


def test_a_correction_is_in_no_turn_with_what_it_corrects(handing):
    target = Target(handing=handing)
    courier = target.courier()
    warm(target, courier)
    first = handing.submit("juki")
    second = handing.submit("juki", parent=first)
    other = handing.submit("juki")
    target.answers[first] = Later("busy")
    courier.turn()
    assert target.heard == [first, other]
    target.answers.clear()
    handing.now.pass_(60)
    until_nothing_goes(courier)
    assert target.heard == [first, other, first, second]


def test_a_consent_withdrawn_while_its_companions_went_stops_the_share(handing):
    handing.given.add((PERSON, "disaster-care"))
    target = Target(handing=handing)
    courier = target.courier()
    warm(target, courier)
    plain = handing.submit("juki")
    share = handing.submit("juki", purpose="disaster-care")
    behind = handing.submit("juki")
    target.slow[plain], target.meanwhile = 0.001, handing.given.clear
    until_nothing_goes(courier)
    courier.turn()
    assert target.heard == [plain, behind]
    assert (handing.state(share), handing.state(behind)) == ("stopped", "forwarded")


def test_many_answers_about_one_file_are_noted_together_and_told_again_change_nothing(handing):
    for _ in range(40):
        handing.submit("juki")
    claims = handing.queue.claim("juki", 100)
    assert handing.queue.note_batch("juki-1", claims)
    handing.queue.published("juki", "juki-1")
    places = handing.queue.places_of("juki", "juki-1")
    said = []
    event.listen(handing.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert handing.queue.answered(Acknowledged("受理"), places)
    assert len([each for each in said if not each.startswith("BEGIN")]) <= 6
    assert handing.queue.answered(Acknowledged("受理"), places)
    steps = [("forwarded", "juki", ""), ("acknowledged", "juki", "受理")]
    assert {tuple(handing.history(claim.parcel.id)) for claim in claims} == {tuple(steps)}
    assert handing.queue.answered(Taken(), [])
