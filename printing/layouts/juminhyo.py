"""The 住民票の写し: a household, one person, or one who left."""

from collections.abc import Iterator

from printing.contents import Juminhyo, Resident
from printing.era import written
from printing.layouts.kit import OMITTED, Cell, Kit, Row
from printing.sheet import Block

SEXES = {"1": "男", "2": "女"}  # as the card codes it; a register writes the word
GAP = 4.0


def blocks(content: Juminhyo, kit: Kit) -> Iterator[Block]:
    """The address, then person after person."""
    address = Cell("住所", content.address, 115, 15)
    head = Cell("世帯主", content.head or OMITTED, 55, 15)
    yield kit.table((Row(17, (address, head)),), 6.0)
    for resident in content.residents:
        yield kit.table(_rows(resident), GAP)


def _rows(resident: Resident) -> tuple[Row, ...]:
    became = written(resident.became_resident) if resident.became_resident else "記載なし"
    name = Row(
        16,
        (
            Cell("氏名", resident.name, 96, 20, resident.kana),
            Cell("生年月日", written(resident.birth), 54),
            Cell("性別", SEXES.get(resident.sex, resident.sex), 20),
        ),
    )
    standing = Row(
        10,
        (
            Cell("続柄", resident.relationship or OMITTED, 96),
            Cell("住民となった年月日", became, 74),
        ),
    )
    if resident.domicile is None and resident.head_of_domicile is None:
        return name, standing
    origin = Row(
        10,
        (
            Cell("本籍", resident.domicile or OMITTED, 115, 13),
            Cell("筆頭者", resident.head_of_domicile or OMITTED, 55, 13),
        ),
    )
    return name, standing, origin
