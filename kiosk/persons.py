"""`kakanai person export`: everything that is held on one person, in one file, for that person.

Who it is comes as the card says it, becomes a mark, and is written nowhere.
"""

import html
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import MsgspecError
from msgspec.json import decode

from forms.form import Form
from forms.person import PARTS, person_mark
from forms.purposes import Purposes
from kiosk.adapters.journal import SqliteJournal, this_command
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.config import Settings
from kiosk.domain.journal import Deed
from kiosk.errors import NotIssuableHere, OfficeUnreachable, SetupFault, StoreUnusable
from kiosk.ground import Ground
from kiosk.queue import opened
from kiosk.telling import refuse, tell

UNREACHABLE, REFUSED = 9, 10
_TEXTS = RESOURCES / "texts" / "person.json"
_STYLE = (
    "body{font:16px/1.7 sans-serif;margin:2rem auto;max-width:52rem;color:#1a1a1a}"
    "h1,h2{color:#0017c1}section{border-top:2px solid #949494;margin-top:1.5rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.2rem .8rem .2rem 0}th{width:12rem;font-weight:normal;color:#333}"
)


def export(settings: Settings, home: Path, person: Path, out: Path, *, as_json: bool) -> int:
    """Write the file; the office says whether this device may ask."""
    said, folders = _read(person), Folders.configured(settings.forms)
    forms = folders.forms(home / "forms.cache")
    purposes = folders.purposes(settings.purposes, forms, home / "purposes.cache")
    summary = Summary(forms, purposes)
    try:
        with opened(settings, home) as ground:
            held = _held(ground, person_mark(ground.person_key, said) or "")
            _write(out, held, summary.page(held))
            journal = SqliteJournal(ground.store, ground.clock)
            journal.write(this_command(), Deed.EXPORTED, "", "person")
    except OfficeUnreachable as fault:
        refuse("office-unreachable", f"the office was not reached ({fault})", as_json=as_json)
        return UNREACHABLE
    except NotIssuableHere as fault:
        refuse("refused", f"the office: {fault}", as_json=as_json)
        return REFUSED
    counts = {
        "file": str(out),
        "submissions": len(held["office"]["submissions"]),
        "consents": len(held["office"]["consents"]["items"]),
        "waiting": len(held["waiting"]),
    }
    return tell(counts, [f"{key}: {value}" for key, value in counts.items()], as_json=as_json)


def _read(file: Path) -> dict[str, str]:
    """The four facts; what is wrong is told without repeating them."""
    source = "stdin" if str(file) == "-" else str(file)
    try:
        raw = sys.stdin.buffer.read() if source == "stdin" else file.read_bytes()
        said = decode(raw, type=dict[str, str])
    except OSError as fault:
        raise SetupFault(f"{source}: cannot be read ({fault.strerror})") from fault
    except (MsgspecError, UnicodeDecodeError):
        raise SetupFault(f"{source}: takes one JSON object of texts") from None
    if set(said) != set(PARTS) or not all(said.values()):
        raise SetupFault(f"{source}: takes {', '.join(PARTS)}, all of them and nothing else")
    return said


def _held(ground: Ground, mark: str) -> dict[str, Any]:
    return {
        "made": ground.clock.now().isoformat(),
        "device": ground.settings.device,
        "office": ground.office.held(mark),
        "waiting": _waiting(ground, mark),
    }


def _waiting(ground: Ground, mark: str) -> list[dict[str, Any]]:
    """What of this person is still here and is not delivered."""
    rows = (row for row in ground.outbox.of_person(mark) if row.state != "delivered")
    return [
        {
            "id": row.id,
            "receipt": row.receipt,
            "state": row.state,
            "purpose": row.purpose,
            "kept": row.kept_at,
            "envelope": _opened(ground, row.id),
        }
        for row in rows
    ]


def _opened(ground: Ground, submission: str) -> Any:
    try:
        return json.loads(ground.outbox.body(submission))
    except StoreUnusable:
        return None  # erased, or its seal does not open


