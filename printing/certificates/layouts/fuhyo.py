"""The 戸籍の附票の写し: where each of a family has lived, in order."""

from collections.abc import Iterator

from printing.certificates.layouts.entries import Entry, Line
from printing.certificates.layouts.kit import OMITTED, Kit
from printing.certificates.layouts.ledger import Ledger
from printing.certificates.layouts.ruby import GAP
from printing.contents import Fuhyo, FuhyoPerson, Removal, Stay
from printing.era import written
from printing.sheet import Block

SEXES = {"1": "男", "2": "女"}
REMOVED = "除籍"


def blocks(content: Fuhyo, kit: Kit) -> Iterator[Block]:
    """Whose 戸籍 it goes with, if that was asked for; then person after person."""
    ledger = Ledger(kit)
    yield from ledger.blocks([*_head(content, ledger), *_people(content, ledger)])


def _head(content: Fuhyo, ledger: Ledger) -> Iterator[Entry]:
    yield Entry(ledger.words(content.domicile or OMITTED), section="本籍")
    yield Entry(ledger.name("", content.head or OMITTED), section="筆頭者氏名")
    if content.made:
        yield Entry(ledger.words(written(content.made)), section="附票作成日")


def _people(content: Fuhyo, ledger: Ledger) -> Iterator[Entry]:
    surname = (content.head or "").partition(GAP)[0] + GAP
    for person in content.people:
        named = bool(content.head) and person.name.startswith(surname)
        name = person.name.removeprefix(surname) if named else person.name
        kana = person.kana or ""
        if named:
            kana = kana.partition(GAP)[2] or kana
        yield Entry(
            tuple(_standing(person, ("名" if content.head else "氏名", name, kana), ledger)),
            section="附票に記録されている者",
            mark=REMOVED if person.removed else "",
            whose=name,
            leads=bool(person.stays),
        )
        for number, stay in enumerate(person.stays):
            yield Entry(
                tuple(_stay(stay, ledger)), section="" if number else "住所", whose=f"{name}の住所"
            )


def _standing(person: FuhyoPerson, named: tuple[str, str, str], ledger: Ledger) -> Iterator[Line]:
    yield from ledger.name(*named, size=17)
    told = []
    if person.birth:
        told.append(f"【生年月日】{written(person.birth)}")
    if person.sex:
        told.append(f"【性別】{SEXES.get(person.sex, person.sex)}")
    if told:
        yield from ledger.line("", f"{GAP}{GAP}".join(told))
    yield from ledger.lines(person.entries)
    if person.removal:
        yield from _removal(person.removal, ledger)


def _removal(removal: Removal, ledger: Ledger) -> Iterator[Line]:
    yield from ledger.line("除籍日", removal.on)
    yield from ledger.line("除籍事由", removal.reason)
    if removal.moved_to:
        yield from ledger.line("新本籍", removal.moved_to)


def _stay(stay: Stay, ledger: Ledger) -> Iterator[Line]:
    yield from ledger.line("住所", stay.address)
    yield from ledger.line("住定日", stay.since or "記載なし")
    if stay.until:
        yield from ledger.line("住所でなくなった日", stay.until)
    if stay.remark:
        yield from ledger.line("備考", stay.remark)
