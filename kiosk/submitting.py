"""`kakanai submit`: an application from a file, by the same use case as the screens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from devices.simulated.till import SimulatedTill
from forms.answers import Problem, content, taught
from forms.definition import Channel
from forms.facts import Facts, Source
from forms.form import Form
from forms.kinds.attached import fingerprints
from forms.outcome import in_words
from forms.scope import Occasion
from kiosk.adapters.journal import this_command
from kiosk.adapters.procedures import Folders
from kiosk.config import Settings
from kiosk.domain.states import Case, Identity
from kiosk.errors import SetupFault
from kiosk.forms import Filling, Judged, answers_in, clerks_words, judged_by, words_of
from kiosk.ports.lanes import Clock
from kiosk.queue import opened
from kiosk.telling import NO, tell
from kiosk.usecases.pick import Picked, pick

_ONE, _SEVERAL = ("signature",), ("photos", "files")


@dataclass(frozen=True)
class Handing:
    """What `submit` is asked for: a form to fill, and files for its fields."""

    filling: Filling
    attached: Sequence[tuple[str, Path]]


@dataclass(frozen=True)
class _That:
    """The time of day as it is, on the day that was named."""

    day: date
    clock: Clock

    def now(self) -> datetime:
        return datetime.combine(self.day, self.clock.now().timetz())


def submit(
    settings: Settings, home: Path, folders: Folders, handing: Handing, *, as_json: bool
) -> int:
    """Durable when this returns, and not sent: that is the kiosk's work, or `outbox send`'s."""
    filling = handing.filling
    form = Form(folders.named(filling.form))
    picked = [(field, _picked(form, field, path)) for field, path in handing.attached]
    judged = judged_by(form, _with(form, answers_in(filling.answers), picked), filling)
    occasion = Occasion(filling.today, Channel(filling.channel))
    _files(judged, occasion, picked)
    if not judged.stands:
        tell(judged.told, words_of(judged.told), as_json=as_json)
        return NO
    with opened(settings, home) as ground:
        clock = _That(filling.today, ground.clock)
        use_case = replace(
            ground.submit(SimulatedTill(), {form.id: form}, occasion.channel),
            clock=clock,
            by=this_command(),
        )
        facts = Facts(taught(form, judged.answers, occasion, Source.SAID, clock.now()))
        case = Case("ja", form.id, Identity.NOBODY, facts, judged.answers)
        kept = use_case.keep(case, None, attachments=[each.attachment for _, each in picked])
        row = ground.outbox.row(kept.submission)
    told = {"id": kept.submission, "receipt": kept.receipt, "sha256": row.sha256 if row else ""}
    return tell(told, [f"{kept.receipt}　{kept.submission}"], as_json=as_json)


def _picked(form: Form, field: str, path: Path) -> Picked:
    if not any(item.id == field and item.kind in (*_ONE, *_SEVERAL) for item in form.fields):
        raise SetupFault(f"--attach {field}: the form has no such field for files")
    try:
        return pick(path)
    except OSError as fault:
        raise SetupFault(f"{path}: cannot be attached ({fault.strerror or fault})") from fault


def _with(form: Form, given: dict[str, Any], picked: Sequence[tuple[str, Picked]]) -> Any:
    """The answers with each file named where it belongs."""
    answers = dict(given)
    for field, each in picked:
        if form.field(field).kind in _ONE:
            answers[field] = each.told
        else:
            answers[field] = [*(answers.get(field) or []), each.told]
    return answers


def _files(judged: Judged, occasion: Occasion, picked: Sequence[tuple[str, Picked]]) -> None:
    """A file that is named and not here is a problem of its field; so is one nobody asks for."""
    named = content(judged.form, judged.answers, occasion)
    here = {each.attachment.sha256 for _, each in picked}
    wrong = [Problem(f, "not-a-file") for f, v in named.items() if set(fingerprints(v)) - here]
    wrong += [
        Problem(field, "unknown-field")
        for field, each in picked
        if each.attachment.sha256 not in fingerprints(named.get(field))
    ]
    known = {each["field"] for each in judged.told["problems"]}
    told = in_words(
        judged.form, [each for each in wrong if each.field not in known], clerks_words()
    )
    judged.told["problems"].extend(told)
