"""`kakanai reseed`: what a slip carries comes back."""

import argparse

from kiosk.commands.options import Command, home


def add_to(command: Command) -> None:
    """One command, at a counter."""
    made = command("reseed", _reseed, "takes in an application from the spare codes of its slip")
    made.add_argument("shown", nargs="+", metavar="PICTURE_OR_CODE", help="pictures, or KKR1.…")
    made.add_argument("--json", action="store_true", help="one JSON value on stdout")


def _reseed(options: argparse.Namespace) -> int:
    from kiosk.reseeding import reseed

    return reseed(home(options), options.shown, as_json=options.json)
