"""What was made of files is taken again only while the files and our own code are the same."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError

import pytest
from msgspec import structs

from forms import kept as module
from forms.definition import Channel
from forms.form import Form
from forms.kept import OnDemand, kept
from forms.purposes_loader import told_purposes
from forms.questions import Broken
from forms.scope import Occasion
from forms.sources import FormFault
from forms.words_loader import load_words
from tests.fakes.samples import FORMS, ROOT
from tests.fakes.small_forms import asks, definition, section

SMALL = definition(section("a", asks("b")), id="small")
UNSOUND = definition(section("a", asks("b", when={"field": "c", "answered": True})))
OCCASION = Occasion(date(2026, 11, 20), Channel.KIOSK)


class Kitchen:
    """Makes something, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def make(self) -> dict[str, bytes]:
        self.made += 1
        return {"one": b"made"}


@pytest.fixture
def kitchen():
    return Kitchen()


@pytest.fixture
def file(tmp_path):
    (tmp_path / "a.yaml").write_text("a", "utf-8")
    return tmp_path / "a.yaml"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "some.cache"


def test_what_did_not_change_is_made_once(kitchen, file, cache):
    for _ in range(3):
        assert kept(cache, [file], kitchen.make) == {"one": b"made"}
    assert kitchen.made == 1


def test_without_a_cache_it_is_made_each_time(kitchen, file):
    for _ in range(2):
        assert kept(None, [file], kitchen.make) == {"one": b"made"}
    assert kitchen.made == 2


def test_a_file_that_is_gone_is_another_than_an_empty_one(kitchen, file, cache):
    kept(cache, [file], kitchen.make)
    file.write_text("", "utf-8")
    kept(cache, [file], kitchen.make)
    file.unlink()
    kept(cache, [file], kitchen.make)
    file.mkdir()
    kept(cache, [file], kitchen.make)
    assert kitchen.made == 4


def test_what_older_code_found_sound_is_checked_again(kitchen, file, cache, tmp_path, monkeypatch):
    code = tmp_path / "forms" / "kinds" / "words.py"
    code.parent.mkdir(parents=True)
    code.write_text("old", "utf-8")
    monkeypatch.setattr(module, "_CODE", tmp_path / "forms")
    kept(cache, [file], kitchen.make)
    kept(cache, [file], kitchen.make)
    assert kitchen.made == 1
    code.write_text("new", "utf-8")
    kept(cache, [file], kitchen.make)
    assert kitchen.made == 2


def test_what_is_refused_is_not_kept(file, cache, kitchen):
    def refuse() -> dict[str, bytes]:
        raise FormFault(file, "line 1", "no")

    with pytest.raises(FormFault):
        kept(cache, [file], refuse)
    assert not cache.exists()


def test_a_value_is_made_when_it_is_asked_for_and_once(kitchen):
    values = OnDemand({"one": kitchen.make, "other": kitchen.make})
    assert (list(values), len(values), "one" in values, "two" in values) == (
        ["one", "other"],
        2,
        True,
        False,
    )
    assert kitchen.made == 0
    assert values["one"] is values["one"]
    assert values.get("two") is None
    assert kitchen.made == 1


def test_two_lanes_that_ask_at_once_get_the_same():
    start, both, made = Barrier(2), Barrier(2), []

    def make() -> object:
        made.append(object())
        with suppress(BrokenBarrierError):
            both.wait(0.2)  # the other lane comes too, if it can
        return made[-1]

    values = OnDemand({"one": make})

    def ask() -> object:
        start.wait(5)
        return values["one"]

    with ThreadPoolExecutor(2) as lanes:
        first, second = [lanes.submit(ask) for _ in range(2)]
        assert first.result() is second.result()
    assert len(made) == 1


def test_what_could_not_be_made_is_asked_for_again(kitchen):
    answers = iter([LookupError()])

    def make() -> dict[str, bytes]:
        for fault in answers:
            raise fault
        return kitchen.make()

    values = OnDemand({"one": make})
    with pytest.raises(LookupError):
        values["one"]
    assert values["one"] == {"one": b"made"}


def test_a_form_that_was_found_sound_is_made_ready_when_it_is_asked():
    with pytest.raises(Broken):
        Form(UNSOUND)
    late = Form(UNSOUND, found_sound=True)
    assert late.label == "見本"
    with pytest.raises(Broken):
        late.quote({}, OCCASION)


