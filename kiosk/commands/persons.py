"""`kakanai person export`: what is held on somebody, for that somebody."""

import argparse
from pathlib import Path

from kiosk.commands.options import Command, add_verb, home


def add_to(command: Command) -> None:
    """What a person may ask for."""
    person = command("person", None, "what is held on a person")
    verbs = person.add_subparsers(required=True, metavar="export")
    words = "everything that is held on one person, as one file for that person"
    made = add_verb(verbs, "export", _export, words)
    facts = "name, birth, sex and address as the card says, as JSON; - is standard input"
    made.add_argument("--person-file", type=Path, default=Path("-"), metavar="FILE", help=facts)
    made.add_argument("--out", type=Path, required=True, metavar="FILE.zip")


def _export(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings
    from kiosk.persons import export

    place = home(options)
    settings = read_settings(place)
    return export(settings, place, options.person_file, options.out, as_json=options.json)
