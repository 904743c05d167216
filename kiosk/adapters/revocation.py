"""Where to learn whether a certificate still stands, as the settings name it."""

from datetime import UTC, datetime
from pathlib import Path

import requests

from devices.cards.certificates import Revoked
from devices.cards.revocation import by_asking, by_list
from kiosk.errors import SetupFault

_PATIENCE = (2.0, 3.0)
_LARGEST = 50_000_000


def revocation(setting: str) -> Revoked | None:
    """`crl:FILE`, `crl:https://…` or `ocsp:https://…`; nothing where nothing is set."""
    if not setting:
        return None
    kind, _, where = setting.partition(":")
    if kind == "ocsp" and _is_address(where):
        return by_asking(lambda question: _ask(where, question), _now)
    if kind == "crl" and _is_address(where):
        return by_list(lambda: _fetch(where), _now)
    if kind == "crl" and where:
        return by_list(Path(where).read_bytes, _now)
    takes = "crl:FILE, crl:https://… or ocsp:https://…"
    raise SetupFault(f"card_revocation = {setting!r}: takes {takes}")


def _is_address(where: str) -> bool:
    return where.startswith(("https://", "http://"))


def _now() -> datetime:
    return datetime.now(UTC)


def _fetch(address: str) -> bytes:
    with requests.get(address, timeout=_PATIENCE, stream=True, allow_redirects=False) as answer:
        answer.raise_for_status()
        raw: bytes = answer.raw.read(_LARGEST, decode_content=True)
        return raw


def _ask(address: str, question: bytes) -> bytes:
    headers = {"Content-Type": "application/ocsp-request"}
    answer = requests.post(
        address, question, headers=headers, timeout=_PATIENCE, allow_redirects=False
    )
    answer.raise_for_status()
    return answer.content
