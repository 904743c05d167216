"""Definitions from YAML: one that is wrong is told by file, place and rule."""

import pytest

from forms.definition import Channel, Fee, Field, FormDefinition, Option, Section, When
from forms.loader import FormFault, load, load_all

WHOLE = """\
id: juminhyo
version: "2026-11"
label: 住民票の写し
law: 住民基本台帳法第12条
certificate: juminhyo
fees:
  - {channel: kiosk, unit: 200, times: copies, label: 一通}
sections:
  - id: applicant
    label: 窓口に来た人
    fields:
      - {id: name, kind: name, label: 氏名, fact: name}
      - {id: kana, kind: kana, label: フリガナ, required: false, channels: [counter, web]}
  - id: wish
    label: 必要な証明
    fields:
      - id: purpose
        kind: choice
        label: 使いみち
        default: work
        options:
          - {value: work, label: 就職}
          - {value: other, label: その他}
      - {id: why, kind: text, label: わけ, when: {field: purpose, values: [other]}}
      - {id: copies, kind: count, label: 通数, minimum: 1, maximum: 10}
"""
DEFINITION = FormDefinition(
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
                Field(
                    "kana",
                    "kana",
                    "フリガナ",
                    required=False,
                    channels=(Channel.COUNTER, Channel.WEB),
                ),
            ),
        ),
        Section(
            "wish",
            "必要な証明",
            (
                Field(
                    "purpose",
                    "choice",
                    "使いみち",
                    default="work",
                    options=(Option("work", "就職"), Option("other", "その他")),
                ),
                Field("why", "text", "わけ", when=When("purpose", ("other",))),
                Field("copies", "count", "通数", minimum=1, maximum=10),
            ),
        ),
    ),
    fees=(Fee(Channel.KIOSK, 200, "copies", "一通"),),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "juminhyo.yaml"


def fault_of(file, text):
    file.write_text(text, "utf-8")
    with pytest.raises(FormFault) as caught:
        load(file)
    fault = caught.value
    assert fault.file == file
    assert str(fault) == f"{file}: {fault.where}: {fault.rule}"
    return fault


def changed(old, new):
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def test_a_whole_definition_is_read_as_it_is_written(file):
    file.write_text(WHOLE, "utf-8")
    assert load(file) == DEFINITION


def test_the_fields_of_a_definition_stand_in_the_order_they_are_asked(file):
    file.write_text(WHOLE, "utf-8")
    form = load(file)
    assert [field.id for field in form.fields] == ["name", "kana", "purpose", "why", "copies"]
    assert form.field("why").when == When("purpose", ("other",))


def test_a_procedure_without_sections_or_fees_is_a_definition(file):
    file.write_text(
        "{id: a, version: '1', label: l, law: w, certificate: null, sections: [], fees: []}",
        "utf-8",
    )
    assert load(file) == FormDefinition("a", "1", "l", "w", None, (), ())


def test_all_procedures_of_a_city_are_known_by_their_id(tmp_path):
    (tmp_path / "b.yaml").write_text(changed("id: juminhyo", "id: inkan"), "utf-8")
    (tmp_path / "a.yaml").write_text(WHOLE, "utf-8")
    (tmp_path / "notes.txt").write_text("no form", "utf-8")
    assert list(load_all(tmp_path)) == ["juminhyo", "inkan"]
    assert load_all(tmp_path)["juminhyo"] == DEFINITION


def test_one_broken_procedure_among_many_is_named(tmp_path):
    (tmp_path / "a.yaml").write_text(WHOLE, "utf-8")
    (tmp_path / "b.yaml").write_text("just words", "utf-8")
    with pytest.raises(FormFault) as caught:
        load_all(tmp_path)
    assert caught.value.file == tmp_path / "b.yaml"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("id: a\nlabel: [one, two\n", "line 3"),
        ("id: a\n\tlabel: b\n", "line 2"),
        ("id: a\nlabel: b\nlaw: *nowhere\n", "line 3"),
        ("id: a\nlabel: !python/object:os.system b\n", "line 2"),
        ("id: a\n---\nid: b\n", "line 2"),
        ("id: a\n? [one, two]\n: b\n", "line 2"),
    ],
)
def test_a_file_that_is_no_yaml_is_told_by_its_line(file, text, where):
    fault = fault_of(file, text)
    assert fault.where == where
    assert str(fault).startswith(f"{file}: {where}: ")


def test_a_missing_file_is_told(file):
    with pytest.raises(FormFault) as caught:
        load(file)
    assert (caught.value.file, caught.value.where) == (file, "file")


def test_a_file_that_is_not_in_utf_8_is_told(file):
    file.write_bytes("label: 住民票".encode("shift_jis"))
    with pytest.raises(FormFault) as caught:
        load(file)
    assert (caught.value.file, caught.value.where) == (file, "file")


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "5"])
def test_a_file_that_holds_something_else_is_told(file, text):
    fault = fault_of(file, text)
    assert (fault.where, fault.rule) == ("file", "must be a mapping")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("law: 住民基本台帳法第12条", "laws: x", "form.laws"),
        ("unit: 200", "price: 200", "fees[0].price"),
        ("id: wish", "name: wish", "sections[1].name"),
        ("fact: name", "facts: name", "sections[0].fields[0].facts"),
        ("{value: other, label: その他}", "{worth: x}", "sections[1].fields[0].options[1].worth"),
        ("values: [other]", "values: [other], is: 1", "sections[1].fields[1].when.is"),
    ],
)
def test_a_word_that_means_nothing_is_told_with_the_words_that_do(file, old, new, where):
    fault = fault_of(file, changed(old, new))
    assert fault.where == where
    assert fault.rule.startswith("unknown; allowed: ")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('version: "2026-11"\n', "", "form.version"),
        ("certificate: juminhyo\n", "", "form.certificate"),
        ("unit: 200, ", "", "fees[0].unit"),
        ("    label: 窓口に来た人\n", "", "sections[0].label"),
        ("id: name, kind: name", "kind: name", "sections[0].fields[0].id"),
        ("id: name, kind: name", "id: name", "sections[0].fields[0].kind"),
        ("value: other, ", "", "sections[1].fields[0].options[1].value"),
        (", values: [other]", "", "sections[1].fields[1].when.values"),
    ],
)
def test_a_word_that_is_missing_is_told(file, old, new, where):
    fault = fault_of(file, changed(old, new))
    assert (fault.where, fault.rule) == (where, "missing")


