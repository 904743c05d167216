"""Whether a city's layouts fit its forms: every column tried with answers of every sort."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from forms.candidates import candidates, clues
from forms.definition import Field, Section
from forms.form import Form
from forms.kinds import Unreadable, parse
from forms.purposes import Purpose
from office.relays.along import longest_name
from office.relays.config import Attachments, Directory, FileTarget
from office.relays.layout import Column, Layout, RowFault, row, steps

_APPLICANT = {
    "氏名": "見本　花子",
    "フリガナ": "ミホン　ハナコ",
    "住所": "書蒼市本町1-1",
    "生年月日": "1980-02-17",
    "電話番号": "09012345678",
}
_ENVELOPE: Mapping[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000001",
    "version": "2026-11",
    "receipt": "K01-000001",
    "device": "K01",
    "sequence": 1,
    "channel": "kiosk",
    "submitted": "2026-11-21T10:00:00+09:00",
    "A票": {"申請者": _APPLICANT, "本人確認": "card"},
    "facts": [],
    "fee": 300,
    "wants_certificate": False,
    "parent": "01930000-0000-7000-8000-000000000000",
    "purpose": "purpose",
}
_PARTIAL = ("1944-05", "1944")


@dataclass(frozen=True)
class Finding:
    """Something that does not fit; a note is no fault, but worth knowing."""

    target: str
    form: str
    words: str
    note: bool = False


def prove(
    directory: Directory, forms: Mapping[str, Form], purposes: Sequence[Purpose], today: date
) -> Iterator[Finding]:
    """Everything that would be set aside with answers that the forms allow."""
    known = {purpose.id: purpose for purpose in purposes}
    for target in directory.targets:
        for form in (each for each in target.forms if each not in forms):
            yield Finding(target.name, form, "there is no such form")
        for purpose in (each for each in target.purposes if each not in known):
            yield Finding(target.name, purpose, "there is no such purpose")
        if isinstance(target, FileTarget):
            taken = [forms[each] for each in (target.forms or forms) if each in forms]
            shared = [known[each] for each in target.purposes if each in known]
            contents = _shares(taken, shared) if target.purposes else [*map(_whole, taken)]
            yield from _prove_layout(target, directory.layouts[target.layout], contents, today)
    for form in forms:
        if not directory.targets_for(form, None):
            yield Finding("", form, "goes to no target", note=True)
    for each in purposes:
        if not any(directory.targets_for(form, each.id) for form in each.forms):
            yield Finding("", each.id, "is asked of people and goes to no target", note=True)


Content = tuple[Form, Mapping[str, Field | Section]]


def _whole(form: Form) -> Content:
    """What a form's B票 may hold."""
    repeated = {section.id: section for section in form.questions.repeated()}
    plain = {i.id: i for i in form.fields if form.questions.rows_of(i.id) is None}
    return form, {**plain, **repeated}


def _shares(forms: Sequence[Form], purposes: Sequence[Purpose]) -> list[Content]:
    """What a share's B票 may hold: the fields of its purpose, no other."""
    found: list[Content] = []
    for purpose in purposes:
        for form in (each for each in forms if each.id in purpose.forms):
            whole = _whole(form)[1]
            named = {name: whole.get(name, _plain(name)) for name in purpose.shares}
            found.append((form, named))
    return found


def _plain(name: str) -> Field:
    kinds = {"birth": "date", "address": "address", "name": "name"}
    return Field(id=name, kind=kinds.get(name, "text"), label=name)


def _prove_layout(
    target: FileTarget, layout: Layout, contents: Sequence[Content], today: date
) -> Iterator[Finding]:
    along = [longest_name(target.prefix)] if target.attachments is Attachments.ALONG else []
    for column in layout.columns:
        found = steps(column.from_ or "")
        if found[:1] == ["attachments"]:
            if not along:
                words = f"{column.name}: stays empty without `attachments: along`"
                yield Finding(target.name, "*", words)
        elif found and contents and not any(_leads(found, each) for _, each in contents):
            words = f"{column.name}: no form that goes there has {column.from_}"
            yield Finding(target.name, "*", words)
    for form, content in contents:
        told = set()
        for example in _examples(form, content, today):
            for column in layout.columns:
                fault = _fault(layout, column, {**example, "attachments": along})
                if fault and fault not in told:
                    told.add(fault)
                    yield Finding(target.name, form.id, fault)
        for column in layout.columns:
            if column.required and _may_be_empty(column, content):
                note = f"{column.name}: is required there, and not always asked here"
                yield Finding(target.name, form.id, note, note=True)


def _leads(path: Sequence[str | int], content: Mapping[str, Field | Section]) -> bool:
    match path:
        case ["B票", str(name), *rest]:
            part = content.get(name)
            if isinstance(part, Section):
                fields = {item.id for item in part.fields}
                return len(rest) >= 2 and isinstance(rest[0], int) and rest[1] in fields
            return part is not None
        case ["A票", "申請者", str(name)]:
            return name in _APPLICANT
        case ["A票", "本人確認"]:
            return True
        case [str(name)]:
            return name in _ENVELOPE or name in ("form", "person")
        case _:
            return False


def _examples(
    form: Form, content: Mapping[str, Field | Section], today: date
) -> Iterator[dict[str, Any]]:
    """As many envelopes as the field with the most answers needs, and each answer in one."""
    values = {
        name: _rows(part, today) if isinstance(part, Section) else _answers(part, today)
        for name, part in content.items()
    }
    for turn in range(max((len(each) for each in values.values()), default=1) or 1):
        said = {name: each[turn % len(each)] for name, each in values.items() if each}
        yield {**_ENVELOPE, "form": form.id, "B票": said}


def _answers(item: Field, today: date) -> list[Any]:
    """Stored answers; what is worked out may be anything, and is left to the day."""
    if item.value is not None:
        return []
    partial = _PARTIAL if item.kind == "date" and item.partial else ()
    found = []
    for each in [*candidates(item, today, clues(())), *partial]:
        try:
            found.append(parse(item, each))
        except Unreadable:
            continue
    return found


def _rows(section: Section, today: date) -> list[Any]:
    values = {item.id: _answers(item, today) for item in section.fields}
    most = max((len(each) for each in values.values()), default=0)
    return [
        [{name: each[turn % len(each)] for name, each in values.items() if each}]
        for turn in range(most)
    ]


def _fault(layout: Layout, column: Column, example: Mapping[str, Any]) -> str | None:
    """A column alone; that it may be empty is said once, not with every example."""
    alone = msgspec.structs.replace(layout, columns=(_optional(column),))
    try:
        row(alone, example)
    except RowFault as fault:
        return str(fault)
    return None


def _optional(column: Column) -> Column:
    return msgspec.structs.replace(column, required=False)


def _may_be_empty(column: Column, content: Mapping[str, Field | Section]) -> bool:
    match steps(column.from_ or ""):
        case ["B票", str(name), *_]:
            part = content.get(name)
            return not (isinstance(part, Field) and part.required is True and part.when is None)
        case ["A票", "申請者", str(name)]:
            return name != "氏名"
        case _:
            return False
