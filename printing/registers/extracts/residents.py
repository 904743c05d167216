"""Certificates out of the register of residents: 住民票, 記載事項, 印鑑登録, 罹災."""

from typing import Literal

from printing.contents import Inkan, Item, Juminhyo, Kisai, Resident, Risai, Victim
from printing.era import written
from printing.registers.extracts.wants import Wants, same
from printing.registers.register import Foreign, NotIssuable, Person, Register

SEXES = {"1": "男", "2": "女"}  # as the card codes it
Kind = Literal["household", "part", "person", "removed"]
_KINDS: dict[str, Kind] = {
    "household": "household",
    "part": "part",
    "person": "person",
    "removed": "removed",
}
_OTHERS = frozenset({"spouse", "parent", "child", "third-party", "corporation", "professional"})
_REMOVED = {"moved": "転出", "died": "死亡"}
_DEGREES = {
    "total": "全壊",
    "large-half": "大規模半壊",
    "medium-half": "中規模半壊",
    "half": "半壊",
    "quasi-half": "準半壊",
    "partial": "準半壊に至らない",
}
_FOREIGN = (
    ("show_nationality", "国籍・地域", "nationality"),
    ("show_status", "在留資格", "status"),
    ("show_period", "在留期間", "period"),
    ("show_card_number", "在留カード番号", "card_number"),
)


def juminhyo(register: Register, person: Person, wants: Wants) -> Juminhyo:
    """住民票の写し: a household, some of it, one person, or one who left."""
    kind = wants.text("kind")
    if kind not in _KINDS:
        raise NotIssuable(f"kind: {kind}")
    shown = _shown(register, person, wants, kind)
    return Juminhyo(
        kind=_KINDS[kind],
        address=person.address,
        head=_head(register, person) if wants.yes("relationship") else None,
        residents=tuple(_resident(each, wants) for each in shown),
    )


def kisai(register: Register, person: Person, wants: Wants) -> Kisai:
    """住民票記載事項証明書: who she is and where she lives, and what was ticked besides."""
    if person.removal is not None:
        raise NotIssuable("no longer registered")
    _hold_back(person, wants)
    entries: list[tuple[str, str | None]] = [
        ("氏名", person.name),
        ("旧氏", person.former_name),
        ("通称", person.alias),
        ("生年月日", written(person.birth)),
        ("性別", SEXES.get(person.sex, person.sex)),
        ("住所", person.address),
    ]
    if wants.yes("relationship"):
        entries += [("世帯主", _head(register, person)), ("続柄", person.relationship)]
    if wants.yes("domicile"):
        entries += [("本籍", person.domicile), ("筆頭者", person.head_of_domicile)]
    entries += [(item.label, item.value) for item in _foreign(person.foreign, wants)]
    if wants.yes("with_code"):
        entries += [("住民票コード", person.code)]
    if wants.yes("with_number"):
        entries += [("個人番号", person.my_number)]
    if wants.yes("address_history"):
        earlier = (person.previous, *person.history)
        entries += [("前住所", stay.address) for stay in earlier if stay]
    return Kisai(
        residents=(tuple(Item(label=label, value=value) for label, value in entries if value),)
    )


def inkan(register: Register, person: Person, wants: Wants) -> Inkan:
    """印鑑登録証明書: of whoever has a seal registered, under the number that was shown."""
    seal = register.seals.get(person.id)
    number = wants.text("registration_number")
    if seal is None or person.removal is not None or (number and number != seal.number):
        raise NotIssuable("no such registration")
    if wants.text("presented") == "none" or wants.text("register_state") not in ("", "valid"):
        raise NotIssuable("not to be issued on what was presented")
    return Inkan(
        name=person.name,
        birth=person.birth,
        address=person.address,
        impression=seal.png,
        side=seal.side,
        former_name=person.former_name,
        alias=person.alias,
    )


