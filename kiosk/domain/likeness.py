"""Whether a paper is that person's: the last look at words before they become a sheet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.domain.subject import Named, Subject, plain, same
from printing.contents import (
    AnyContent,
    Fuhyo,
    Item,
    Juminhyo,
    Juri,
    Kisai,
    Koseki,
    Nozei,
    Risai,
)
from printing.era import written

_GAPS = re.compile(r"\s+")
_ALIAS = re.compile(r"（[^（）]*）$")


@dataclass(frozen=True)
class _Shown:
    """Somebody on a paper; `former` where the name may be the one before a marriage."""

    names: Sequence[str]
    births: Sequence[str] = ()
    alias: str | None = None
    former: bool = False

    def is_(self, named: Named) -> bool:
        """The very person, as far as it was said and is written."""
        if named.birth and self.births:
            if {named.birth, written(named.birth)}.isdisjoint(self.births):
                return False
            if self.former and _given(named.name) in map(_given, self.names):
                return True
        wanted = {plain(named.name)}
        if self.alias is None:  # a card has an alias in brackets behind the name
            wanted.add(plain(_ALIAS.sub("", named.name)))
        return not wanted.isdisjoint(map(plain, self.names))


def shows(paper: AnyContent, subject: Subject) -> bool:
    """Everybody who was asked for, and nobody in their place."""
    people = list(_people(paper))
    match paper:
        case Juri() if subject.notice:
            told = plain(subject.notice)
            return any(plain(name) in told for each in people for name in each.names)
        case Koseki() | Fuhyo() if subject.head and paper.head is not None:
            if not same(paper.head, subject.head):
                return False
    found = all(any(each.is_(named) for each in people) for named in subject.shown)
    return found and (
        _shows_others(paper)
        or all(any(each.is_(named) for named in subject.shown) for each in people)
    )


def _shows_others(paper: AnyContent) -> bool:
    """Papers that speak of people who need not be named."""
    match paper:
        case Juri() | Risai() | Juminhyo(kind="household"):
            return True
        case Koseki(kind=kind) | Fuhyo(kind=kind):
            return kind in ("whole", "removed")
    return False


def _people(paper: AnyContent) -> Iterator[_Shown]:
    match paper:
        case Juminhyo(residents=residents):
            yield from (_one(each.name, each.birth, each.alias) for each in residents)
        case Kisai(residents=entries):
            yield from (_attested(items) for items in entries)
        case Koseki(people=recorded):
            yield from (_one(each.name, each.birth, former=True) for each in recorded)
        case Fuhyo(people=addressed):
            yield from (_one(each.name, each.birth, former=True) for each in addressed)
        case Juri(parties=parties):
            yield from (_one(each.name, each.birth) for each in parties)
        case Risai(head=head, household=victims):
            yield _one(head)
            yield from (_one(each.name, each.birth) for each in victims)
        case Nozei(name=name):
            yield _one(name)
        case _:
            yield _one(paper.name, paper.birth, getattr(paper, "alias", None))


def _attested(items: Sequence[Item]) -> _Shown:
    """An entry has the name under its label; a 世帯主 beside it is somebody else."""
    said = [(plain(item.label), item.value) for item in items]
    names = [value for label, value in said if label in ("氏名", "通称")]
    return _Shown(names, [value for label, value in said if label == "生年月日"])


def _one(
    name: str, birth: str | None = None, alias: str | None = None, *, former: bool = False
) -> _Shown:
    names = (name, f"{name}（{alias}）") if alias else (name,)
    return _Shown(names, (birth,) if birth else (), alias, former)


def _given(name: str) -> str:
    """Without the family name, which a marriage changes."""
    return _GAPS.split(name.strip())[-1]
