"""A notice in an entity of the broker: plain words with a beginning and an end, or nothing."""

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from msgspec import Struct

LANGUAGES = ("ja", "ja_easy", "en")
TITLE, TEXT, ID = 80, 300, 200
_TAG = re.compile(r"<[^<>]*>")
_REVOKED = {"revoked", "cancelled", "canceled", "inactive", "closed"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_KEPT = {"\u200d", "\ufe0e", "\ufe0f"}
_TOKYO = ZoneInfo("Asia/Tokyo")


class Words(Struct, frozen=True):
    """What a notice says in one language."""

    title: str
    text: str = ""


class Notice(Struct, frozen=True):
    """What terminals get, its words by language; moments in UTC, so that they compare as text."""

    id: str
    kind: str
    words: dict[str, Words]
    begins: str | None
    ends: str | None
    modified: str


class Told(Notice, frozen=True):
    """A notice as it was told."""

    revoked: bool


def told(entity: Mapping[str, Any], kinds: Mapping[str, str]) -> Told | None:
    """The notice in an entity of either dialect, normalised or not; None where there is none."""
    values = {name: _value(attribute) for name, attribute in entity.items()}
    name, kind = values.get("id"), kinds.get(str(values.get("type")))
    if not can_be(name) or kind is None:
        return None
    words = _words(values)
    revoked = str(values.get("status", "")).lower() in _REVOKED
    if not words and not revoked:
        return None
    stamps = (_moment(values.get(key)) for key in ("dateModified", "modifiedAt", "dateIssued"))
    return Told(
        id=name,
        kind=kind,
        words=words,
        begins=_moment(values.get("validFrom")),
        ends=_moment(values.get("validTo")),
        modified=next(filter(None, stamps), ""),
        revoked=revoked,
    )


def can_be(name: object) -> TypeGuard[str]:
    """Whether it is an id that every database holds."""
    return isinstance(name, str) and 0 < len(name) <= ID and name.isprintable()


def clean(raw: Any, most: int) -> str:
    """Plain words: no markup, nothing invisible, nothing that turns the line around."""
    if not isinstance(raw, str):
        return ""
    words = html.unescape(_TAG.sub(" ", html.unescape(raw[: 8 * most])))
    words = _TAG.sub(" ", words)
    seen = "".join(
        " " if character.isspace() else character
        for character in words
        if character.isspace() or character in _KEPT or not _is_invisible(character)
    )
    seen = " ".join(seen.split())
    return seen if len(seen) <= most else seen[: most - 1] + "…"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def _words(values: Mapping[str, Any]) -> dict[str, Words]:
    """By language: `name_en` beside `name`, or a map of languages."""
    found: dict[str, Words] = {}
    for language in LANGUAGES:
        title = clean(_in(values, "name", language), TITLE)
        text = clean(_in(values, "description", language), TEXT)
        if not title and language == "ja":
            title, text = text[:TITLE], text[TITLE:]
        if title:
            found[language] = Words(title, text)
    return found


def _in(values: Mapping[str, Any], name: str, language: str) -> Any:
    value = values.get(name)
    if isinstance(value, Mapping):
        return value.get(language, value.get(language.replace("_", "-")))
    return value if language == "ja" else values.get(f"{name}_{language}")


def _value(attribute: Any) -> Any:
    """What stands in an attribute, however the dialect wraps it."""
    if isinstance(attribute, Mapping):
        for key in ("languageMap", "value", "@value"):
            if key in attribute:
                return _value(attribute[key]) if key == "value" else attribute[key]
    return attribute


def _moment(raw: Any) -> str | None:
    """A moment in UTC to the microsecond; one without a zone is meant in Japan."""
    try:
        found = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        if found is None:
            return None
        found = found if found.tzinfo else found.replace(tzinfo=_TOKYO)
        return found.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return None
