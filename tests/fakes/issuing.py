"""Everybody who makes a certificate, over an office, a press and a printer in memory."""

from kiosk.adapters.ledger import MemoryLedger
from kiosk.usecases.account import Account
from kiosk.usecases.issue import Issue
from kiosk.usecases.release import Release
from tests.fakes.press import codes_of
from tests.fakes.samples import FORMS, JOURNEY


def issuing(
    office,
    press,
    printer,
    till,
    *,
    ledger=None,
    now=lambda: 0.0,
    read=codes_of,
    specimen=True,
    occasion=JOURNEY.occasion,
):
    account = Account(MemoryLedger() if ledger is None else ledger, office)
    release = Release(printer, read, account, now)
    return Issue(office, press, release, till, FORMS, occasion, specimen=specimen)
