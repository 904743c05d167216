"""Kinds of answer: what a person gives is refused with a reason, or shown back the same."""

import math
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.definition import Channel, Field, Option
from forms.kinds import KINDS, LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT, Unreadable, parse, show
from forms.kinds.numbers import CHECKS
from forms.outcome import REASONS

OPTIONS = (
    Option("licence", "運転免許"),
    Option("tax", "税（源泉徴収、確定申告など）"),
    Option("1", "男"),
    Option("other", "その他"),
)
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
KATAKANA = "".join(map(chr, range(0x30A1, 0x30FB))) + "ー・"
HALF_KATAKANA = "".join(map(chr, range(0xFF66, 0xFFA0)))
SHA = "0123456789abcdef" * 4
PAPER_FILE = {"name": "委任状.pdf", "type": "application/pdf", "size": 1000, "sha256": SHA}
PICTURE = {"name": "家（焼けた方）.jpg", "type": "image/jpeg", "size": 20_000_000, "sha256": SHA}
HOME = {"prefecture": "東京都", "city": "千代田区", "town": "千代田", "number": "1-1"}
ACCOUNT = {
    "bank": "みどり銀行",
    "branch": "本店",
    "type": "ordinary",
    "number": "0012345",
    "holder": "ヤマダ　タロウ",
}
MORE = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "digits": {"maximum": 13},
    "money": {"minimum": -(10**13)},
    "date": {"partial": True},
}
HOSTILE = [
    None,
    True,
    False,
    0,
    -1,
    10**13,
    10**5000,
    1.5,
    math.nan,
    math.inf,
    b"abc",
    object(),
    date(2020, 1, 1),
    date.min,
    datetime(2020, 1, 1, tzinfo=UTC),
    [],
    [[[[]]]],
    [None],
    [{}],
    {},
    {"a": {"b": [1]}},
    {1: 2},
    (),
    set(),
    "",
    " ",
    "\u3000",
    "\0",
    "ア\nイ",
    "ア\tイ",
    "\x1b[31m",
    "\x85",
    "\u2028",
    "\u202e右",
    "\u200f",
    "\u200b",
    "\ufeff",
    "\ue000",
    "\U000f0000",
    "\ud800",
    "\udfff\ud800",
    "\uffff",
    "\U0002fffe",
    "あ" * 10_000,
    "1" * 10_000,
    "（" * 10_000,
    "ｶﾞ" * 10_000,
    "\ufdfa" * 100,
    "-" * 50,
    "〒",
    "〒　　　",
    "東京都　　　　　",
    "nan,nan",
    "1e400,0",
    f"a（image/png・{'9' * 5000}・{SHA}）",
    f"（image/png・1・{SHA}）",
    {**PICTURE, "size": 10**5000},
    {**PICTURE, "size": True},
    {**PICTURE, "size": "1"},
    {**PICTURE, "sha256": 10**5000},
    {**PICTURE, "sha256": int("1" * 64)},
    {**PICTURE, "sha256": f"{SHA}\n"},
    {**PICTURE, "type": ["image/png"]},
    {**PICTURE, "name": None},
    {**PICTURE, "name": "\ud800"},
    {**HOME, "town": ["x"]},
    {**HOME, "postcode": 1000001},
    {**HOME, 5: "x"},
    {**ACCOUNT, "type": ["ordinary"]},
    {**ACCOUNT, "type": None},
    {"latitude": None, "longitude": None},
    {"latitude": math.nan, "longitude": 0},
    {"latitude": 10**400, "longitude": 0},
    {"latitude": "１", "longitude": [0]},
    {"latitude": "1" * 10_000, "longitude": "0"},
]
ODD_TEXT = st.text(
    st.characters() | st.sampled_from("\0\n\r\u202e\u200f\ue000\ud800\u3000 ―〒、（）・"),
    max_size=30,
)
FIGURES = st.text("0123456789０１２-－() 年月日令和昭和平成元RHS./不詳:時分,¥円+", max_size=20)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ODD_TEXT
    | FIGURES
    | st.binary(max_size=5)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(
                ["name", "type", "size", "sha256", "latitude", "longitude", *HOME, *ACCOUNT]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=8,
)
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(" \u3000―〒　区1-"),
    max_size=30,
)
NAMES = st.text(st.sampled_from("山田𠮷髙﨑葛\U000e0100ab \u3000\U00031350\U0002ebf0"), max_size=20)
KANA = st.text(HIRAGANA + KATAKANA + HALF_KATAKANA + " \u3000", max_size=40)
ATTACHMENTS = st.fixed_dictionaries(
    {
        "name": st.text("家a（）・.jpg 1", min_size=1, max_size=20),
        "type": st.sampled_from(["image/jpeg", "image/png", "image/heic", "image/webp"]),
        "size": st.integers(1, 20_000_000),
        "sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
    }
)
WESTERN = st.dates(date(1000, 1, 1), date(2117, 12, 31)).map(date.isoformat)
TYPED = {
    "text": WORDS,
    "note": st.lists(WORDS, max_size=4).flatmap(
        lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
    ),
    "name": NAMES | WORDS,
    "kana": KANA,
    "email": st.emails() | st.from_regex(r"[a-zａ-ｚ㍿]{1,9}[@＠]a\.jp", fullmatch=True),
    "domicile": WORDS,
    "date": WESTERN.flatmap(lambda day: st.sampled_from([day, day[:7], day[:4]])),
    "time": st.from_regex(r"[0-9０-９]{1,2}[:：時]([0-9]{2}分?)?", fullmatch=True),
    "address": WORDS
    | st.fixed_dictionaries(
        {"prefecture": st.sampled_from(["東京都", "北海道", "京都府"]), "city": WORDS},
        optional={
            "postcode": st.from_regex(r"〒?[0-9０-９]{3}[-－]?[0-9]{4}", fullmatch=True),
            "town": WORDS,
            "number": WORDS | st.text("1-", min_size=90, max_size=120),
            "building": WORDS | st.text("棟", min_size=90, max_size=120),
        },
    ),
    "phone": st.from_regex(r"(\+81[ -]?|0)[0-9]{1,3}[-ー－ ]?[0-9]{4}-?[0-9]{4}", fullmatch=True),
    "digits": st.from_regex(r"[0-9０-９]{1,4}[- －]?[0-9]{0,9}", fullmatch=True),
    "choice": st.sampled_from([option.value for option in OPTIONS]),
    "choices": st.lists(st.sampled_from([option.value for option in OPTIONS]), unique=True),
    "yes-no": st.booleans(),
    "count": st.integers() | st.integers(-(10**12), 10**12) | st.integers().map(str),
    "money": st.integers(-(10**12), 10**12) | st.integers(0, 10**6).map(lambda n: f"¥{n:,}"),
    "account": st.fixed_dictionaries(
        {
            "bank": WORDS | st.text("銀行", min_size=150, max_size=200),
            "branch": WORDS,
            "type": st.sampled_from(["ordinary", "current", "savings", "yucho"]),
            "number": st.from_regex(r"[0-9０-９]{1,8}", fullmatch=True),
            "holder": KANA,
        }
    ),
    "point": st.fixed_dictionaries(
        {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180) | st.integers(-180, 180)}
    ),
    "signature": ATTACHMENTS | st.just("paper") | st.just(""),
    "photos": st.lists(ATTACHMENTS, max_size=3),
    "files": st.lists(ATTACHMENTS | st.just(PAPER_FILE), max_size=3),
}


