"""Definitions from YAML: one that is wrong is told by file, line and rule."""

import hashlib
import os

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Channel, Condition
from forms.form import Form
from forms.loader import FormFault, definitions, load, load_all

WHOLE = """\
id: juminhyo
version: "2026-11"
label: 住民票の写し
law: 住民基本台帳法第12条
certificate: juminhyo
begins: [visitor]
ends: [consent]
without: [kana]
fees:
  - {id: copy, label: 写し, unit: 200, times: copies, from: 2024-10-01}
who:
  - {relation: [self], label: 本人}
sections:
  - id: wish
    label: 必要な証明
    fields:
      - id: purpose
        kind: choice
        label: 使いみち
        default: "1"
        options:
          - {value: "1", label: 就職}
          - {value: other, label: その他}
      - {id: why, kind: text, label: わけ, when: {field: purpose, is: other}}
      - {id: copies, kind: count, label: 通数, minimum: 1, maximum: 10}
      - {id: used, kind: text, label: 提出先, required: false, channels: [counter, web]}
"""
VISITOR = """\
id: visitor
label: 窓口に来た人
sections:
  - id: applicant
    label: 窓口に来た人
    fields:
      - {id: name, kind: name, label: 氏名}
      - {id: kana, kind: kana, label: フリガナ}
      - id: relation
        kind: choice
        label: 続柄
        options: [{value: self, label: 本人}, {value: agent, label: 代理人}]
  - id: readings
    label: 読み
    fields: [{id: kana, kind: kana, label: フリガナ}]
rules:
  - {id: first, then: notice, label: 一, when: {field: relation, is: agent}}
papers:
  - {id: card, label: 本人確認書類}
"""
CONSENT = """\
id: consent
label: 同意
sections:
  - id: consent
    label: 同意
    fields: [{id: agreed, kind: yes-no, label: 同意します}]
rules:
  - {id: last, then: notice, label: 二, when: {field: agreed, is: false}}
"""


@pytest.fixture
def folder(tmp_path):
    blocks = tmp_path / "forms" / "blocks"
    blocks.mkdir(parents=True)
    (blocks / "visitor.yaml").write_text(VISITOR, "utf-8")
    (blocks / "consent.yaml").write_text(CONSENT, "utf-8")
    (tmp_path / "forms" / "juminhyo.yaml").write_text(WHOLE, "utf-8")
    return tmp_path / "forms"


@pytest.fixture
def file(folder):
    return folder / "juminhyo.yaml"


def changed(old, new, whole=WHOLE):
    assert whole.count(old) == 1, old
    return whole.replace(old, new)


def fault_of(file, text, of=None):
    (of or file).write_text(text, "utf-8")
    with pytest.raises(FormFault) as caught:
        load(file)
    fault = caught.value
    assert fault.file == (of or file)
    assert str(fault) == f"{fault.file}: {fault.where}: {fault.rule}"
    return fault.where, fault.rule


def line_with(words, text):
    return f"line {next(n for n, line in enumerate(text.splitlines(), 1) if words in line)}"


def test_a_whole_definition_is_read_as_it_is_written(file):
    form = load(file)
    why = form.field("why")
    assert why.when == Condition(field="purpose", is_="other")
    assert form.field("purpose").default == "1"
    assert form.field("used").channels == (Channel.COUNTER, Channel.WEB)
    assert form.definition.fees[0].from_.isoformat() == "2024-10-01"
    assert form.definition.channels == tuple(Channel)


def test_blocks_stand_around_the_forms_own_sections(file):
    form = load(file)
    assert [each.id for each in form.definition.sections] == ["applicant", "wish", "consent"]
    assert [item.id for item in form.fields] == [
        "name",
        "relation",
        "purpose",
        "why",
        "copies",
        "used",
        "agreed",
    ]
    assert [rule.id for rule in form.definition.rules] == ["first", "last"]
    assert [paper.id for paper in form.definition.papers] == ["card"]


def test_a_form_may_take_its_blocks_from_elsewhere(file, tmp_path):
    other = tmp_path / "other"
    (file.parent / "blocks").rename(other)
    assert load(file, (other,)).field("name").kind == "name"
    with pytest.raises(FormFault, match="there is no block 'visitor'"):
        load(file)


def test_all_procedures_of_a_city_are_known_by_their_id(folder):
    (folder / "inkan.yaml").write_text(changed("id: juminhyo", "id: inkan"), "utf-8")
    (folder / "notes.txt").write_text("no form", "utf-8")
    assert sorted(load_all(folder)) == ["inkan", "juminhyo"]
    assert isinstance(load_all([folder])["inkan"], Form)


def test_a_citys_own_folder_replaces_a_form_and_adds_others(folder, tmp_path):
    own = tmp_path / "own"
    (own / "blocks").mkdir(parents=True)
    (own / "juminhyo.yaml").write_text(changed("住民票の写し", "市の住民票"), "utf-8")
    (own / "inkan.yaml").write_text(changed("id: juminhyo", "id: inkan"), "utf-8")
    (own / "blocks" / "consent.yaml").write_text(changed("同意します", "よい", CONSENT), "utf-8")
    forms = load_all([folder, own])
    assert sorted(forms) == ["inkan", "juminhyo"]
    assert forms["juminhyo"].label == "市の住民票"
    assert forms["juminhyo"].field("agreed").label == "よい"
    assert load_all([folder])["juminhyo"].label == "住民票の写し"


