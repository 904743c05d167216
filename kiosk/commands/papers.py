"""`kakanai paper`: each kind of paper, and what became of the numbered ones, is a verb here."""

import argparse
from pathlib import Path
from typing import Any

from kiosk.commands.options import CHANNELS, Command, add_today, add_verb, folders, home, today

SLIPS = {
    "receipt": "what a resident takes home",
    "ticket": "a place in the queue",
    "fees": "what papers cost",
}
WIDTHS = ("80mm", "58mm", "tm-t88v")
FATES = ("printed", "spoiled", "abandoned")


def add_to(command: Command) -> None:
    """Every kind of paper."""
    paper = command("paper", None, "one paper from data; is a paper ours; what became of it")
    verbs = paper.add_subparsers(required=True, metavar="kind")
    _add_certificate(verbs)
    for kind, words in SLIPS.items():
        _add_slip(verbs, kind, words)
    _add_form(verbs)
    _add_verify(verbs)
    _add_numbers(verbs)


def _add_certificate(verbs: Any) -> None:
    made = add_verb(verbs, "certificate", _certificate, "a certificate from the office's answer")
    _add_files(made)
    made.add_argument("--trust", type=Path, metavar="FILE", help="the city's seal keys, JSON")


def _add_slip(verbs: Any, kind: str, words: str) -> None:
    made = add_verb(verbs, kind, _slip, words)
    _add_files(made)
    made.add_argument("--width", choices=WIDTHS, default="80mm")
    made.set_defaults(kind=kind)


def _add_files(made: argparse.ArgumentParser) -> None:
    made.add_argument("data", type=Path, metavar="DATA", help="JSON, - stdin")
    made.add_argument("--out", type=Path, required=True, metavar="FILE")


def _add_form(verbs: Any) -> None:
    form = add_verb(verbs, "form", _form, "a procedure's form on A4, filled in or blank")
    form.add_argument("id")
    form.add_argument("--answers", type=Path, metavar="FILE", help="JSON, - stdin; else blank")
    form.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    add_today(form)
    form.add_argument("--channel", choices=CHANNELS, default="counter")


def _add_verify(verbs: Any) -> None:
    made = add_verb(verbs, "verify", _verify, "is this PDF, scan or photo ours and untouched")
    made.add_argument("file", type=Path)
    made.add_argument("--trust", type=Path, metavar="FILE", help="the city's seal keys, JSON")
    made.add_argument("--offline", action="store_true", help="do not ask the office")
    made.add_argument(
        "--refresh-trust", action="store_true", help="ask the office for its seal keys again"
    )


def _add_numbers(verbs: Any) -> None:
    add_verb(verbs, "unclear", _unclear, "papers that somebody has to look for")
    settle = add_verb(verbs, "settle", _settle, "somebody looked: what became of a paper")
    settle.add_argument("number")
    settle.add_argument("outcome", choices=FATES)
    daily = add_verb(verbs, "daily", _daily, "the day's numbers and what became of each, on A4")
    add_today(daily)
    daily.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")


def _certificate(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.onepaper import print_certificate

    settings = read_settings(home(options))
    return print_certificate(
        settings, options.data, options.out, options.trust, as_json=options.json
    )


def _slip(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.onepaper import print_slip

    settings = read_settings(home(options))
    return print_slip(
        options.kind, settings, options.data, options.out, options.width, as_json=options.json
    )


def _form(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.papers import Sheet, print_sheet

    place = home(options)
    sheet = Sheet(options.id, options.answers, options.out, today(options), options.channel)
    settings = read_settings(place)
    return print_sheet(place, folders(options), settings, sheet, as_json=options.json)


def _verify(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.verifying import verify_paper

    place = home(options)
    return verify_paper(
        read_settings(place),
        options.file,
        options.trust,
        ask=not options.offline,
        as_json=options.json,
        home=place,
        refresh=options.refresh_trust,
    )


def _unclear(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.numbers import tell_unclear

    place = home(options)
    return tell_unclear(read_settings(place), place, as_json=options.json)


def _settle(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.domain.sheets import Fate
    from kiosk.numbers import settle

    place = home(options)
    fate = Fate(options.outcome)
    return settle(read_settings(place), place, options.number, fate, as_json=options.json)


def _daily(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.numbers import print_daily

    place = home(options)
    settings = read_settings(place)
    return print_daily(settings, place, today(options), options.out, as_json=options.json)
