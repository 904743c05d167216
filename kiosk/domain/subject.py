"""Whose certificate it is, as the form says it: asked of the office, and looked for on the paper.

A card speaks of nobody but its holder. At the counter somebody may come for somebody else: the
form then asks for that person in fields of its own, and the one who came is on no paper.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.answers import content
from forms.facts import Source
from forms.form import Form
from forms.scope import Occasion
from kiosk.domain.sheets import subject_of
from kiosk.domain.states import Case, Identity
from printing.contents import CERTIFICATES

_GAP = "\u3000"
_GAPS = re.compile(r"\s+")
_INSPECTED = "judgement"  # what a clerk says where the paper follows an inspection
_OTHERS = ("subject", "registrant", "mandator")  # how forms name the other one; the first counts
_PARTS = ("name", "birth", "address")
_VISITOR = (*_PARTS, "kana", "phone")


@dataclass(frozen=True)
class Named:
    """Somebody who has to be on the paper; the birth is empty where it was not said."""

    name: str = field(repr=False)
    birth: str = field(default="", repr=False)


@dataclass(frozen=True)
class Subject:
    """Whom the office looks for, and what the paper has to show; empty is what nobody said.

    `head` is whose 戸籍 it is, `notice` the people of a 届書 in the words of who asks.
    """

    name: str = field(repr=False)
    birth: str = field(repr=False)
    address: str = field(repr=False)
    shown: tuple[Named, ...] = field(repr=False)
    head: str = field(default="", repr=False)
    notice: str = field(default="", repr=False)

    @property
    def mark(self) -> bytes:
        """The same for the same people, and nothing to read."""
        every = (Named(self.name, self.birth), *self.shown)
        return subject_of(*("\n".join(getattr(e, part) for e in every) for part in _PARTS[:2]))


def printed_here(form: Form, case: Case, occasion: Occasion) -> bool:
    """Whether the paper is made where it is asked for; one of an inspection only after that."""
    if form.certificate not in CERTIFICATES:
        return False
    return not _is_inspected(form) or _INSPECTED in content(form, case.answers, occasion)


def only_printed(form: Form) -> bool:
    """Whether a procedure is its paper and nothing else: there is nothing to leave with us."""
    return form.certificate in CERTIFICATES and not _is_inspected(form)


def _is_inspected(form: Form) -> bool:
    return any(item.id == _INSPECTED for item in form.fields)


def said_by(case: Case) -> Mapping[str, Any]:
    """A fact counts more than an answer, and the card's more than any other."""
    facts = sorted(case.facts.known, key=lambda fact: fact.source is Source.CARD)
    return {**case.answers.values, **{fact.name: fact.value for fact in facts}}


def said_to_clerk(form: Form, case: Case, occasion: Occasion) -> Mapping[str, Any]:
    """What stands on the sheet counts: the clerk has just looked at it with who came."""
    known = {fact.name: fact.value for fact in case.facts.known if fact.name in _VISITOR}
    return {**known, **content(form, case.answers, occasion)}


def whose(form: Form, case: Case, occasion: Occasion) -> Subject:
    """The person of this case."""
    if case.identity is not Identity.CLERK:
        return _person(said_by(case))
    said = said_to_clerk(form, case, occasion)
    person = _person(said if said.get("relation", "self") == "self" else _other(said))
    return Subject(
        person.name,
        person.birth,
        person.address,
        _shown(said, person),
        _text(said, "head_name"),
        _text(said, "notice_people"),
    )


def line(address: Any) -> str:
    """An address in one line, as cards and registers have it."""
    if not isinstance(address, Mapping):
        return str(address or "")
    place = "".join(address.get(part, "") for part in ("prefecture", "city", "town", "number"))
    building = address.get("building")
    return f"{place}{_GAP}{building}" if building else place


def same(one: str, other: str) -> bool:
    """Two writings of one name that differ in their gaps at most."""
    return plain(one) == plain(other)


def plain(name: str) -> str:
    """A name without gaps."""
    return _GAPS.sub("", name)


def _person(said: Mapping[str, Any]) -> Subject:
    name, birth = _text(said, "name"), _text(said, "birth")
    return Subject(name, birth, line(said.get("address")), (Named(name, birth),))


def _other(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one for whom somebody came; who asks in her own right is looked for herself."""
    for which in _OTHERS:
        if said.get(f"{which}_name"):
            return {part: said.get(f"{which}_{part}") for part in _PARTS}
    if head := _text(said, "victim_head"):
        rows = [row for row in said.get("victims") or () if same(row["victim_name"], head)]
        birth = rows[0].get("victim_birth") if rows else None
        place = said.get("place") or said.get("address")
        return dict(zip(_PARTS, (head, birth, place), strict=True))
    return said


def _shown(said: Mapping[str, Any], person: Subject) -> tuple[Named, ...]:
    """Some of a household, another one of the same 戸籍, or the person herself."""
    if rows := said.get("persons"):
        return tuple(Named(row["person_name"], _text(row, "person_birth")) for row in rows)
    named = _text(said, "person_name")
    return (Named(named),) if named and not same(named, person.name) else person.shown


def _text(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "")
