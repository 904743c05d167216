"""YAML read with care: each thing that is no plain data is told by file, line and rule."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.sources import FormFault, read
from forms.yaml_source import DEEPEST, LARGEST

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "small.yaml"


def fault_of(file, content):
    if isinstance(content, str):
        content = content.encode()
    file.write_bytes(content)
    with pytest.raises(FormFault) as caught:
        read(file)
    fault = caught.value
    assert fault.file == file
    assert str(fault) == f"{file}: {fault.where}: {fault.rule}"
    return fault.where, fault.rule


def test_plain_data_is_read_as_it_is_written(file):
    lines = ["a: 1", "b: [yes, No, ~, text, '5', 2026-11-21, -3]", "c:", "  d: x", '  "12": y']
    file.write_text("\n".join(lines), "utf-8")
    assert read(file).data == {
        "a": 1,
        "b": [True, False, None, "text", "5", "2026-11-21", -3],
        "c": {"d": "x", "12": "y"},
    }


@pytest.mark.parametrize(
    ("text", "where", "rule"),
    [
        ("id: a\nlabel: [one, two\n", "line 3", "did not find"),
        ("id: a\n\tlabel: b\n", "line 2", ""),
        ("id: a\n---\nid: b\n", "line 2", "but found another document"),
        ("id: a\nlaw: *nowhere\n", "line 2", "aliases are not used"),
        ("id: a\nb: &x 1\nc: *x\n", "line 3", "aliases are not used"),
        (BOMB, "line 2", "aliases are not used"),
        ("id: a\nb: !!float 1\n", "line 2", "is no text"),
        ("id: a\nid: b\n", "line 2", "'id' stands here twice"),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", "line 4", "'b' stands here twice"),
        ("a: 1\nb: 1.5\n", "line 2", "'1.5' is no text, whole number"),
        ("a: 1\nb: .nan\n", "line 2", "is no text, whole number"),
        ("a: 1\nb: .inf\n", "line 2", "is no text, whole number"),
        ("a: !!binary aGk=\n", "line 1", "is no text"),
        ("a: 1\nb: !python/object:os.system x\n", "line 2", "is no text"),
        ("a: 1\n? [b, c]\n: x\n", "line 2", "a key must be a word"),
        ("a: 0x1F\n", "line 1", "'0x1F': write numbers plainly"),
        ("a: 1:30:00\n", "line 1", "write numbers plainly"),
        ("a: 017\n", "line 1", "write numbers plainly"),
        ("a: 1_000\n", "line 1", "write numbers plainly"),
        ("a: !!int foo\n", "line 1", "write numbers plainly"),
        (f"a: 1\nb: {'9' * 5000}\n", "line 2", "write numbers plainly"),
        ("a: " + "[" * (DEEPEST + 1), "line 1", f"nested deeper than {DEEPEST}"),
        ("a: " + "[" * 200_000, "line 1", f"nested deeper than {DEEPEST}"),
        ("a:\n" + "".join(f"{' ' * n}- b:\n" for n in range(0, 99, 2)), "line 16", "nested deeper"),
        ("a: 1\nb: \x00c\n", None, ""),
        ("a: \ud800\n".encode("utf-8", "surrogatepass"), "file", "utf-8"),
        ("a: 住民票\n".encode("shift_jis"), "file", "codec can't decode"),
        ("a: 住民票\n".encode("utf-16"), "file", "codec can't decode"),
        ("", "file", "is empty"),
        ("# nothing\n", "file", "is empty"),
        ("a" * 1_000_000, "file", f"larger than {LARGEST} bytes"),
        ("a: b\n" * 250_000, "file", f"larger than {LARGEST} bytes"),
    ],
)
def test_what_is_no_plain_data_is_told_by_its_line(file, text, where, rule):
    told = fault_of(file, text)
    assert where is None or told[0] == where
    assert rule in told[1]


def test_a_key_is_a_word_whatever_yaml_thinks_of_it(file):
    file.write_text("{on: 1, yes: 2, ~: 3, 12: 4, 2026-11-21: 5, <<: 6}", "utf-8")
    words = ["on", "yes", "~", "12", "2026-11-21", "<<"]
    assert read(file).data == dict(zip(words, range(1, 7), strict=True))


def test_a_tag_makes_nothing_of_a_list_or_a_mapping(file):
    file.write_text(
        "a: !!python/object/apply:os.system [x]\nb: !!python/object:os.x {c: d}", "utf-8"
    )
    assert read(file).data == {"a": ["x"], "b": {"c": "d"}}


def test_an_odd_character_is_told_with_its_place(file):
    assert fault_of(file, "a: 1\nb: \x07\n")[0] in ("file", "line 2")


def test_a_file_that_is_missing_or_closed_or_none_is_told(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    for name in ("missing.yaml", "folder.yaml"):
        with pytest.raises(FormFault) as caught:
            read(tmp_path / name)
        assert caught.value.where == "file"
        assert caught.value.rule


def test_a_pipe_with_no_end_is_told(tmp_path):
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with pytest.raises(FormFault) as caught:
        read(tmp_path / "zero.yaml")
    assert caught.value.rule == f"larger than {LARGEST} bytes"


def test_a_mark_at_the_beginning_does_not_matter(file):
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(file).data == {"a": 1}


WHOLE = """\
id: small
sections:
  - id: first
    fields:
      - {id: name, kind: name}
      - id: copies
        kind: count
        when: {field: name}
followups:
  - form: kokuho
    when: {}
5x: z
who:
  - relation: [agent, self]
    when: {}
"""


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ([], 1),
        (["id"], 1),
        (["sections"], 2),
        (["sections", 0], 3),
        (["sections", 0, "fields", 1], 6),
        (["sections", 0, "fields", 1, "when", "field"], 8),
        (["sections", 0, "fields", 7], 4),
        (["sections", 0, "fields", "x"], 4),
        (["sections", 0, "hat"], 3),
        (["id", "x"], 1),
        (["5x"], 12),
    ],
)
def test_a_part_is_found_by_its_steps_as_far_as_they_lead(file, steps, line):
    file.write_text(WHOLE, "utf-8")
    assert read(file).line_of(steps) == line


@pytest.mark.parametrize(
    ("part", "key", "line"),
    [
        ("copies", "when", 8),
        ("copies", "kind", 7),
        ("copies", "hat", 6),
        ("name", "kind", 5),
        ("first", "fields", 4),
        ("kokuho", "when", 11),
        ("agent", "when", 15),
        ("agent", "label", 14),
        ("nobody", "when", None),
    ],
)
def test_a_part_is_found_by_its_id(file, part, key, line):
    file.write_text(WHOLE, "utf-8")
    assert read(file).line_of_part(part, key) == line


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab:-[]{}&*!?|>'\"%@`,# \n\t0.\0\ud800\u0085é"), max_size=40))
def test_any_text_is_read_or_told(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / f"any-{os.getpid()}.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read(file)
    except FormFault as fault:
        assert fault.where == "file" or fault.where.startswith("line ")  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told(tmp_path_factory, raw):
    file = tmp_path_factory.getbasetemp() / f"bytes-{os.getpid()}.yaml"
    file.write_bytes(raw)
    try:
        read(file)
    except FormFault as fault:
        assert fault.rule  # noqa: PT017