@pytest.mark.parametrize(("key", "where"), [("sections", "form.sections"), ("fees", "form.fees")])
def test_a_definition_says_that_it_has_no_sections_or_fees(file, key, where):
    words = {"id": "a", "version": "b", "label": "c", "law": "d", "certificate": "e"}
    lines = [f"{name}: {word}" for name, word in words.items()]
    lines += [f"{name}: []" for name in ("sections", "fees") if name != key]
    fault = fault_of(file, "\n".join(lines))
    assert (fault.where, fault.rule) == (where, "missing")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("channels: [counter, web]", "channels: web", "sections[0].fields[1].channels"),
        ("fact: name", "options: {a: b}", "sections[0].fields[0].options"),
    ],
)
def test_one_thing_where_many_belong_is_told(file, old, new, where):
    fault = fault_of(file, changed(old, new))
    assert (fault.where, fault.rule) == (where, "must be a list")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("sections: {}\n", "form.sections"),
        ("sections: null\n", "form.sections"),
        ("sections: []\nfees: 200\n", "form.fees"),
        ("sections:\n  - {id: a, label: b, fields: c}\n", "sections[0].fields"),
    ],
)
def test_sections_fields_and_fees_are_lists(file, text, where):
    fault = fault_of(file, text)
    assert (fault.where, fault.rule) == (where, "must be a list")


def test_an_option_without_words_is_told(file):
    fault = fault_of(file, changed("{value: other, label: その他}", "other"))
    assert fault.where == "sections[1].fields[0].options[1]"
    assert fault.rule == "must be a mapping"


def test_a_kind_nobody_knows_is_told_with_the_kinds_there_are(file):
    fault = fault_of(file, changed("kind: count", "kind: number"))
    assert fault.where == "sections[1].fields[2].kind"
    assert "'number' is no kind" in fault.rule
    assert "count" in fault.rule


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("channel: kiosk", "channel: fax", "fees[0].channel"),
        ("channel: kiosk, ", "", "fees[0].channel"),
        ("[counter, web]", "[counter, fax]", "sections[0].fields[1].channel"),
    ],
)
def test_a_channel_nobody_knows_is_told_with_the_channels_there_are(file, old, new, where):
    fault = fault_of(file, changed(old, new))
    assert (fault.where, fault.rule) == (where, "allowed: kiosk, counter, web")


def test_two_fields_of_one_id_are_told_even_in_two_sections(file):
    fault = fault_of(file, changed("id: copies", "id: name"))
    assert (fault.where, fault.rule) == ("name", "two fields have this id")


@pytest.mark.parametrize("other", ["copies", "why", "nothing"])
def test_a_question_depends_only_on_one_that_is_asked_before(file, other):
    fault = fault_of(file, changed("field: purpose", f"field: {other}"))
    assert fault.where == "why"
    assert fault.rule == f"depends on '{other}', which is not asked before"


def test_a_fee_counts_a_field_of_its_form(file):
    fault = fault_of(file, changed("times: copies", "times: sheets"))
    assert fault.where == "fee '一通'"
    assert fault.rule == "counts 'sheets', which is no field"


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        (
            "fees:\n  - {channel: kiosk, unit: 200, times: copies, label: 一通}",
            "fees: [5]",
            "fees[0]",
        ),
        ("sections:\n", "sections:\n  - 5\n", "sections[0]"),
        (
            "    fields:\n      - {id: name",
            "    fields:\n      - 5\n      - {id: name",
            "fields[0]",
        ),
        ("when: {field: purpose, values: [other]}", "when: 5", "when"),
        ("when: {field: purpose, values: [other]}", "when: {field: purpose}", "when.values"),
        ('version: "2026-11"', "version: 1.0", "form.version"),
        ("maximum: 10", "maximum: '10'", "maximum"),
        ("kind: choice", "kind: [choice]", "kind"),
        ("id: purpose", "id: [purpose]", "id"),
        ("law: 住", "0: x\nlaw: 住", "form.0"),
        ("law: 住", "~: x\nlaw: 住", "form.None"),
        ("law: 住", "'': x\nlaw: 住", "form."),
    ],
)
def test_a_value_of_the_wrong_type_is_named(file, before, after, where):
    assert before in WHOLE
    file.write_text(WHOLE.replace(before, after, 1), "utf-8")
    with pytest.raises(FormFault) as caught:
        load(file)
    assert where in caught.value.where


@pytest.mark.parametrize("text", ["a: \x00b", "version: 2026-13-45", "a: !!int foo"])
def test_a_file_that_yaml_itself_cannot_take_is_named(file, text):
    file.write_text(text, "utf-8")
    with pytest.raises(FormFault) as caught:
        load(file)
    assert caught.value.file == file


def test_two_procedures_of_one_id_are_told(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(WHOLE, "utf-8")
    with pytest.raises(FormFault) as caught:
        load_all(tmp_path)
    assert (caught.value.file, caught.value.where) == (tmp_path / "b.yaml", "form.id")
