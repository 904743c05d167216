"""`kakanai doctor`, `card`, `pair`, `card-sim`: what is plugged in, known, and works."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from kiosk.commands.options import Command, home
from kiosk.telling import refuse, tell

UNREACHABLE, REFUSED = 9, 10


def add_to(command: Command) -> None:
    """Looking at this machine, reading a card, being a card."""
    doctor = command("doctor", _doctor, "what works on this machine, and how to mend what does not")
    doctor.add_argument("--json", action="store_true")

    card = command("card", _card, "read the card on the reader")
    card.add_argument("--json", action="store_true", help="one JSON value on stdout")
    card.add_argument("--reader", default="", metavar="NAME", help="a part of the reader's name")
    card.add_argument("--pin-stdin", action="store_true", help="the 4-digit PIN comes on stdin")
    card.add_argument("--trust", type=Path, metavar="FILE", help="further issuers, JSON or PEM")
    card.add_argument("--number", action="store_true", help="print the 個人番号 too")
    card.add_argument("--last-try", action="store_true", help="use the last try of the PIN")
    card.add_argument("--revocation", default="", metavar="WHERE", help="crl:… or ocsp:…")
    card.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="for a card")

    pair = command("pair", _pair, "make this terminal a device of the office; replace its key")
    pair.add_argument("code", nargs="?", metavar="CODE_OR_PICTURE", help="as `office pair` tells")
    pair.add_argument("--rotate", action="store_true", help="another key; the office stays")
    pair.add_argument("--json", action="store_true", help="one JSON value on stdout")

    sim = command("card-sim", _card_sim, "a virtual card for a real card service")
    sim.add_argument("--card", default="p1", help="which made-up person's card lies there first")
    sim.add_argument("--people", type=Path, metavar="FILE", help="other made-up people's cards")
    sim.add_argument("--vpcd", metavar="HOST:PORT", help="by vpcd; otherwise a serial CCID reader")
    sim.add_argument("--until-stdin-closes", action="store_true", help="end with the parent")


def _doctor(options: argparse.Namespace) -> int:
    from kiosk.doctor import examine

    return examine(home(options), as_json=options.json)


def _pair(options: argparse.Namespace) -> int:
    from kiosk.errors import OfficeUnreachable, SetupFault, StoreUnusable
    from kiosk.pairing import Refusal, invitation, pair, rotate

    place = home(options)
    if bool(options.code) == options.rotate:
        raise SetupFault("pair: takes the code of the office, or a picture of it, or --rotate")
    try:
        done = rotate(place) if options.rotate else pair(place, invitation(options.code))
    except OfficeUnreachable as fault:
        refuse("office-unreachable", f"the office was not reached ({fault})", as_json=options.json)
        return UNREACHABLE
    except StoreUnusable as fault:
        raise SetupFault(f"{place / 'keys'}: cannot be used ({fault})") from fault
    if isinstance(done, Refusal):
        refuse(done.code, done.message, as_json=options.json)
        return REFUSED
    words = f"{done.device} ({done.role}) {done.url}"
    return tell(asdict(done), [words], as_json=options.json)


def _card(options: argparse.Namespace) -> int:
    from kiosk.card import Wanted, read_card

    wanted = Wanted(
        reader=options.reader,
        trust=options.trust,
        wait=options.wait,
        number=options.number,
        last_try=options.last_try,
        as_json=options.json,
        revocation=options.revocation,
    )
    return read_card(wanted, sys.stdin.buffer.readline() if options.pin_stdin else None)


def _card_sim(options: argparse.Namespace) -> int:
    from kiosk.card_sim import Simulation, serve

    stays = not options.until_stdin_closes
    return serve(Simulation(home(options), options.card, options.people, options.vpcd, stays))
