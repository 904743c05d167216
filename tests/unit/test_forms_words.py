"""Words: Japanese is the label, every other language is beside it, and what is missing is found."""

import pytest

from forms.sources import FormFault
from forms.words import FormWords, labels
from forms.words_loader import load_words, missing
from tests.fakes.small_forms import asks, choice, definition, section

WHOLE = definition(
    section(
        "wish",
        choice("kind", "household"),
        asks("clerk", "choice", options=[{"value": "x", "label": "x"}], channels=["counter"]),
        asks("age", "count", value={"sum": [1]}),
    ),
    section("movers", asks("who", "name"), repeat={}),
    section("back", asks("checked", "yes-no", channels=["counter"])),
    begins=["visitor"],
    ends=["consent"],
    who=[{"relation": ["self", "household"], "label": "本人"}],
    fees=[
        {"id": "copy", "label": "写し", "unit": 300, "channels": ["kiosk"]},
        {"id": "copy_counter", "label": "写し", "unit": 300, "channels": ["counter"]},
    ],
    waivers=[{"id": "free", "label": "無料", "when": {"channel": ["web"]}}],
    papers=[{"id": "letter", "label": "委任状"}],
    rules=[
        {"id": "late", "label": "遅い", "then": "notice", "when": {"channel": ["web"]}},
        {"id": "inner", "label": "中", "then": "notice", "when": {"channel": ["web"]}, "at": "who"},
        {
            "id": "rows",
            "label": "列",
            "then": "notice",
            "when": {"channel": ["web"]},
            "at": "movers",
        },
        {
            "id": "hid",
            "label": "裏",
            "then": "notice",
            "when": {"channel": ["web"]},
            "at": "checked",
        },
    ],
    followups=[
        {"form": "kokuho", "label": "加入", "because": "わけ", "when": {"channel": ["web"]}}
    ],
)
SEEN = [
    "title",
    "section.wish",
    "field.kind",
    "option.kind.household",
    "section.movers",
    "field.who",
    "rule.late",
    "rule.inner",
    "rule.rows",
    "paper.letter",
    "fee.copy",
    "waiver.free",
    "followup.kokuho",
    "because.kokuho",
]
ENGLISH = {key: {"en": f"<{key}>"} for key in SEEN}


def field(name):
    return next(item for item in WHOLE.fields if item.id == name)


def told(words, languages=("ja", "en"), form=WHOLE):
    return list(missing(form, FormWords(form, words), languages))


def test_japanese_is_the_label_of_every_part():
    found = labels(WHOLE)
    assert set(SEEN) <= set(found)
    assert found["title"] == "見本"
    assert found["option.kind.household"] == "〈household〉"
    assert found["who.self"] == "本人"
    assert found["because.kokuho"] == "わけ"
    assert found["fee.copy_counter"] == "写し"


def test_words_are_said_in_the_language_and_otherwise_not_at_all():
    words = FormWords(WHOLE, {"field.kind": {"en": "Kind"}, "title": {"ja": "別の題"}})
    assert words.say("field.kind", "en") == "Kind"
    assert words.say("field.kind", "ja") == "「kind」"
    assert words.say("field.kind", "ja_easy") is None
    assert words.say("title", "ja") == "別の題"
    assert words.say("nothing", "ja") is None


def test_a_word_that_must_be_there_falls_back_to_the_label_and_then_to_its_key():
    words = FormWords(WHOLE, {"title": {"en": "Sample"}})
    assert words.name("title", "en") == "Sample"
    assert words.name("title", "ja_easy") == "見本"
    assert words.name("nothing", "en") == "nothing"


def test_a_question_is_the_friendlier_one_then_the_name_then_the_label():
    both = {"ask.kind": {"en": "Which?"}, "field.kind": {"en": "Kind", "ja_easy": "しゅるい"}}
    words = FormWords(WHOLE, both)
    assert words.question(field("kind"), "en") == "Which?"
    assert words.question(field("kind"), "ja_easy") == "しゅるい"
    assert words.question(field("kind"), "ja") == "「kind」"
    assert words.question(field("who"), "en") == "「who」"


def test_help_is_one_line_where_there_is_one():
    words = FormWords(WHOLE, {"why.kind": {"en": "Because"}})
    assert words.help(field("kind"), "en") == "Because"
    assert words.help(field("kind"), "ja") is None
    assert words.help(field("who"), "en") is None


def test_everything_is_there_for_the_phone_labels_included():
    words = FormWords(WHOLE, {"title": {"en": "Sample"}, "hint": {"ja": "すぐ"}}).as_mapping()
    assert words["title"] == {"ja": "見本", "en": "Sample"}
    assert words["hint"] == {"ja": "すぐ"}
    assert words["field.kind"] == {"ja": "「kind」"}


def test_every_word_that_a_resident_may_see_is_looked_for():
    assert told({}) == [(key, "en") for key in SEEN]
    assert told(ENGLISH) == []


@pytest.mark.parametrize("key", SEEN)
def test_each_missing_word_is_found(key):
    without = {name: said for name, said in ENGLISH.items() if name != key}
    assert told(without) == [(key, "en")]


def test_what_only_clerks_see_needs_no_other_language():
    clerks = definition(section("a", asks("b")), channels=["counter"])
    assert told({}, form=clerks) == []


def test_a_question_or_help_in_one_language_is_wanted_in_all():
    words = {**ENGLISH, "ask.kind": {"en": "Which?"}, "why.who": {"ja": "わけ", "en": "Why"}}
    assert told(words, ("ja", "en", "ja_easy"))[-3:] == [
        ("ask.kind", "ja"),
        ("ask.kind", "ja_easy"),
        ("why.who", "ja_easy"),
    ]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "visitor.yaml").write_text("field.kind: {en: Of the block}\nhint: {en: a}", "utf-8")
    (tmp_path / "small.yaml").write_text("field.kind: {en: Of the form}", "utf-8")
    return tmp_path


def test_a_form_has_its_own_words_before_those_of_its_blocks(folder):
    words = load_words(folder, {"small": WHOLE, "other": definition(section("a", asks("b")))})
    assert words["small"].say("field.kind", "en") == "Of the form"
    assert words["small"].say("hint", "en") == "a"
    assert words["other"].say("field.kind", "en") == "Of the form"
    assert words["other"].say("hint", "en") is None


def test_a_citys_own_words_come_first(folder, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "small.yaml").write_text("title: {en: Of the city}", "utf-8")
    words = load_words(folder, {"small": WHOLE}, own)["small"]
    assert words.say("title", "en") == "Of the city"
    assert words.say("field.kind", "en") == "Of the block"


@pytest.mark.parametrize(
    ("text", "where", "rule"),
    [
        ("- a", "line 1", "must be a mapping"),
        ("title: {en: a}\nhint: words", "line 2", "hint: language to words"),
        ("title: {en: [a]}", "line 1", "title: language to words"),
        ("title: {en: 5}", "line 1", "title: language to words"),
        ("title: {en: a]", "line 1", ""),
        ("title: {en: a}\ntitle: {en: b}", "line 2", "stands here twice"),
    ],
)
def test_words_that_are_none_are_told_with_file_and_line(folder, text, where, rule):
    (folder / "small.yaml").write_text(text, "utf-8")
    with pytest.raises(FormFault) as caught:
        load_words(folder, {"small": WHOLE})
    assert caught.value.file == folder / "small.yaml"
    assert caught.value.where == where
    assert rule in caught.value.rule
