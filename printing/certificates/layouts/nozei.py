"""The 納税証明書: tax by tax what was due and paid; or that nothing is in arrears."""

from collections.abc import Iterator

from printing.certificates.layouts.kit import LEFT, RIGHT, Cell, Column, Kit, Row
from printing.certificates.layouts.shotoku import year
from printing.contents import Nozei, TaxLine
from printing.sheet import Block

COLUMNS = (
    Column("税目", 42),
    Column("年度", 26, "centre"),
    Column("納付すべき額", 26, "right"),
    Column("納付済額", 26, "right"),
    Column("未納額", 25, "right"),
    Column("納期未到来額", 25, "right"),
)
NOTHING_OWED = "市税（個人の県民税及び森林環境税を含む。）について、滞納はありません。"
TOTAL = "合計"
FOOTNOTE = "金額の単位は円です。未納額は、納期を過ぎてまだ納められていない額です。"


def blocks(content: Nozei, kit: Kit) -> Iterator[Block]:
    """Who, then tax under tax with their sum."""
    wide = RIGHT - LEFT
    rows = (
        Row(13, (Cell("住所", content.address, wide, 14, column=30),)),
        Row(14, (Cell("氏名", content.name, wide, 18, column=30),)),
    )
    yield kit.table(rows, 6.0)
    if not content.lines:
        yield kit.table((Row(22, (Cell("証明事項", NOTHING_OWED, wide, 14, column=30),)),), 6.0)
        return
    lines = [_line(each) for each in content.lines]
    if len(lines) > 1:
        lines.append(_total(content.lines))
    yield from kit.list(COLUMNS, lines, 3.0)
    yield from kit.paragraph(FOOTNOTE, 10)


def _line(line: TaxLine) -> tuple[str, ...]:
    sums = _sums(line.due, line.paid, line.unpaid, line.not_yet_due)
    return line.tax, year(line.fiscal_year), *sums


def _total(lines: tuple[TaxLine, ...]) -> tuple[str, ...]:
    sums = (
        sum(getattr(line, name) for line in lines)
        for name in ("due", "paid", "unpaid", "not_yet_due")
    )
    return TOTAL, "", *_sums(*sums)


def _sums(*sums: int) -> Iterator[str]:
    return (f"{each:,}" for each in sums)
