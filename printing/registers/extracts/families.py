"""Certificates out of the 戸籍: the register itself, its 附票, and notices that were accepted."""

from msgspec.structs import replace

from printing.contents import Fuhyo, FuhyoPerson, Juri, Koseki, KosekiKind, Removal, Stay
from printing.registers.extracts.wants import Wants, same
from printing.registers.register import Family, Member, Notice, NotIssuable, Person, Register

_KINDS: dict[str, KosekiKind] = {
    "full": "whole",
    "person": "person",
    "removed-full": "removed",
    "removed-person": "removed-person",
}
_WITHOUT_BIRTH = "2022-01-11"  # whoever left a 附票 before has neither birth nor sex on it
_MOVED_TO = "新本籍"
_FINE = frozenset({"marriage", "divorce", "adoption", "adoption-end", "recognition"})


def koseki(register: Register, person: Person, wants: Wants) -> Koseki:
    """戸籍全部事項・個人事項, and both of a 除籍."""
    kind = wants.text("kind")
    family = _family(register, person, wants)
    if wants.yes("wide") or wants.yes("life_set") or wants.yes("with_code"):
        raise NotIssuable("made at the counter by hand")
    if family.closed != kind.startswith("removed"):
        raise NotIssuable("a 除籍 of a living register, or another paper of a closed one")
    alone = kind in ("person", "removed-person")
    members = (_member(family, person, wants),) if alone else family.members
    return Koseki(
        kind=_KINDS[kind],
        domicile=family.domicile,
        head=family.head,
        history=family.history,
        people=tuple(each.record for each in members),
    )


def fuhyo(register: Register, person: Person, wants: Wants) -> Fuhyo:
    """戸籍の附票 of one person; whose 戸籍 it is stays off it unless it was asked for."""
    family = _family(register, person, wants)
    member = _member(family, person, wants)
    shown = wants.yes("fuhyo_domicile")
    if wants.yes("wide") or wants.text("fuhyo_check") not in ("", "clear"):
        raise NotIssuable("not from this desk")
    record = member.record
    bare = record.removed and (member.left or "") < _WITHOUT_BIRTH
    return Fuhyo(
        kind="removed" if family.closed else "person",
        domicile=family.domicile if shown else None,
        head=family.head if shown else None,
        made=family.made,
        people=(
            FuhyoPerson(
                name=record.name,
                kana=record.kana,
                birth=None if bare else record.birth,
                sex=None if bare else member.sex,
                stays=_stays(member, wants),
                removed=record.removed,
                removal=_removal(member),
            ),
        ),
    )


def juri(register: Register, person: Person, wants: Wants) -> Juri:
    """届書受理証明書: for whoever gave the notice in, and nobody else."""
    found = [each for each in register.notices if _is_asked(each, person, wants)]
    fine = wants.yes("fine_paper")
    if len(found) != 1 or register.exposes(found[0].by) or (fine and found[0].kind not in _FINE):
        raise NotIssuable("no such notice of hers, or none that is framed")
    (notice,) = found
    return Juri(
        notice=notice.title,
        accepted=notice.accepted,
        parties=notice.parties,
        entries=notice.entries,
        fine=fine,
    )


def _is_asked(notice: Notice, person: Person, wants: Wants) -> bool:
    return (
        person.id in notice.by
        and notice.kind == wants.text("notice_kind")
        and notice.accepted == wants.text("notice_date")
        and wants.text("notice_place") != "elsewhere"
        and wants.text("notice_role") in ("", "notifier")
    )


def _family(register: Register, person: Person, wants: Wants) -> Family:
    """The 戸籍 whose head was named, else the one she is recorded in now; she is in either."""
    domicile, head = wants.text("domicile"), wants.text("head_name")
    found = [
        each
        for each in register.families
        if _recorded(each, person, now=not head)
        and (not domicile or same(each.domicile, domicile))
        and (not head or same(each.head, head))
    ]
    if len(found) != 1 or register.exposes(each.resident for each in found[0].members):
        raise NotIssuable("not recorded in such a 戸籍, or not alone there")
    return found[0]


def _recorded(family: Family, person: Person, *, now: bool) -> bool:
    mine = [each.record for each in family.members if each.resident == person.id]
    return any(not (now and record.removed) for record in mine) and not (now and family.closed)


def _member(family: Family, person: Person, wants: Wants) -> Member:
    """The one who was named, else the applicant."""
    name = wants.text("person_name")
    if name:
        found = [each for each in family.members if same(each.record.name, name)]
    else:
        found = [each for each in family.members if each.resident == person.id]
    if len(found) != 1:
        raise NotIssuable("not one of that 戸籍, or not one alone")
    return found[0]


def _removal(member: Member) -> Removal | None:
    """Why she left the register: nothing is recorded of anybody after that."""
    record = member.record
    if not record.removed or member.left is None or not record.events:
        return None
    last = record.events[-1]
    moved = (item.value for item in last.entries if item.label == _MOVED_TO)
    return Removal(reason=last.title, on=member.left, moved_to=next(moved, None))


def _stays(member: Member, wants: Wants) -> tuple[Stay, ...]:
    """All addresses, the last alone, or all from a certain one on."""
    span = wants.text("fuhyo_range") or "all"
    if span == "all":
        return member.stays
    if span == "now":
        return tuple(replace(each, remark=None) for each in member.stays[-1:])
    asked = wants.text("fuhyo_addresses")
    places = [n for n, stay in enumerate(member.stays) if same(stay.address, asked)]
    if span != "some" or not places:
        raise NotIssuable("no such address on it")
    return member.stays[places[0] :]