def a_field(kind, **more):
    return Field(id="x", kind=kind, label="問い", **{**MORE.get(kind, {}), **more})


def plain_field(kind, **more):
    return Field(id="x", kind=kind, label="問い", **more)


def refusal(field, value):
    with pytest.raises(Unreadable) as caught:
        parse(field, value)
    assert str(caught.value) == caught.value.reason
    assert caught.value.reason in REASONS
    return caught.value.reason


def read_or_none(field, value):
    try:
        return parse(field, value)
    except Unreadable as fault:
        assert fault.reason in REASONS  # noqa: PT017
        return None


def test_every_kind_has_something_to_be_typed_here():
    assert set(TYPED) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_taken_is_shown_back_the_same(kind, data):
    field = a_field(kind)
    stored = read_or_none(field, data.draw(TYPED[kind]))
    if stored is not None:
        assert parse(field, show(field, stored)) == stored
        assert parse(field, stored) == stored


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=60, deadline=None)
@given(value=ANYTHING)
def test_whatever_is_given_is_refused_with_a_known_reason_or_stored_for_good(kind, value):
    field = a_field(kind)
    stored = read_or_none(field, value)
    if stored is not None:
        assert parse(field, stored) == stored
        assert parse(field, show(field, stored)) == stored


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_means_harm_is_refused_with_a_known_reason_or_stored_for_good(kind):
    field = a_field(kind)
    for value in HOSTILE:
        stored = read_or_none(field, value)
        if stored is not None:
            assert parse(field, stored) == stored
            assert parse(field, show(field, stored)) == stored


