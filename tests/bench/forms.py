"""Forms: one more answer to a large one, beside SurveyJS; a code to its page; all of them read."""

import json
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import zxingcpp
from PIL import Image

from devices.scanners.frames import codes_in
from devices.simulated.scanner import SimulatedScanner
from forms.answers import Answers
from forms.definition import Channel, Condition, Field, FormDefinition, Formula, Option, Section
from forms.form import Form
from forms.loader import load_all
from forms.prefill import Prefill, seal
from forms.scope import Occasion
from kiosk.domain.events import CodeRead
from kiosk.domain.session import Journey
from kiosk.domain.states import Identifying
from kiosk.usecases.prefill import OpenPrefill
from printing.codepictures import picture
from printing.codes import qr
from tests.bench.measure import ROOT, Row
from tests.fakes.clock import StandingClock
from tests.fakes.samples import FORMS, NOW
from tests.fakes.terminal import KEYS, Person

FIELDS, CONDITIONS, ROUNDS = 300, 100, 3000
OCCASION = Occasion(date(2026, 11, 21), Channel.COUNTER)
SURVEY = Path(__file__).parent / "survey"


def forms() -> list[Row]:
    """Every row of this bench."""
    return [*answering(), scanning(), loading()]


def large_form() -> tuple[FormDefinition, list[dict[str, object]]]:
    """300 questions, 100 of them asked only after certain answers; the same for both engines."""
    chance = random.Random(300)  # noqa: S311 (the same form every time)
    fields: list[Field] = []
    told: list[dict[str, object]] = []
    for number in range(FIELDS):
        name, kind = f"q{number}", ("choice", "count", "yes-no", "text")[number % 4]
        plain: dict[str, object] = {"id": name, "kind": kind, "required": number % 3 == 0}
        when = None
        if number >= FIELDS - 2 * CONDITIONS and number % 2:
            earlier = [f for f in fields if f.kind in ("choice", "yes-no") and f.value is None]
            pair = chance.sample(earlier, 2)
            tests = [Condition(field=f.id, is_="a" if f.kind == "choice" else True) for f in pair]
            when = Condition(all_=tuple(tests))
            plain["when"] = [(f.id, "'a'" if f.kind == "choice" else "true") for f in pair]
        options = tuple(Option(value=v, label=v) for v in "abc") if kind == "choice" else ()
        answers: list[object] = {
            "choice": ["a", "b", "c"],
            "count": [1, 2, 3],
            "yes-no": [True, False],
            "text": ["x", "y"],
        }[kind]
        value = None
        if kind == "count" and number % 40 == 1 and number > 100:
            counts = [f.id for f in fields if f.kind == "count" and f.value is None][:5]
            value, plain["sum"], answers = Formula(sum=tuple(counts)), counts, []
        fields.append(
            Field(
                id=name,
                kind=kind,
                label=name,
                required=number % 3 == 0,
                when=when,
                options=options,
                value=value,
            )
        )
        if options:
            plain["options"] = list("abc")
        if answers:
            plain |= {"answers": answers, "first": answers[0]}
        told.append(plain)
    section = Section(id="all", label="all", fields=tuple(fields))
    form = FormDefinition(id="large", version="2026-11", label="l", law="-", sections=(section,))
    return form, told


def answering() -> list[Row]:
    """Milliseconds to judge the whole form again after one answer."""
    definition, told = large_form()
    form, values = Form(definition), {f["id"]: f["first"] for f in told if "first" in f}
    theirs = _survey(told)
    answers, ours = Answers(values), []
    standing = form.stand(values, OCCASION)
    for number in range(ROUNDS):
        each = told[number % len(told)]
        choices = each.get("answers")
        if not choices:
            continue
        begun = time.perf_counter()
        answers = answers.answer(each["id"], choices[(1 + number // len(told)) % len(choices)])
        standing = form.stand(answers.values, OCCASION)
        form.verdicts.quote(standing)
        ours.append((time.perf_counter() - begun) * 1000)
    visible = [question.path for question in standing.questions]
    sums = {f["id"] for f in told if "sum" in f}
    assert visible == [name for name in theirs["visible"] if name not in sums], "two engines differ"
    a, b = statistics.median(ours), statistics.median(theirs["times"])
    what = f"{FIELDS} fields, {CONDITIONS} conditions, one answer"
    return [
        Row(what, "ms", a, b, a / b, "survey-core", 0.5, {"survey-core": b}),
        Row(f"{what}, against 1 ms", "ms", a, b, a, "1 ms", 1.0),
    ]


def scanning() -> Row:
    """From the picture of a code to the page that shows what it says; decoding is the floor."""
    person = Person(1)
    known = {
        "name": person.card.name,
        "address": person.card.address,
        "birth": person.card.birth.isoformat(),
    }
    made = datetime.now(UTC).isoformat()
    prefill = Prefill("juminhyo", FORMS["juminhyo"].version, made, {**known, **person.answers})
    rows = qr(seal(prefill, KEYS.prefill_keys()[0].public_key(), bytes(12))[0])
    frame = _frame(rows)
    journey = Journey(FORMS, NOW.date)
    ours, floor = [], []
    for _ in range(60):
        begun = time.perf_counter()
        zxingcpp.read_barcodes(frame)
        floor.append((time.perf_counter() - begun) * 1000)
        opener = OpenPrefill(SimulatedScanner(), KEYS, FORMS, _Now())
        begun = time.perf_counter()
        (text,) = codes_in(frame)
        read = opener.open(text)
        assert isinstance(read, CodeRead)
        state = journey.advance(Identifying("ja", "juminhyo"), read)
        journey.questions(state.case)
        ours.append((time.perf_counter() - begun) * 1000)
    a, b = (statistics.quantiles(some, n=20)[-1] for some in (ours, floor))
    return Row("code in a frame to its page, p95, against 20 ms", "ms", a, b, a / 20, "20 ms", 1.0)


class _Now(StandingClock):
    def now(self) -> datetime:
        return datetime.now(UTC)


def _frame(rows: list[str]) -> Image.Image:
    """The code as a camera sees it, in the middle of 1280 by 720."""
    frame = Image.new("L", (1280, 720), 200)
    frame.paste(picture(rows, 4).resize((560, 560), Image.Resampling.NEAREST), (360, 80))
    return frame


def loading() -> Row:
    """Every procedure of the city, ready to use, as a terminal starts."""
    folder = ROOT / "resources" / "forms"
    with tempfile.TemporaryDirectory() as home:
        cache = Path(home) / "forms.cache"
        cold = _timed(lambda: _ready(folder, cache))
        warm = [_timed(lambda: _ready(folder, cache)) for _ in range(9)]
    a = statistics.median(warm)
    return Row(
        "all forms at start, against 150 ms (floor: no cache)",
        "ms",
        a,
        cold,
        a / 150,
        "150 ms",
        1.0,
    )


def _ready(folder: Path, cache: Path) -> None:
    """Each is made ready at once, which a terminal leaves to whoever asks for it first."""
    for form in load_all(folder, cache).values():
        assert form.verdicts


def _timed(act) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _survey(told: list[dict[str, object]]) -> dict[str, list]:
    """The same answers given to SurveyJS's model, in node."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "survey"
        shutil.copytree(SURVEY, work, ignore=shutil.ignore_patterns("node_modules"))
        npm = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(npm, cwd=work, check=True, timeout=300)
        done = subprocess.run(
            ["node", "survey.mjs"],
            cwd=work,
            input=json.dumps({"fields": told, "rounds": ROUNDS}),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
    return json.loads(done.stdout)
