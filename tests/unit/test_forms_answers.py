"""Answers: which questions stand, what they cost, and what is still wrong with them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import Answers, Problem, check, content, start
from forms.conditions import FeeLine, Quote, asked, quote
from forms.definition import Channel, Fee, Field, FormDefinition, Option, Section, When
from forms.facts import Fact, Facts, Source, from_mapping, prefilled

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
PURPOSES = (Option("work", "就職"), Option("other", "その他"))
FORM = FormDefinition(
    id="juminhyo",
    version="2026-11",
    label="住民票の写し",
    law="住民基本台帳法第12条",
    certificate="juminhyo",
    sections=(
        Section(
            "applicant",
            "窓口に来た人",
            (
                Field("name", "name", "氏名", fact="name"),
                Field("kana", "kana", "フリガナ", fact="kana", channels=(Channel.WEB,)),
                Field("phone", "phone", "電話", required=False, fact="phone"),
            ),
        ),
        Section(
            "wish",
            "必要な証明",
            (
                Field("purpose", "choice", "使いみち", default="work", options=PURPOSES),
                Field("why", "text", "わけ", when=When("purpose", ("other",))),
                Field("copies", "count", "通数", minimum=1, maximum=10),
                Field("domicile", "yes-no", "本籍", default=False),
            ),
        ),
    ),
    fees=(
        Fee(Channel.KIOSK, 200, "copies", "一通"),
        Fee(Channel.COUNTER, 300, "copies", "一通"),
    ),
)
GOOD = Answers(
    {"name": "山田 太郎", "phone": "", "purpose": "work", "copies": "2", "domicile": False}
)


def ids(fields):
    return [field.id for field in fields]


def card(**values):
    return from_mapping(values, Source.CARD, NOW)


def test_answering_makes_a_new_set_and_leaves_the_old_one():
    before = Answers()
    after = before.answer("copies", 1)
    again = after.answer("copies", 2)
    assert dict(before.values) == {}
    assert dict(after.values) == {"copies": 1}
    assert dict(again.values) == {"copies": 2}


def test_answers_cannot_be_changed_behind_their_back():
    answers = Answers().answer("copies", 1)
    with pytest.raises(TypeError):
        answers.values["copies"] = 2


def test_a_form_starts_with_known_facts_and_defaults():
    answers = start(FORM, card(name="山田　太郎", sex="1"))
    assert dict(answers.values) == {"name": "山田　太郎", "purpose": "work", "domicile": False}


def test_a_known_fact_comes_before_a_default():
    field = Field("purpose", "choice", "使いみち", default="work", fact="wish", options=PURPOSES)
    form = FormDefinition("a", "1", "l", "w", None, (Section("s", "l", (field,)),), ())
    assert start(form, card(wish="other")).values["purpose"] == "other"
    assert start(form, Facts()).values["purpose"] == "work"


def test_good_answers_have_no_problem():
    assert check(FORM, GOOD, Channel.KIOSK) == ()


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_question_left_out_is_told_only_when_it_is_required(nothing):
    answers = GOOD.answer("name", nothing).answer("phone", nothing)
    assert check(FORM, answers, Channel.KIOSK) == (Problem("name", "required"),)


def test_no_answers_at_all_leave_every_required_question():
    problems = check(FORM, Answers(), Channel.WEB)
    assert [p.field for p in problems] == ["name", "kana", "purpose", "copies", "domicile"]
    assert {p.reason for p in problems} == {"required"}


def test_no_is_an_answer():
    assert "domicile" in content(FORM, GOOD, Channel.KIOSK)
    assert Problem("domicile", "required") not in check(FORM, GOOD, Channel.KIOSK)


def test_zero_is_an_answer_that_may_be_out_of_range():
    answers = GOOD.answer("copies", 0)
    assert check(FORM, answers, Channel.KIOSK) == (Problem("copies", "out-of-range"),)


def test_every_mistake_is_told_at_its_field_with_its_reason():
    answers = GOOD.answer("phone", "110").answer("copies", 11).answer("purpose", "fun")
    assert check(FORM, answers, Channel.KIOSK) == (
        Problem("phone", "not-phone"),
        Problem("purpose", "not-a-choice"),
        Problem("copies", "out-of-range"),
    )


def test_an_answer_to_no_question_is_told():
    answers = GOOD.answer("shoe", "43").answer("hat", "58")
    assert check(FORM, answers, Channel.KIOSK) == (
        Problem("hat", "unknown-field"),
        Problem("shoe", "unknown-field"),
    )


def test_a_mistake_in_a_question_that_is_not_asked_does_not_matter():
    answers = GOOD.answer("kana", "Yamada").answer("why", 5)
    assert check(FORM, answers, Channel.KIOSK) == ()
    assert check(FORM, answers, Channel.WEB) == (Problem("kana", "not-kana"),)


def test_a_condition_that_holds_makes_its_question_required():
    answers = GOOD.answer("purpose", "other")
    assert check(FORM, answers, Channel.KIOSK) == (Problem("why", "required"),)
    assert check(FORM, answers.answer("why", "犬の登録"), Channel.KIOSK) == ()


def test_the_content_holds_only_what_was_asked_and_answered_in_its_stored_form():
    answers = GOOD.answer("why", "むかし").answer("kana", "やまだ").answer("hat", "58")
    assert content(FORM, answers, Channel.KIOSK) == {
        "name": "山田　太郎",
        "purpose": "work",
        "copies": 2,
        "domicile": False,
    }
    assert content(FORM, answers, Channel.WEB)["kana"] == "ヤマダ"


def test_the_content_leaves_out_what_has_no_answer():
    assert content(FORM, Answers({"name": None, "phone": ""}), Channel.WEB) == {}


@pytest.mark.parametrize(
    ("channel", "purpose", "expected"),
    [
        (Channel.KIOSK, "work", ["name", "phone", "purpose", "copies", "domicile"]),
        (Channel.KIOSK, "other", ["name", "phone", "purpose", "why", "copies", "domicile"]),
        (Channel.WEB, "work", ["name", "kana", "phone", "purpose", "copies", "domicile"]),
    ],
)
def test_the_questions_follow_the_channel_and_the_answers(channel, purpose, expected):
    assert ids(asked(FORM, {"purpose": purpose}, channel)) == expected


def test_a_condition_on_a_question_without_an_answer_does_not_hold():
    assert "why" not in ids(asked(FORM, {}, Channel.KIOSK))


def test_an_answer_that_nobody_sees_shows_nothing_and_costs_nothing():
    gate, then, last = (
        Field("a", "text", "a"),
        Field("b", "count", "b", when=When("a", ("x",))),
        Field("c", "text", "c", when=When("b", (3,))),
    )
    fee = Fee(Channel.KIOSK, 300, "b", "一通")
    form = FormDefinition("f", "1", "f", "l", "c", (Section("s", "s", (gate, then, last)),), (fee,))
    hidden = {"a": "y", "b": 3}
    assert ids(asked(form, hidden, Channel.KIOSK)) == ["a"]
    assert quote(form, hidden, Channel.KIOSK).total == 0
    assert ids(asked(form, {"a": "x", "b": 3}, Channel.KIOSK)) == ["a", "b", "c"]
    assert quote(form, {"a": "x", "b": 3}, Channel.KIOSK).total == 900


def test_yes_is_no_count():
    assert quote(FORM, {"copies": True}, Channel.KIOSK).total == 0


@pytest.mark.parametrize(("field", "blank"), [("name", "\u3000 "), ("phone", "--")])
def test_a_blank_is_no_answer(field, blank):
    answers = Answers({field: blank})
    required = FORM.field(field).required
    told = Problem(field, "required") in check(FORM, answers, Channel.KIOSK)
    assert told is required
    assert field not in content(FORM, answers, Channel.KIOSK)


def test_a_fee_is_a_count_times_a_price_of_its_channel():
    price = quote(FORM, {"copies": 3}, Channel.KIOSK)
    assert price == Quote((FeeLine("一通", 3, 200),))
    assert (price.lines[0].amount, price.total) == (600, 600)
    assert quote(FORM, {"copies": 3}, Channel.COUNTER).total == 900


def test_a_fee_of_several_lines_is_their_sum():
    stamped = replace(FORM, fees=(*FORM.fees, Fee(Channel.KIOSK, 50, "copies", "一枚")))
    price = quote(stamped, {"copies": 2}, Channel.KIOSK)
    assert [line.amount for line in price.lines] == [400, 100]
    assert price.total == 500


@pytest.mark.parametrize(
    ("values", "channel"),
    [({}, Channel.KIOSK), ({"copies": None}, Channel.KIOSK), ({"copies": 3}, Channel.WEB)],
)
def test_nothing_counted_or_priced_costs_nothing(values, channel):
    assert quote(FORM, values, channel) == Quote(())
    assert quote(FORM, values, channel).total == 0


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*ids(FORM.fields), "hat"]),
        st.none()
        | st.booleans()
        | st.integers(-1, 12)
        | st.sampled_from(["", "other", "work", "2", "山田 太郎", "やまだ", "0312345678", "\0"]),
    ),
    st.sampled_from(Channel),
)
def test_answers_without_a_problem_stay_without_one_in_their_stored_form(values, channel):
    answers = Answers(values)
    if check(FORM, answers, channel) == ():
        stored = content(FORM, answers, channel)
        assert check(FORM, Answers(stored), channel) == ()
        assert content(FORM, Answers(stored), channel) == stored
        assert set(stored) <= set(ids(asked(FORM, values, channel)))


def test_a_fact_is_found_by_its_name():
    known = card(name="山田　太郎", sex="1")
    assert known.about("sex") == Fact("sex", "1", Source.CARD, NOW)
    assert known.about("shoe") is None
    assert Facts().about("name") is None


def test_facts_know_where_they_came_from():
    typed = Fact("phone", "0312345678", Source.TYPED, NOW)
    assert Facts((*card(name="山田").known, typed)).sources() == {Source.CARD, Source.TYPED}
    assert Facts().sources() == frozenset()


def test_a_field_takes_only_a_fact_that_says_something():
    known = card(name="山田　太郎", kana="", phone=None, foreign=False)
    wanted = [("a", "name"), ("b", "kana"), ("c", "phone"), ("d", "foreign"), ("e", None)]
    assert prefilled([*wanted, ("f", "shoe")], known) == {"a": "山田　太郎", "d": False}
