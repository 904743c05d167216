"""Fields of any form as items on paper: what was answered, or the room that a hand needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from forms.definition import Condition, Field
from forms.kinds import show
from forms.kinds.attached import ON_PAPER
from forms.questions import Question
from forms.words import JAPANESE, FormWords
from printing.applications.form import Entry, Option

FEW_OPTIONS = 12
LONGEST_NOTE = 40
LONG_TEXT, LONG_NOTE, CHARACTERS_A_LINE = 60, 400, 35
MOST_LINES, FEW_LINES = 8, 4
IF_SO, NEED_NOT = "あてはまるとき", "任意"
SIGN_HERE = "自署してください"
ATTACH = "この用紙に添えてください。"
ERAS = "大正・昭和・平成・令和・西暦"
_ATTACHED = ("photos", "files")
_WIDE = ("address", "domicile", "note", "account", "signature")
_UNITS: Mapping[str, tuple[str, ...]] = {
    "date": ("年", "月", "日"),
    "time": ("時", "分"),
    "phone": ("－", "－", "　"),
    "money": ("円",),
}
_HEADS = {
    "address": "〒　　　　　－",
    "account": "金融機関・支店・預金の種類・口座番号・名義（カナ）",
    "signature": SIGN_HERE,
}
_LINES = {"address": 2, "account": 2}


def label(words: FormWords, part: str, name: str) -> str:
    """What a part of the form is called in Japanese."""
    return words.name(f"{part}.{name}", JAPANESE)


def filled(question: Question, words: FormWords, options: Sequence[str], value: Any) -> Entry:
    """An item as it was answered; the room for it where it was not."""
    item, required = question.field, question.required
    name = label(words, "field", item.id)
    if item.kind in _ATTACHED:
        return Entry(name, "\n".join(_attachment(each) for each in value or ()) or "なし")
    if item.kind == "signature" and value not in (None, ON_PAPER):
        return Entry(name, _attachment(value))
    if value is None or item.kind == "signature":
        room = blank(item, words, options)
        return (
            room if required or room.options else replace(room, head="", units=(), lines=1, boxes=0)
        )
    if item.kind == "yes-no":
        return Entry(name, options=_yes_no(value))
    if item.kind in ("choice", "choices") and len(options) <= FEW_OPTIONS:
        chosen = value if isinstance(value, list) else [value]
        return Entry(name, options=_options(item, words, options, chosen))
    return Entry(name, show(item, value), wide=item.kind in _WIDE)


def blank(item: Field, words: FormWords, options: Sequence[str], note: str = "") -> Entry:
    """An item to be written by hand."""
    name = label(words, "field", item.id)
    if item.kind in _ATTACHED:
        return Entry(name, ATTACH, note=note)
    if item.kind == "yes-no":
        return Entry(name, options=_yes_no(None), note=note)
    if options:
        return Entry(name, options=_options(item, words, options, ()), note=note)
    head = ERAS if item.kind == "date" else _HEADS.get(item.kind, "")
    return Entry(
        name,
        note=note,
        head=head,
        units=_UNITS.get(item.kind, ()),
        lines=_lines(item, FEW_LINES if note else MOST_LINES),
        boxes=(item.length or 0) if item.kind == "digits" else 0,
        wide=item.kind in _WIDE or (item.kind == "text" and (item.maximum or 0) > LONG_TEXT),
    )


def when_words(condition: Condition | None, fields: Mapping[str, Field], words: FormWords) -> str:
    """On which answers something is to be filled in; empty where it always is."""
    if condition is None:
        return ""
    said = _clause(condition, fields, words)
    return f"{said}のとき" if said and len(said) <= LONGEST_NOTE else IF_SO


def _clause(condition: Condition, fields: Mapping[str, Field], words: FormWords) -> str:
    """The condition in words; empty where it takes too many."""
    for parts, joint in ((condition.all_, "、かつ"), (condition.any_, "、または")):
        if parts:
            said = [_clause(each, fields, words) for each in parts]
            return joint.join(said) if all(said) else ""
    item = fields.get(condition.field or "")
    if item is None:
        return ""
    name = label(words, "field", item.id)
    if condition.answered:
        return f"{name}あり"
    others = condition.is_not is not None
    wanted = condition.is_not if others else condition.is_
    if isinstance(wanted, bool) and not others:
        return f"{name}が「{'はい' if wanted else 'いいえ'}」"
    if wanted is None or not item.options:
        return ""
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    chosen = "・".join(words.name(f"option.{item.id}.{each}", JAPANESE) for each in values)
    return f"{name}が{chosen}{'以外' if others else ''}"


def _options(
    item: Field, words: FormWords, allowed: Sequence[str], chosen: Sequence[str]
) -> tuple[Option, ...]:
    return tuple(
        Option(words.name(f"option.{item.id}.{each}", JAPANESE), each in chosen) for each in allowed
    )


def _yes_no(value: bool | None) -> tuple[Option, ...]:  # noqa: FBT001 (the answer itself)
    return Option("はい", value is True), Option("いいえ", value is False)


def _lines(item: Field, most: int) -> int:
    if item.kind == "note":
        return min(max(-(-(item.maximum or LONG_NOTE) // CHARACTERS_A_LINE), 3), most)
    return _LINES.get(item.kind, 1)


def _attachment(value: Mapping[str, Any]) -> str:
    return f"{value['name']}（{max(round(value['size'] / 1000), 1):,} KB）"
