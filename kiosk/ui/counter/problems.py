"""Problems in words: short beside their field, whole beside the sheet."""

import re

from forms.answers import Problem
from forms.form import Form
from forms.outcome import sentence
from kiosk.domain.desk import BLOCKED
from kiosk.ui.counter.editors import short
from kiosk.ui.texts import Texts

_ROW = re.compile(r"(\w+)\[(\d+)\]\.")
_OURS = (BLOCKED, "identity")


def reasons(form: Form, problems: tuple[Problem, ...], texts: Texts) -> dict[str, str]:
    """Path to what is wrong there, the first of each."""
    found: dict[str, str] = {}
    for problem in problems:
        if problem.field not in _OURS:
            found.setdefault(problem.field, short(form, problem.field, problem.reason, texts))
    return found


def sentences(form: Form, problems: tuple[Problem, ...], texts: Texts) -> list[str]:
    """What is missing in one sentence, every other problem in its own; each once."""
    found: list[str] = []
    missing: dict[str, list[str]] = {}
    homes = {item.id: s.label for s in form.definition.sections for item in s.fields}
    for problem in problems:
        if problem.field in _OURS:
            continue
        row = _ROW.match(problem.field)
        whose = f"{form.field(row[1]).label} {int(row[2]) + 1}" if row else ""
        if problem.reason == "required":
            field = form.field(problem.field)
            home = whose or homes.get(field.id, field.label)
            missing.setdefault(home, []).append(field.label)
        else:
            found.append(f"・{whose}{sentence(form, problem, texts)}")
    told = [f"・{home}：{'、'.join(labels)} が未入力" for home, labels in missing.items()]
    return [*dict.fromkeys(found), *told]
