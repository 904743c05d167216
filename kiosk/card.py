"""`kakanai card`: reads the card on the reader, and says honestly what was checked."""

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices import faults
from devices.cards.evidence import NOTHING_CHECKED
from devices.cards.issuers import Trust, TrustFault, trust_from
from devices.cards.reading import Burst, Holder, Seen, Standing
from devices.pcsc import PcscSlot
from kiosk.adapters.revocation import revocation
from kiosk.errors import SetupFault, code_of

PRODUCTION = Path(__file__).parents[1] / "resources" / "trust" / "issuers.json"
_STATUS = {
    faults.ReaderGone: (3, "カードリーダーが見つかりません。つないでから、もう一度お試しください"),
    faults.ReaderServiceGone: (3, "pcscd が動いていません: systemctl start pcscd"),
    faults.CardBusy: (3, "ほかのプログラムがカードを使っています"),
    faults.WrongPin: (5, "暗証番号が違います"),
    faults.PinBlocked: (6, "暗証番号がロックされています。市区町村の窓口で解除できます"),
    faults.LastTry: (2, "暗証番号はあと1回です。使うときは --last-try を付けてください"),
    faults.MalformedPin: (2, "暗証番号は数字4けたです。カードには送っていません"),
    faults.CardGone: (7, "カードが離れました。置き直してください"),
    faults.CardMute: (7, "カードから返事がありません。置き直してください"),
    faults.CardTooSlow: (7, "カードの返事が遅すぎます。置き直してください"),
    faults.UnknownCard: (8, "マイナンバーカードではありません"),
    faults.UnreadableCard: (8, "カードの中身を読み取れません"),
}
NO_CARD = 4
NOT_AUTHENTIC = 1
_STEP = 0.1


@dataclass(frozen=True)
class Wanted:
    """What the caller asked for."""

    reader: str = ""
    trust: Path | None = None
    wait: float = 0.0
    number: bool = False
    last_try: bool = False
    as_json: bool = False
    revocation: str = ""


def read_card(wanted: Wanted, line: bytes | None) -> int:
    """Read and print; the exit status says how it went. The line, if any, is the PIN."""
    trust = _trust(wanted.trust)
    revoked = revocation(wanted.revocation)
    standing = Standing(revoked, lambda: datetime.now(UTC)) if revoked else None
    pin = None if line is None else bytearray(line.rstrip(b"\r\n"))
    slot = PcscSlot(wanted.reader)
    try:
        if not _await_card(slot, wanted.wait):
            return _fail(
                "no-card", "カードがありません。置いてください", NO_CARD, as_json=wanted.as_json
            )
        begun = time.perf_counter()
        with slot.powered() as card, Burst(card) as burst:
            seen = burst.recognise()
            holder = _holder(burst, seen, pin, trust, standing, wanted)
        spent = (time.perf_counter() - begun) * 1000
    except faults.DeviceFault as fault:
        return _refused(fault, as_json=wanted.as_json)
    finally:
        slot.close()
        if pin is not None:
            pin[:] = bytes(len(pin))
    told = _told(seen, holder, burst.exchange.count, spent)
    print(json.dumps(told, ensure_ascii=False) if wanted.as_json else _words(told))
    return NOT_AUTHENTIC if holder and holder.evidence.forged else 0


def production_trust() -> Trust:
    """The issuers that real cards come from."""
    return trust_from(PRODUCTION.read_text("utf-8"))


def _trust(file: Path | None) -> Trust:
    trust = production_trust()
    if file is None:
        return trust
    try:
        return trust.joined(trust_from(file.read_text("utf-8")))
    except (OSError, TrustFault, UnicodeDecodeError) as fault:
        raise SetupFault(f"{file}: no list of trusted issuers ({fault})") from fault


def _await_card(slot: PcscSlot, seconds: float) -> bool:
    """Whether a card lies there within the time."""
    until = time.monotonic() + seconds
    while True:
        try:
            if slot.lying() is not None:
                return True
        except faults.ReaderGone:
            if time.monotonic() >= until:
                raise
        if time.monotonic() >= until:
            return False
        time.sleep(_STEP)


def _holder(
    burst: Burst,
    seen: Seen,
    pin: bytearray | None,
    trust: Trust,
    standing: Standing | None,
    wanted: Wanted,
) -> Holder | None:
    if pin is None:
        return None
    return burst.holder(
        pin,
        trust,
        last_try=wanted.last_try,
        expected=seen.serial,
        with_number=wanted.number,
        standing=standing,
    )


def _told(seen: Seen, holder: Holder | None, apdus: int, spent: float) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": seen.kind,
        "token": seen.token,
        "municipality": seen.municipality,
        "expires": seen.expires,
        "tries": seen.tries,
    }
    if holder is not None:
        who = holder.attributes
        told["attributes"] = {
            "name": who.name,
            "address": who.address,
            "birth": who.birth,
            "sex": who.sex,
        }
        if holder.number is not None:
            told["number"] = holder.number.decode("ascii")
            holder.number[:] = bytes(len(holder.number))
    told["checked"] = (holder.evidence if holder else NOTHING_CHECKED).told()
    return {**told, "apdus": apdus, "milliseconds": round(spent, 1)}


def _words(told: dict[str, Any]) -> str:
    lines: list[str] = []
    for key, value in told.items():
        inner = value.items() if isinstance(value, dict) else None
        lines += [f"{key}.{k}: {v}" for k, v in inner] if inner else [f"{key}: {value}"]
    return "\n".join(lines)


def _refused(fault: faults.DeviceFault, *, as_json: bool) -> int:
    status, message = _STATUS[type(fault)]
    facts = {}
    if isinstance(fault, faults.WrongPin):
        facts["attempts_left"] = fault.attempts_left
    if isinstance(fault, faults.LastTry):
        facts["attempts_left"] = 1
    return _fail(code_of(fault), message, status, as_json=as_json, **facts)


def _fail(code: str, message: str, status: int, *, as_json: bool, **facts: object) -> int:
    if as_json:
        error = {"error": {"code": code, "message": message, **facts}}
        print(json.dumps(error, ensure_ascii=False))
    else:
        print(f"kakanai: {message}", file=sys.stderr)
    return status
