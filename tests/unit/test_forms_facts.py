"""Facts: asked once, from somewhere, and never silently one against another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.facts import Fact, Facts, Source, from_mapping

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def card(**values):
    return from_mapping(values, Source.CARD, NOW)


def typed(name, value, at=NOW):
    return Fact(name, value, Source.TYPED, at)


def test_a_fact_is_found_by_its_name_with_its_origin():
    known = card(name="山田", sex="1")
    assert known.about("sex") == Fact("sex", "1", Source.CARD, NOW)
    assert known.value("sex") == "1"
    assert known.about("shoe") is None
    assert known.value("shoe") is None
    assert Facts().about("name") is None


def test_facts_know_where_they_came_from_and_what_they_are_about():
    known = card(name="山田", sex="1").learn([typed("phone", "0312345678"), typed("name", "山田")])
    assert known.sources() == {Source.CARD, Source.TYPED}
    assert known.names() == ("name", "sex", "phone")
    assert Facts().sources() == frozenset()
    assert Facts().names() == ()


def test_sources_that_agree_leave_the_first_standing():
    known = card(name="山田").learn([typed("name", "山田")])
    assert known.about("name").source is Source.CARD
    assert not known.disputed("name")
    assert known.disputes() == ()


def test_sources_that_differ_leave_nothing_standing_until_somebody_settles_it():
    known = card(name="山田", sex="1").learn([typed("name", "山本")])
    assert known.about("name") is None
    assert known.disputed("name")
    assert known.disputes() == ("name",)
    assert [fact.value for fact in known.said("name")] == ["山田", "山本"]
    assert known.value("sex") == "1"

    settled = known.settle(known.said("name")[1])
    assert settled.value("name") == "山本"
    assert settled.disputes() == ()
    assert [fact.value for fact in settled.said("name")] == ["山田", "山本"]


def test_what_was_settled_may_be_settled_otherwise():
    known = card(name="山田").learn([typed("name", "山本")])
    first, second = known.said("name")
    assert known.settle(first).settle(second).value("name") == "山本"
    assert known.settle(first).settle(second).settled == (second,)


def test_a_source_that_speaks_again_corrects_itself():
    known = Facts().learn([typed("name", "山本")]).learn([typed("name", "山田", LATER)])
    assert known.known == (typed("name", "山田", LATER),)
    assert known.disputes() == ()


def test_a_correction_may_end_a_dispute_or_begin_one():
    agreed = card(name="山田").learn([typed("name", "山本")]).learn([typed("name", "山田", LATER)])
    assert agreed.value("name") == "山田"
    assert agreed.learn([typed("name", "山下", LATER)]).disputes() == ("name",)


def test_another_word_after_a_dispute_was_settled_opens_it_again():
    known = card(name="山田").learn([typed("name", "山本")])
    settled = known.settle(known.said("name")[0])
    assert settled.learn([typed("name", "山田", LATER)]).value("name") == "山田"
    assert settled.learn([typed("phone", "0312345678")]).value("name") == "山田"
    again = settled.learn([Fact("name", "山下", Source.PHONE, LATER)])
    assert again.value("name") is None
    assert again.disputes() == ("name",)


@pytest.mark.parametrize("nothing", [None, "", [], ()])
def test_nothing_is_no_news(nothing):
    known = card(name="山田")
    assert known.learn([Fact("name", nothing, Source.CARD, LATER)]) == known


@pytest.mark.parametrize("value", [False, 0, {}, [{}]])
def test_no_and_nought_are_news(value):
    assert Facts().learn([typed("foreign", value)]).value("foreign") == value


def test_learning_changes_no_facts_that_somebody_holds():
    known = card(name="山田")
    known.learn([typed("name", "山本")]).settle(typed("name", "山本"))
    assert known == card(name="山田")


FACTS = st.lists(
    st.builds(
        Fact,
        name=st.sampled_from(["name", "sex"]),
        value=st.sampled_from(["a", "b", "", None, [], [{"name": "c"}]]),
        source=st.sampled_from(Source),
        at=st.just(NOW),
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FACTS, max_size=4))
def test_a_name_is_known_disputed_or_unknown_and_never_two_of_these(lessons):
    known = Facts()
    for lesson in lessons:
        known = known.learn(lesson)
        for name in ("name", "sex"):
            states = [
                known.about(name) is not None,
                known.disputed(name),
                not known.said(name),
            ]
            assert states.count(True) == 1
            if known.disputed(name):
                chosen = known.said(name)[-1]
                assert known.settle(chosen).about(name) == chosen