TYPED_KINDS = ["text", "note", "name", "kana", "email", "domicile", "address", "phone", "digits"]
BLANKABLE = [*TYPED_KINDS, "date", "time", "account", "point"]


@pytest.mark.parametrize("kind", BLANKABLE)
@pytest.mark.parametrize("value", ["", " ", "\u3000", " \u3000 "])
def test_a_blank_is_stored_as_nothing_and_shown_as_nothing(kind, value):
    field = plain_field(kind)
    assert parse(field, value) == ""
    assert show(field, "") == ""


@pytest.mark.parametrize(("kind", "nothing"), [("address", HOME), ("account", ACCOUNT)])
def test_parts_of_which_none_is_filled_are_nothing(kind, nothing):
    field = plain_field(kind)
    assert parse(field, dict.fromkeys(nothing, " ")) == ""
    assert parse(field, {}) == ""


@pytest.mark.parametrize("kind", ["text", "note", "name", "kana", "email", "phone", "date", "time"])
@pytest.mark.parametrize("value", [None, 5, True, ["あ"], b"a", {}])
def test_what_is_no_text_is_refused_as_such(kind, value):
    assert refusal(plain_field(kind), value) == "not-text"


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("text", LONGEST_TEXT),
        ("domicile", LONGEST_TEXT),
        ("address", LONGEST_TEXT),
        ("name", LONGEST_NAME),
        ("kana", LONGEST_NAME),
        ("note", LONGEST_NOTE),
    ],
)
def test_a_text_may_be_as_long_as_its_kind_allows_and_no_longer(kind, longest):
    field = plain_field(kind)
    assert parse(field, "ア" * longest) == "ア" * longest
    assert parse(field, "\u3000" + "ア" * longest + " ") == "ア" * longest
    assert refusal(field, "ア" * (longest + 1)) == "too-long"


@pytest.mark.parametrize("kind", ["text", "note"])
def test_a_text_may_be_as_long_as_its_field_allows_and_no_longer(kind):
    field = plain_field(kind, maximum=3)
    assert parse(field, " 三文字 ") == "三文字"
    assert refusal(field, "四文字だ") == "too-long"


def test_a_note_counts_its_line_ends_too():
    field = plain_field("note", maximum=5)
    assert parse(field, "二つ\r\n二つ\r\n") == "二つ\n二つ"
    assert refusal(field, "二つ\n二つだ") == "too-long"
    assert refusal(field, "\n" * 11) == "too-long"
    assert parse(field, "\n" * 10) == ""


@pytest.mark.parametrize("kind", TYPED_KINDS)
@pytest.mark.parametrize(
    "odd", ["\0", "\x1b", "\u200b", "\u202e", "\ufeff", "\ud800", "\ue000", "\U000e0001", "\u2028"]
)
def test_a_character_nobody_sees_is_refused(kind, odd):
    assert refusal(plain_field(kind), f"ア{odd}イ") == "odd-character"


@pytest.mark.parametrize("kind", ["text", "domicile", "address"])
def test_a_text_keeps_every_letter_as_it_was_given(kind):
    assert parse(plain_field(kind), "ｶｶﾅｲ県１－２ ㈱ｱ") == "ｶｶﾅｲ県１－２ ㈱ｱ"


