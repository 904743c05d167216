"""Certificates about taxes: 所得・課税, 納税, 完納."""

from typing import Literal

from printing.contents import Amount, Nozei, Shotoku
from printing.registers.extracts.wants import Wants
from printing.registers.register import NotIssuable, Person, Register, Taxpayer, TaxYear

TaxKind = Literal["both", "income", "tax", "exempt"]
INCOMES = frozenset({"income", "income-tax"})
DEDUCTIONS = frozenset({"tax", "income-tax"})
TAXES = frozenset({"tax", "exempt", "income-tax"})
_KINDS: dict[str, TaxKind] = {
    "income": "income",
    "tax": "tax",
    "exempt": "exempt",
    "income-tax": "both",
}
YEARLY = INCOMES | TAXES | {"payment"}


def of_year(register: Register, person: Person, year: str, wants: Wants) -> Shotoku | Nozei:
    """The paper of one year, of the kind that was asked for."""
    form = nozei if wants.text("kind") == "payment" else shotoku
    return form(register, person, year, wants)


def shotoku(register: Register, person: Person, year: str, wants: Wants) -> Shotoku:
    """所得・課税証明書 of one year: incomes, taxes or both, as its kind says."""
    kind = wants.text("kind")
    known = _taxpayer(register, person).years.get(year)
    if known is None or known.filed == "none":
        raise NotIssuable("not taxed here in that year, or nothing was declared")
    undeclared = known.filed == "dependant"
    if kind == "exempt" and (undeclared or any(each.yen for each in known.taxes)):
        raise NotIssuable("not known to be exempt")
    return Shotoku(
        fiscal_year=int(year),
        name=person.name,
        birth=person.birth,
        address=person.address,
        address_then=known.address_then,
        incomes=known.incomes if kind in INCOMES else (),
        deductions=known.deductions if kind in DEDUCTIONS else (),
        dependants=known.dependants if _dependants_wanted(kind, wants) else (),
        taxes=_taxes(known, undeclared=undeclared) if kind in TAXES else (),
        undeclared=undeclared,
        kind=_KINDS[kind],
    )


def nozei(register: Register, person: Person, year: str, wants: Wants) -> Nozei:
    """納税証明書 of one year, of the taxes that were asked for.

    Without lines it would read as a 完納証明: where nothing is found, nothing is issued.
    """
    lines = tuple(
        each.line
        for each in _taxpayer(register, person).payments
        if each.item in wants.several("tax_items") and str(each.line.fiscal_year) == year
    )
    if not lines or wants.text("periods") == "some":
        raise NotIssuable("nothing is recorded, or not period by period")
    return Nozei(name=person.name, address=person.address, lines=lines)


def kanno(register: Register, person: Person) -> Nozei:
    """完納証明: only of one who is known here and owes nothing, of any tax and year."""
    payments = _taxpayer(register, person).payments
    if not payments or any(each.line.unpaid for each in payments):
        raise NotIssuable("something is in arrears, or nothing is known")
    return Nozei(name=person.name, address=person.address, lines=())


def _taxpayer(register: Register, person: Person) -> Taxpayer:
    if person.id not in register.taxes or person.removal is not None:
        raise NotIssuable("not a taxpayer of this city")
    return register.taxes[person.id]


def _taxes(known: TaxYear, *, undeclared: bool) -> tuple[Amount, ...]:
    if undeclared:
        return tuple(Amount(label=each.label, yen=None) for each in known.taxes)
    return known.taxes


def _dependants_wanted(kind: str, wants: Wants) -> bool:
    return kind in INCOMES and wants.yes("dependants_shown")