def test_lanes_that_ask_a_fresh_form_at_once_all_get_their_answer():
    form, start = Form(FORMS["juminhyo"].definition, found_sound=True), Barrier(4)

    def ask() -> tuple[str, ...]:
        start.wait(5)
        standing = form.stand({"kind": "person", "copies": 2}, OCCASION)
        assert form.verdicts.quote(standing) is not None
        return tuple(question.path for question in standing.questions)

    with ThreadPoolExecutor(4) as lanes:
        answers = [each.result() for each in [lanes.submit(ask) for _ in range(4)]]
    plain = FORMS["juminhyo"].stand({"kind": "person", "copies": 2}, OCCASION)
    assert set(answers) == {tuple(question.path for question in plain.questions)}


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "small.yaml").write_text("title: {en: Small}", "utf-8")
    (folder / "extra.yaml").write_text("hint: {en: More}", "utf-8")
    return folder


def test_words_that_did_not_change_are_not_read_again(texts, cache, monkeypatch):
    first = load_words(texts, {"small": SMALL}, None, cache)["small"]
    monkeypatch.setattr("forms.words_loader.read", None)
    again = load_words(texts, {"small": SMALL}, None, cache)["small"]
    assert again.as_mapping() == first.as_mapping()
    assert again.say("title", "en") == "Small"


def test_words_that_were_edited_are_seen_at_the_next_start(texts, cache, tmp_path):
    load_words(texts, {"small": SMALL}, None, cache)
    (texts / "small.yaml").write_text("title: {en: Smaller}", "utf-8")
    assert load_words(texts, {"small": SMALL}, None, cache)["small"].say("title", "en") == "Smaller"
    own = tmp_path / "own"
    own.mkdir()
    assert load_words(texts, {"small": SMALL}, own, cache)["small"].say("title", "en") == "Smaller"
    (own / "small.yaml").write_text("title: {en: Ours}", "utf-8")
    assert load_words(texts, {"small": SMALL}, own, cache)["small"].say("title", "en") == "Ours"


def test_a_form_that_changed_may_need_other_words(texts, cache, file):
    load_words(texts, {"small": SMALL}, None, cache, [file])
    more = structs.replace(SMALL, begins=("extra",))
    file.write_text("changed", "utf-8")
    words = load_words(texts, {"small": more}, None, cache, [file])["small"]
    assert words.say("hint", "en") == "More"


def test_broken_words_are_told_at_once_whatever_was_kept(texts, cache):
    load_words(texts, {"small": SMALL}, None, cache)
    (texts / "small.yaml").write_text("title: {en: a}\nhint: words", "utf-8")
    for _ in range(2):
        with pytest.raises(FormFault, match="line 2: hint"):
            load_words(texts, {"small": SMALL}, None, cache)


def test_no_words_are_unpacked_before_somebody_asks(texts):
    asked = []

    class Watched(dict):
        def __getitem__(self, name):
            asked.append(name)
            return super().__getitem__(name)

    words = load_words(texts, Watched(small=SMALL))
    assert asked == []
    assert words["small"].say("title", "en") == "Small"
    assert asked


PURPOSES = ROOT / "resources" / "consent" / "purposes.yaml"
SAID = ROOT / "resources" / "texts" / "consent" / "purposes.yaml"


def test_purposes_that_did_not_change_are_not_read_again(cache, file, monkeypatch):
    first = told_purposes(PURPOSES, SAID, FORMS, cache, [file])
    monkeypatch.setattr("forms.purposes_loader.read", None)
    assert told_purposes(PURPOSES, SAID, FORMS, cache, [file]) == first
    assert first.every


def test_purposes_are_checked_again_when_the_forms_changed(cache, file):
    told_purposes(PURPOSES, SAID, FORMS, cache, [file])
    file.write_text("changed", "utf-8")
    with pytest.raises(FormFault, match="there is no form"):
        told_purposes(PURPOSES, SAID, {}, cache, [file])


@pytest.mark.parametrize("edited", ["purposes", "words"])
def test_purposes_that_were_edited_are_seen_at_the_next_start(tmp_path, cache, edited):
    files = {"purposes": tmp_path / "p.yaml", "words": tmp_path / "w.yaml"}
    for name, ours in (("purposes", PURPOSES), ("words", SAID)):
        files[name].write_bytes(ours.read_bytes())
    told_purposes(files["purposes"], files["words"], FORMS, cache)
    files[edited].write_text("- junk", "utf-8")
    for _ in range(2):
        with pytest.raises(FormFault) as fault:
            told_purposes(files["purposes"], files["words"], FORMS, cache)
        assert fault.value.file == files[edited]