def test_one_broken_procedure_among_many_is_named(folder):
    (folder / "b.yaml").write_text("just words", "utf-8")
    with pytest.raises(FormFault) as caught:
        load_all(folder)
    assert caught.value.file == folder / "b.yaml"


def test_a_procedure_is_named_like_its_file(folder):
    (folder / "b.yaml").write_text(WHOLE, "utf-8")
    with pytest.raises(FormFault) as caught:
        load_all(folder)
    assert (caught.value.file, caught.value.where) == (folder / "b.yaml", "line 1")
    assert caught.value.rule == "'juminhyo' must be the file's name too"


def test_a_file_that_leads_nowhere_is_named(folder):
    (folder / "gone.yaml").symlink_to(folder / "nowhere")
    (folder / "blocks" / "folder.yaml").mkdir()
    with pytest.raises(FormFault) as caught:
        load_all(folder)
    assert (caught.value.file, caught.value.where) == (folder / "gone.yaml", "file")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("law: 住民", "laws: 住民", "unknown field `laws`"),
        ("unit: 200", "price: 200", "unknown field `price`"),
        ("kind: count", "kin: count", "unknown field `kin`"),
        ("{value: other", "{worth: other", "unknown field `worth`"),
        ("is: other", "values: [other]", "unknown field `values`"),
        ('version: "2026-11"\n', "", "missing required field `version`"),
        ("label: 必要な証明", "law: x", "unknown field `law`"),
        ("id: why, ", "", "missing required field `id`"),
        ("maximum: 10", "maximum: ten", "Expected `int | null`, got `str`"),
        ("maximum: 10", "maximum: [10]", "Expected `int | null`, got `array`"),
        ("required: false", "required: maybe", "Expected `bool"),
        ("kind: count", "kind: [count]", "Expected `str`"),
        ("id: wish", "id: Wish", "matching regex"),
        ("id: juminhyo", "id: ../etc/passwd", "matching regex"),
        ('"2026-11"', '"11.2026"', "matching regex"),
        ("[counter, web]", "[counter, fax]", "Invalid enum value 'fax'"),
        ("[counter, web]", "web", "Expected `array`"),
        ("{field: purpose, is: other}", "5", "Expected `object | null`, got `int`"),
        ("2024-10-01", "2024-02-30", "Invalid RFC3339"),
        ("label: 通数", "label: ''", "length >= 1"),
    ],
)
def test_what_the_schema_does_not_know_is_told_with_its_line(file, old, new, rule):
    text = changed(old, new)
    where, told = fault_of(file, text)
    assert rule in told
    assert where.startswith("line ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unit: 200", "price: 200"),
        ("maximum: 10", "maximum: ten"),
        ("[counter, web]", "[counter, fax]"),
        ("{value: other", "{worth: other"),
        ("2024-10-01", "2024-02-30"),
    ],
)
def test_the_line_that_is_told_is_the_one_to_mend(file, old, new):
    text = changed(old, new)
    assert fault_of(file, text)[0] == line_with(new, text)


