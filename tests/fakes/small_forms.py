"""Forms written down in a few words, for tests of the engine."""

from datetime import date

import msgspec

from forms.definition import Channel, FormDefinition
from forms.form import Form
from forms.scope import Occasion

TODAY = date(2026, 11, 20)  # a Friday on which the city hall is open


def keys(key, **_facts):
    """Words that nobody reads: the key itself."""
    return key


def asks(identifier, kind="text", **more):
    """One field as a file would have it."""
    return {"id": identifier, "kind": kind, "label": f"「{identifier}」", **more}


def choice(identifier, *options, **more):
    """A choice field; an option is a value, or a mapping that says more."""
    each = [option if isinstance(option, dict) else {"value": option} for option in options]
    labelled = [{"label": f"〈{option['value']}〉", **option} for option in each]
    return {**asks(identifier, "choice"), "options": labelled, **more}


def section(identifier, *fields, **more):
    """One section as a file would have it."""
    return {"id": identifier, "label": f"【{identifier}】", "fields": list(fields), **more}


def definition(*sections, **parts):
    """A definition of these sections."""
    raw = {"id": "small", "version": "2026-11", "label": "見本", "law": "見本法第1条", **parts}
    return msgspec.convert({**raw, "sections": list(sections)}, FormDefinition, strict=False)


def form(*sections, **parts):
    """A form of these sections, ready to be used."""
    return Form(definition(*sections, **parts))


def of(*fields, **parts):
    """A form of one section with these fields."""
    return form(section("only_one", *fields), **parts)


def here(channel=Channel.COUNTER, today=TODAY):
    """An occasion; at the counter today, if nothing else is said."""
    return Occasion(today, channel)