@pytest.mark.parametrize(
    "name",
    [
        "𠮷田",
        "髙橋",
        "葛\U000e0100",
        "渡邉",
        "渡\U000e01ef",
        "神\ufe00",
        "山﨑",
        "\U0002a6df",
        "\U0002ebe0",
        "\U00030000",
        pytest.param("\U00031350", id="extension-h"),
        pytest.param("\U0002ebf0", id="extension-i"),
        "か\u3099",
        "Ｍüller・Ｏ’Brien",
        "№㈱①",
    ],
)
def test_a_name_keeps_its_own_code_points(name):
    field = plain_field("name")
    assert parse(field, name) == name
    assert show(field, name) == name


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(categories=("Lo", "Mn", "Lm", "Nl", "So", "Lu")), min_size=1))
@example("\u0344")
def test_a_name_of_any_letters_is_kept_to_the_code_point(name):
    assert parse(plain_field("name"), name) == name or len(name) > LONGEST_NAME


@pytest.mark.parametrize("odd", ["\U0002ffff", "\U000e0080", "\U00040000", "\u0378"])
def test_a_code_point_that_can_be_no_character_is_refused_in_a_name(odd):
    assert unicodedata.category(odd) == "Cn"
    assert refusal(plain_field("name"), odd) == "odd-character"


@pytest.mark.parametrize("given_name", ["山田 太郎", "山田\u3000太郎", " 山田 \u3000 太郎\u3000"])
def test_the_gap_in_a_name_has_one_width(given_name):
    assert parse(plain_field("name"), given_name) == "山田\u3000太郎"


@pytest.mark.parametrize(
    "given_kana", ["ヤマダ タロウ", "やまだ\u3000たろう", "ﾔﾏﾀﾞ  ﾀﾛｳ", " やまだ ﾀﾛウ "]
)
def test_kana_is_stored_in_one_way(given_kana):
    assert parse(plain_field("kana"), given_kana) == "ヤマダ\u3000タロウ"


@pytest.mark.parametrize(
    ("given_kana", "stored"),
    [("ゔゖぁ", "ヴヶァ"), ("ジョー・ブ", "ジョー・ブ"), ("ｼﾞｮｰ･", "ジョー・"), ("\u00a0ア", "ア")],
)
def test_kana_has_its_rare_letters_too(given_kana, stored):
    assert parse(plain_field("kana"), given_kana) == stored


@pytest.mark.parametrize("value", ["山田", "Yamada", "ヤマダ1", "ヤマダ、", "ゝ", "ﾞ"])
def test_what_is_no_kana_is_refused(value):
    assert refusal(plain_field("kana"), value) == "not-kana"


def test_what_becomes_too_long_as_kana_is_refused():
    assert refusal(plain_field("kana"), "㌀" * 150) == "too-long"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("090-1234-5678", "09012345678"),
        ("０９０－１２３４－５６７８", "09012345678"),
        ("(03) 1234 5678", "0312345678"),
        ("（０３）\u30001234-5678", "0312345678"),
        ("+81 90 1234 5678", "09012345678"),
        ("+81 (0)3-1234-5678", "0312345678"),
    ],
)
def test_a_phone_number_is_stored_as_its_digits(value, stored):
    assert parse(plain_field("phone"), value) == stored


@pytest.mark.parametrize(
    "value", ["9012345678", "031234567", "090123456789", "+1 202 555 0100", "0901234567a", "٠٩٠"]
)
def test_what_is_no_phone_number_is_refused(value):
    assert refusal(plain_field("phone"), value) == "not-phone"


@pytest.mark.parametrize(
    "value", ["a@example.jp", "a.b+c@mail.example.co.jp", "ａ＠example.jp", "山@example.jp"]
)
def test_an_address_for_mail_is_taken(value):
    assert parse(plain_field("email"), value) == unicodedata.normalize("NFKC", value)


@pytest.mark.parametrize(
    "value", ["a", "a@", "@a.jp", "a@b", "a b@c.jp", "a@b@c.jp", "a@b..jp", "<a@b.jp>", "a@.jp"]
)
def test_what_is_no_address_for_mail_is_refused(value):
    assert refusal(plain_field("email"), value) == "not-email"


def test_an_address_for_mail_that_becomes_too_long_is_refused():
    assert refusal(plain_field("email"), "㌀" * 240 + "@a.jp") == "too-long"


@pytest.mark.parametrize("value", ["昭和64年1月7日", "S64.1.7", "1989-01-07", date(1989, 1, 7)])
def test_a_date_is_stored_in_one_way_and_shown_in_its_era(value):
    field = plain_field("date")
    assert parse(field, value) == "1989-01-07"
    assert show(field, "1989-01-07") == "昭和64年1月7日"