@pytest.mark.parametrize(
    ("old", "new", "words", "rule"),
    [
        ("kind: count", "kind: number", "kind: number", "copies.kind: 'number' is no kind"),
        ("field: purpose", "field: copies", "id: why", "why.when: depends on 'copies'"),
        ("field: purpose", "field: hat", "id: why", "why.when: 'hat' is no field of this form"),
        ("is: other", "is: fun", "id: why", "why.when: 'fun' is no option of 'purpose'"),
        ("id: why", "id: purpose", "id: purpose", "purpose.id: another field or section"),
        ("id: why", "id: name", None, "name.id: another field or section"),
        ("times: copies", "times: sheets", "times: sheets", "copy.times: 'sheets' is no field"),
        ('default: "1"', 'default: "2"', 'default: "2"', "purpose.default: is no answer"),
        ("relation: [self]", "relation: [robot]", "robot", "'robot' is no option of 'relation'"),
        ("begins: [visitor]", "begins: [nobody]", "begins:", "there is no block 'nobody'"),
        ("ends: [consent]", "ends: [nobody]", "ends:", "there is no block 'nobody'"),
        ("without: [kana]", "without: [hat]", "without:", "'hat' is in none of the blocks"),
        ("{field: purpose, is: other}", "{field: name, at_least: 5}", "id: why", "neither more"),
        ("without: [kana]", "without: []", None, "kana.id: another field or section"),
        ("without: [kana]", "without: [kana, agreed]", None, "last.when: 'agreed' is no"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_line(file, old, new, words, rule):
    text = changed(old, new)
    file.write_text(text, "utf-8")
    with pytest.raises(FormFault) as caught:
        load(file)
    assert rule in caught.value.rule
    assert caught.value.where.startswith("line ")
    if words is not None:
        assert (caught.value.file, caught.value.where) == (file, line_with(words, text))


def test_a_fault_in_a_block_names_the_block(file):
    block = file.parent / "blocks" / "consent.yaml"
    where, rule = fault_of(file, changed("field: agreed", "field: hat", CONSENT), block)
    assert (where, rule) == ("line 8", "last.when: 'hat' is no field of this form")
    where, rule = fault_of(file, changed("kind: yes-no", "kin: yes-no", CONSENT), block)
    assert where == "line 6"
    assert "unknown field `kin`" in rule


def test_an_empty_block_is_told(file):
    block = file.parent / "blocks" / "consent.yaml"
    assert fault_of(file, "", block) == ("file", "is empty")


def test_words_in_quotes_stay_words(file):
    file.write_text(changed('{value: "1", label: 就職}', '{value: "1", label: "12"}'), "utf-8")
    assert load(file).field("purpose").options[0].label == "12"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "forms.msgpack"


def test_definitions_are_kept_until_a_file_changes(folder, file, cache):
    cache.parent.mkdir()
    first = definitions([folder], cache)
    kept = cache.read_bytes()
    assert definitions([folder], cache) == first
    assert cache.read_bytes() == kept
    assert sorted(each.name for each in cache.parent.iterdir()) == [cache.name]

    file.write_text(changed("住民票の写し", "新しい名"), "utf-8")
    assert definitions([folder], cache)["juminhyo"].label == "新しい名"
    assert cache.read_bytes() != kept


def test_what_is_kept_is_really_taken(folder, cache, monkeypatch):
    cache.parent.mkdir()
    first = load_all(folder, cache)["juminhyo"].definition
    monkeypatch.setattr("forms.loader.read", None)
    assert load_all(folder, cache)["juminhyo"].definition == first


def test_a_block_that_changes_makes_the_cache_stale(folder, cache):
    cache.parent.mkdir()
    definitions([folder], cache)
    (folder / "blocks" / "consent.yaml").write_text(changed("同意します", "よい", CONSENT), "utf-8")
    assert load_all(folder, cache)["juminhyo"].field("agreed").label == "よい"


def test_a_file_that_comes_or_goes_makes_the_cache_stale(folder, cache):
    cache.parent.mkdir()
    definitions([folder], cache)
    (folder / "inkan.yaml").write_text(changed("id: juminhyo", "id: inkan"), "utf-8")
    assert sorted(definitions([folder], cache)) == ["inkan", "juminhyo"]
    (folder / "juminhyo.yaml").unlink()
    assert sorted(definitions([folder], cache)) == ["inkan"]


@pytest.mark.parametrize(
    "junk",
    [b"", b"junk", b"\xc1", b"\x81\xa3key\xa1x", msgspec.msgpack.encode({"key": 5}), b"\xff" * 99],
)
def test_a_corrupt_cache_is_made_again(folder, cache, junk):
    cache.parent.mkdir()
    first = definitions([folder], cache)
    good = cache.read_bytes()
    cache.write_bytes(junk)
    assert definitions([folder], cache) == first
    assert cache.read_bytes() == good


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.booleans())
def test_a_cache_with_a_slip_in_it_never_stops_a_city(tmp_path_factory, place, byte, cut):
    base = tmp_path_factory.getbasetemp() / f"slips-{os.getpid()}"
    folder, cache = base / "forms", base / "cache.msgpack"
    if not folder.exists():
        (folder / "blocks").mkdir(parents=True)
        (folder / "blocks" / "visitor.yaml").write_text(VISITOR, "utf-8")
        (folder / "blocks" / "consent.yaml").write_text(CONSENT, "utf-8")
        (folder / "juminhyo.yaml").write_text(WHOLE, "utf-8")
        definitions([folder], base / "good.msgpack")
    raw = bytearray((base / "good.msgpack").read_bytes())
    place %= len(raw)
    raw[place] = byte
    cache.write_bytes(raw[:place] if cut else raw)
    assert (
        load_all(folder, cache)["juminhyo"].definition == load(folder / "juminhyo.yaml").definition
    )


def test_a_cache_of_another_shape_is_made_again(folder, cache):
    cache.parent.mkdir()
    first = definitions([folder], cache)
    body = msgspec.msgpack.encode({"key": "old", "forms": 5})
    cache.write_bytes(hashlib.blake2b(body, digest_size=20).digest() + body)
    assert definitions([folder], cache) == first


def test_a_cache_that_cannot_be_written_is_done_without(folder, tmp_path):
    for place in (tmp_path / "no" / "such" / "folder" / "cache", tmp_path):
        assert list(definitions([folder], place)) == ["juminhyo"]
    assert not (tmp_path / "no").exists()


def test_a_broken_form_is_never_kept(folder, file, cache):
    cache.parent.mkdir()
    file.write_text(changed("kind: count", "kind: number"), "utf-8")
    with pytest.raises(FormFault):
        load_all(folder, cache)
    assert not cache.exists()
