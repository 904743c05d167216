"""`kakanai forms`, `qr`, `prefill`: the procedures, and applications that come from home."""

import argparse
import sys
from functools import partial
from pathlib import Path

from kiosk.commands.options import CHANNELS, Command, add_today, add_verb, folders, home, today


def add_to(command: Command) -> None:
    """Three commands, each with its verbs."""
    _add_forms(command)
    _add_codes(command)


def _add_forms(command: Command) -> None:
    forms = command("forms", None, "the procedures and their logic: list, show, check, fill")
    verbs = forms.add_subparsers(required=True, metavar="list|show|check|fill")
    add_verb(verbs, "list", _list, "every procedure in a line")
    show = add_verb(verbs, "show", _show, "one procedure: its fields, options, rules")
    show.add_argument("id")
    words = "load, check and prove every procedure, or the files named"
    check = add_verb(verbs, "check", _check, words)
    check.add_argument("files", nargs="*", type=Path, metavar="FILE")
    add_today(check)
    words = "everything that some answers come to, without a screen"
    fill = add_verb(verbs, "fill", _fill, words)
    fill.add_argument("id")
    fill.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, - stdin")
    add_today(fill)
    fill.add_argument("--channel", choices=CHANNELS, default="counter")


def _add_codes(command: Command) -> None:
    code = command("qr", None, "applications as QR codes: make, read")
    verbs = code.add_subparsers(required=True, metavar="make|read")
    words = "seal answers to this terminal's key and draw the codes"
    make = add_verb(verbs, "make", _make, words)
    make.add_argument("id")
    make.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, - stdin")
    make.add_argument("--out", type=Path, default=Path("qr.png"), metavar="FILE.png")
    add_today(make)
    read = add_verb(verbs, "read", _read, "open the codes in pictures or PDF files")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")

    page = command("prefill", None, "the phone page for filling in at home: build, rotate")
    verbs = page.add_subparsers(required=True, metavar="build|rotate")
    build = add_verb(verbs, "build", _build, "make the page as plain files")
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    add_verb(verbs, "rotate", _rotate, "a new key; the old one opens its codes for a month")


def _list(options: argparse.Namespace) -> int:
    from kiosk.forms import list_forms

    return list_forms(folders(options), as_json=options.json)


def _show(options: argparse.Namespace) -> int:
    from kiosk.forms import show_form

    return show_form(folders(options), options.id, as_json=options.json)


def _check(options: argparse.Namespace) -> int:
    from kiosk.forms import Checking, check_forms

    said = partial(print, file=sys.stderr, flush=True)
    checking = Checking(options.files, today(options), said)
    return check_forms(folders(options), checking, as_json=options.json)


def _fill(options: argparse.Namespace) -> int:
    from kiosk.forms import Filling, fill_form

    filling = Filling(options.id, options.answers, today(options), options.channel)
    return fill_form(folders(options), filling, as_json=options.json)


def _make(options: argparse.Namespace) -> int:
    from kiosk.codes import Making, make

    making = Making(options.id, options.answers, options.out, today(options))
    return make(home(options), folders(options), making, as_json=options.json)


def _read(options: argparse.Namespace) -> int:
    from kiosk.codes import read

    return read(home(options), folders(options), options.files, as_json=options.json)


def _build(options: argparse.Namespace) -> int:
    from kiosk.codes import build
    from kiosk.config import read_settings

    place = home(options)
    settings = read_settings(place)
    return build(place, folders(options), settings, options.out, as_json=options.json)


def _rotate(options: argparse.Namespace) -> int:
    from kiosk.codes import rotate

    return rotate(home(options), as_json=options.json)
