"""What is asked: what nobody sees neither shows nor costs, and each place has its own questions."""

import pytest

from forms.definition import Channel
from forms.questions import Broken
from tests.fakes.small_forms import asks, choice, form, here, of, section

WHOLE = form(
    section(
        "wish",
        choice("kind", "household", "part"),
        asks("copies", "count", minimum=1, maximum=10),
        asks("why", when={"field": "copies", "at_least": 5}),
        asks("because", when={"field": "why", "answered": True}, required=False),
        asks("number_use", channels=["counter", "web"]),
        asks("known", "name", channels=[], fact="name"),
        asks("age", "count", value={"sum": ["copies", 1]}),
    ),
    section("more", asks("extra"), when={"field": "kind", "is": "part"}),
)


def paths(made, values, occasion=None):
    return [question.path for question in made.stand(values, occasion or here()).questions]


def required(made, values, occasion=None):
    questions = made.stand(values, occasion or here()).questions
    return [question.path for question in questions if question.required]


def broken(*fields, **parts):
    with pytest.raises(Broken) as caught:
        of(*fields, **parts)
    return caught.value.part, caught.value.key, caught.value.rule


@pytest.mark.parametrize(
    ("values", "channel", "asked"),
    [
        ({}, Channel.KIOSK, ["kind", "copies"]),
        ({}, Channel.COUNTER, ["kind", "copies", "number_use"]),
        ({"copies": 5}, Channel.KIOSK, ["kind", "copies", "why"]),
        ({"copies": 5, "why": "x"}, Channel.KIOSK, ["kind", "copies", "why", "because"]),
        ({"copies": 4, "why": "x"}, Channel.KIOSK, ["kind", "copies"]),
        ({"kind": "part"}, Channel.WEB, ["kind", "copies", "number_use", "extra"]),
    ],
)
def test_the_questions_follow_the_channel_and_the_answers(values, channel, asked):
    assert paths(WHOLE, values, here(channel)) == asked


def test_an_answer_that_nobody_sees_decides_nothing():
    values = {"kind": "household", "copies": 4, "why": "x", "because": "y", "extra": "z"}
    standing = WHOLE.stand(values, here())
    assert dict(standing.values) == {"kind": "household", "copies": 4, "age": 5}


def test_an_answer_to_what_is_asked_elsewhere_decides_nothing_here():
    assert "number_use" in WHOLE.stand({"number_use": "x"}, here()).values
    assert "number_use" not in WHOLE.stand({"number_use": "x"}, here(Channel.KIOSK)).values


def test_what_is_only_known_is_never_asked_and_always_counts():
    for channel in Channel:
        standing = WHOLE.stand({"known": "山田"}, here(channel))
        assert standing.values["known"] == "山田"
        assert standing.question("known") is None
    assert "known" not in WHOLE.stand({}, here()).values


def test_a_worked_out_value_is_never_asked_and_cannot_be_given():
    standing = WHOLE.stand({"copies": 2, "age": 99}, here())
    assert standing.values["age"] == 3
    assert standing.question("age") is None
    assert "age" not in WHOLE.stand({"age": 99}, here()).values


def test_a_question_is_required_when_its_condition_holds():
    made = of(
        asks("copies", "count", required=False),
        asks("why", required={"field": "copies", "at_least": 5}),
        asks("always"),
    )
    assert required(made, {}) == ["always"]
    assert required(made, {"copies": 5}) == ["why", "always"]
    assert paths(made, {}) == ["copies", "why", "always"]


def test_the_options_follow_the_answers_and_the_channel():
    made = of(
        asks("copies", "count"),
        choice(
            "kind",
            "plain",
            {"value": "many", "when": {"field": "copies", "at_least": 2}},
            {"value": "removed", "when": {"channel": ["counter"]}},
        ),
    )

    def offered(values, channel):
        standing = made.stand(values, here(channel))
        return [o.value for o in made.questions.options(standing.question("kind"), standing)]

    assert offered({}, Channel.KIOSK) == ["plain"]
    assert offered({"copies": 2}, Channel.KIOSK) == ["plain", "many"]
    assert offered({"copies": 2}, Channel.COUNTER) == ["plain", "many", "removed"]


