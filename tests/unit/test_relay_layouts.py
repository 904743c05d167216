"""A city's file, to the byte: what goes into it, and what is stopped loudly."""

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.relays.layout import Layout, RowFault, begin, faults, row, steps
from tests.fakes.handing import example


def layout(*columns, **more):
    return msgspec.convert({"columns": list(columns), **more}, Layout)


def named(name, **more):
    return layout({"name": "氏名", "from": "A票.申請者.氏名"}, **more), example(
        A票={"申請者": {"氏名": name}}
    )


def one(value, **column):
    made = layout({"name": "値", "from": "B票.x", **column})
    return row(made, example(B票={"x": value})).decode().removesuffix("\r\n")


def test_a_file_begins_with_its_header_in_its_own_encoding():
    columns = [{"name": "受付番号", "from": "receipt"}, {"name": "区分", "constant": "01"}]
    assert begin(layout(*columns)) == "受付番号,区分\r\n".encode()
    assert begin(layout(*columns, encoding="utf-8-bom")) == "\ufeff受付番号,区分\r\n".encode()
    assert begin(layout(*columns, encoding="cp932", newline="lf")) == "受付番号,区分\n".encode(
        "cp932"
    )
    assert begin(layout(*columns, header=False)) == b""


def test_a_row_holds_what_its_columns_name_in_their_order():
    made = layout(
        {"name": "a", "from": "receipt"},
        {"name": "b", "constant": "01"},
        {"name": "c", "from": "A票.申請者.氏名"},
        {"name": "d", "from": "B票.persons[0].person_name"},
        {"name": "e", "from": "B票.persons[1].person_name"},
        {"name": "f", "from": "B票.copies"},
    )
    assert row(made, example()).decode() == "K01-000001,01,渡邉　一郎,渡邉　花,,2\r\n"


def test_every_value_stands_in_quotes_where_the_consumer_wants_it():
    made = layout({"name": "a", "from": "receipt"}, {"name": "b", "from": "B票.n"}, quote="all")
    assert row(made, example()) == b'"K01-000001",""\r\n'


def test_the_names_that_cp932_has_go_through_to_the_byte():
    made, said = named("髙﨑　邉①", encoding="cp932")
    assert row(made, said) == "髙﨑　邉①\r\n".encode("cp932")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("𠮷野　太郎", "𠮷 (U+20BB7)"),
        ("渡邉\U000e0102　太郎", "邉\U000e0102 (U+9089 U+E0102)"),
        ("葛\ufe00　太郎", "葛\ufe00 (U+845B U+FE00)"),
        ("Nguyễn", "ễ (U+1EC5)"),
    ],
)
def test_a_character_that_is_not_in_cp932_stops_its_row_and_is_named_alone(name, told):
    made, said = named(name, encoding="cp932")
    with pytest.raises(RowFault) as fault:
        row(made, said)
    assert str(fault.value) == f"氏名: {told} is not in cp932"
    assert "太郎" not in str(fault.value)
    made, said = named(name)
    assert row(made, said).decode() == f"{name}\r\n"


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_in_cp932_a_value_arrives_whole_or_not_at_all(name):
    made, said = named(name, encoding="cp932", quote="all", formulas="as-is")
    try:
        raw = row(made, said)
    except RowFault:
        return
    read = next(csv.reader(io.StringIO(raw.decode("cp932"), newline="")), [""])
    same = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
    assert read == [name.translate(same)]


def test_the_wave_dash_of_two_tables_is_one_sign_in_the_file():
    made, said = named("一〜三", encoding="cp932")
    assert row(made, said) == b"\x88\xea\x81\x60\x8eO\r\n"


