"""戸籍・除籍の全部事項証明書 and 個人事項証明書, as the computerised registers print them."""

from collections.abc import Iterator
from dataclasses import replace

from printing.certificates.layouts.entries import Entry, Line
from printing.certificates.layouts.kit import LEFT, RIGHT, Kit
from printing.certificates.layouts.ledger import Ledger
from printing.certificates.layouts.ruby import GAP
from printing.contents import Event, Item, Koseki, KosekiPerson
from printing.era import written
from printing.sheet import Block, Sheet

PROOFS = {
    "whole": "全部事項証明",
    "person": "個人事項証明",
    "removed": "全部事項証明",
    "removed-person": "個人事項証明",
}
REMOVED = "除籍"


def crown(sheet: Sheet, content: Koseki, kit: Kit, page: tuple[int, int]) -> None:
    """The head of each page, in place of a title; from the second on it says whose 戸籍 it is."""
    number, pages = page
    big = replace(kit.value, size=20)
    if _is_removed(content):
        sheet.write(LEFT, 28, GAP.join(REMOVED), big)
    note = f"（{pages}の{number}）{GAP}{PROOFS[content.kind]}"
    sheet.write(RIGHT, 28, note, replace(big, align="right"), 130)
    if number > 1:
        small = replace(kit.value, size=10.5)
        sheet.write(LEFT, 38, f"本籍{GAP}{content.domicile}", small, 108)
        head = f"氏名{GAP}{content.head}"
        sheet.write(RIGHT, 38, head, replace(small, align="right"), 58)


def blocks(content: Koseki, kit: Kit) -> Iterator[Block]:
    """The 本籍 and 氏名, what happened to the register, then person after person."""
    ledger = Ledger(kit)
    yield from ledger.blocks([*_head(content, ledger), *_people(content, ledger)])


def _head(content: Koseki, ledger: Ledger) -> Iterator[Entry]:
    yield Entry(ledger.words(content.domicile), section="本籍")
    surname = _surname(content)
    readings = (
        kana.split(GAP)[0]
        for name, kana in ((each.name, each.kana or "") for each in content.people)
        if _is_of(name, surname) and GAP in kana
    )
    reading = next(readings, "")
    known = ledger.line("氏の振り仮名", reading) if reading else ()
    yield Entry((*ledger.name("", content.head), *known), section="氏名")
    yield from _events("戸籍事項", content.history, ledger, "")


def _people(content: Koseki, ledger: Ledger) -> Iterator[Entry]:
    surname = _surname(content)
    for person in content.people:
        name, kana = person.name, person.kana or ""
        if _is_of(name, surname):
            name = name.removeprefix(surname + GAP)
            kana = kana.partition(GAP)[2] or kana
        yield Entry(
            tuple(_standing(person, name, kana, ledger)),
            section="戸籍に記録されている者",
            mark=REMOVED if person.removed else "",
            whose=name,
            leads=bool(person.events),
        )
        yield from _events("身分事項", person.events, ledger, name)


def _standing(person: KosekiPerson, name: str, kana: str, ledger: Ledger) -> Iterator[Line]:
    yield from ledger.name("名", name)
    if kana:
        yield from ledger.line("名の振り仮名", kana)
    born = written(person.birth)
    spouse = f"{GAP}{GAP}【配偶者区分】{person.spouse}" if person.spouse else ""
    yield from ledger.line("生年月日", born + spouse)
    parents = (("父", person.father), ("母", person.mother), ("続柄", person.relation))
    yield from ledger.lines(Item(label=label, value=who) for label, who in parents if who)
    yield from ledger.lines(person.adoptive)


def _events(section: str, events: tuple[Event, ...], ledger: Ledger, whose: str) -> Iterator[Entry]:
    for number, event in enumerate(events):
        yield Entry(
            ledger.lines(event.entries),
            section=section if number == 0 else "",
            title=event.title,
            whose=whose,
        )


def _is_removed(content: Koseki) -> bool:
    return content.kind.startswith("removed")


def _surname(content: Koseki) -> str:
    return content.head.partition(GAP)[0]


def _is_of(name: str, surname: str) -> bool:
    """Whether it is a whole name that begins with the surname of this register."""
    return name.startswith(surname + GAP)
