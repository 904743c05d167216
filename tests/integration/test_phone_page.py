"""The phone page: the same logic as ours, sealed for us alone, usable by everyone."""

import base64
import json
import os
import random
import shutil
import subprocess
import threading
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pypdfium2 as pdfium
import pytest
import yaml
import zxingcpp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from forms.answers import content, take
from forms.days import city_hall_closed
from forms.definition import Channel, Field
from forms.form import Form
from forms.kinds import Unreadable, parse, show
from forms.loader import load_all
from forms.outcome import REASONS, judge, to_json
from forms.prefill import Prefill, open_sealed, read_symbol
from forms.scope import Occasion
from forms.sealing import LARGEST_SYMBOL, join
from forms.words_loader import load_words
from kiosk.adapters.clock import WallClock
from kiosk.usecases.prefill import OpenPrefill
from tests.fakes.small_forms import keys

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "resources" / "prefill"
TODAY = date(2026, 11, 20)
FIRST_DAY, LAST_DAY = date(1915, 1, 1), date(2032, 12, 31)  # all that is drawn below
SPELLINGS = json.loads((ROOT / "tests" / "web" / "spellings.json").read_text("utf-8"))
ANYTHING = SPELLINGS.pop("anything")
ATTACHED = {"signature", "photos", "files", "point"}
DRAWN = 25  # answers drawn for each procedure


@cache
def node() -> str:
    """Node with the page's packages; where there is none, the skip is said aloud."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        pytest.skip("nodejs and npm are not installed")
    if not (SOURCE / "node_modules" / ".package-lock.json").exists():
        ran("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=SOURCE)
    return found


def ran(*command, cwd=ROOT, **more) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **more,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@cache
def procedures() -> dict[str, Form]:
    return load_all(ROOT / "resources" / "forms")


@cache
def closed_days() -> list[str]:
    days = (FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day.isoformat() for day in days if city_hall_closed(day)]


def definitions() -> dict[str, object]:
    return {name: msgspec.to_builtins(form.definition) for name, form in procedures().items()}


def asked_of_page(tmp_path, cases=(), read=()) -> dict:
    """What the page's own logic says."""
    questions = {"forms": definitions(), "closed": closed_days(), "cases": cases, "read": read}
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(questions, ensure_ascii=False), "utf-8")
    return json.loads(ran(node(), ROOT / "tests" / "web" / "engine.mjs", file))


def ours(case) -> dict:
    """What the terminal's logic says, in the same shape."""
    form = procedures()[case["form"]]
    occasion = Occasion(date.fromisoformat(case["today"]), Channel(case["channel"]))
    answers, untaken = take(form, case["answers"])
    found = to_json(judge(form, answers, occasion), form, keys)
    problems = {each["field"]: each["reason"] for each in found["problems"]}
    return {
        "visible": found["visible"],
        "required": found["required"],
        "problems": problems | {each.field: each.reason for each in untaken},
        "blocked": found["blocked"] and found["blocked"]["reason"],
        "notices": [each["rule"] for each in found["notices"]],
        "papers": [each["id"] for each in found["papers"]],
        "followups": [[each["form"], each["row"]] for each in found["followups"]],
        "fee": found["fee"]["total"],
        "values": found["values"],
    }


# The same logic


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def worked_cases() -> list[dict]:
    """Every procedure's worked cases, whatever their channel: the logic is one."""
    files = {name: ROOT / "tests" / "data" / "forms" / f"{name}.yaml" for name in procedures()}
    return [
        {"form": name, **plain(case)}
        for name, file in files.items()
        if file.exists()
        for case in yaml.safe_load(file.read_text("utf-8"))
    ]


def test_worked_cases_come_out_on_the_phone_as_their_rules_say(tmp_path):
    cases = worked_cases()
    judged = asked_of_page(tmp_path, cases)["judged"]
    for case, got in zip(cases, judged, strict=True):
        expect, told = case["expect"], f"{case['form']}: {case['case']}"
        for key in ("fee", "problems", "blocked", "notices", "papers"):
            if key in expect:
                assert got[key] == expect[key], f"{told}: {key}"
        if "followups" in expect:
            assert [form for form, _ in got["followups"]] == expect["followups"], told
        asked = set(got["visible"]) | {path.rpartition(".")[2] for path in got["visible"]}
        assert set(expect.get("visible", ())) <= asked, told
        assert not set(expect.get("hidden", ())) & asked, told
        assert set(expect.get("required", ())) <= set(got["required"]), told
        for name, value in expect.get("values", {}).items():
            assert got["values"].get(name) == value, f"{told}: {name}"