@pytest.mark.parametrize(
    ("format_", "value", "written"),
    [
        ("yyyymmdd", "1980-02-17", "19800217"),
        ("yyyy/mm/dd", "1980-02-17", "1980/02/17"),
        ("yyyymmdd", "2026-11-20T23:30:00+00:00", "20261121"),
        ("yyyymmddhhmmss", "2026-11-20T23:30:00+00:00", "20261121083000"),
        ("wareki", "1989-01-07", "昭和64年1月7日"),
        ("wareki", "1944-05", "昭和19年5月日不詳"),
        ("era-number", "1989-01-08", "4010108"),
        ("era-number", "2026-11-21", "5081121"),
        ("zenkaku", "ﾜﾀﾅﾍﾞ ｲﾁﾛｳ A1-2", "ワタナベ　イチロウ　Ａ１－２"),
        ("hankaku", "ワタナベ　ヴィッキー１", "ﾜﾀﾅﾍﾞ ｳﾞｨｯｷｰ1"),
        ("digits", "０９０-1234-5678", "09012345678"),
        ("one-line", "一\n二\r\n三", "一　二　三"),
    ],
)
def test_values_are_written_as_the_consumer_spells_them(format_, value, written):
    assert one(value, format=format_) == written


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ({"format": "hankaku"}, "渡邉"),
        ({"format": "digits"}, "090-1234-abcd"),
        ({"format": "yyyymmdd"}, "1980-02"),
        ({"format": "yyyymmddhhmmss"}, "きのう"),
        ({"format": "era-number"}, "1800-01-01"),
        ({"width": 3}, "四文字だ"),
        ({"bytes": 5}, "二つ"),
        ({"required": True}, ""),
        ({"values": {"a": "1"}}, "b"),
        ({}, {"parts": "秘密"}),
    ],
)
def test_a_value_that_does_not_fit_stops_its_row_and_stays_out_of_the_words(column, value):
    with pytest.raises(RowFault) as fault:
        one(value, **column)
    assert str(fault.value).startswith("値: ")
    assert "秘密" not in str(fault.value)
    assert "abcd" not in str(fault.value)


FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    " =1+1",
    "　＝1+1",
    "＠SUM",
    "＋A1",
    "－A1",
    "-今日は",
]


@pytest.mark.parametrize("value", FORMULAS)
def test_what_a_spreadsheet_would_run_stops_its_row_and_the_words_show_its_sign_alone(value):
    with pytest.raises(RowFault) as fault:
        one(value)
    sign = value.lstrip(" 　")[0]
    assert f"(U+{ord(sign):04X}), as a formula does" in str(fault.value)
    assert all(word not in str(fault.value) for word in ("1+1", "A1", "cmd", "SUM", "今日"))


@pytest.mark.parametrize("value", FORMULAS)
def test_a_city_may_have_it_with_an_apostrophe_or_as_it_is(value):
    def read(raw):
        return next(csv.reader(io.StringIO(raw, newline="")))[0]

    assert read(one(value, formulas="apostrophe")) == f"'{value}"
    assert read(one(value, formulas="as-is")) == value
    made = layout({"name": "値", "from": "B票.x"}, formulas="as-is")
    assert read(row(made, example(B票={"x": value})).decode()) == value


@pytest.mark.parametrize(
    "value",
    [
        "+81 90-1234-5678",
        "-5",
        "－３",
        "-",
        "渡邉＝花子",
        "a@b.example",
        "1-2-3",
        "(+81)90",
        "",
        "‐A",
    ],
)
def test_a_name_a_telephone_or_a_number_is_no_formula_and_goes_as_it_is(value):
    assert one(value, formulas="apostrophe") in (value, '""')
    assert one(value) in (value, '""')


def test_what_the_city_itself_wrote_into_the_layout_is_not_looked_at():
    made = layout({"name": "値", "constant": "=1"})
    assert row(made, example()) == b"=1\r\n"


def test_an_apostrophe_counts_as_a_character_of_the_column():
    with pytest.raises(RowFault, match="longer than 4"):
        one("=1+1", formulas="apostrophe", width=4)


def test_answers_are_called_what_the_consumer_calls_them():
    assert one("household", values={"household": "1", "person": "2"}) == "1"
    assert one(value=True, values={"true": "1", "false": "0"}) == "1"
    assert one(["a", "b"], values={"a": "1", "b": "2"}, join=";") == "1;2"


def test_bytes_are_counted_in_the_encoding_of_the_file():
    made, said = named("渡邉", encoding="cp932")
    wide = layout({"name": "氏名", "from": "A票.申請者.氏名", "bytes": 4}, encoding="cp932")
    assert row(wide, said) == row(made, said)
    with pytest.raises(RowFault):
        row(layout({"name": "氏名", "from": "A票.申請者.氏名", "bytes": 4}), said)


def test_a_layout_that_can_never_work_is_told_before_anything_goes_through_it():
    made = layout(
        {"name": "a", "from": "receipt", "constant": "1"},
        {"name": "a", "constant": "1"},
        {"name": "c", "from": "B票..x"},
        {"name": "d", "from": "receipt", "format": "wide"},
        {"name": "𠮷", "constant": "1"},
        encoding="cp932",
    )
    assert [(place, key) for place, key, _ in faults(made)] == [
        (0, "name"),
        (1, "name"),
        (2, "from"),
        (3, "format"),
        (4, "name"),
    ]


@given(st.text(max_size=20))
def test_no_path_is_read_as_another(path):
    found = steps(path)
    if found:
        assert "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in found)[1:] == path