@pytest.mark.parametrize(
    "value",
    ["昭和64年1月8日", "2023-02-29", "あした", "20230228", "2023-02", "2023", date(999, 1, 1)],
)
def test_what_is_no_date_is_refused(value):
    assert refusal(plain_field("date"), value) == "not-date"


def test_a_moment_is_no_date():
    assert refusal(plain_field("date"), datetime(2020, 1, 1, tzinfo=UTC)) == "not-text"


@pytest.mark.parametrize(
    ("value", "stored", "shown"),
    [
        ("昭和19年5月3日", "1944-05-03", "昭和19年5月3日"),
        ("昭和19年5月日不詳", "1944-05", "昭和19年5月日不詳"),
        ("S19.5", "1944-05", "昭和19年5月日不詳"),
        ("昭和19年月日不詳", "1944", "昭和19年月日不詳"),
        ("1944", "1944", "昭和19年月日不詳"),
        ("1989", "1989", "1989年月日不詳"),
        ("昭和64年", "1989", "1989年月日不詳"),
        ("1989-01", "1989-01", "1989年1月日不詳"),
        ("1989年2月", "1989-02", "平成元年2月日不詳"),
        ("1600年", "1600", "1600年月日不詳"),
    ],
)
def test_a_date_may_be_known_in_part(value, stored, shown):
    field = plain_field("date", partial=True)
    assert parse(field, value) == stored
    assert show(field, stored) == shown
    assert parse(field, shown) == stored


@pytest.mark.parametrize("value", ["昭和65年", "昭和0年", "2023-13", "令和元年4月", "平成31年5月"])
def test_a_part_of_a_date_that_never_was_is_refused(value):
    assert refusal(plain_field("date", partial=True), value) == "not-date"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("9:30", "09:30"),
        ("０９：３０", "09:30"),
        ("9時", "09:00"),
        ("9時5", None),
        ("23:59", "23:59"),
    ],
)
def test_a_time_is_stored_in_one_way(value, stored):
    assert read_or_none(plain_field("time"), value) == stored


@pytest.mark.parametrize("value", ["24:00", "12:60", "930", "朝", "-1:00", "9:5"])
def test_what_is_no_time_is_refused(value):
    assert refusal(plain_field("time"), value) == "not-time"


@pytest.mark.parametrize(("value", "stored"), [(1, 1), (10, 10), ("3", 3), ("３", 3), ("03", 3)])
def test_a_count_is_stored_as_a_number(value, stored):
    assert parse(plain_field("count", minimum=1, maximum=10), value) == stored


@pytest.mark.parametrize("value", [0, 11, -1, "0", "11", "-1", "999999999"])
def test_a_count_outside_its_range_is_refused(value):
    assert refusal(plain_field("count", minimum=1, maximum=10), value) == "out-of-range"


@pytest.mark.parametrize("value", [None, "", "two", "1.5", 1.0, True, False, [1], "1" * 150])
def test_what_is_no_count_is_refused(value):
    assert refusal(plain_field("count", minimum=0, maximum=10), value) == "not-a-number"


def test_a_number_is_as_large_as_can_be_typed_again():
    field = plain_field("count")
    assert parse(field, 10**12 - 1) == 10**12 - 1
    assert refusal(field, 10**12) == "not-a-number"
    assert refusal(field, -(10**12)) == "not-a-number"
    assert refusal(field, "1" + "0" * 12) == "not-a-number"


@pytest.mark.parametrize(
    "value", [1500, "1500", "1,500", "¥1,500", "1,500円", "１，５００円", "￥1500"]
)
def test_money_is_stored_as_yen_and_shown_with_commas(value):
    field = plain_field("money")
    assert parse(field, value) == 1500
    assert show(field, 1500) == "1,500円"


def test_money_is_no_debt_unless_the_field_says_so():
    assert refusal(plain_field("money"), -1) == "out-of-range"
    assert refusal(plain_field("money", maximum=5), 6) == "out-of-range"
    assert parse(plain_field("money", minimum=-5), "-5") == -5


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("mynumber", "123456789018", "123456789019"),
        ("mynumber", "1234 5678 9018", "123456789108"),
        ("corporate", "7000012050002", "8000012050002"),  # 国税庁
        ("corporate", "1180301018771", "1180301018770"),  # トヨタ自動車
        ("juminhyo-code", "12345678903", "12345678904"),
        ("juminhyo-code", "00000000000", "00000000001"),
    ],
)
def test_a_check_digit_is_checked(check, good, bad):
    field = plain_field("digits", check=check)
    assert parse(field, good) == good.replace(" ", "")
    assert refusal(field, bad) == "wrong-check-digit"


