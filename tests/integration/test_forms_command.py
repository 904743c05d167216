"""`kakanai forms`, `qr` and `prefill` as commands: what others rely on."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESIDENT = {
    "name": "渡邉\U000e0102　𠮷男",
    "kana": "わたなべ　よしお",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "昭和64年1月7日",
    "phone": "03-1234-5678",
    "relation": "self",
    "kind": "person",
    "nationals": "japanese",
    "relationship": False,
    "domicile": False,
    "copies": 2,
    "purpose": "licence",
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
}
DEAD_END = """\
id: dead-end
version: "2026-11"
label: 行き止まり
law: なし
sections:
  - id: only
    label: ひとつ
    fields:
      - id: way
        kind: choice
        label: 道
        options: [{value: left, label: 左}, {value: right, label: 右}]
      - {id: number, kind: count, label: 数, minimum: 1, maximum: 3, when: {field: way, is: left}}
rules:
  - {id: never_fits, then: problem, at: number, label: だめ, when: {field: number, at_least: 1}}
"""

NOVEL = """\
id: novel
version: "2026-11"
label: 長い話
law: なし
sections:
  - id: only
    label: ひとつ
    fields:
      - {id: words, kind: note, label: 話, maximum: 9000}
"""


def kakanai(*arguments: str, home: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "--home", str(home), *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def told(done: subprocess.CompletedProcess[str]):
    return json.loads(done.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(RESIDENT, ensure_ascii=False), "utf-8")
    return file


def own_forms(home: Path, files: dict[str, str]) -> Path:
    """A city's own folder of forms, named in its settings."""
    folder = home / "forms"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    (home / "kakanai.toml").write_text(f'forms = "{folder}"\n', "utf-8")
    return folder


def test_every_form_of_ours_is_proved(home: Path) -> None:
    done = kakanai("forms", "check", "--json", "--today", "2026-11-21", home=home)
    assert (told(done)["faults"], done.returncode) == ([], 0)
    assert len(told(done)["forms"]) >= 14


def test_a_planted_dead_end_is_red_with_answers_as_an_example(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "dead-end.yaml"
    file.write_text(DEAD_END, "utf-8")
    done = kakanai("forms", "check", "--json", str(file), home=home)
    faults = told(done)["faults"]
    assert done.returncode == 1
    dead = [fault for fault in faults if fault["fault"] == "dead-end"]
    assert {(fault["part"], fault["example"]["way"]) for fault in dead} == {("way", "left")}
    assert {fault["fault"] for fault in faults} == {"dead-end", "no-words"}


def test_a_broken_form_is_told_with_file_line_and_rule(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "dead-end.yaml"
    file.write_text(DEAD_END.replace("is: left", "is: up"), "utf-8")
    done = kakanai("forms", "check", "--json", str(file), home=home)
    (fault,) = told(done)["faults"]
    assert (fault["file"], fault["where"]) == (str(file), "line 13")
    assert "'up' is no option of 'way'" in fault["rule"]


def test_a_citys_own_form_is_checked_and_replaces_ours(home: Path) -> None:
    survey = (ROOT / "resources/forms/shimin-no-koe.yaml").read_text("utf-8")
    own_forms(home, {"shimin-no-koe.yaml": survey.replace("label: 市民の声", "label: みんなの声")})
    listed = {
        row["id"]: row["label"] for row in told(kakanai("forms", "list", "--json", home=home))
    }
    assert listed["shimin-no-koe"] == "みんなの声"
    assert listed["juminhyo"] == "住民票の写し"


def test_a_form_shows_everything_that_can_be_filled(home: Path) -> None:
    shown = told(kakanai("forms", "show", "juminhyo", "--json", home=home))
    fields = {field["id"] for section in shown["sections"] for field in section["fields"]}
    assert {"name", "kind", "copies", "identity_method"} <= fields


def test_filling_says_what_is_asked_wrong_and_owed(home: Path, answers: Path) -> None:
    fill = ("forms", "fill", "juminhyo", "--json", "--answers", str(answers))
    done = kakanai(*fill, "--channel", "web", "--today", "2026-11-21", home=home)
    found = told(done)
    assert (done.returncode, found["problems"], found["blocked"]) == (0, [], None)
    assert found["fee"]["total"] == 600
    assert "copies" in found["required"]
    assert {"visible", "required", "problems", "fee", "followups", "blocked"} <= found.keys()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("copies", 99, "out-of-range"),
        ("name", "佐\u202e藤", "odd-character"),
        ("name", "あ" * 10_000, "too-long"),
        ("name", 5, "not-text"),
        ("stranger", "x", "unknown-field"),
        ("birth", "昭和64年1月8日", "not-date"),
    ],
)
def test_what_cannot_be_taken_is_named(home: Path, name: str, value: object, reason: str) -> None:
    given = json.dumps({**RESIDENT, name: value})
    done = kakanai("forms", "fill", "juminhyo", "--json", "--answers", "-", home=home, given=given)
    problems = {each["field"]: each for each in told(done)["problems"]}
    assert done.returncode == 1
    assert problems[name]["reason"] == reason
    assert problems[name]["message"]


@pytest.mark.parametrize("given", ["", "[]", "{", '{"copies": NaN}', "[" * 100_000, "\x00"])
def test_answers_that_are_no_object_are_wrong_usage(home: Path, given: str) -> None:
    done = kakanai("forms", "fill", "juminhyo", "--answers", "-", home=home, given=given)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_an_unknown_form_is_wrong_usage(home: Path, answers: Path) -> None:
    done = kakanai("forms", "fill", "nothing", "--answers", str(answers), home=home)
    assert (done.returncode, "juminhyo" in done.stderr) == (2, True)


