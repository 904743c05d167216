"""Who did what, each entry chained to the one before: no change and no removal stays unseen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from msgspec.json import encode

BEGINNING = "0" * 64
_ID = re.compile(r"[0-9A-Za-z._~-]{1,60}\Z")
_WHO = re.compile(r"(kiosk|counter|office|(clerk|command):[0-9A-Za-z._~-]{1,60})\Z")
_ABOUT = re.compile(r"[0-9A-Za-z._~-]{0,80}\Z")
_MORE = re.compile(r"[0-9a-z.,:=-]{0,200}\Z")


class Deed(StrEnum):
    """Everything that is written down; there is no other word."""

    KEPT = "kept"
    DELIVERED = "delivered"
    REFUSED = "refused"
    STOPPED = "stopped"
    SET_ASIDE = "set-aside"
    RETRIED = "retried"
    EXPORTED = "exported"
    ERASED = "erased"
    RESEEDED = "reseeded"
    CONSENT_GIVEN = "consent-given"
    CONSENT_REFUSED = "consent-refused"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    CLERK_ADDED = "clerk-added"
    PAPER_SETTLED = "paper-settled"
    KEY_ROTATED = "key-rotated"
    PAIRED = "paired"


@dataclass(frozen=True)
class Entry:
    """One deed. Nothing personal: `about` is an id or a number, `more` codes of our own."""

    place: int
    at: str
    who: str
    what: str
    about: str
    more: str


@dataclass(frozen=True)
class Linked:
    """An entry with the hash that it was written with."""

    entry: Entry
    hash: str


class Why(StrEnum):
    """What is wrong at a place."""

    CHANGED = "changed"
    MISSING = "missing"
    SHORTENED = "shortened"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Break:
    """The first place that is not as it was written."""

    place: int
    why: Why


def plain(name: str) -> str:
    """An id as the journal carries it: one that might be a name in letters is only a mark."""
    return name if _ID.match(name) else "~" + sha256(name.encode()).hexdigest()[:12]


def by_clerk(clerk: str) -> str:
    """A clerk as the journal names them: by the id they sign in with."""
    return f"clerk:{plain(clerk)}"


def entry(place: int, at: str, who: str, what: Deed, about: str, more: str) -> Entry:
    """An entry that may be written; words that could be somebody's name may not."""
    if not (_WHO.match(who) and _ABOUT.match(about) and _MORE.match(more)):
        raise ValueError("words that have no place in the journal")
    return Entry(place, at, who, what.value, about, more)


def link(previous: str, entry: Entry) -> str:
    """SHA-256 over the RFC 8785 bytes of the entry with the hash before it."""
    return sha256(encode({**vars(entry), "previous": previous}, order="sorted")).hexdigest()


def broken(rows: Iterable[Linked], told: Mapping[int, str] | None = None) -> Break | None:
    """The first place that is wrong; `told` are hashes that somebody else remembers."""
    told = told or {}
    place, previous = 0, BEGINNING
    for row in rows:
        place += 1
        if row.entry.place != place:
            return Break(place, Why.MISSING)
        if row.hash != link(previous, row.entry):
            return Break(place, Why.CHANGED)
        if told.get(place, row.hash) != row.hash:
            return Break(place, Why.REPLACED)
        previous = row.hash
    beyond = [each for each in told if each > place]
    return Break(place + 1, Why.SHORTENED) if beyond else None