ROWS = form(
    section("first", asks("moving", "yes-no"), asks("far", "yes-no", required=False)),
    section(
        "movers",
        asks("who", "name"),
        asks("child", "yes-no"),
        choice(
            "school",
            "primary",
            {"value": "none", "when": {"field": "far", "is": True}},
            {"value": "nursery", "when": {"field": "who", "answered": True}},
            when={"field": "child", "is": True},
        ),
        asks("note", required={"field": "school", "is": "primary"}, channels=["counter"]),
        asks("row_known", channels=[], fact="sex"),
        asks(
            "twice",
            "count",
            value={"choose": [{"when": {"field": "child", "is": True}, "value": 2}]},
        ),
        repeat={"minimum": 1, "maximum": 3},
        when={"field": "moving", "is": True},
    ),
    section("last", asks("end", when={"some": "movers", "where": {"field": "child", "is": True}})),
)


def test_each_row_has_questions_of_its_own():
    values = {"moving": True, "movers": [{"child": True, "school": "primary"}, {"child": False}]}
    assert paths(ROWS, values) == [
        "moving",
        "far",
        "movers",
        "movers[0].who",
        "movers[0].child",
        "movers[0].school",
        "movers[0].note",
        "movers[1].who",
        "movers[1].child",
        "movers[1].note",
        "end",
    ]
    assert "movers[0].note" in required(ROWS, values)
    assert "movers[1].note" not in required(ROWS, values)
    assert "movers[0].note" not in paths(ROWS, values, here(Channel.WEB))


def test_rows_that_nobody_sees_decide_nothing():
    values = {"moving": False, "movers": [{"child": True}]}
    assert paths(ROWS, values) == ["moving", "far"]
    assert "movers" not in ROWS.stand(values, here()).values


def test_a_row_keeps_only_what_stands_in_it():
    row = {"child": False, "school": "primary", "row_known": "1", "twice": 7, "hat": 1, "who": ""}
    standing = ROWS.stand({"moving": True, "movers": [row, 5, None]}, here())
    assert standing.values["movers"] == [{"child": False, "row_known": "1"}, {}, {}]


def test_the_options_of_a_row_follow_that_row():
    values = {
        "moving": True,
        "far": True,
        "movers": [{"child": True}, {"child": True, "who": "山"}],
    }
    standing = ROWS.stand(values, here())

    def offered(path):
        question = standing.question(path)
        return [o.value for o in ROWS.questions.options(question, standing)]

    assert offered("movers[0].school") == ["primary", "none"]
    assert offered("movers[1].school") == ["primary", "none", "nursery"]


@pytest.mark.parametrize("rows", [None, 5, "abc", {"a": 1}, []])
def test_what_is_no_list_of_rows_is_no_row(rows):
    standing = ROWS.stand({"moving": True, "movers": rows}, here())
    assert standing.values["movers"] == []
    assert [q.path for q in standing.questions] == ["moving", "far", "movers"]


def test_rows_that_are_asked_nowhere_here_are_not_counted_here():
    made = form(section("rows", asks("a", channels=["counter"]), repeat={"minimum": 0}))
    assert paths(made, {}, here()) == ["rows"]
    assert paths(made, {}, here(Channel.KIOSK)) == []
    assert required(made, {}) == []


def test_a_field_is_found_by_its_id_or_its_path():
    assert ROWS.field("who").kind == "name"
    assert ROWS.field("movers[12].who").kind == "name"
    assert ROWS.field("movers").kind == "rows"
    assert (ROWS.field("movers").minimum, ROWS.field("movers").maximum) == (1, 3)
    for name in ("hat", "movers[0].hat", "first"):
        with pytest.raises(KeyError):
            ROWS.field(name)


