"""What a register holds, as closed data: residents, seals, taxes, families, notices, damage."""

from collections.abc import Iterable
from typing import Any, Literal

import yaml
from msgspec import Struct, convert

from printing.contents import (
    Amount,
    City,
    Degree,
    Event,
    Item,
    KosekiPerson,
    Party,
    Removal,
    Stay,
    TaxLine,
)


class NotIssuable(Exception):
    """The register does not answer this here; the words are for us, a person is told no reason."""


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of the register; a typing error in its file stops the start, not a certificate."""


class Foreign(Record, frozen=True):
    """What a 住民票 of a foreign resident says besides (住民基本台帳法第30条の45)."""

    nationality: str
    status: str
    period: str | None = None
    card_number: str | None = None


class Person(Record, frozen=True):
    """One who lives here, or did; `former_names` are those no layout of ours can show."""

    id: str
    household: str
    name: str
    kana: str
    birth: str
    sex: str
    address: str
    relationship: str
    head: bool = False
    protected: bool = False
    became_resident: str | None = None
    moved_in: str | None = None
    previous: Stay | None = None
    history: tuple[Stay, ...] = ()
    domicile: str | None = None
    head_of_domicile: str | None = None
    former_name: str | None = None
    alias: str | None = None
    former_names: tuple[str, ...] = ()
    code: str | None = None
    my_number: str | None = None
    foreign: Foreign | None = None
    removal: Removal | None = None


class Impression(Record, frozen=True):
    """A registered seal."""

    number: str
    side: float
    png: str


class TaxYear(Record, frozen=True):
    """One fiscal year; of a `dependant` without a return nothing is known, and that is no fault."""

    filed: Literal["declared", "dependant", "none"]
    address_then: str
    incomes: tuple[Amount, ...] = ()
    deductions: tuple[Amount, ...] = ()
    dependants: tuple[Item, ...] = ()
    taxes: tuple[Amount, ...] = ()


class Payment(Record, frozen=True):
    """One tax of one year, under the name the form has for it."""

    item: str
    line: TaxLine


class Taxpayer(Record, frozen=True):
    """What is known of somebody's taxes, year by year."""

    years: dict[str, TaxYear] = {}
    payments: tuple[Payment, ...] = ()


class Member(Record, frozen=True):
    """One who is, or was, recorded in a 戸籍; `resident` where the city knows her, too."""

    record: KosekiPerson
    sex: str
    stays: tuple[Stay, ...]
    resident: str | None = None
    left: str | None = None


class Family(Record, frozen=True):
    """A 戸籍 and its 附票 (`made`); `closed` once everybody has left it."""

    domicile: str
    head: str
    history: tuple[Event, ...]
    members: tuple[Member, ...]
    made: str | None = None
    closed: bool = False


class Notice(Record, frozen=True):
    """A 届出 that was accepted here, and who gave it in."""

    kind: str
    title: str
    accepted: str
    by: tuple[str, ...]
    parties: tuple[Party, ...]
    entries: tuple[Item, ...] = ()


class Damage(Record, frozen=True):
    """What was found at a household's home after a disaster."""

    household: str
    disaster: str
    name: str
    happened: str
    cause: str
    place: str
    building: str
    degree: Degree
    surveyed: str | None = None
    remarks: str | None = None


class Register(Record, frozen=True):
    """Everything a city knows that its certificates say."""

    city: City
    people: tuple[Person, ...]
    seals: dict[str, Impression] = {}
    taxes: dict[str, Taxpayer] = {}
    families: tuple[Family, ...] = ()
    notices: tuple[Notice, ...] = ()
    damages: tuple[Damage, ...] = ()

    def household_of(self, person: Person) -> tuple[Person, ...]:
        """Those who live together now; whoever has left lives with nobody."""
        return tuple(
            each
            for each in self.people
            if each.household == person.household and each.removal is None
        )

    def guarded(self) -> frozenset[str]:
        """Whom no terminal serves: the protected (支援措置), and whoever shares a home with one."""
        homes = {each.household for each in self.people if each.protected}
        return frozenset(each.id for each in self.people if each.household in homes)

    def exposes(self, residents: Iterable[str | None]) -> bool:
        """Would a paper about all of these tell of somebody who is protected?"""
        return not self.guarded().isdisjoint(residents)


def read_register(text: str) -> Register:
    """The register in its file; msgspec.ValidationError names what is wrong in it, and where."""
    register: Register = convert(yaml.load(text, _Plain), Register)  # noqa: S506 (safe, below)
    return register


def _without_days(resolvers: dict[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    found: Iterable[tuple[str, list[tuple[str, Any]]]] = resolvers.items()
    return {
        letter: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
        for letter, rules in found
    }


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times quicker where it is there


class _Plain(_Safe):  # type: ignore[misc]
    """Days stay text, as a certificate carries them."""

    yaml_implicit_resolvers = _without_days(yaml.SafeLoader.yaml_implicit_resolvers)
