"""`kakanai reseed`: an application that comes back on its slip, at whatever counter it is shown."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from devices.scanners.files import UnreadableFile, codes_in_file
from forms.reseed import MARK, read
from forms.sealing import Symbol, Unopenable, join
from kiosk.adapters.journal import write_down
from kiosk.config import read_settings
from kiosk.domain.journal import Deed, plain
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.ground import office_of
from kiosk.ports.reseeds import Declined
from kiosk.telling import refuse, tell

UNREACHABLE, REFUSED = 9, 10
_WHY = {
    "mixed": "別の票のコードがまじっています。一枚ずつ読み取ってください",
    "damaged": "コードが読み取れません。もう一度、明るいところで写してください",
    "not-ours": "予備のコードではありません",
}


def reseed(home: Path, shown: Sequence[str], *, as_json: bool) -> int:
    """Hand the slip's codes to the office, which alone can open them."""
    symbols: list[Symbol] = []
    try:
        symbols = [read(text) for text in _texts(shown)]
        if not symbols:
            return refuse("no-code", "予備のコードが見つかりません", as_json=as_json)
        sealed = join(symbols)
    except UnreadableFile as fault:
        return refuse("unreadable-file", fault.reason, as_json=as_json)
    except Unopenable as fault:
        return refuse(fault.reason, _why(fault.reason, symbols), as_json=as_json)
    return _handed_in(home, sealed, as_json=as_json)


def _handed_in(home: Path, sealed: bytes, *, as_json: bool) -> int:
    try:
        with closing(office_of(read_settings(home), home)) as office:
            told = office.reseed(sealed)
    except OfficeUnreachable:
        words = "市役所とつながりません。つながってから、もう一度読み取ってください"
        refuse("unreachable", words, as_json=as_json)
        return UNREACHABLE
    if isinstance(told, Declined):
        refuse("refused", told.words, as_json=as_json)
        return REFUSED
    write_down(home, Deed.RESEEDED, plain(str(told["id"])))
    return tell(told, _lines(told), as_json=as_json)


def _texts(shown: Sequence[str]) -> Iterator[str]:
    """What a scanner typed, or what is in a picture; other codes of the slip are passed over."""
    for each in shown:
        if each.startswith(f"{MARK}."):
            yield each.strip()
            continue
        file = Path(each)
        if not file.exists():
            raise SetupFault(f"{each}: no such picture, and no code that begins with {MARK}")
        yield from (code for code in codes_in_file(file) if code.startswith(f"{MARK}."))


def _why(reason: str, symbols: Sequence[Symbol]) -> str:
    if reason != "incomplete-set":
        return _WHY[reason]
    have = {symbol.number for symbol in symbols}
    missing = sorted(set(range(1, symbols[0].of + 1)) - have)
    return f"コードがそろっていません。あと {'、'.join(map(str, missing))} 番です"


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"受付番号 {told['receipt']} をお預かりしました。"
    if told["photos"]:
        yield f"写真{told['photos']}点は票に入っていません。もう一度いただいてください。"
