"""The 所得・課税証明書 of one year: what was earned, deducted and taxed, yen under yen."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from printing.certificates.layouts.kit import Cell, Column, Kit, Row
from printing.contents import Amount, Shotoku
from printing.era import wareki, written
from printing.sheet import Block

UNKNOWN = "＊＊＊＊"
UNDECLARED = f"市民税・県民税の申告がないため、金額は証明できません（{UNKNOWN}）。"
INCOMES, DEDUCTIONS = "所得の内訳", "所得控除の内訳"
GAP = 4.0
Told = Sequence[tuple[str, str]]


def year(fiscal: int) -> str:
    """The tax year in its era."""
    return f"{wareki(date(fiscal, 4, 1)).partition('年')[0]}年度"


def earned(fiscal: int) -> str:
    """The calendar year whose income that tax year is about."""
    return f"{wareki(date(fiscal - 1, 12, 31)).partition('年')[0]}年分"


def blocks(content: Shotoku, kit: Kit) -> Iterator[Block]:
    """Who, then the tables side by side, two columns to a page's width."""
    yield _person(content, kit)
    incomes, deductions = _sums(content.incomes, content), _sums(content.deductions, content)
    yield from _side_by_side(kit, (INCOMES, "金額", incomes), (DEDUCTIONS, "金額", deductions))
    dependants = [(each.label, each.value) for each in content.dependants]
    taxes = _sums(content.taxes, content)
    yield from _side_by_side(kit, ("扶養等の状況", "人数等", dependants), ("税額", "金額", taxes))
    if content.undeclared:
        yield from kit.notes(UNDECLARED)


def _person(content: Shotoku, kit: Kit) -> Block:
    name = Cell("氏名", content.name, 110, 18, column=24)
    then = f"{wareki(date(content.fiscal_year, 1, 1))}現在の住所"
    return kit.table(
        (
            Row(11.5, (Cell("住所", content.address, 170, 14, column=48),)),
            Row(11.5, (Cell(then, content.address_then, 170, 14, column=48),)),
            Row(12.5, (name, Cell("生年月日", written(content.birth), 60, 13))),
        ),
        GAP,
    )


def _side_by_side(kit: Kit, *tables: tuple[str, str, Told]) -> Iterator[Block]:
    """Two tables, or the one that has lines over the whole width."""
    told = [each for each in tables if each[2]]
    if not told:
        return
    wide = 170 / len(told)
    columns = [
        column
        for title, sums, _ in told
        for column in (Column(title, wide * 0.62), Column(sums, wide * 0.38, "right"))
    ]
    lines = zip_longest(*(lines for *_, lines in told), fillvalue=("", ""))
    yield from kit.list(columns, [[text for pair in line for text in pair] for line in lines], GAP)


def _sums(amounts: tuple[Amount, ...], content: Shotoku) -> Told:
    """Sums with their thousands apart; nothing is told of what was not declared."""
    return [
        (each.label, UNKNOWN if content.undeclared or each.yen is None else f"{each.yen:,}円")
        for each in amounts
    ]
