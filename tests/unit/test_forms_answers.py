"""Answers: taken from outside, checked, stored, and what is learnt from them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import (
    Answers,
    Problem,
    begun,
    check,
    content,
    fresh_row,
    start,
    take,
    taught,
    unusable,
)
from forms.definition import Channel
from forms.facts import Fact, Facts, Source, from_mapping
from forms.loader import load
from forms.outcome import REASONS, judge, to_json
from tests.fakes.small_forms import asks, choice, form, here, keys, of, section

FORMS = Path(__file__).parents[2] / "resources" / "forms"
NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
FORM = form(
    section(
        "applicant",
        asks("name", "name", fact="name"),
        asks("kana", "kana", fact="kana", channels=["web"]),
        asks("phone", "phone", required=False, fact="phone"),
        asks("known", "date", channels=[], fact="birth"),
    ),
    section(
        "wish",
        choice("purpose", "work", "other", default="work"),
        asks("why", when={"field": "purpose", "is": "other"}),
        asks("copies", "count", minimum=1, maximum=10),
        asks("domicile", "yes-no", default=False),
        asks("price", "money", value={"product": ["copies", 300]}),
    ),
)
GOOD = Answers(
    {"name": "山田 太郎", "phone": "", "purpose": "work", "copies": "2", "domicile": False}
)
MOVERS = form(
    section(
        "movers",
        asks("who", "name", fact="name"),
        asks("born", "date", fact="birth", required=False),
        choice("sex", "1", "2", fact="sex", required=False),
        asks("years", "count", value={"age_of": "born"}),
        asks("stays", "yes-no", default=True),
        asks("hidden", "kana", channels=[], fact="kana", required=False),
        fact="household",
        repeat={"minimum": 2, "maximum": 3},
    ),
    section("loose", asks("thing"), repeat={"minimum": 0, "maximum": 2}),
)


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


def test_rows_are_answered_and_read_by_their_path():
    before = Answers().answer("movers[1].who", "山田")
    after = before.answer("movers[1].born", "2020-01-01").answer("movers[0].who", "田中")
    assert before.values["movers"] == [{}, {"who": "山田"}]
    assert after.at("movers[1].who") == "山田"
    assert after.at("movers[1].born") == "2020-01-01"
    assert after.at("movers[0].who") == "田中"
    assert after.at("movers[0].born") is None
    assert after.at("movers[2].who") is None
    assert after.at("others[0].who") is None
    assert after.at("movers") == [{"who": "田中"}, {"who": "山田", "born": "2020-01-01"}]
    assert after.at("copies") is None


def test_rows_may_become_more_or_fewer_and_keep_what_was_said():
    one = Answers().answer("movers[0].who", "山田")
    more = one.resize("movers", 3, {"stays": True})
    assert more.values["movers"] == [{"who": "山田"}, {"stays": True}, {"stays": True}]
    assert more.resize("movers", 1, {}).values["movers"] == [{"who": "山田"}]
    assert more.resize("movers", 0, {}).values["movers"] == []
    assert Answers().resize("movers", 1, {}).values["movers"] == [{}]
    assert one.values["movers"] == [{"who": "山田"}]


@pytest.mark.parametrize("rows", [5, "abc", {"a": 1}, [5], [None], True])
def test_a_path_into_what_is_no_row_leads_nowhere(rows):
    assert Answers({"movers": rows}).at("movers[0].who") is None


def test_a_form_starts_with_known_facts_and_defaults():
    answers = start(FORM, card(name="山田　太郎", sex="1", kana="", phone=None), here())
    assert dict(answers.values) == {"name": "山田　太郎", "purpose": "work", "domicile": False}


def test_a_known_fact_comes_before_a_default():
    made = of(choice("purpose", "work", "other", default="work", fact="wish"))
    assert start(made, card(wish="other"), here()).values["purpose"] == "other"
    assert start(made, Facts(), here()).values["purpose"] == "work"


def test_a_disputed_fact_is_asked():
    known = card(name="山田").learn([Fact("name", "山本", Source.TYPED, NOW)])
    assert "name" not in start(FORM, known, here()).values


def test_a_form_with_a_choice_takes_the_words_that_a_register_has():
    made = of(choice("sex", {"value": "1", "label": "男"}, fact="sex"))
    assert start(made, card(sex="男"), here()).values["sex"] == "1"


def test_known_rows_become_rows_of_this_form_as_far_as_it_can_take_them():
    rows = [
        {"name": "山田 花子", "birth": "昭和64年1月7日", "sex": "〈2〉", "relation": "妻"},
        {"name": "", "birth": "あした", "sex": "9"},
        "junk",
        {},
        {"name": "四人目"},
        {"name": "五人目"},
    ]
    answers = start(MOVERS, card(household=rows), here())
    assert answers.values["movers"] == [
        {"who": "山田　花子", "born": "1989-01-07", "sex": "2", "stays": True},
        {"stays": True},
        {"stays": True},
    ]


@pytest.mark.parametrize("rows", [5, "山田", {"name": "山田"}, None])
def test_what_is_known_but_is_no_list_is_no_row(rows):
    assert "movers" not in start(MOVERS, card(household=rows), here()).values


def test_only_those_rows_are_taken_that_the_form_is_about():
    made = form(
        section(
            "children",
            asks("born", "date", fact="birth"),
            asks("years", "count", value={"age_of": "born"}),
            fact="household",
            only={"field": "years", "at_most": 17},
            repeat={},
        )
    )
    known = card(household=[{"birth": "2000-01-01"}, {"birth": "2020-01-01"}])
    assert start(made, known, here()).values["children"] == [{"born": "2020-01-01"}]
    assert "children" not in start(made, card(household=[{"birth": "2000-01-01"}]), here()).values


def test_answers_from_elsewhere_are_laid_over_what_a_form_begins_with():
    given_answers = Answers({"purpose": "other", "copies": 2})
    assert dict(begun(FORM, given_answers, here()).values) == {
        "purpose": "other",
        "domicile": False,
        "copies": 2,
    }
    rows = begun(MOVERS, Answers({"movers": [{"who": "山"}, {"stays": False}]}), here())
    assert rows.values["movers"] == [{"who": "山", "stays": True}, {"stays": False}]
    assert dict(begun(MOVERS, Answers(), here()).values) == {}


def test_a_fresh_row_begins_with_its_defaults():
    assert fresh_row(MOVERS, "movers") == {"stays": True}
    assert fresh_row(MOVERS, "loose") == {}


def test_good_answers_have_no_problem():
    assert check(FORM, GOOD, here()) == ()


@pytest.mark.parametrize("nothing", [None, "", " ", "\u3000"])
def test_a_question_left_out_is_told_only_when_it_is_required(nothing):
    answers = GOOD.answer("name", nothing).answer("phone", nothing)
    assert check(FORM, answers, here()) == (Problem("name", "required"),)


def test_no_answers_at_all_leave_every_required_question():
    problems = check(FORM, Answers(), here(Channel.WEB))
    assert [p.field for p in problems] == ["name", "kana", "purpose", "copies", "domicile"]
    assert {p.reason for p in problems} == {"required"}


def test_no_is_an_answer():
    assert content(FORM, GOOD, here())["domicile"] is False
    assert check(FORM, GOOD, here()) == ()


def test_zero_is_an_answer_that_may_be_out_of_range():
    assert check(FORM, GOOD.answer("copies", 0), here()) == (Problem("copies", "out-of-range"),)


def test_every_mistake_is_told_at_its_field_with_its_reason():
    answers = GOOD.answer("phone", "110").answer("copies", 11).answer("purpose", "fun")
    assert check(FORM, answers, here()) == (
        Problem("phone", "not-phone"),
        Problem("purpose", "not-a-choice"),
        Problem("copies", "out-of-range"),
    )


def test_an_answer_to_no_question_or_to_a_worked_out_value_is_told():
    answers = GOOD.answer("shoe", "43").answer("hat", "58").answer("price", 1)
    assert check(FORM, answers, here()) == (
        Problem("hat", "unknown-field"),
        Problem("price", "unknown-field"),
        Problem("shoe", "unknown-field"),
    )


def test_a_mistake_in_a_question_that_is_not_asked_does_not_matter():
    answers = GOOD.answer("kana", "Yamada").answer("why", 5)
    assert check(FORM, answers, here()) == ()
    assert check(FORM, answers, here(Channel.WEB)) == (Problem("kana", "not-kana"),)


def test_a_condition_that_holds_makes_its_question_required():
    answers = GOOD.answer("purpose", "other")
    assert check(FORM, answers, here()) == (Problem("why", "required"),)
    assert check(FORM, answers.answer("why", "犬の登録"), here()) == ()


def test_an_option_that_is_not_offered_here_is_refused_here():
    made = of(
        choice("kind", "plain", {"value": "removed", "when": {"channel": ["counter"]}}),
        choice("means", "car", {"value": "bike", "when": {"channel": ["counter"]}})
        | {"kind": "choices"},
    )
    answers = Answers({"kind": "removed", "means": ["car", "bike"]})
    assert check(made, answers, here()) == ()
    assert check(made, answers, here(Channel.KIOSK)) == (
        Problem("kind", "not-a-choice"),
        Problem("means", "not-a-choice"),
    )


def test_a_rule_may_find_fault_with_answers_that_are_each_good():
    rule = {
        "id": "too-many-for-work",
        "then": "problem",
        "label": "多すぎます",
        "at": "copies",
        "when": {"all": [{"field": "copies", "at_least": 5}, {"field": "asked", "is": True}]},
    }
    made = of(
        asks("asked", "yes-no"),
        asks("copies", "count"),
        rules=[{**rule, "id": "too_many"}],
    )
    assert check(made, Answers({"asked": False, "copies": 9}), here()) == ()
    assert check(made, Answers({"asked": True, "copies": 9}), here()) == (
        Problem("copies", "too_many"),
    )


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (None, {"movers": "required"}),
        ([], {"movers": "required"}),
        ([{"who": "山", "stays": True}], {"movers": "too-few"}),
        ([{"who": "山", "stays": True}] * 2, {}),
        ([{"who": "山", "stays": True}] * 3, {}),
        ([{"who": "山", "stays": True}] * 4, {"movers": "too-many"}),
        (
            [{"who": "山", "stays": True, "born": "x"}, {"stays": 5}],
            {
                "movers[0].born": "not-date",
                "movers[1].who": "required",
                "movers[1].stays": "not-a-choice",
            },
        ),
    ],
)
def test_rows_are_as_many_as_the_section_wants_and_each_is_checked(rows, problems):
    told = check(MOVERS, Answers({"movers": rows}), here())
    assert {p.field: p.reason for p in told} == problems


def test_the_content_holds_only_what_stands_in_its_stored_form():
    answers = GOOD.answer("why", "むかし").answer("kana", "やまだ").answer("hat", "58")
    answers = answers.answer("known", "昭和64年1月7日")
    assert content(FORM, answers, here()) == {
        "name": "山田　太郎",
        "known": "1989-01-07",
        "purpose": "work",
        "copies": 2,
        "domicile": False,
    }
    assert content(FORM, take(FORM, answers.values)[0], here())["price"] == 600
    assert content(FORM, answers, here(Channel.WEB))["kana"] == "ヤマダ"


def test_the_content_leaves_out_what_has_no_answer():
    assert content(FORM, Answers({"name": None, "phone": ""}), here(Channel.WEB)) == {}
    assert content(FORM, Answers({"phone": " --"}), here()) == {}


def test_the_content_of_rows_is_what_stands_in_each():
    rows = [{"who": "山 花", "born": "H1.1.8", "years": 99, "hat": 1, "sex": ""}, {"born": " "}]
    assert content(MOVERS, Answers({"movers": rows, "loose": []}), here()) == {
        "movers": [{"who": "山　花", "born": "1989-01-08"}, {}]
    }
    stored, _ = take(MOVERS, {"movers": [{"born": "H1.1.8"}]})
    assert content(MOVERS, stored, here()) == {"movers": [{"born": "1989-01-08", "years": 37}]}


def test_a_worked_out_value_is_kept_whatever_it_comes_to():
    made = of(
        asks("paid", "money"),
        asks("owed", "money", value={"difference": ["paid", 500]}),
        choice("which", "a", value={"sum": [1]}),
    )
    answers = Answers({"paid": 300})
    assert check(made, answers, here()) == ()
    assert content(made, answers, here()) == {"paid": 300, "owed": -200, "which": 1}


def test_taking_stores_what_can_be_taken_and_says_what_cannot():
    answers, problems = take(
        FORM,
        {
            "name": "山田 太郎",
            "copies": "３",
            "kana": "Yamada",
            "phone": "",
            "why": None,
            "known": "1989-01-07",
            "price": 5,
            "hat": 58,
            "x" * 99: 1,
        },
    )
    assert dict(answers.values) == {"name": "山田　太郎", "copies": 3, "known": "1989-01-07"}
    assert problems == (
        Problem("kana", "not-kana"),
        Problem("price", "unknown-field"),
        Problem("hat", "unknown-field"),
        Problem("x" * 50, "unknown-field"),
    )


@pytest.mark.parametrize("name", [5, None, True, (1,), "applicant", "movers[0].who", "", "a.b"])
def test_a_name_that_is_no_question_is_told(name):
    answers, problems = take(MOVERS, {name: 1})
    assert dict(answers.values) == {}
    assert problems == (Problem(str(name), "unknown-field"),)


def test_rows_are_taken_one_by_one():
    raw = {
        "movers": [
            {"who": "山 花", "born": "1989-01-08", "years": 5, "hat": 1, 7: 8, "sex": None},
            "junk",
            {"who": "\0", "stays": True},
            {},
        ]
    }
    answers, problems = take(MOVERS, raw)
    assert answers.values["movers"] == [
        {"who": "山　花", "born": "1989-01-08"},
        {"stays": True},
        {},
    ]
    assert problems == (
        Problem("movers[0].years", "unknown-field"),
        Problem("movers[0].hat", "unknown-field"),
        Problem("movers[0].7", "unknown-field"),
        Problem("movers[1]", "not-rows"),
        Problem("movers[2].who", "odd-character"),
    )


@pytest.mark.parametrize("rows", [5, "abc", {"a": 1}, True, [{}] * 51, [{}] * 100])
def test_what_is_no_list_of_rows_or_too_long_a_one_is_told(rows):
    answers, problems = take(MOVERS, {"movers": rows})
    assert dict(answers.values) == {}
    assert problems == (Problem("movers", "not-rows"),)


def test_fifty_rows_are_taken_and_judged():
    made = form(section("rows", asks("who", "name"), repeat={"maximum": 50}))
    rows = [{"who": f"山{number}"} for number in range(50)]
    answers, problems = take(made, {"rows": rows})
    assert (problems, check(made, answers, here())) == ((), ())
    assert content(made, answers, here()) == {"rows": rows}


def test_a_hundred_rows_are_judged_even_where_nobody_took_them():
    answers = Answers().resize("movers", 100, {}).answer("movers[99].who", "山")
    problems = check(MOVERS, answers, here())
    assert problems[0] == Problem("movers", "too-many")
    assert Problem("movers[98].who", "required") in problems
    assert Problem("movers[99].who", "required") not in problems


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
LIKELY = JSON | st.sampled_from(
    ["", "other", "work", "2", "山田 太郎", "やまだ", "0312345678", "\0", "1989-01-07", True, 3]
)
ROW = st.dictionaries(st.sampled_from(["who", "born", "sex", "years", "stays", "hat"]), LIKELY)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*(f.id for f in FORM.fields), "hat"]), LIKELY),
    st.sampled_from(Channel),
)
def test_answers_without_a_problem_stay_without_one_in_their_stored_form(values, channel):
    answers, _ = take(FORM, values)
    if check(FORM, answers, here(channel)) == ():
        stored = content(FORM, answers, here(channel))
        given_again = Answers({k: v for k, v in stored.items() if k != "price"})
        assert check(FORM, given_again, here(channel)) == ()
        assert content(FORM, given_again, here(channel)) == stored


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["movers", "loose", "who", "hat"]), st.lists(ROW | JSON) | JSON
    ),
    st.dictionaries(st.sampled_from([f.id for f in FORM.fields]) | st.text(max_size=3), LIKELY),
)
def test_whatever_comes_from_outside_is_taken_or_told(rows, values):
    for made, raw in ((MOVERS, rows), (FORM, values)):
        answers, problems = take(made, raw)
        assert {problem.reason for problem in problems} <= REASONS
        judged = to_json(judge(made, answers, here()), made, keys)
        assert all(each["message"] for each in judged["problems"])
        assert take(made, answers.values) == (answers, ())


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["movers", "loose"]), st.lists(ROW | JSON) | JSON),
    st.dictionaries(st.sampled_from([f.id for f in FORM.fields]), LIKELY),
)
def test_answers_that_nobody_took_are_judged_too(rows, values):
    for made, raw in ((MOVERS, rows), (FORM, values)):
        assert {p.reason for p in check(made, Answers(raw), here())} <= REASONS
        judge(made, Answers(raw), here())


def test_a_known_fact_that_this_form_cannot_take_is_told():
    known = card(name=" ", kana="Yamada", birth="あした", phone="")
    assert unusable(FORM, known) == (
        Problem("name", "required"),
        Problem("kana", "not-kana"),
        Problem("known", "not-date"),
    )
    assert unusable(FORM, card(name="山田", phone=" ")) == ()
    assert unusable(FORM, Facts()) == ()
    assert unusable(MOVERS, card(name="\0", household=[])) == ()


def test_answers_teach_what_they_say_of_the_person():
    answers = GOOD.answer("kana", "やまだ").answer("known", "1989-01-07")
    assert taught(FORM, answers, here(), Source.TYPED, NOW) == (
        Fact("name", "山田　太郎", Source.TYPED, NOW),
        Fact("birth", "1989-01-07", Source.TYPED, NOW),
    )


def test_rows_teach_what_they_say_of_each():
    rows = [{"who": "山 花", "born": "1989-01-08", "stays": True}, {"who": "山 空"}]
    told = taught(MOVERS, Answers({"movers": rows}), here(), Source.SAID, NOW)
    assert told == (
        Fact(
            "household",
            [{"name": "山　花", "birth": "1989-01-08"}, {"name": "山　空"}],
            Source.SAID,
            NOW,
        ),
    )
    assert taught(MOVERS, Answers(), here(), Source.SAID, NOW) == ()


def test_the_next_form_of_a_visit_asks_nothing_again():
    first = form(
        section("me", asks("name", "name", fact="name"), asks("tel", "phone", fact="phone")),
        section(
            "movers",
            asks("mover", "name", fact="name"),
            asks("born", "date", fact="birth"),
            fact="household",
            repeat={},
        ),
    )
    second = form(
        section("you", asks("applicant", "name", fact="name"), asks("call", "phone", fact="phone")),
        section(
            "children",
            asks("child", "name", fact="name"),
            asks("child_born", "date", fact="birth"),
            asks("years", "count", value={"age_of": "child_born"}),
            fact="household",
            only={"field": "years", "at_most": 17},
            repeat={},
        ),
    )
    rows = [{"mover": "山 花", "born": "1989-01-08"}, {"mover": "山 空", "born": "2020-04-01"}]
    answers = Answers({"name": "山 花", "tel": "0312345678", "movers": rows})
    assert check(first, answers, here()) == ()
    known = Facts().learn(taught(first, answers, here(), Source.TYPED, NOW))

    begins = start(second, known, here())
    assert check(second, begins, here()) == ()
    assert begins.values["children"] == [{"child": "山　空", "child_born": "2020-04-01"}]


def rows_known_to(loaded, fact):
    """The section that takes these rows, and its fields by the name of what they take."""
    (each,) = [each for each in loaded.questions.repeated() if each.fact == fact]
    return each.id, {item.fact: item.id for item in each.fields if item.fact}


@pytest.mark.parametrize(
    ("before", "after", "fact"),
    [("ido", "kokuho", "household"), ("jido-teate", "kodomo-iryo", "children")],
)
def test_a_family_is_asked_once_in_a_visit(before, after, fact):
    first, second = load(FORMS / f"{before}.yaml"), load(FORMS / f"{after}.yaml")
    given_rows, names = rows_known_to(first, fact)
    child = {"name": "山田 空", "kana": "やまだ そら", "birth": "2020-05-05"}
    needed = {"change": "in", "claim": "new"}
    raw = {name: value for name, value in needed.items() if first.questions.knows(name)}
    row = {names[name]: value for name, value in child.items()}
    answers, problems = take(first, {**raw, "name": "山田 花子", given_rows: [row]})
    assert problems == ()
    known = Facts().learn(taught(first, answers, here(), Source.TYPED, NOW))

    begins = start(second, known, here())
    asked_rows, asked = rows_known_to(second, fact)
    (found,) = begins.values[asked_rows]
    assert begins.values["name"] == "山田　花子"
    assert found[asked["name"]] == "山田　空"
    assert found[asked["kana"]] == "ヤマダ　ソラ"
    assert found[asked["birth"]] == "2020-05-05"
    told = {problem.field for problem in check(second, begins, here())}
    assert not {f"{asked_rows}[0].{asked[name]}" for name in child} & told
