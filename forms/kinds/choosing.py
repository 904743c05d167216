"""Kinds of choosing: one of several, some of several, yes or no."""

from forms.definition import Field
from forms.kinds.reading import Unreadable, among

_YES, _NO = "はい", "いいえ"


def one(field: Field, value: object) -> object:
    """One of the field's options."""
    for option in field.options:
        if value in (option.value, option.label):
            return option.value
    raise Unreadable("not-a-choice")


def several(field: Field, value: object) -> object:
    """Some of the field's options, each once, in the field's order."""
    if isinstance(value, str):
        value = _listed(field, value)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Unreadable("not-a-choice")
    options = [option.value for option in field.options]
    if len(set(value)) != len(value) or not set(value) <= set(options):
        raise Unreadable("not-a-choice")
    if value:
        among(len(value), field)
    return [each for each in options if each in value]


def yes_no(_: Field, value: object) -> object:
    """True or false, and nothing that only looks like it."""
    if value in (_YES, _NO):
        return value == _YES
    if not isinstance(value, bool):
        raise Unreadable("not-a-choice")
    return value


def show_one(field: Field, value: object) -> str:
    """The option's Japanese words."""
    return next((o.label for o in field.options if o.value == value), str(value))


def show_several(field: Field, value: object) -> str:
    """The options' words, one after another."""
    chosen: list[str] = value  # type: ignore[assignment]
    return "、".join(show_one(field, each) for each in chosen)


def show_yes_no(_: Field, value: object) -> str:
    """はい or いいえ."""
    return _YES if value else _NO


def _listed(field: Field, line: str) -> object:
    """What `show_several` wrote: words may hold its comma themselves."""
    found = []
    for option in field.options:
        if line == option.label or line.startswith(f"{option.label}、"):
            found.append(option.value)
            line = line[len(option.label) + 1 :]
    return None if line else found
