"""From a register's records to what a certificate says: used by whoever holds a register."""

from collections.abc import Mapping, Sequence
from typing import Any

from printing.contents import Content, Juminhyo, Resident

Person = Mapping[str, Any]


def content_of(people: Sequence[Person], subject: Person, wants: Mapping[str, Any]) -> Content:
    """The 住民票 of this person, with what was asked for and no more."""
    together = [each for each in people if each["household"] == subject["household"]]
    whole = wants.get("kind") == "household"
    head = next((each["name"] for each in together if each.get("head")), subject["name"])
    return Juminhyo(
        kind="household" if whole else "person",
        address=subject["address"],
        head=head if wants.get("relationship") else None,
        residents=tuple(_resident(each, wants) for each in (together if whole else [subject])),
    )


def _resident(person: Person, wants: Mapping[str, Any]) -> Resident:
    became = person.get("became_resident")
    return Resident(
        name=person["name"],
        kana=person["kana"],
        birth=str(person["birth"]),
        sex=str(person["sex"]),
        relationship=person.get("relationship") if wants.get("relationship") else None,
        became_resident=str(became) if became else None,
        domicile=person.get("domicile") if wants.get("domicile") else None,
        head_of_domicile=person.get("head_of_domicile") if wants.get("domicile") else None,
    )
