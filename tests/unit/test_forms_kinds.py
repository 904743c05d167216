"""Kinds of answer: what a person gives is refused with a reason, or shown back the same."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Field, Option
from forms.kinds import KINDS, LONGEST_NAME, LONGEST_TEXT, Unreadable, parse, show

OPTIONS = (Option("licence", "運転免許"), Option("other", "その他"))
REASONS = {
    "not-text",
    "too-long",
    "odd-character",
    "not-kana",
    "not-phone",
    "not-date",
    "not-a-choice",
    "not-a-number",
    "out-of-range",
}
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
KATAKANA = "".join(map(chr, range(0x30A1, 0x30FB))) + "ー・"
HALF_KATAKANA = "".join(map(chr, range(0xFF66, 0xFFA0)))
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=LONGEST_TEXT + 5),
    st.text("0123456789０１２-() 年月日令和昭和元./アあｱﾞ", max_size=20),
    st.binary(max_size=5),
    st.dates(date(1000, 1, 1), date(2117, 12, 31)),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def a_field(kind, **more):
    return Field("x", kind, "問い", **more)


def refusal(field, value):
    with pytest.raises(Unreadable) as caught:
        parse(field, value)
    return caught.value.reason


def read_or_none(field, value):
    try:
        return parse(field, value)
    except Unreadable:
        return None


@pytest.mark.parametrize("kind", ["text", "address", "name"])
@settings(max_examples=150, deadline=None)
@given(value=st.text(max_size=LONGEST_NAME + 5) | st.text(" \u3000\t山田𠮷葛󠄀ab", max_size=12))
def test_words_that_are_taken_are_shown_back_the_same(kind, value):
    field = a_field(kind)
    stored = read_or_none(field, value)
    if stored is not None:
        assert parse(field, show(field, stored)) == stored


@settings(max_examples=300, deadline=None)
@given(st.text(HIRAGANA + KATAKANA + HALF_KATAKANA + " \u3000", max_size=LONGEST_NAME))
def test_kana_that_is_taken_is_shown_back_the_same(value):
    field = a_field("kana")
    stored = read_or_none(field, value)
    if stored is not None:
        assert parse(field, show(field, stored)) == stored


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"0[0-9]{9,10}", fullmatch=True))
def test_a_phone_number_is_shown_back_the_same(number):
    field = a_field("phone")
    stored = parse(field, number)
    assert stored == number
    assert parse(field, show(field, stored)) == stored


@settings(max_examples=300, deadline=None)
@given(st.dates(date(1000, 1, 1), date(2117, 12, 31)))
def test_a_date_is_shown_back_the_same(day):
    field = a_field("date")
    stored = parse(field, day)
    assert stored == day.isoformat()
    assert parse(field, show(field, stored)) == stored


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 999_999_999))
def test_a_count_is_shown_back_the_same(number):
    field = a_field("count", maximum=999_999_999)
    stored = parse(field, number)
    assert stored == number
    assert parse(field, show(field, stored)) == stored


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=150, deadline=None)
@given(value=ANYTHING)
def test_whatever_is_given_is_taken_or_refused_with_a_known_reason(kind, value):
    field = a_field(kind, options=OPTIONS, minimum=1, maximum=10)
    try:
        parse(field, value)
    except Unreadable as fault:
        assert fault.reason in REASONS  # noqa: PT017


@pytest.mark.parametrize("kind", ["choice", "count", "date", "phone", "yes-no"])
@settings(max_examples=100, deadline=None)
@given(value=ANYTHING | st.sampled_from(["licence", "other", "S64.1.7", "03-1234-5678", "７"]))
def test_a_stored_answer_is_stored_the_same_again(kind, value):
    field = a_field(kind, options=OPTIONS, minimum=1, maximum=10)
    stored = read_or_none(field, value)
    if stored is not None:
        assert parse(field, stored) == stored


@pytest.mark.parametrize("kind", ["text", "address", "name", "kana", "phone", "date"])
@pytest.mark.parametrize("value", ["", " ", "\u3000", " \u3000\t"])
def test_a_blank_is_stored_as_nothing_and_shown_as_nothing(kind, value):
    field = a_field(kind)
    assert parse(field, value) == ""
    assert show(field, "") == ""


@pytest.mark.parametrize("kind", ["text", "address", "name", "kana", "phone", "date"])
@pytest.mark.parametrize("value", [None, 5, True, ["あ"], b"a"])
def test_what_is_no_text_is_refused_as_such(kind, value):
    assert refusal(a_field(kind), value) == "not-text"


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("text", LONGEST_TEXT),
        ("address", LONGEST_TEXT),
        ("name", LONGEST_NAME),
        ("kana", LONGEST_NAME),
    ],
)
def test_a_text_may_be_as_long_as_its_kind_allows_and_no_longer(kind, longest):
    field = a_field(kind)
    assert parse(field, "ア" * longest) == "ア" * longest
    assert parse(field, "\u3000" + "ア" * longest + " ") == "ア" * longest
    assert refusal(field, "ア" * (longest + 1)) == "too-long"


@pytest.mark.parametrize("kind", ["text", "address", "name", "kana", "phone", "date"])
@pytest.mark.parametrize(
    "odd", ["\n", "\t", "\0", "\u200b", "\u202e", "\ufeff", "\ud800", "\ue000", "\U000e0001"]
)
def test_a_character_nobody_sees_is_refused(kind, odd):
    assert refusal(a_field(kind), f"ア{odd}イ") == "odd-character"


def test_a_text_keeps_every_letter_as_it_was_given():
    field = a_field("address")
    assert parse(field, "ｶｶﾅｲ県１－２ ㈱ｱ") == "ｶｶﾅｲ県１－２ ㈱ｱ"


@pytest.mark.parametrize("name", ["𠮷田", "髙橋", "葛\U000e0100", "渡邉"])
def test_a_name_keeps_its_own_characters(name):
    field = a_field("name")
    assert parse(field, name) == name
    assert show(field, name) == name


@pytest.mark.parametrize("given_name", ["山田 太郎", "山田\u3000太郎", " 山田 \u3000 太郎\u3000"])
def test_the_gap_in_a_name_has_one_width(given_name):
    assert parse(a_field("name"), given_name) == "山田\u3000太郎"


@pytest.mark.parametrize(
    "given_kana", ["ヤマダ タロウ", "やまだ\u3000たろう", "ﾔﾏﾀﾞ  ﾀﾛｳ", " やまだ ﾀﾛウ "]
)
def test_kana_is_stored_in_one_way(given_kana):
    assert parse(a_field("kana"), given_kana) == "ヤマダ\u3000タロウ"


@pytest.mark.parametrize(
    ("given_kana", "stored"),
    [("ゔゖぁ", "ヴヶァ"), ("ジョー・ブ", "ジョー・ブ"), ("ｼﾞｮｰ･", "ジョー・")],
)
def test_kana_has_its_rare_letters_too(given_kana, stored):
    assert parse(a_field("kana"), given_kana) == stored


@pytest.mark.parametrize("value", ["山田", "Yamada", "ヤマダ1", "ヤマダ、", "ゝ", "ﾞ"])
def test_what_is_no_kana_is_refused(value):
    assert refusal(a_field("kana"), value) == "not-kana"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("090-1234-5678", "09012345678"),
        ("０９０－１２３４－５６７８", "09012345678"),
        ("(03) 1234 5678", "0312345678"),
        ("（０３）\u30001234-5678", "0312345678"),
    ],
)
def test_a_phone_number_is_stored_as_its_digits(value, stored):
    assert parse(a_field("phone"), value) == stored


@pytest.mark.parametrize(
    "value", ["9012345678", "031234567", "090123456789", "+819012345678", "0901234567a", "なし"]
)
def test_what_is_no_phone_number_is_refused(value):
    assert refusal(a_field("phone"), value) == "not-phone"


@pytest.mark.parametrize("value", ["昭和64年1月7日", "S64.1.7", "1989-01-07", date(1989, 1, 7)])
def test_a_date_is_stored_in_one_way_and_shown_in_its_era(value):
    field = a_field("date")
    assert parse(field, value) == "1989-01-07"
    assert show(field, "1989-01-07") == "昭和64年1月7日"


@pytest.mark.parametrize("value", ["昭和64年1月8日", "2023-02-29", "あした", "20230228"])
def test_what_is_no_date_is_refused(value):
    assert refusal(a_field("date"), value) == "not-date"


@pytest.mark.parametrize("option", OPTIONS)
def test_a_choice_is_stored_as_its_value_and_shown_in_its_words(option):
    field = a_field("choice", options=OPTIONS)
    assert parse(field, option.value) == option.value
    assert show(field, option.value) == option.label


def test_a_choice_that_is_gone_is_shown_as_it_was_stored():
    assert show(a_field("choice", options=OPTIONS), "pension") == "pension"


@pytest.mark.parametrize("value", ["pension", "", None, 1, True, ["licence"], {}])
def test_what_is_not_offered_is_refused(value):
    assert refusal(a_field("choice", options=OPTIONS), value) == "not-a-choice"


@pytest.mark.parametrize(("value", "shown"), [(True, "はい"), (False, "いいえ")])
def test_yes_and_no_are_stored_as_such_and_shown_in_words(value, shown):
    field = a_field("yes-no")
    assert parse(field, value) is value
    assert show(field, value) == shown


@pytest.mark.parametrize("value", [None, "", "true", 0, 1])
def test_what_is_neither_yes_nor_no_is_refused(value):
    assert refusal(a_field("yes-no"), value) == "not-a-choice"


@pytest.mark.parametrize(("value", "stored"), [(1, 1), (10, 10), ("3", 3), ("３", 3), ("03", 3)])
def test_a_count_is_stored_as_a_number(value, stored):
    assert parse(a_field("count", minimum=1, maximum=10), value) == stored


@pytest.mark.parametrize("value", [0, 11, -1, "0", "11", "999999999"])
def test_a_count_outside_its_range_is_refused(value):
    assert refusal(a_field("count", minimum=1, maximum=10), value) == "out-of-range"


@pytest.mark.parametrize("value", [None, "", "two", "1.5", 1.0, True, False, "²", [1], "1" * 5000])
def test_what_is_no_count_is_refused(value):
    assert refusal(a_field("count", minimum=0, maximum=10), value) == "not-a-number"


def test_a_refusal_is_named_by_its_reason():
    assert str(Unreadable("not-kana")) == "not-kana"


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("phone", "0" + "९" * 9, "not-phone"),
        ("kana", "㌀" * 150, "too-long"),
        ("date", datetime(2020, 1, 1, tzinfo=UTC), "not-text"),
    ],
)
def test_what_only_looks_like_its_kind_is_refused(kind, value, reason):
    with pytest.raises(Unreadable) as caught:
        parse(Field("x", kind, "x"), value)
    assert caught.value.reason == reason


def test_no_blank_of_any_width_stays_before_kana():
    assert parse(Field("x", "kana", "x"), "\u00a0ア") == "ア"
