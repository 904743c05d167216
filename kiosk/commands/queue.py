"""`kakanai submit`, `outbox`: applications are handed in, and what waits is looked after."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from kiosk.commands.options import CHANNELS, Command, add_today, add_verb, folders, home, today


def add_to(command: Command) -> None:
    """What hands in, and what looks after the queue."""
    hand = command("submit", None, "fill a procedure and hand it in; ends when that is durable")
    hand.add_argument("id")
    hand.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, - stdin")
    add_today(hand)
    hand.add_argument("--channel", choices=CHANNELS, default="kiosk")
    words = "a photo or file for a field of the form; more than once for several"
    attach = {"type": _attached, "action": "append", "default": [], "metavar": "FIELD=FILE"}
    hand.add_argument("--attach", help=words, **attach)  # type: ignore[arg-type]
    hand.add_argument("--json", action="store_true", help="one JSON value on stdout")
    hand.set_defaults(run=_submit)
    _add_outbox(command)


def _add_outbox(command: Command) -> None:
    outbox = command("outbox", None, "what waits on its way to the office")
    names = "list|show|send|retry|quarantine|export|import"
    verbs = outbox.add_subparsers(required=True, metavar=names)
    add_verb(verbs, "list", _list, "every application, where it stands, what happens next")
    add_verb(verbs, "show", _show, "one of them, opened").add_argument("id")
    add_verb(verbs, "send", _send, "try everything that is due once")
    again = add_verb(verbs, "retry", _retry, "send what was refused or set aside again")
    one = again.add_mutually_exclusive_group(required=True)
    one.add_argument("id", nargs="?")
    words = "what the office was told from then on, should it have lost that"
    one.add_argument("--delivered-since", type=_moment, metavar="MOMENT", help=words)
    aside = add_verb(verbs, "quarantine", _quarantine, "do not send it until staff decide")
    aside.add_argument("id")
    aside.add_argument("--why", required=True, metavar="TEXT")
    words = "everything undelivered as one sealed file, to be carried to another terminal"
    add_verb(verbs, "export", _export, words).add_argument("file", type=Path)
    carried = add_verb(verbs, "import", _import, "take over what another terminal exported")
    carried.add_argument("file", type=Path)
    carried.add_argument("--code", help="the code of the file; without it, from standard input")


def _attached(text: str) -> tuple[str, Path]:
    field, found, file = text.partition("=")
    if not (field and found and file):
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=FILE")
    return field, Path(file)


def _moment(text: str) -> datetime:
    """By the city's clock, where it names no other."""
    from kiosk.adapters.clock import JAPAN

    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(JAPAN) if moment.tzinfo else moment.replace(tzinfo=JAPAN)
    except (ValueError, OverflowError) as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment as 2026-11-20T02:00") from fault


def _submit(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.forms import Filling
    from kiosk.submitting import Handing, submit

    filling = Filling(options.id, options.answers, today(options), options.channel)
    place, known = home(options), folders(options)
    handing = Handing(filling, options.attach)
    return submit(read_settings(place), place, known, handing, as_json=options.json)


def _list(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import list_rows

    place = home(options)
    return list_rows(read_settings(place), place, as_json=options.json)


def _show(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import show

    place = home(options)
    return show(read_settings(place), place, options.id, as_json=options.json)


def _send(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import send

    place = home(options)
    return send(read_settings(place), place, as_json=options.json)


def _retry(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import retry, retry_since

    place = home(options)
    if options.delivered_since:
        return retry_since(
            read_settings(place), place, options.delivered_since, as_json=options.json
        )
    return retry(read_settings(place), place, options.id, as_json=options.json)


def _quarantine(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import quarantine

    place = home(options)
    return quarantine(read_settings(place), place, options.id, options.why, as_json=options.json)


def _export(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import export

    place = home(options)
    return export(read_settings(place), place, options.file, as_json=options.json)


def _import(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.queue import Carrying, import_rows

    place = home(options)
    code = options.code or sys.stdin.readline().strip()
    carrying = Carrying(options.file, code)
    return import_rows(read_settings(place), place, carrying, as_json=options.json)