def _write(out: Path, held: Mapping[str, Any], page: str) -> None:
    """Whole or not at all, and readable by whoever made it alone."""
    part = out.with_name(f".{out.name}.{os.getpid()}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("held.json", json.dumps(held, ensure_ascii=False, indent=1))
        archive.writestr("summary.html", page)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(packed.getvalue())
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise SetupFault(f"{out}: cannot be written ({fault.strerror})") from fault


@dataclass(frozen=True)
class Summary:
    """What is held, as a page in Japanese that a person can read."""

    forms: Mapping[str, Form]
    purposes: Purposes

    def page(self, held: Mapping[str, Any]) -> str:
        """One page of plain HTML, which asks for nothing from anywhere."""
        words = json.loads(_TEXTS.read_text("utf-8"))
        office = held["office"]
        about = [(words["made"], held["made"][:16]), (words["device"], held["device"])]
        parts = [
            f"<h1>{words['title']}</h1><p>{words['intro']}</p>",
            _table(about),
            f"<h2>{words['submissions']}</h2>",
            *(self._one(each, words) for each in office["submissions"]),
            "" if office["submissions"] else f"<p>{words['none']}</p>",
            f"<h2>{words['consents']}</h2>",
            self._consents(office["consents"]["items"], words),
            f"<h2>{words['waiting']}</h2>",
            *(self._one(each, words) for each in held["waiting"]),
            "" if held["waiting"] else f"<p>{words['none']}</p>",
        ]
        head = f'<meta charset="utf-8"><title>{words["title"]}</title><style>{_STYLE}</style>'
        return f'<!doctype html><html lang="ja">{head}<body>{"".join(parts)}</body></html>'

    def _one(self, each: Mapping[str, Any], words: Mapping[str, str]) -> str:
        envelope = each["envelope"]
        rows = [(words["state"], _state(each["state"], words))]
        if "received" in each:
            rows.append((words["received"], each["received"][:16]))
        if "kept" in each:
            rows.append((words["kept"], each["kept"][:16]))
        if each["purpose"]:
            rows.append((words["purpose"], self.purposes.say("title", each["purpose"], "ja")))
        for step in each.get("history", ()):
            told = f"{step['at'][:16]}　{_state(step['state'], words)}"
            rows.append((words["history"], told))
        rows += [(words["handed_to"], to["target"]) for to in each.get("handed_to", ())]
        for paper in each.get("certificates", ()):
            told = f"{paper['number']}　{_state(paper['outcome'], words)}"
            rows.append((words["certificates"], told))
        if envelope is None:
            return f"<section>{_table([*rows, (words['said'], words['erased'])])}</section>"
        form = self.forms.get(envelope["form"])
        first = [
            (words["receipt"], envelope["receipt"]),
            (words["procedure"], form.label if form else envelope["form"]),
        ]
        return f"<section>{_table([*first, *rows, *_said(envelope, form, words)])}</section>"

    def _consents(self, items: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> str:
        rows = []
        for item in items:
            title = self.purposes.say("title", item["purpose"], "ja")
            rows.append((item["at"][:16], f"{title}　{_state(item['state'], words)}"))
        return _table(rows) if rows else f"<p>{words['none']}</p>"


def _said(
    envelope: Mapping[str, Any], form: Form | None, words: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """Who applied, then every answer by the name of its question."""
    for label, value in envelope["A票"].get("申請者", {}).items():
        yield label, _text(value, words)
    fields = {item.id: item for item in form.fields} if form else {}
    for name, value in envelope["B票"].items():
        if value in (None, "", []):
            continue
        field = fields.get(name)
        options = {each.value: each.label for each in field.options} if field else {}
        several = value if isinstance(value, list) else [value]
        told = (_text(_named(each, options), words) for each in several)
        yield field.label if field else name, words["and"].join(told)


def _named(value: Any, options: Mapping[Any, str]) -> Any:
    """A choice by its words."""
    return options.get(value, value) if isinstance(value, str) else value


def _text(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    several = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, Mapping | list):
        return words["and"].join(_text(each, words) for each in several if each not in (None, ""))
    return str(value)


def _state(state: str, words: Mapping[str, str]) -> str:
    return words.get(f"state.{state}", state)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = (f"<tr><th>{html.escape(k)}</th><td>{html.escape(v)}</td></tr>" for k, v in rows)
    return f"<table>{''.join(cells)}</table>"