def test_a_form_knows_what_may_be_answered_outside_of_rows():
    assert [ROWS.questions.knows(name) for name in ("moving", "movers", "who", "hat", "first")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert ROWS.questions.rows_of("who") == "movers"
    assert ROWS.questions.rows_of("moving") is None
    assert [item.id for item in ROWS.questions.row_fields("movers")][:2] == ["who", "child"]
    assert [each.id for each in ROWS.questions.repeated()] == ["movers"]


def test_known_rows_are_taken_where_the_form_is_about_them():
    made = form(
        section(
            "children",
            asks("born", "date", fact="birth"),
            asks("years", "count", value={"age_of": "born"}),
            repeat={},
            fact="household",
            only={"field": "years", "at_most": 17},
        ),
        section("all", asks("name", "name"), repeat={}),
    )
    assert made.questions.concerns("children", {"born": "2010-01-01"}, here())
    assert not made.questions.concerns("children", {"born": "2000-01-01"}, here())
    assert not made.questions.concerns("children", {}, here())
    assert made.questions.concerns("all", {}, here())


def test_a_form_says_what_it_is():
    made = of(asks("a"), certificate="juminhyo")
    assert (made.id, made.version, made.label, made.certificate) == (
        "small",
        "2026-11",
        "見本",
        "juminhyo",
    )
    assert [item.id for item in made.fields] == ["a"]
    assert made.quote({}, here()).lines == ()


@pytest.mark.parametrize(
    ("fields", "part", "key", "words"),
    [
        ([asks("a", "number")], "a", "kind", "'number' is no kind; allowed: text, note"),
        ([asks("a", "rows")], "a", "kind", "'rows' is no kind"),
        ([asks("a", options=[{"value": "x", "label": "x"}])], "a", "options", "means nothing"),
        ([asks("a", "count", length=3)], "a", "length", "means nothing for 'count'"),
        ([asks("a", "count", check="mynumber")], "a", "check", "means nothing"),
        ([asks("a", "note", pattern="x")], "a", "pattern", "means nothing"),
        ([asks("a", "text", partial=True)], "a", "partial", "means nothing"),
        ([asks("a", "text", minimum=3)], "a", "minimum", "means nothing"),
        ([asks("a", "date", maximum=3)], "a", "maximum", "means nothing"),
        ([asks("a", "date", maximum=0)], "a", "maximum", "means nothing"),
        ([asks("a", "choice")], "a", "options", "a choice needs options"),
        ([choice("a", "x", "x")], "a", "options", "two options have the same value"),
        ([asks("a", "digits", check="luhn")], "a", "check", "allowed: mynumber"),
        ([asks("a", pattern="[")], "a", "pattern", "unterminated"),
        ([asks("a", "count", maximum=3, default=4)], "a", "default", "is no answer: out-of-range"),
        ([choice("a", "x", default="y")], "a", "default", "is no answer: not-a-choice"),
        ([asks("a"), asks("a")], "a", "id", "another field or section has this id"),
        ([asks("today")], "today", "id", "is the day's own name"),
        ([asks("a", when={"field": "b", "is": "x"}), asks("b")], "a", "when", "'b', which is not"),
        ([asks("a", when={"field": "a", "is": "x"})], "a", "when", "'a', which is not asked"),
        ([asks("a", required={"field": "b", "is": 1})], "a", "required", "'b' is no field"),
        ([asks("a", value="b")], "a", "value", "'b' is no field"),
        ([choice("a", {"value": "x", "when": {}})], "a", "options", "exactly one of"),
    ],
)
def test_a_field_that_contradicts_itself_is_told(fields, part, key, words):
    found = broken(*fields)
    assert found[:2] == (part, key)
    assert words in found[2]


@pytest.mark.parametrize(
    ("sections", "part", "key", "words"),
    [
        (
            [section("a", asks("x"), when={"field": "x", "answered": True})],
            "a",
            "when",
            "'x', which is not asked",
        ),
        (
            [
                section("a", asks("x")),
                section("b", asks("a"), repeat={}),
                section("a", asks("y"), repeat={}),
            ],
            "a",
            "id",
            "another",
        ),
        ([section("a", asks("a"), repeat={})], "a", "id", "another field or section"),
        ([section("today", asks("a"), repeat={})], "today", "id", "the day's own name"),
        ([section("a", asks("x"), repeat={}, only={"field": "y", "is": 1})], "a", "only", "'y' is"),
        (
            [
                section("a", asks("x"), repeat={}),
                section("b", asks("y"), repeat={}, only={"field": "x", "is": "1"}),
            ],
            "b",
            "only",
            "in the rows of 'a'",
        ),
    ],
)
def test_a_section_that_contradicts_itself_is_told(sections, part, key, words):
    with pytest.raises(Broken) as caught:
        form(*sections)
    assert (caught.value.part, caught.value.key) == (part, key)
    assert words in caught.value.rule


def test_a_default_and_an_option_may_look_at_what_comes_before():
    made = of(asks("a", "yes-no", default=True), choice("b", "x", default="x"))
    assert [item.default for item in made.fields] == [True, "x"]