@pytest.mark.parametrize("check", sorted(CHECKS))
@pytest.mark.parametrize("value", ["1", "12345678901234567890", "0" * 14])
def test_a_number_of_another_length_has_no_right_check_digit(check, value):
    assert refusal(plain_field("digits", check=check), value) == "wrong-check-digit"


@pytest.mark.parametrize(("check", "length"), [("mynumber", 11), ("juminhyo-code", 10)])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_exactly_one_last_digit_is_right(check, length, data):
    body = data.draw(st.text("0123456789", min_size=length, max_size=length))
    assert sum(CHECKS[check](f"{body}{last}") for last in range(10)) == 1


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12))
def test_exactly_one_first_digit_of_a_corporate_number_is_right(body):
    assert sum(CHECKS["corporate"](f"{first}{body}") for first in range(1, 10)) == 1
    assert not CHECKS["corporate"](f"0{body}")


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_slip_in_a_corporate_number_is_told_but_for_nine_and_nought(body, place, step):
    good = next(f"{d}{body}" for d in range(1, 10) if CHECKS["corporate"](f"{d}{body}"))
    slipped = (int(good[place]) + step) % 10
    bad = f"{good[:place]}{slipped}{good[place + 1 :]}"
    assert CHECKS["corporate"](bad) is ({int(good[place]), slipped} == {0, 9} and place > 0)


@pytest.mark.parametrize(
    ("more", "value", "reason"),
    [
        ({"length": 4}, "123", "wrong-length"),
        ({"length": 4}, "12345", "wrong-length"),
        ({"minimum": 3}, "12", "wrong-length"),
        ({"maximum": 3}, "1234", "wrong-length"),
        ({}, "1" * 31, "wrong-length"),
        ({}, "12a4", "not-digits"),
        ({}, "٣", "not-digits"),
        ({}, "²", None),
    ],
)
def test_digits_are_as_many_as_the_field_wants(more, value, reason):
    field = plain_field("digits", **more)
    if reason is None:
        assert parse(field, value) == "2"
    else:
        assert refusal(field, value) == reason


def test_digits_keep_their_leading_zeros():
    assert parse(plain_field("digits"), "００-１２ ３") == "00123"


@pytest.mark.parametrize("value", ["AB12345678CD", "ab12345678cd", "ＡＢ１２３４５６７８ＣＤ"])
def test_a_text_of_a_pattern_may_be_typed_in_any_width_and_case(value):
    field = plain_field("text", pattern="[A-Z]{2}[0-9]{8}[A-Z]{2}")
    assert parse(field, value) == "AB12345678CD"
    assert refusal(field, f"{value}1") == "not-of-form"
    assert parse(field, " ") == ""


def test_a_text_of_a_pattern_does_not_grow_beyond_its_field():
    assert refusal(plain_field("text", pattern="S*", maximum=2), "ßß") == "too-long"


@pytest.mark.parametrize("option", OPTIONS)
def test_a_choice_is_stored_as_its_value_and_shown_in_its_words(option):
    field = plain_field("choice", options=OPTIONS)
    assert parse(field, option.value) == option.value
    assert show(field, option.value) == option.label
    assert parse(field, option.label) == option.value


def test_a_choice_that_is_gone_is_shown_as_it_was_stored():
    assert show(plain_field("choice", options=OPTIONS), "pension") == "pension"


@pytest.mark.parametrize("value", ["pension", "", None, 1, True, ["licence"], {}, math.nan])
def test_what_is_not_offered_is_refused(value):
    assert refusal(plain_field("choice", options=OPTIONS), value) == "not-a-choice"


def test_choices_are_stored_once_each_in_the_fields_own_order():
    field = plain_field("choices", options=OPTIONS)
    assert parse(field, ["other", "licence"]) == ["licence", "other"]
    assert parse(field, ("1",)) == ["1"]
    assert parse(field, []) == []
    assert show(field, ["licence", "tax"]) == "運転免許、税（源泉徴収、確定申告など）"
    assert show(field, []) == ""


