"""From a YAML file to a FormDefinition; a fault names the file, the place and the rule."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from forms.definition import Channel, Fee, Field, FormDefinition, Option, Section, When
from forms.kinds import KINDS


class FormFault(Exception):
    """A definition that cannot be used: where, and which rule it breaks."""

    def __init__(self, file: Path, where: str, rule: str) -> None:
        super().__init__(f"{file}: {where}: {rule}")
        self.file, self.where, self.rule = file, where, rule


def load(file: Path) -> FormDefinition:
    """One procedure, checked whole before anything uses it."""
    try:
        raw = yaml.load(file.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.reader.ReaderError as fault:
        raise FormFault(file, "file", f"an odd character at {fault.position}") from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        where = f"line {mark.line + 1}" if mark else "file"
        raise FormFault(file, where, str(fault.problem)) from fault
    except (OSError, ValueError, TypeError) as fault:
        raise FormFault(file, "file", str(fault)) from fault
    try:
        definition = _form(raw)
    except _Broken as fault:
        raise FormFault(file, fault.where, fault.rule) from fault
    _cross_check(file, definition)
    return definition


def load_all(folder: Path) -> dict[str, FormDefinition]:
    """Every procedure of the city, by id."""
    found: dict[str, FormDefinition] = {}
    for file in sorted(folder.glob("*.yaml")):
        form = load(file)
        if form.id in found:
            raise FormFault(file, "form.id", f"{form.id!r} is another file's too")
        found[form.id] = form
    return found


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Broken(Exception):
    def __init__(self, where: str, rule: str) -> None:
        super().__init__(where, rule)
        self.where, self.rule = where, rule


def _record(cls: type, raw: object, where: str, **built: object) -> Any:
    raw = _mapping(raw, where)
    known = {item.name: item for item in fields(cls)}
    for stranger in (key for key in raw if key not in known):
        raise _Broken(f"{where}.{stranger}", f"unknown; allowed: {', '.join(known)}")
    kinds = get_type_hints(cls)
    for name, item in known.items():
        if item.default is MISSING and item.default_factory is MISSING and name not in raw:
            raise _Broken(f"{where}.{name}", "missing")
        plain = kinds[name] if kinds[name] in _PLAIN and name not in built else None
        if name in raw and plain and type(raw[name]) is not plain:
            raise _Broken(f"{where}.{name}", f"must be {_PLAIN[plain]}")
    return cls(**{**raw, **built})


_PLAIN: Mapping[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


def _mapping(raw: object, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise _Broken(where, "must be a mapping")
    return raw


def _items(raw: Mapping[str, Any], key: str, where: str) -> list[Any]:
    items = raw.get(key, [])
    if not isinstance(items, list):
        raise _Broken(f"{where}.{key}", "must be a list")
    return items


def _form(raw: object) -> FormDefinition:
    raw = _mapping(raw, "file")
    sections = tuple(
        _section(s, f"sections[{i}]") for i, s in enumerate(_items(raw, "sections", "form"))
    )
    fees = tuple(
        _record(Fee, f, f"fees[{i}]", channel=_channel(f, f"fees[{i}]"))
        for i, f in enumerate(_items(raw, "fees", "form"))
    )
    form: FormDefinition = _record(FormDefinition, raw, "form", sections=sections, fees=fees)
    return form


def _section(raw: object, where: str) -> Section:
    raw = _mapping(raw, where)
    inner = tuple(
        _field(f, f"{where}.fields[{i}]") for i, f in enumerate(_items(raw, "fields", where))
    )
    section: Section = _record(Section, raw, where, fields=inner)
    return section


def _field(raw: object, where: str) -> Field:
    raw = _mapping(raw, where)
    built: dict[str, object] = {
        "options": tuple(
            _record(Option, o, f"{where}.options[{i}]")
            for i, o in enumerate(_items(raw, "options", where))
        )
    }
    if "channels" in raw:
        built["channels"] = tuple(_channel(c, where) for c in _items(raw, "channels", where))
    if (when := raw.get("when")) is not None:
        inner = f"{where}.when"
        values = tuple(_items(_mapping(when, inner), "values", inner))
        built["when"] = _record(When, when, inner, values=values)
    item: Field = _record(Field, raw, where, **built)
    if item.kind not in KINDS:
        raise _Broken(f"{where}.kind", f"{item.kind!r} is no kind; allowed: {', '.join(KINDS)}")
    return item


def _channel(raw: object, where: str) -> Channel:
    raw = raw.get("channel") if isinstance(raw, Mapping) else raw
    try:
        return Channel(str(raw))
    except ValueError as fault:
        raise _Broken(f"{where}.channel", f"allowed: {', '.join(Channel)}") from fault


def _cross_check(file: Path, form: FormDefinition) -> None:
    seen: set[str] = set()
    for item in form.fields:
        if item.id in seen:
            raise FormFault(file, item.id, "two fields have this id")
        if item.when and item.when.field not in seen:
            raise FormFault(
                file, item.id, f"depends on {item.when.field!r}, which is not asked before"
            )
        seen.add(item.id)
    for fee in form.fees:
        if fee.times not in seen:
            raise FormFault(file, f"fee {fee.label!r}", f"counts {fee.times!r}, which is no field")