def risai(register: Register, person: Person, wants: Wants) -> Risai:
    """罹災証明書: of a home that was looked at after this disaster."""
    found = [
        each
        for each in register.damages
        if (each.household, each.disaster) == (person.household, wants.text("disaster"))
    ]
    if len(found) != 1 or person.removal is not None:
        raise NotIssuable("nothing was found at this home")
    (damage,) = found
    if (told := wants.text("judgement")) and _DEGREES.get(told) != damage.degree:
        raise NotIssuable("another degree than the one that was found")
    return Risai(
        head=_head(register, person),
        address=person.address,
        household=tuple(
            Victim(name=each.name, relationship=each.relationship, birth=each.birth)
            for each in register.household_of(person)
        ),
        disaster=damage.name,
        happened=damage.happened,
        cause=damage.cause,
        place=damage.place,
        building=damage.building,
        degree=damage.degree,
        surveyed=damage.surveyed,
        remarks=damage.remarks,
    )


def _shown(register: Register, person: Person, wants: Wants, kind: str) -> tuple[Person, ...]:
    """Of whom it speaks; whoever has left has a 除票 and nothing else."""
    if (kind == "removed") != (person.removal is not None):
        raise NotIssuable("a 除票 of one who stayed, or another paper of one who left")
    if kind == "household":
        return register.household_of(person)
    if kind == "part":
        return _part(register.household_of(person), wants.rows("persons"))
    if kind == "removed":
        _check_removal(person, wants)
    return (person,)


def _part(household: tuple[Person, ...], rows: tuple[Wants, ...]) -> tuple[Person, ...]:
    """Some of the household, each named so that it can be nobody else."""
    chosen = set()
    for row in rows:
        name, birth = row.text("person_name"), row.text("person_birth")
        found = [
            each.id
            for each in household
            if same(each.name, name) and (not birth or each.birth == birth)
        ]
        if len(found) != 1:
            raise NotIssuable("not one of the household, or not one alone")
        chosen.add(found[0])
    if not chosen:
        raise NotIssuable("nobody was named")
    return tuple(each for each in household if each.id in chosen)


def _check_removal(person: Person, wants: Wants) -> None:
    """Why and when, as far as the applicant said it, is as the register has it."""
    told, on = wants.text("removed_kind"), wants.text("removed_on")
    removal = person.removal
    if removal is None or (told and _REMOVED.get(told) != removal.reason):
        raise NotIssuable("left in another way")
    if on and not removal.on.startswith(on):
        raise NotIssuable("left on another day")


def _resident(person: Person, wants: Wants) -> Resident:
    """What the law has on every copy, and besides only what was asked for."""
    _hold_back(person, wants)
    history, domicile = wants.yes("address_history"), wants.yes("domicile")
    return Resident(
        name=person.name,
        kana=person.kana,
        birth=person.birth,
        sex=person.sex,
        relationship=person.relationship if wants.yes("relationship") else None,
        became_resident=person.became_resident,
        moved_in=person.moved_in,
        previous=person.previous if history else None,
        domicile=person.domicile if domicile else None,
        head_of_domicile=person.head_of_domicile if domicile else None,
        former_name=person.former_name,
        alias=person.alias,
        foreign=tuple(_foreign(person.foreign, wants)),
        code=person.code if wants.yes("with_code") else None,
        my_number=person.my_number if wants.yes("with_number") else None,
        history=person.history if history else (),
        removal=person.removal,
    )


def _hold_back(person: Person, wants: Wants) -> None:
    """A paper that would lack what was asked for is not printed: the counter makes it."""
    if wants.yes("with_number") and (person.my_number is None or person.removal is not None):
        raise NotIssuable("no My Number to be shown")
    if (wants.yes("with_number") or wants.yes("with_code")) and wants.text("relation") in _OTHERS:
        raise NotIssuable("neither is for others")
    if wants.yes("name_history") and person.former_names:
        raise NotIssuable("former names are not laid out")


def _foreign(foreign: Foreign | None, wants: Wants) -> list[Item]:
    if foreign is None:
        return []
    known = [(label, getattr(foreign, key)) for want, label, key in _FOREIGN if wants.yes(want)]
    return [Item(label=label, value=value) for label, value in known if value]


def _head(register: Register, person: Person) -> str:
    """Whose household it is; of one who left, her own as it was written then."""
    names = [each.name for each in register.household_of(person) if each.head]
    return names[0] if names else person.name