@pytest.mark.parametrize(
    "value", [None, 1, {}, [1], ["x"], ["other", "other"], [["other"]], "運転免許、鍵", "licence"]
)
def test_choices_that_are_not_offered_are_refused(value):
    assert refusal(plain_field("choices", options=OPTIONS), value) == "not-a-choice"


def test_choices_are_as_many_as_the_field_wants():
    field = plain_field("choices", options=OPTIONS, minimum=2, maximum=2)
    assert parse(field, ["1", "tax"]) == ["tax", "1"]
    assert refusal(field, ["1"]) == "out-of-range"
    assert refusal(field, ["1", "tax", "other"]) == "out-of-range"


@pytest.mark.parametrize(("value", "shown"), [(True, "はい"), (False, "いいえ")])
def test_yes_and_no_are_stored_as_such_and_shown_in_words(value, shown):
    field = plain_field("yes-no")
    assert parse(field, value) is value
    assert show(field, value) == shown
    assert parse(field, shown) is value


@pytest.mark.parametrize("value", [None, "", "true", 0, 1])
def test_what_is_neither_yes_nor_no_is_refused(value):
    assert refusal(plain_field("yes-no"), value) == "not-a-choice"


def test_an_address_in_parts_is_shown_on_one_line_and_taken_back():
    field = plain_field("address")
    whole = {**HOME, "postcode": "〒１００－０００１", "building": "皇居　御所"}
    stored = parse(field, whole)
    assert stored == {"postcode": "1000001", **HOME, "building": "皇居 御所"}
    assert show(field, stored) == "〒100-0001　東京都　千代田区　千代田　1-1　皇居 御所"
    assert parse(field, show(field, stored)) == stored


def test_an_address_without_some_of_its_parts_is_taken_back():
    field = plain_field("address")
    stored = parse(field, {**HOME, "town": "―", "building": "x"})
    assert stored == {"prefecture": "東京都", "city": "千代田区", "number": "1-1", "building": "x"}
    assert show(field, stored) == "東京都　千代田区　―　1-1　x"
    assert parse(field, show(field, stored)) == stored


@pytest.mark.parametrize(
    "line",
    [
        "東京都千代田区千代田1-1",
        "〒100-0001　東京都",
        "〒1000　東京都　千代田区　千代田",
        "都　区　町",
        "東京都　千代田区　―",
        "東京都　―　町",
        "東京都　a　b　c　d　e",
        "Somewhere else",
    ],
)
def test_an_address_on_one_line_stays_the_line_it_is(line):
    field = plain_field("address")
    assert parse(field, line) == line
    assert show(field, line) == line


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"prefecture": "江戸"}, "not-a-prefecture"),
        ({"prefecture": ""}, "not-a-prefecture"),
        ({"city": ""}, "not-whole-address"),
        ({"town": "", "number": ""}, "not-whole-address"),
        ({"postcode": "100"}, "not-a-postcode"),
        ({"country": "日本"}, "unknown-part"),
        ({"town": 5}, "not-text"),
        ({"town": "町" * 201}, "too-long"),
        ({"town": "町" * 150, "building": "棟" * 150}, "too-long"),
    ],
)
def test_an_address_that_is_not_whole_is_refused(change, reason):
    assert refusal(plain_field("address"), {**HOME, **change}) == reason


@pytest.mark.parametrize("town", ["― x", "x ―", "―\u3000x\u3000―", "― ―x", "x― ―"])
def test_a_part_of_an_address_does_not_keep_the_marks_between_parts(town):
    field = plain_field("address")
    stored = parse(field, {"prefecture": "東京都", "city": "千代田区", "town": town})
    assert stored["town"] == "x"
    assert parse(field, stored) == stored
    assert parse(field, show(field, stored)) == stored


