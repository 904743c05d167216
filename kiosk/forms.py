"""`kakanai forms`: the procedures and their logic, without a screen."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from forms.answers import Answers, begun, take
from forms.definition import Channel, FormDefinition
from forms.form import Form
from forms.outcome import in_words, judge, to_json
from forms.prover import Fault, prove
from forms.scope import Occasion
from forms.words import JAPANESE, LANGUAGES
from forms.words_loader import missing
from kiosk.adapters.procedures import Folders, UnusableForm
from kiosk.adapters.resources import RESOURCES
from kiosk.errors import SetupFault
from kiosk.telling import FINE, NO, tell
from kiosk.ui.texts import Texts, load_texts

_LARGEST = 1_000_000


def list_forms(folders: Folders, *, as_json: bool) -> int:
    """Every procedure in a line."""
    rows = [
        {
            "id": form.id,
            "version": form.version,
            "label": form.label,
            "category": form.category,
            "channels": [channel.value for channel in form.channels],
            "law": form.law,
        }
        for form in folders.definitions().values()
    ]
    lines = (f"{row['id']:16} {row['label']}　（{row['law']}）" for row in rows)
    return tell(rows, lines, as_json=as_json)


def show_form(folders: Folders, name: str, *, as_json: bool) -> int:
    """One procedure whole, its blocks in place: what `fill` takes."""
    form = folders.named(name)
    return tell(msgspec.to_builtins(form), _shown(form), as_json=as_json)


def _shown(form: FormDefinition) -> Iterator[str]:
    yield f"{form.label}　{form.id} {form.version}　{form.law}"
    for section in form.sections:
        many = (
            f"　（{section.repeat.minimum}〜{section.repeat.maximum}件）" if section.repeat else ""
        )
        yield f"\n{section.label}　[{section.id}]{many}"
        for item in section.fields:
            options = "・".join(f"{o.value}={o.label}" for o in item.options)
            yield f"  {item.id:24} {item.kind:10} {item.label}{f'　{options}' if options else ''}"


@dataclass(frozen=True)
class Filling:
    """What `forms fill` is asked for."""

    form: str
    answers: Path
    today: date
    channel: str


@dataclass(frozen=True)
class Judged:
    """Answers over what the form begins with, and everything that they come to."""

    form: Form
    answers: Answers
    told: dict[str, Any]

    @property
    def stands(self) -> bool:
        """Whether it may be submitted."""
        return not self.told["problems"] and not self.told["blocked"]


def fill_form(folders: Folders, filling: Filling, *, as_json: bool) -> int:
    """Everything that some answers come to; 1 when they cannot be submitted."""
    judged = judged_by(Form(folders.named(filling.form)), answers_in(filling.answers), filling)
    tell(judged.told, words_of(judged.told), as_json=as_json)
    return FINE if judged.stands else NO


def judged_by(form: Form, given: Mapping[str, Any], filling: Filling) -> Judged:
    """These answers on that day and channel, judged as every screen judges them."""
    answers, untaken = take(form, given)
    channel = Channel(filling.channel)
    occasion = Occasion(filling.today, channel)
    answers = begun(form, answers, occasion)
    told = to_json(judge(form, answers, occasion), form, clerks_words())
    seen = {each.field for each in untaken}
    told["problems"] = [
        *in_words(form, untaken, clerks_words()),
        *(each for each in told["problems"] if each["field"] not in seen),
    ]
    if channel not in form.definition.channels and told["blocked"] is None:
        message = "この手続きは、ここでは受け付けていません。"
        told["blocked"] = {"reason": "not-on-this-channel", "message": message}
    return Judged(form, answers, told)


@dataclass(frozen=True)
class Checking:
    """What `forms check` is asked for: all forms, or some files."""

    files: list[Path]
    today: date
    say: Callable[[str], None]


def check_forms(folders: Folders, checking: Checking, *, as_json: bool) -> int:
    """Load, check the words, prove; 1 when anything is wrong."""
    found: list[dict[str, Any]] = []
    forms: dict[str, FormDefinition] = {}
    try:
        files = checking.files
        forms = folders.written_in(files) if files else folders.definitions()
        words = (_beside(folders, files) if files else folders).words(forms.values())
    except UnusableForm as fault:
        forms = {}
        told = {"file": str(fault.file), "where": fault.where, "rule": fault.rule}
        found.append({"form": fault.file.stem, "fault": "unusable", **told})
    for form in forms.values():
        checking.say(f"{form.id}: {form.label}")
        found += [
            {"form": form.id, "fault": "no-words", "part": key, "rule": f"not said in {language}"}
            for key, language in missing(form, words[form.id], LANGUAGES)
        ]
        found += [_told(form.id, fault) for fault in prove(Form(form), checking.today)]
    lines = [_line(each) for each in found] or [f"{len(forms)} forms, nothing wrong"]
    tell({"forms": sorted(forms), "faults": found}, lines, as_json=as_json)
    return NO if found else FINE


def _beside(folders: Folders, files: list[Path]) -> Folders:
    """The folder of the first file that has words beside it, as if it were the city's."""
    places = (file.parent for file in files)
    return Folders(folders.ours, next((each for each in places if (each / "texts").is_dir()), None))


def clerks_words() -> Texts:
    """What is wrong with an answer is said in the words of the terminal."""
    return load_texts(RESOURCES / "texts")[JAPANESE]


def answers_in(file: Path) -> dict[str, Any]:
    """Answers as JSON, from a file or standard input."""
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise SetupFault(f"{file}: larger than {_LARGEST} bytes")
        answers = json.loads(raw, parse_constant=_no_such_number)
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be read ({fault.strerror})") from fault
    except (ValueError, RecursionError) as fault:
        raise SetupFault(f"{file}: is no JSON ({fault})") from fault
    if not isinstance(answers, dict):
        raise SetupFault(f"{file}: must be an object of field ids and values")
    return answers


def _no_such_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _told(form: str, fault: Fault) -> dict[str, Any]:
    return {
        "form": form,
        "fault": fault.kind,
        "part": fault.part,
        "rule": fault.rule,
        "example": fault.example,
    }


def _line(found: dict[str, Any]) -> str:
    place = found.get("file") or found["form"]
    where = found.get("where") or found.get("part") or ""
    example = found.get("example")
    shown = f"\n    e.g. {json.dumps(example, ensure_ascii=False)}" if example else ""
    return f"{place}: {where}: {found['rule']}{shown}"


def words_of(told: Mapping[str, Any]) -> list[str]:
    """What was judged, in lines for a person."""
    lines = [f"手数料　{told['fee']['total']}円"]
    if told["blocked"]:
        lines.append(f"受け付けられません　{told['blocked']['message']}")
    lines += [f"直すところ　{each['message']}" for each in told["problems"]]
    lines += [f"お知らせ　{each['message']}" for each in told["notices"]]
    lines += [f"必要なもの　{each['label']}" for each in told["papers"]]
    lines += [f"次の手続き　{x['label']}（{x['because']}）" for x in told["followups"]]
    return lines