def test_a_code_that_was_made_is_read_to_the_bit(home: Path, answers: Path, tmp_path: Path) -> None:
    picture = tmp_path / "qr.png"
    arguments = ("--answers", str(answers), "--out", str(picture), "--json")
    made = told(kakanai("qr", "make", "juminhyo", *arguments, home=home))
    done = kakanai("qr", "read", *made["files"], "--json", home=home)
    found = told(done)
    assert done.returncode == 0
    assert found["answers"]["name"] == RESIDENT["name"]
    assert found["answers"]["birth"] == "1989-01-07"
    assert set(found["facts"].values()) == {"prefill"}


def test_the_old_key_opens_its_codes_and_another_city_does_not(
    home: Path, answers: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "qr.png"
    arguments = ("--answers", str(answers), "--out", str(picture))
    assert kakanai("qr", "make", "juminhyo", *arguments, home=home).returncode == 0
    assert kakanai("prefill", "rotate", home=home).returncode == 0
    assert kakanai("qr", "read", str(picture), home=home).returncode == 0
    done = kakanai("qr", "read", str(picture), "--json", home=tmp_path / "elsewhere")
    assert (done.returncode, told(done)["error"]["code"]) == (1, "code-not-ours")


def test_a_picture_without_a_code_says_so(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"not a picture")
    done = kakanai("qr", "read", str(empty), "--json", home=home)
    assert (done.returncode, told(done)["error"]["code"]) == (1, "unreadable-file")


def test_a_paper_form_scans_back_and_a_blank_one_is_blank(
    home: Path, answers: Path, tmp_path: Path
) -> None:
    paper, blank = tmp_path / "form.pdf", tmp_path / "blank.pdf"
    filled = ("--answers", str(answers), "--out", str(paper))
    assert kakanai("paper", "form", "juminhyo", *filled, home=home).returncode == 0
    found = told(kakanai("qr", "read", str(paper), "--json", home=home))
    assert found["answers"]["name"] == RESIDENT["name"]
    assert "signature" in found["answers"]
    assert kakanai("paper", "form", "ido", "--out", str(blank), home=home).returncode == 0
    assert blank.read_bytes().startswith(b"%PDF-")


def test_a_code_never_answers_for_the_clerk(home: Path, tmp_path: Path) -> None:
    """Anybody holds the public key: what only clerks are asked is refused in a code."""
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({**RESIDENT, "identity_method": "card-pin"}), "utf-8")
    picture = tmp_path / "qr.png"
    arguments = ("--answers", str(answers), "--out", str(picture), "--json")
    made = told(kakanai("qr", "make", "juminhyo", *arguments, home=home))
    found = told(kakanai("qr", "read", *made["files"], "--json", home=home))
    assert "identity_method" not in found["answers"]


@pytest.mark.parametrize("what", ["a file in the way", "a damaged key"])
def test_keys_that_cannot_be_used_are_one_sentence(
    home: Path, answers: Path, tmp_path: Path, what: str
) -> None:
    home.mkdir()
    if what == "a file in the way":
        (home / "keys").write_text("no folder")
    else:
        (home / "keys").mkdir()
        (home / "keys" / "prefill.pem").write_text("no key")
    scanned = tmp_path / "other.png"
    given, out = ("--answers", str(answers)), ("--out", str(tmp_path / "out"))
    elsewhere = tmp_path / "elsewhere"
    kakanai("qr", "make", "juminhyo", *given, "--out", str(scanned), home=elsewhere)
    for command in (
        ("qr", "make", "juminhyo", *given, *out),
        ("qr", "read", str(scanned)),
        ("paper", "form", "juminhyo", *out),
        ("prefill", "build", *out),
    ):
        done = kakanai(*command, home=home)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), command
        assert str(home / "keys") in done.stderr


def test_every_answer_of_these_commands_is_one_json_value(
    home: Path, answers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "form.pdf"
    paper = ("paper", "form", "juminhyo", "--out", str(out), "--json")
    assert told(kakanai(*paper, home=home)) == {"form": "juminhyo", "file": str(out)}
    assert told(kakanai("prefill", "rotate", "--json", home=home))["rotated"]
    answers.write_text(json.dumps({"copies": "many"}), "utf-8")
    done = kakanai(*paper, "--answers", str(answers), home=home)
    error = told(done)["error"]
    assert (done.returncode, error["code"]) == (1, "answers")
    assert [each["reason"] for each in error["problems"]] == ["not-a-number"]
    (home / "kakanai.toml").write_text("hat = 1\n")
    done = kakanai(*paper, home=home)
    assert (done.returncode, told(done)["error"]["code"]) == (2, "setup-fault")
    assert "hat" in told(done)["error"]["message"]


@pytest.mark.parametrize("command", [("qr", "make"), ("paper", "form")])
def test_answers_too_long_for_a_code_are_told(
    home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    own_forms(home, {"novel.yaml": NOVEL})
    letters = random.Random(1).choices([chr(n) for n in range(0x4E00, 0x9000)], k=9000)  # noqa: S311
    (tmp_path / "answers.json").write_text(json.dumps({"words": "".join(letters)}), "utf-8")
    given = ("--answers", str(tmp_path / "answers.json"), "--out", str(tmp_path / "out.png"))
    done = kakanai(*command, "novel", *given, "--json", home=home)
    assert (done.returncode, told(done)["error"]["code"], done.stderr) == (1, "too-long", "")