def test_an_account_is_shown_on_one_line_and_taken_back():
    field = plain_field("account")
    stored = parse(field, {**ACCOUNT, "number": "１２-３４５", "holder": "やまだ ﾀﾛｳ"})
    assert stored == ACCOUNT
    assert show(field, stored) == "みどり銀行　本店　普通　0012345　ヤマダ　タロウ"
    assert parse(field, show(field, stored)) == stored


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "gold"}, "not-a-choice"),
        ({"number": "12345678"}, "not-an-account"),
        ({"number": "12a"}, "not-an-account"),
        ({"number": ""}, "not-an-account"),
        ({"bank": ""}, "not-an-account"),
        ({"holder": ""}, "not-an-account"),
        ({"holder": "山田"}, "not-kana"),
        ({"pin": "1234"}, "unknown-part"),
        ({"bank": "銀" * 190}, "too-long"),
    ],
)
def test_an_account_that_is_not_whole_is_refused(change, reason):
    assert refusal(plain_field("account"), {**ACCOUNT, **change}) == reason


def test_an_account_at_the_post_office_may_have_eight_digits():
    found = parse(plain_field("account"), {**ACCOUNT, "type": "yucho", "number": "12345678"})
    assert found["number"] == "12345678"


@pytest.mark.parametrize("line", ["みどり銀行", "a　b　c", "a b c d e"])
def test_a_line_that_is_no_account_is_refused(line):
    assert refusal(plain_field("account"), line) == "not-an-account"


@pytest.mark.parametrize(
    "value",
    [
        {"latitude": 35.6812361, "longitude": "139.767125"},
        "35.681236,139.767125",
        "３５．６８１２３６， １３９．７６７１２５",
    ],
)
def test_a_point_is_stored_to_ten_centimetres(value):
    field = plain_field("point")
    assert parse(field, value) == {"latitude": 35.681236, "longitude": 139.767125}
    assert show(field, parse(field, value)) == "35.681236,139.767125"


@pytest.mark.parametrize(
    "value",
    [
        "35",
        "a,b",
        "91,0",
        "0,181",
        "inf,0",
        {"latitude": 1},
        {"latitude": 1, "longitude": 2, "height": 3},
        None,
        [1, 2],
    ],
)
def test_what_is_no_point_is_refused(value):
    assert refusal(plain_field("point"), value) == "not-a-point"


def test_a_signature_is_on_paper_or_a_picture():
    field = plain_field("signature")
    assert parse(field, "paper") == "paper"
    assert show(field, "paper") == "紙に署名"
    assert parse(field, "紙に署名") == "paper"
    assert parse(field, "") == ""
    assert parse(field, PICTURE) == PICTURE
    assert parse(field, show(field, PICTURE)) == PICTURE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "application/pdf"}, "wrong-type-of-file"),
        ({"type": "text/html"}, "wrong-type-of-file"),
        ({"size": 0}, "too-large"),
        ({"size": 20_000_001}, "too-large"),
        ({"size": 1.0}, "too-large"),
        ({"sha256": SHA.upper()}, "not-a-file"),
        ({"sha256": SHA[1:]}, "not-a-file"),
        ({"sha256": 5}, "not-text"),
        ({"name": " "}, "not-a-file"),
        ({"name": "a" * 201}, "too-long"),
        ({"path": "/etc/passwd"}, "not-a-file"),
    ],
)
@pytest.mark.parametrize("kind", ["signature", "photos"])
def test_a_picture_that_is_none_is_refused(kind, change, reason):
    value = {**PICTURE, **change}
    assert refusal(plain_field(kind), value if kind == "signature" else [value]) == reason


def test_files_may_be_documents_and_photos_may_not():
    assert parse(plain_field("files"), [PAPER_FILE, PICTURE]) == [PAPER_FILE, PICTURE]
    assert refusal(plain_field("photos"), [PAPER_FILE]) == "wrong-type-of-file"


def test_files_are_as_many_as_the_field_wants():
    field = plain_field("files", minimum=2, maximum=2)
    assert parse(field, [PICTURE] * 2) == [PICTURE] * 2
    assert refusal(field, [PICTURE]) == "out-of-range"
    assert refusal(field, [PICTURE] * 3) == "out-of-range"
    assert parse(field, []) == []
    assert parse(field, "") == []
    assert refusal(field, "a\nb") == "not-a-file"
    assert refusal(field, 5) == "not-a-file"


def test_only_what_needs_no_pad_no_map_and_no_camera_is_asked_at_the_kiosk():
    elsewhere = {name for name, kind in KINDS.items() if Channel.KIOSK not in kind.channels}
    assert elsewhere == {"account", "point", "signature", "photos", "files"}
