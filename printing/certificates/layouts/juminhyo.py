"""The 住民票の写し: a household, some of it, one person, or one who left."""

from collections.abc import Iterator

from printing.blocks import under
from printing.certificates.layouts.kit import LEFT, OMITTED, RIGHT, Cell, Column, Kit, Row
from printing.contents import Juminhyo, Removal, Resident, Stay
from printing.era import written
from printing.sheet import Block

SEXES = {"1": "男", "2": "女"}  # as the card codes it; a register writes the word
GAP = 3.5
LOW = 8.8
NOT_WRITTEN = "記載なし"
WIDE = RIGHT - LEFT
HISTORY = (
    Column("", 10, "centre"),
    Column("住所", 84),
    Column("期間", 44),
    Column("異動の事由", 32),
)


def blocks(content: Juminhyo, kit: Kit) -> Iterator[Block]:
    """The address, on every page; then person after person."""
    address = Cell("住所", content.address, 115, 15)
    head = Cell("世帯主", content.head or OMITTED, 55, 15)
    yield from under(kit.table((Row(16, (address, head)),), 4.5), _people(content, kit))


def _people(content: Juminhyo, kit: Kit) -> Iterator[Block]:
    for resident in content.residents:
        yield from kit.parts(tuple(_rows(resident)), GAP)
        if resident.history:
            title = kit.title(f"住所の履歴（{resident.name}）")
            lines = [_stay(number, each) for number, each in enumerate(resident.history, 1)]
            yield from under(title, kit.list(HISTORY, lines, GAP))


def _rows(resident: Resident) -> Iterator[Row]:
    yield Row(
        15.5,
        (
            Cell("氏名", resident.name, 96, 20, resident.kana),
            Cell("生年月日", written(resident.birth), 54),
            Cell("性別", SEXES.get(resident.sex, resident.sex), 20),
        ),
    )
    yield from _standing(resident)
    moved, notified = _day(resident.moved_in), _day(resident.notified)
    yield from _pairs([("住所を定めた年月日", moved), ("届出の年月日", notified)])
    yield from _origin(resident)
    if resident.previous:
        yield _previous(resident.previous)
    yield from _pairs([(each.label, each.value) for each in resident.foreign])
    yield from _pairs([("個人番号", _grouped(resident.my_number)), ("住民票コード", resident.code)])
    if resident.removal:
        yield from _removal(resident.removal)


def _standing(resident: Resident) -> Iterator[Row]:
    """How she belongs to the household and since when; one other name finds room beside it."""
    names = [("旧氏", resident.former_name), ("通称", resident.alias)]
    (label, other), *more = [(label, name) for label, name in names if name] or [("", "")]
    if more:
        yield from _pairs(names)
        other = ""
    relationship = resident.relationship or OMITTED
    became = _day(resident.became_resident) or NOT_WRITTEN
    first = [Cell("続柄", relationship, 44 if other else 96, 13)]
    if other:
        first.append(Cell(label, other, 52, 13))
    yield Row(LOW, (*first, Cell("住民となった年月日", became, 74, 13)))


def _origin(resident: Resident) -> Iterator[Row]:
    if resident.domicile is None and resident.head_of_domicile is None:
        return
    domicile = Cell("本籍", resident.domicile or OMITTED, 115, 13)
    yield Row(LOW, (domicile, Cell("筆頭者", resident.head_of_domicile or OMITTED, 55, 13)))


def _previous(stay: Stay) -> Row:
    if stay.remark is None:
        return Row(LOW, (Cell("転入前住所", stay.address, WIDE, 13),))
    return Row(LOW, (Cell("転入前住所", stay.address, 115, 13), Cell("備考", stay.remark, 55, 13)))


def _removal(removal: Removal) -> Iterator[Row]:
    yield Row(
        LOW,
        (
            Cell("消除の事由", removal.reason, 85),
            Cell("消除の年月日", written(removal.on), 85),
        ),
    )
    if removal.moved_to:
        yield Row(LOW, (Cell("転出先", removal.moved_to, WIDE, 13),))


def _stay(number: int, stay: Stay) -> tuple[str, str, str, str]:
    ends = ((stay.since, "から"), (stay.until, "まで"))
    period = "\n".join(f"{written(day)}{end}" for day, end in ends if day)
    return str(number), stay.address, period, stay.remark or ""


def _pairs(told: list[tuple[str, str | None]]) -> Iterator[Row]:
    """Entries two by two; what is not there takes no room."""
    known = [(label, value) for label, value in told if value]
    for start in range(0, len(known), 2):
        two = known[start : start + 2]
        yield Row(LOW, tuple(Cell(label, value, WIDE / len(two), 13) for label, value in two))


def _day(day: str | None) -> str | None:
    return written(day) if day else None


def _grouped(number: str | None) -> str | None:
    """Twelve digits as the card shows them."""
    if number is None or not (number.isdecimal() and len(number) == 12):
        return number
    return " ".join(number[start : start + 4] for start in (0, 4, 8))