@pytest.mark.parametrize("seed", range(2))
def test_phone_and_terminal_agree_on_any_answers(tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311 (the same every time)
    cases = [drawn_case(chance, form) for form in procedures().values() for _ in range(DRAWN)]
    judged = asked_of_page(tmp_path, cases)["judged"]
    for case, got in zip(cases, judged, strict=True):
        wanted = ours(case)
        for key, value in wanted.items():
            assert got[key] == value, (case["form"], key, case["answers"])


def drawn_case(chance: random.Random, form: Form) -> dict:
    answers: dict[str, object] = {}
    for section in form.definition.sections:
        if section.repeat is None:
            answers |= drawn_answers(chance, section.fields)
        elif chance.random() < 0.9:
            most = min(section.repeat.maximum + 1, 4)
            rows = range(chance.randint(0, most))
            answers[section.id] = [drawn_answers(chance, section.fields) for _ in rows]
    today = TODAY + timedelta(days=chance.randint(-200, 500))
    channel = chance.choice(["web", "web", "web", "counter", "kiosk"])
    return {"form": form.id, "today": today.isoformat(), "channel": channel, "answers": answers}


def drawn_answers(chance: random.Random, fields: tuple[Field, ...]) -> dict[str, object]:
    asked = (item for item in fields if item.value is None and item.kind not in ATTACHED)
    return {item.id: drawn_answer(chance, item) for item in asked if chance.random() < 0.85}


def drawn_answer(chance: random.Random, item: Field) -> object:
    day = (TODAY + timedelta(days=chance.choice([-40000, -7000, -400, -20, 0, 30]))).replace(
        day=chance.randint(1, 28), month=chance.choice([1, 3, 4, 5, 11, 12])
    )
    match item.kind:
        case "choice":
            return chance.choice([option.value for option in item.options])
        case "choices":
            values = [option.value for option in item.options]
            return chance.sample(values, chance.randint(0, min(3, len(values))))
        case "yes-no":
            return chance.random() < 0.5
        case "count" | "money":
            low, high = item.minimum or 0, item.maximum or 10**7
            return chance.choice([low, high, chance.randint(low, high), high + 1])
        case "date":
            return chance.choice(
                [day.isoformat(), day.isoformat()[:7], f"平成{day.month}年2月30日"]
            )
        case kind:
            return chance.choice([*SPELLINGS[kind], *ANYTHING])


# The same spellings

FIELDS = [
    *(Field(id="x", kind=kind, label="x") for kind in SPELLINGS),
    Field(id="x", kind="text", label="x", pattern="[A-Z]{2}[0-9]{8}[A-Z]{2}"),
    Field(id="x", kind="text", label="x", maximum=3),
    Field(id="x", kind="note", label="x", maximum=3),
    Field(id="x", kind="date", label="x", partial=True),
    Field(id="x", kind="digits", label="x", length=12, check="mynumber"),
    Field(id="x", kind="digits", label="x", length=11, check="juminhyo-code"),
    Field(id="x", kind="digits", label="x", length=13, check="corporate"),
    Field(id="x", kind="digits", label="x", minimum=2, maximum=4),
    Field(id="x", kind="count", label="x", minimum=1, maximum=9),
    Field(id="x", kind="money", label="x", minimum=-10, maximum=2000),
]


def what_we_read(item: Field, value: object) -> dict:
    try:
        stored = parse(item, value)
    except Unreadable as fault:
        return {"reason": fault.reason}
    return {"stored": stored, "shown": "" if stored in ("", []) else show(item, stored)}


def test_phone_and_terminal_read_every_spelling_alike(tmp_path):
    chance = random.Random(1)  # noqa: S311
    digits = ["".join(chance.choices("0123456789", k=k)) for k in (11, 12, 13) for _ in range(60)]
    cases = [
        (item, value)
        for item in FIELDS
        for value in (
            *SPELLINGS[item.kind],
            *ANYTHING,
            *(digits if item.check else ()),
            None,
            [],
            7,
        )
        if value is not None or item.kind != "choice"
    ]
    read = [{"field": msgspec.to_builtins(item), "value": value} for item, value in cases]
    found = asked_of_page(tmp_path, read=read)["read"]
    for (item, value), got in zip(cases, found, strict=True):
        assert got == what_we_read(item, value), (item, value)


def test_every_operator_kind_and_procedure_by_itself(tmp_path):
    file = tmp_path / "forms.json"
    file.write_text(json.dumps({"forms": definitions(), "closed": closed_days()}), "utf-8")
    for test in sorted((ROOT / "tests" / "web").glob("*.test.mjs")):
        ran(node(), test, env={**os.environ, "KAKANAI_FORMS": str(file)})


# The same words


def test_every_language_says_everything():
    said = {each.stem: json.loads(each.read_text("utf-8")) for each in (SOURCE / "texts").iterdir()}
    assert set(said) == {"ja", "ja_easy", "en"}
    assert set(said["ja"]) == set(said["ja_easy"]) == set(said["en"])
    at_counter = {"unknown-field", "not-rows", "not-a-point", "unknown-part", "not-a-file"}
    for reason in REASONS - at_counter - {"wrong-type-of-file", "too-large"}:
        assert f"problem.{reason}" in said["ja"], reason


def test_the_lock_names_no_registry_and_every_package_exactly():
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    package = json.loads((SOURCE / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in wanted.values())


# The page itself, in Chromium

CHROMIUM = "/usr/bin/chromium"
CITY = ec.derive_private_key(20261120, ec.SECP256R1())
HARD_NAME = "渡邉󠄂　𠮷子"
SELF = {
    "name": HARD_NAME,
    "kana": "わたなべ よしこ",
    "address": {
        "postcode": "100-0001",
        "city": "千代田区",
        "town": "千代田",
        "number": "1-1",
        "prefecture": "東京都",
    },
    "birth": {"era": "昭和", "year": "19", "month": "5", "day": "3"},
    "phone": "０３−１２３４ー５６７８",
    "relation": "self",
    "kind": "household",
    "copies": "２",
}
LONG = "雨の日も、窓口で書かずにすみました。𠮷野家の前の道が" * 70
EVERY = {
    "relation": "self",
    "a_text": "<img src=x onerror=window.hacked=1>",
    "a_note": LONG,
    "a_name": HARD_NAME,
    "a_kana": "ﾜﾀﾅﾍﾞ",
    "a_birth": {"era": "昭和", "year": "64", "month": "1", "day": "7"},
    "a_day": {"era": "西暦", "year": "2026", "month": "11"},
    "a_time": "09:30",
    "an_address": SELF["address"],
    "a_domicile": "東京都千代田区千代田1番地",
    "a_phone": "090-1234-5678",
    "an_email": "a@example.jp",
    "some_digits": "1234 5678 9018",
    "several": ["b"],
    "yes": True,
    "a_count": 2,
    "some_money": "1,500",
    "an_account": {
        "bank": "みどり銀行",
        "branch": "本店",
        "number": "12345",
        "holder": "やまだ",
        "type": "ordinary",
    },
    "people[0].person": "甲",
    "people[0].adult": False,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as a city would have it, and one more procedure that has every kind."""
    folder = tmp_path_factory.mktemp("phone")
    every = json.loads((ROOT / "tests" / "web" / "every-kind.json").read_text("utf-8"))
    forms = {name: form.definition for name, form in procedures().items()}
    words = load_words(ROOT / "resources" / "texts" / "forms", forms)
    texts = {name: dict(each.as_mapping()) for name, each in words.items()}
    point = CITY.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    key = base64.urlsafe_b64encode(point).decode().rstrip("=")
    data = {
        "city": {"name": {"ja": "書蒼市", "en": "Kakuao City"}, "code": "999999", "key": key},
        "languages": ["ja", "ja_easy", "en"],
        "closed": closed_days(),
        "forms": [*definitions().values(), every["form"]],
        "texts": {**texts, every["form"]["id"]: every["texts"]},
    }
    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    node()
    given = ("--data", folder / "data.json", "--out", folder / "site")
    ran("npm", "run", "--silent", "build", "--", *given, cwd=SOURCE)
    return folder / "site"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def visit(site, tmp_path_factory) -> dict:
    """Everything that a resident meets there, in one start of the browser."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    out = tmp_path_factory.mktemp("visit")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    plan = {
        "url": url,
        "out": str(out),
        "chromium": CHROMIUM,
        "keyboard": {"form": "juminhyo", "language": "ja", "answers": SELF},
        "every": {"form": "every-kind", "language": "ja", "answers": EVERY},
    }
    (out / "plan.json").write_text(json.dumps(plan), "utf-8")
    driver = (node(), str(ROOT / "tests" / "web" / "phone.mjs"), str(out / "plan.json"))
    with subprocess.Popen(
        driver, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as browser:
        told = browser.stdout.readline()
        server.shutdown()
        server.server_close()
        rest, faults = browser.communicate("go on\n", timeout=120)
    assert browser.returncode == 0, f"{faults}\n{out / 'failed.png'}"
    assert told == "offline\n"
    return {**json.loads(rest), "url": url, "out": out}


def scanned(files: list[str]) -> list[str]:
    """The symbols' texts, read from pictures of the screen."""
    wanted = zxingcpp.BarcodeFormat.QRCode
    found = [zxingcpp.read_barcodes(Image.open(file), formats=wanted) for file in files]
    return [symbol.text for (symbol,) in found]


def opened(texts: list[str]) -> Prefill:
    """What the city reads, with its own key alone."""
    return open_sealed(join(map(read_symbol, texts)), [CITY])


class CityKey:
    def prefill_keys(self):
        return (CITY,)


class NoScanner:
    """The text is given by hand."""


def test_what_was_typed_at_home_arrives_bit_for_bit(visit):
    assert visit["seen"]["end"] == "review"
    prefill = opened(scanned(visit["symbols"]["keyboard"]))
    form, answers = procedures()["juminhyo"], prefill.answers
    assert (prefill.form, prefill.version) == (form.id, form.version)
    assert datetime.fromisoformat(prefill.made).tzinfo == UTC
    assert {name: answers[name] for name in SELF} == {
        "name": HARD_NAME,
        "kana": "ワタナベ　ヨシコ",
        "address": {**SELF["address"], "postcode": "1000001"},
        "birth": "1944-05-03",
        "phone": "0312345678",
        "relation": "self",
        "kind": "household",
        "copies": 2,
    }
    taken, problems = take(form, answers)
    assert not problems
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    assert content(form, taken, Occasion(today, Channel.WEB)) == answers


def test_the_terminal_takes_the_code_as_it_is(visit):
    terminal = OpenPrefill(NoScanner(), CityKey(), procedures(), WallClock())
    (text,) = scanned(visit["symbols"]["keyboard"])
    read = terminal.open(text)
    assert read.form == "juminhyo"
    assert read.answers.at("name") == HARD_NAME


def test_long_answers_fill_several_symbols_and_every_kind_arrives(visit):
    texts = scanned(visit["symbols"]["every"])
    lengths = [len(text) for text in texts]
    assert len(texts) > 1
    assert max(lengths) <= LARGEST_SYMBOL
    assert max(lengths) - min(lengths) < len(texts)
    answers = opened(texts).answers
    assert set(answers) == {name.partition("[")[0] for name in EVERY}
    assert answers["a_note"] == LONG
    assert answers["a_birth"] == "1989-01-07"
    assert answers["a_day"] == "2026-11"
    assert answers["people"] == [{"person": "甲", "adult": False}]


def test_the_code_says_what_to_bring_what_it_costs_and_what_comes_next(visit):
    for words in ("持ってくるもの", "本人確認書類", "600円", "市役所ですること"):
        assert words in visit["seen"]["code"], words


def test_everyone_can_use_every_page_in_every_language(visit):
    assert visit["violations"] == []
    assert visit["wide"] == []
    assert visit["small"] == []
    assert {"home", "begin", "wrong", "stop", "rows", "review", "code"} <= set(visit["pages"])


def test_a_mistake_is_said_beside_the_field_and_the_focus_is_there(visit):
    sentence, focused, invalid, title = visit["seen"]["alert"]
    assert "選んでください" in sentence
    assert (focused, invalid) == ("radio", "true")
    assert title.startswith("直してください")


def test_what_ends_early_says_why_and_lets_people_go_back(visit):
    seen = visit["seen"]
    assert seen["mayNotApply"] == "この関係の方は、この手続きを申し込めません。"
    assert seen["stop"] == "ここで終わります。"
    assert "ほかのことばにしてください。" in seen["rule"]
    assert seen["typed"] == "だめ"  # another language keeps what is in the boxes
    assert seen["rows"] == 2
    assert "乙" in seen["left"]


def test_words_are_words_and_never_markup(visit):
    assert visit["seen"]["hacked"] == [None, 0]
    assert "<img src=x onerror=window.hacked=1>" in visit["seen"]["review"]


def test_nothing_is_kept_unless_agreed_and_it_can_be_erased(visit):
    seen = visit["seen"]
    assert seen["stored"] == [0, 0, "", 0]
    assert (seen["kept"], seen["erased"]) == (1, 0)


def test_no_request_leaves_the_page_and_nothing_complains(visit):
    strangers = [each for each in visit["requests"] if not each.startswith(visit["url"])]
    assert not [each for each in strangers if not each.startswith("blob:" + visit["url"])]
    assert visit["complaints"] == []


def test_the_page_works_without_a_network(visit):
    assert "見本" in visit["seen"]["offline"]


def test_the_printed_sheet_is_one_page_with_the_code_and_the_answers(visit):
    with pdfium.PdfDocument(visit["out"] / "sheet.pdf") as sheet:
        assert len(sheet) == 1
        page = sheet[0]
        words = page.get_textpage().get_text_bounded()
        picture = page.render(scale=150 / 72).to_pil()
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert [found.text] == scanned(visit["symbols"]["keyboard"])
    for said in ("住民票の写し", "昭和19年5月3日", "世帯全員", "大切にお持ちください"):
        assert said in words, said


def test_a_strict_policy_and_no_script_or_style_in_the_page(site):
    html = (site / "index.html").read_text("utf-8")
    assert "default-src 'none'" in html
    assert "unsafe" not in html
    assert "<style" not in html
    assert "<script>" not in html
    assert " style=" not in html
