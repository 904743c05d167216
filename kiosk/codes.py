"""`kakanai qr` and `kakanai prefill`: applications carried as codes, and their page."""

import json
import shutil
import subprocess
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization

from devices.scanners.files import UnreadableFile, codes_in_file
from devices.simulated.scanner import SimulatedScanner
from forms.answers import Answers, Problem, begun, check, content, take
from forms.days import city_hall_closed
from forms.definition import Channel
from forms.form import Form
from forms.outcome import in_words
from forms.prefill import Prefill, seal
from forms.scope import Occasion
from forms.sealing import Unopenable
from forms.words import LANGUAGES
from kiosk.adapters.clock import WallClock
from kiosk.adapters.journal import write_down
from kiosk.adapters.keys import usable_keys
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.config import Settings
from kiosk.domain.events import CodePartRead, CodeRead
from kiosk.domain.journal import Deed
from kiosk.errors import SetupFault, UnusableCode, code_of
from kiosk.forms import answers_in, clerks_words
from kiosk.telling import refuse, tell
from kiosk.usecases.prefill import TERM, OpenPrefill
from printing.codepictures import picture
from printing.codes import qr

_PIXELS = 8
_NOT_IN_A_CODE = ("signature", "photos", "files")
_PAGE = RESOURCES / "prefill"
_BEFORE, _AHEAD = -3660, timedelta(days=800)  # the page knows closed days this far
_TOOLS_SECONDS = 600
_NPM = ("--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


@dataclass(frozen=True)
class Making:
    """What `qr make` is asked for."""

    form: str
    answers: Path
    out: Path
    today: date


def make(home: Path, folders: Folders, making: Making, *, as_json: bool) -> int:
    """Seal answers to this terminal's key and draw the codes; 1 where answers do not do."""
    form = Form(folders.named(making.form))
    given, problems = take(form, answers_in(making.answers))
    occasion = Occasion(making.today, Channel.WEB)
    answers = begun(form, given, occasion)
    at_home = [each for each in check(form, answers, occasion) if not _is_later(form, each)]
    problems = (*problems, *at_home)
    if problems:
        told = in_words(form, problems, clerks_words())
        return refuse("answers", "これらの答えでは作れません", told, as_json=as_json)
    try:
        texts = _sealed(home, form, answers, occasion)
    except Unopenable:
        return refuse("too-long", "答えが長すぎて、コードに入りません", as_json=as_json)
    files = [str(_drawn(text, making.out, n, len(texts))) for n, text in enumerate(texts, 1)]
    made = {"form": form.id, "symbols": list(texts), "files": files}
    return tell(made, files, as_json=as_json)


def _sealed(home: Path, form: Form, answers: Answers, occasion: Occasion) -> tuple[str, ...]:
    made = datetime.now(UTC).isoformat(timespec="seconds")
    prefill = Prefill(form.id, form.version, made, content(form, answers, occasion))
    with usable_keys(home / "keys") as keys:
        return seal(prefill, keys.prefill_keys()[0].public_key(), token_bytes(12))


def read(home: Path, folders: Folders, files: list[Path], *, as_json: bool) -> int:
    """Open the codes in pictures or PDF files as the terminal would; 1 where it would not."""
    forms = {name: Form(found) for name, found in folders.definitions().items()}
    found: CodeRead | CodePartRead | None = None
    try:
        with usable_keys(home / "keys") as keys:
            opener = OpenPrefill(SimulatedScanner(), keys, forms, WallClock())
            for text in [text for file in files for text in codes_in_file(file)]:
                found = opener.open(text)
    except UnreadableFile as fault:
        return refuse("unreadable-file", fault.reason, as_json=as_json)
    except UnusableCode as fault:
        return refuse(code_of(fault), fault.reason, as_json=as_json)
    if not isinstance(found, CodeRead):
        have = f"{found.have}/{found.of}" if found else "0"
        return refuse("no-whole-code", f"コードがそろっていません（{have}）", as_json=as_json)
    told: dict[str, Any] = {
        "form": found.form,
        "version": forms[found.form].version,
        "submission": str(found.submission),
        "answers": dict(found.answers.values),
        "facts": {fact.name: fact.source.value for fact in found.facts.known},
    }
    lines = (f"{name}: {value}" for name, value in told["answers"].items())
    return tell(told, lines, as_json=as_json)


def rotate(home: Path, *, as_json: bool) -> int:
    """A new key for codes; the old one opens what was sealed to it until its term is over."""
    now = WallClock().now()
    with usable_keys(home / "keys") as keys:
        keys.rotate_prefill_key(now, TERM + timedelta(days=1))
    write_down(home, Deed.KEY_ROTATED, "prefill")
    told = {"rotated": now.isoformat(timespec="seconds")}
    words = "事前入力の鍵を替えました。./kakanai prefill build でページを作り直してください。"
    return tell(told, [words], as_json=as_json)


def build(home: Path, folders: Folders, settings: Settings, out: Path, *, as_json: bool) -> int:
    """The phone page as plain files; npm's packages come now, none of them is kept here."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise SetupFault("the phone page is built with node and npm: apt-get install nodejs npm")
    with tempfile.TemporaryDirectory(prefix="kakanai-page-") as folder:
        work, data = Path(folder) / "page", Path(folder) / "data.json"
        shutil.copytree(_PAGE, work, ignore=shutil.ignore_patterns("node_modules"))
        data.write_text(json.dumps(page_data(home, folders, settings), ensure_ascii=False), "utf-8")
        _tool(["npm", "ci", *_NPM], work)
        made = Path(folder) / "made"
        _tool(["node", "build.mjs", "--data", str(data), "--out", str(made)], work)
        try:
            _replace(out.absolute(), made)
        except OSError as fault:
            raise SetupFault(f"{out}: cannot be written ({fault.strerror})") from fault
    count = sum(1 for file in out.rglob("*") if file.is_file())
    return tell({"out": str(out), "files": count}, [f"{out}: {count} files"], as_json=as_json)


def page_data(home: Path, folders: Folders, settings: Settings) -> dict[str, Any]:
    """Everything the page is made from: the city's key, its procedures and their words."""
    every = folders.definitions()
    forms = {name: form for name, form in every.items() if Channel.WEB in form.channels}
    words = folders.words(forms.values())
    with usable_keys(home / "keys") as keys:
        key = keys.prefill_keys()[0].public_key()
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    today = WallClock().now().date()
    days = (today + timedelta(days=n) for n in range(_BEFORE, _AHEAD.days))
    return {
        "city": {"name": {"ja": settings.city}, "code": settings.city_code, "key": _base64(point)},
        "languages": list(LANGUAGES),
        "closed": [day.isoformat() for day in days if city_hall_closed(day)],
        "forms": [msgspec.to_builtins(form) for form in forms.values()],
        "texts": {name: words[name].as_mapping() for name in forms},
    }


def _is_later(form: Form, problem: Problem) -> bool:
    """What no code can carry is asked for at the counter: signatures, photos, files."""
    return problem.reason == "required" and form.field(problem.field).kind in _NOT_IN_A_CODE


def _replace(out: Path, made: Path) -> None:
    """Put the page in its place; a folder that holds something else is left alone."""
    if out.exists():
        if any(out.iterdir()) and not (out / "worker.js").exists():
            raise SetupFault(f"{out}: holds something else; name an empty or new folder")
        shutil.rmtree(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, out)


def _drawn(text: str, out: Path, number: int, of: int) -> Path:
    """One symbol as a picture file."""
    file = out if of == 1 else out.with_stem(f"{out.stem}-{number}")
    try:
        picture(qr(text), _PIXELS).save(file)
    except (OSError, ValueError) as fault:
        raise SetupFault(f"{file}: cannot be written ({fault})") from fault
    return file


def _tool(command: list[str], where: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=where, capture_output=True, text=True, check=False, timeout=_TOOLS_SECONDS
        )
    except subprocess.TimeoutExpired as fault:
        raise SetupFault(f"{command[0]} did not end within {_TOOLS_SECONDS} seconds") from fault
    if done.returncode:
        raise SetupFault(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-400:]}")


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
