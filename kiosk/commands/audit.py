"""`kakanai audit`: the journal, proven and shown."""

import argparse

from kiosk.commands.options import Command, add_verb, home


def add_to(command: Command) -> None:
    """Two verbs that only read."""
    audit = command("audit", None, "the journal of who did what: is it whole, what stands in it")
    verbs = audit.add_subparsers(required=True, metavar="verify|show")
    verify = add_verb(verbs, "verify", _verify, "is every entry as it was written, to the last")
    verify.add_argument("--offline", action="store_true", help="do not ask the office")
    show = add_verb(verbs, "show", _show, "the entries, oldest first")
    show.add_argument("--last", type=_count, metavar="N", help="only the last so many")


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of entries")
    return int(text)


def _verify(options: argparse.Namespace) -> int:
    from kiosk.auditing import verify
    from kiosk.config import read_settings
    from kiosk.ground import office_of

    place = home(options)
    settings = read_settings(place)
    office = None if options.offline else office_of(settings, place)
    return verify(place, office, as_json=options.json)


def _show(options: argparse.Namespace) -> int:
    from kiosk.auditing import show

    return show(home(options), options.last, as_json=options.json)
