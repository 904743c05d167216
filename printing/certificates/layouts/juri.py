"""The 届書受理証明書: the plain one; the framed one has a file of its own."""

from collections.abc import Iterator

from printing.certificates.layouts.entries import Entry, Line, said
from printing.certificates.layouts.juri_fine import origins
from printing.certificates.layouts.kit import Kit
from printing.certificates.layouts.ledger import Ledger
from printing.contents import Juri, Party
from printing.sheet import Block


def blocks(content: Juri, kit: Kit) -> Iterator[Block]:
    """What was given in and when, then each whom it is about."""
    ledger = Ledger(kit, size=14, labels=40)
    rows = [
        Entry(ledger.words(content.notice), section="届出の種類"),
        Entry(ledger.words(said(content.accepted)), section="受理年月日"),
        *(
            Entry(tuple(_party(each, ledger)), section=each.role, whose=each.name)
            for each in content.parties
        ),
        *(Entry(ledger.words(said(each.value)), section=each.label) for each in content.entries),
    ]
    yield from ledger.blocks(rows)


def _party(party: Party, ledger: Ledger) -> Iterator[Line]:
    yield from ledger.name("氏名", party.name, party.kana or "", size=17)
    if party.birth:
        yield from ledger.line("生年月日", party.birth)
    for label, value in origins(party):
        yield from ledger.line(label, value)
