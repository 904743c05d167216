"""`kakanai card-sim`: a virtual card behind a real card service, driven by lines on stdin."""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Holder
from devices.simulated.card.virtual import VirtualCard
from devices.simulated.ccid import SerialReader
from devices.simulated.t1 import Chip
from devices.simulated.vpcd import VpcdClient
from kiosk.errors import SetupFault

PEOPLE = Path(__file__).parents[1] / "resources" / "people"
_DRIVER = "/usr/lib/pcsc/drivers/serial/libccidtwin.so"


class Reader(Protocol):
    """Either way into the card service."""

    def insert(self, chip: Chip) -> None:
        """Lay a card on it."""
        ...

    def remove(self) -> None:
        """Take it off."""
        ...

    def close(self) -> None:
        """Take the reader away."""
        ...


@dataclass(frozen=True)
class Simulation:
    """What the caller asked for."""

    home: Path
    card: str
    people: Path | None
    vpcd: str | None
    stays: bool


class Bench:
    """Cards, each with its own counters, and the reader that one of them lies on."""

    def __init__(self, reader: Reader, cards: Iterable[Holder], issuers: Issuers) -> None:
        self._reader = reader
        self._chips = {card.id: VirtualCard(card, issuers) for card in cards}
        self._lies: VirtualCard | None = None

    def obey(self, line: str) -> dict[str, object]:
        """`insert ID`, `remove`, `status`, `list`; the answer is one JSON object."""
        match line.split():
            case ["insert", card] if card in self._chips:
                self._lies = self._chips[card]
                self._reader.insert(self._lies)
            case ["remove"]:
                self._reader.remove()
            case ["list"]:
                return {"cards": {card: chip.holder.note for card, chip in self._chips.items()}}
            case ["status"]:
                pass
            case _:
                return {"error": {"code": "usage", "message": "insert ID | remove | status | list"}}
        return self._status()

    def _status(self) -> dict[str, object]:
        chip = self._lies
        if chip is None:
            return {"card": None}
        return {
            "card": chip.holder.id,
            "verified": sorted(chip.verified()),
            "tries": chip.tries(),
            "wasted": chip.wasted,
            "apdus": chip.count,
        }


def serve(wanted: Simulation) -> int:
    """Until told to quit, or stdin closes where that was asked for."""
    folder = wanted.home / "card-sim"
    issuers = Issuers(folder / "keys")
    cards = [card for file in _files(wanted.people) for card in holders(file)]
    trust = folder / "trust.json"
    text = issuers.trust_json()
    roots = folder / "roots.pem"
    trust.write_text(text, "utf-8")
    roots.write_text(issuers.trust_pem(), "utf-8")
    reader, told = _reader(wanted.vpcd)
    try:
        bench = Bench(reader, cards, issuers)
        first = bench.obey(f"insert {wanted.card}") if wanted.card else bench.obey("status")
        if "error" in first:
            known = ", ".join(card.id for card in cards)
            raise SetupFault(f"no card {wanted.card!r}; there are: {known}")
        _say({**told, "trust": str(trust), "roots": str(roots), **first})
        _listen(bench.obey, stays=wanted.stays)
    except OSError as fault:
        words = fault.strerror or type(fault).__name__
        raise SetupFault(f"the card service cannot be reached ({words}); start pcscd") from fault
    finally:
        reader.close()
    return 0


def _files(people: Path | None) -> tuple[Path, ...]:
    return (people,) if people else (PEOPLE / "cards.yaml", PEOPLE / "hard_cards.yaml")


def _reader(vpcd: str | None) -> tuple[Reader, dict[str, object]]:
    if vpcd is None:
        serial = SerialReader()
        entry = f'FRIENDLYNAME "Kakanai"\nDEVICENAME {serial.device}:GemPCTwin\nLIBPATH {_DRIVER}\n'
        return serial, {"device": serial.device, "reader_conf": entry}
    host, _, port = vpcd.rpartition(":")
    if not port.isdecimal():
        raise SetupFault(f"--vpcd {vpcd}: takes HOST:PORT, as 127.0.0.1:35963")
    return VpcdClient(host or "127.0.0.1", int(port)), {"vpcd": vpcd}


def _listen(obey: Callable[[str], dict[str, object]], *, stays: bool) -> None:
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        if line.strip():
            _say(obey(line))
    if stays:
        threading.Event().wait()


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)
