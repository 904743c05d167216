"""What each certificate says, as the office answers it: plain data, closed, without any ink.

A day is an ISO date, or the register's own words where the register knows no day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from msgspec import Struct


class Content(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What one type of certificate says; the tag is the type's name everywhere."""


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a content; None is what was not asked for."""


class Item(Part, frozen=True, kw_only=True):
    """A labelled entry in the register's own words."""

    label: str
    value: str


class Stay(Part, frozen=True, kw_only=True):
    """An address somebody had, from a day on."""

    address: str
    since: str | None = None
    until: str | None = None
    remark: str | None = None


class Removal(Part, frozen=True, kw_only=True):
    """Why and when somebody left the register."""

    reason: str
    on: str
    moved_to: str | None = None


class Resident(Part, frozen=True, kw_only=True):
    """One person of a 住民票."""

    name: str
    kana: str
    birth: str
    sex: str
    relationship: str | None = None
    became_resident: str | None = None
    moved_in: str | None = None
    notified: str | None = None
    previous: Stay | None = None
    domicile: str | None = None
    head_of_domicile: str | None = None
    former_name: str | None = None
    alias: str | None = None
    foreign: tuple[Item, ...] = ()
    code: str | None = None
    my_number: str | None = None
    history: tuple[Stay, ...] = ()
    removal: Removal | None = None


class Juminhyo(Content, frozen=True, kw_only=True, tag="juminhyo"):
    """住民票の写し of a household, a part of it, one person, or one who left (除票)."""

    kind: Literal["household", "part", "person", "removed"]
    address: str
    head: str | None
    residents: tuple[Resident, ...]


class Kisai(Content, frozen=True, kw_only=True, tag="kisai"):
    """住民票記載事項証明書: only the entries that were asked for."""

    residents: tuple[tuple[Item, ...], ...]


class Inkan(Content, frozen=True, kw_only=True, tag="inkan"):
    """印鑑登録証明書: `impression` is the seal as a PNG in base64, `side` its millimetres."""

    name: str
    birth: str
    address: str
    impression: str
    side: float
    former_name: str | None = None
    alias: str | None = None
    sex: str | None = None  # printed only where the city's letterhead says so


class Amount(Part, frozen=True, kw_only=True):
    """A sum in yen under its name; None is printed as ＊＊＊＊ (nothing declared)."""

    label: str
    yen: int | None


class Shotoku(Content, frozen=True, kw_only=True, tag="shotoku"):
    """所得・課税証明書 of one tax year; `undeclared` where no return was filed."""

    fiscal_year: int
    name: str
    birth: str
    address: str
    address_then: str
    incomes: tuple[Amount, ...]
    deductions: tuple[Amount, ...]
    dependants: tuple[Item, ...]
    taxes: tuple[Amount, ...]
    undeclared: bool = False
    kind: Literal["both", "income", "tax", "exempt"] = "both"


class TaxLine(Part, frozen=True, kw_only=True):
    """One tax of one year: what was due, paid, unpaid, and not yet due."""

    tax: str
    fiscal_year: int
    due: int
    paid: int
    unpaid: int
    not_yet_due: int = 0


class Nozei(Content, frozen=True, kw_only=True, tag="nozei"):
    """納税証明書; without lines it says that nothing is in arrears (完納証明)."""

    name: str
    address: str
    lines: tuple[TaxLine, ...]


class Event(Part, frozen=True, kw_only=True):
    """One event of a 戸籍 (出生, 婚姻 …) with its entries."""

    title: str
    entries: tuple[Item, ...]


class KosekiPerson(Part, frozen=True, kw_only=True):
    """One who is, or was, recorded in a 戸籍; `adoptive` is 養父, 養母 and the 続柄 to them."""

    name: str
    birth: str
    kana: str | None = None
    spouse: str | None = None
    father: str | None = None
    mother: str | None = None
    relation: str | None = None
    adoptive: tuple[Item, ...] = ()
    removed: bool = False
    events: tuple[Event, ...] = ()


KosekiKind = Literal["whole", "person", "removed", "removed-person"]


class Koseki(Content, frozen=True, kw_only=True, tag="koseki"):
    """戸籍全部事項・個人事項証明書; `kind` removed is a 除籍."""

    kind: KosekiKind
    domicile: str
    head: str
    history: tuple[Event, ...]
    people: tuple[KosekiPerson, ...]


class FuhyoPerson(Part, frozen=True, kw_only=True):
    """One person of a 戸籍の附票 and the addresses she had.

    Who left the 戸籍 before 2022-01-11 has no birth and no sex on it.
    """

    name: str
    birth: str | None
    sex: str | None
    stays: tuple[Stay, ...]
    kana: str | None = None
    entries: tuple[Item, ...] = ()
    removed: bool = False
    removal: Removal | None = None


FuhyoKind = Literal["whole", "person", "removed"]


class Fuhyo(Content, frozen=True, kw_only=True, tag="fuhyo"):
    """戸籍の附票の写し; `kind` removed is its 除票."""

    kind: FuhyoKind = "person"
    domicile: str | None
    head: str | None
    made: str | None
    people: tuple[FuhyoPerson, ...]


class Party(Part, frozen=True, kw_only=True):
    """One whom a notice is about (夫, 妻, 子 …)."""

    role: str
    name: str
    kana: str | None = None
    birth: str | None = None
    nationality: str | None = None
    domicile: str | None = None
    head: str | None = None


class Juri(Content, frozen=True, kw_only=True, tag="juri"):
    """届書受理証明書; `fine` is the framed one on 上質紙."""

    notice: str
    accepted: str
    parties: tuple[Party, ...]
    entries: tuple[Item, ...] = ()
    fine: bool = False


class Victim(Part, frozen=True, kw_only=True):
    """One of a household that was hit."""

    name: str
    relationship: str
    birth: str | None = None


Degree = Literal["全壊", "大規模半壊", "中規模半壊", "半壊", "準半壊", "準半壊に至らない"]


class Risai(Content, frozen=True, kw_only=True, tag="risai"):
    """罹災証明書 of the nationwide form: its six degrees, and no other word for one."""

    head: str
    address: str
    household: tuple[Victim, ...]
    disaster: str
    happened: str
    cause: str
    place: str
    building: str
    degree: Degree
    surveyed: str | None = None
    remarks: str | None = None


AnyContent = Juminhyo | Kisai | Inkan | Shotoku | Nozei | Koseki | Fuhyo | Juri | Risai
# Forms whose certificate is printed where it was asked for.
CERTIFICATES = frozenset({"juminhyo", "inkan-shomei", "zei-shomei", "koseki", "risai"})


class City(Part, frozen=True, kw_only=True):
    """Who certifies."""

    code: str
    name: str
    mayor_title: str


@dataclass(frozen=True)
class Certificate:
    """One numbered certificate; `seal` is the office's signed code, empty where it has none."""

    number: str
    issued: date
    city: City
    content: AnyContent
    seal: str = ""
    specimen: bool = False
    notes: tuple[str, ...] = ()
