"""From a register to the papers that were asked for: used by whoever holds a register.

Whatever cannot be had ends in one NotIssuable, after the same work, so that nobody learns from a
refusal whether somebody is unknown, protected, or has nothing of the kind.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from msgspec import to_builtins

from printing.contents import AnyContent
from printing.registers.extracts.families import fuhyo, juri, koseki
from printing.registers.extracts.residents import inkan, juminhyo, kisai, risai
from printing.registers.extracts.taxes import YEARLY, kanno, of_year
from printing.registers.extracts.wants import MOST, Wants
from printing.registers.register import NotIssuable, Person, Register

# What a terminal without a clerk may ask for: the forms offer it no more (their `channels`).
_ALONE = {
    "juminhyo": frozenset({"household", "person"}),
    "inkan-shomei": frozenset({""}),
    "zei-shomei": YEARLY - {"payment"},
    "koseki": frozenset({"full", "person", "fuhyo"}),
    "risai": frozenset({""}),
}
_WITH_CLERK = frozenset(
    {
        "address_history",
        "dependants_shown",
        "head_name",
        "name_history",
        "person_name",
        "persons",
        "show_card_number",
        "show_nationality",
        "show_period",
        "show_status",
        "with_code",
        "with_number",
    }
)


Sign = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Asked:
    """Whose certificate, of which form, and what it shall show; `by` is kiosk or counter."""

    type: str
    name: str
    birth: str
    address: str
    options: Mapping[str, Any]
    by: str


@dataclass(frozen=True)
class Wanted:
    """One paper and how many sheet sets of it."""

    content: AnyContent
    copies: int


class Records:
    """A register that is asked for papers."""

    def __init__(self, register: Register) -> None:
        self._register, self.city = register, register.city
        self._guarded = register.guarded()

    def papers(self, asked: Asked) -> tuple[Wanted, ...]:
        """Every paper that was asked for, or NotIssuable; tax years are papers of their own."""
        wants = Wants(asked.options)
        found = [each for each in self._register.people if _is(each, asked)]
        if len(found) != 1 or found[0].id in self._guarded or not _may_ask(asked, wants):
            raise NotIssuable("nobody to serve here")
        (person,) = found
        if asked.type == "zei-shomei" and wants.text("kind") in YEARLY:
            return self._tax_papers(person, wants)
        copies = _copies(asked.type, wants)
        return (Wanted(content_of(self._register, person, asked.type, wants), copies),)

    def _tax_papers(self, person: Person, wants: Wants) -> tuple[Wanted, ...]:
        years: Counter[str] = Counter()
        for row in wants.rows("years"):
            years[row.text("year")] += row.copies()
        if not years or max(years.values()) > MOST:
            raise NotIssuable("no year, or too many of one")
        return tuple(
            Wanted(of_year(self._register, person, year, wants), copies)
            for year, copies in years.items()
        )


def answered(
    wanted: tuple[Wanted, ...], numbers: Iterator[str], said: Mapping[str, Any], sign: Sign | None
) -> dict[str, Any]:
    """The papers as an office answers them: each sheet set under a number and seal of its own.

    `content`, `number` and `seal` are those of the first, `numbers` and `seals` those of all.
    """
    papers = [_numbered(each, numbers, said, sign) for each in wanted]
    content, all_numbers = papers[0]["content"], [n for each in papers for n in each["numbers"]]
    told = {
        **said,
        "type": content["type"],
        "content": content,
        "number": all_numbers[0],
        "numbers": all_numbers,
        "papers": papers,
    }
    seals = [seal for each in papers for seal in each.get("seals", ())]
    return {**told, "seal": seals[0], "seals": seals} if seals else told


def _numbered(
    wanted: Wanted, numbers: Iterator[str], said: Mapping[str, Any], sign: Sign | None
) -> dict[str, Any]:
    content = to_builtins(wanted.content)
    mine = list(islice(numbers, wanted.copies))
    if sign is None:
        return {"content": content, "numbers": mine}
    words = {**said, "type": content["type"], "content": content}
    seals = [sign({**words, "number": number}) for number in mine]
    return {"content": content, "numbers": mine, "seals": seals}


def content_of(register: Register, person: Person, form: str, wants: Wants) -> AnyContent:
    """What this person's certificate says; NotIssuable for a form or kind that we do not make."""
    kind = wants.text("kind") if form != "risai" else ""
    match form, kind:
        case "juminhyo", "entries":
            return kisai(register, person, wants)
        case "juminhyo", _:
            return juminhyo(register, person, wants)
        case "inkan-shomei", _:
            return inkan(register, person, wants)
        case "zei-shomei", "no-arrears":
            return kanno(register, person)
        case "koseki", "full" | "person" | "removed-full" | "removed-person":
            return koseki(register, person, wants)
        case "koseki", "fuhyo":
            return fuhyo(register, person, wants)
        case "koseki", "juri":
            return juri(register, person, wants)
        case "risai", _:
            return risai(register, person, wants)
    raise NotIssuable(f"{form}: {kind}")


def _copies(form: str, wants: Wants) -> int:
    return wants.copies("copies_other" if form == "zei-shomei" else "copies")


def _may_ask(asked: Asked, wants: Wants) -> bool:
    if asked.by == "counter":
        return True
    kind = wants.text("kind") if asked.type in ("juminhyo", "zei-shomei", "koseki") else ""
    return kind in _ALONE.get(asked.type, ()) and not wants.any(_WITH_CLERK)


def _is(person: Person, asked: Asked) -> bool:
    """The same person, to the character; a card shows a 通称 in brackets behind the name.

    Between two parts a card has a narrow gap where a desk types a wide one.
    """
    names = (_wide(person.name), _wide(f"{person.name}（{person.alias}）"))
    return (
        _wide(asked.name) in names
        and person.birth == asked.birth
        and _wide(person.address) == _wide(asked.address)
    )


def _wide(text: str) -> str:
    return text.replace(" ", "\u3000")
