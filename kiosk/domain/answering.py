"""One answer into a case, or not: what the form says of it."""

from msgspec.structs import replace

from forms.answers import fault, fresh_row
from forms.form import Form
from forms.kinds import Unreadable, parse
from forms.questions import ROWS, Standing
from kiosk.domain.states import Case

_ROWS = 50


def answered(form: Form, standing: Standing, case: Case, path: str, value: object) -> Case | None:
    """The case with this answer; None where it cannot be taken."""
    question = standing.question(path)
    if question is None:
        return None
    if question.field.kind == ROWS:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _ROWS:
            return None
        return replace(case, answers=case.answers.resize(path, value, fresh_row(form, path)))
    try:
        stored = None if value is None else parse(question.field, value)
    except Unreadable:
        return None
    if fault(form, question, stored, standing) is not None:
        return None
    return replace(case, answers=case.answers.answer(path, stored))
