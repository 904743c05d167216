"""`kakanai paper`: one paper from data; each kind is a verb here, a function in `kiosk.papers`."""

import argparse
from pathlib import Path
from typing import Any

from kiosk.commands.options import CHANNELS, Command, add_today, add_verb, folders, home, today


def add_to(command: Command) -> None:
    """Every kind of paper."""
    paper = command("paper", None, "one paper from data: form")
    kinds = paper.add_subparsers(required=True, metavar="form")
    _add_form(kinds)


def _add_form(kinds: Any) -> None:
    form = add_verb(kinds, "form", _form, "a procedure's form on A4, filled in or blank")
    form.add_argument("id")
    form.add_argument("--answers", type=Path, metavar="FILE", help="JSON, - stdin; else blank")
    form.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    add_today(form)
    form.add_argument("--channel", choices=CHANNELS, default="counter")


def _form(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.papers import Sheet, print_sheet

    place = home(options)
    sheet = Sheet(options.id, options.answers, options.out, today(options), options.channel)
    settings = read_settings(place)
    return print_sheet(place, folders(options), settings, sheet, as_json=options.json)
