"""`kakanai drill`: the outage drill, on a copy of this terminal."""

import argparse
import sys
from functools import partial
from pathlib import Path

from kiosk.commands.options import Command, home


def add_to(command: Command) -> None:
    """One command; what it finds is a signed report."""
    drill = command("drill", _drill, "everything that can go wrong, on a copy; a signed report")
    drill.add_argument("--out", type=Path, metavar="FILE.pdf", help="else in drills/ of the home")
    drill.add_argument(
        "--every-byte", action="store_true", help="cut the line at every byte; takes minutes more"
    )
    drill.add_argument("--json", action="store_true", help="one JSON value on stdout")


def _drill(options: argparse.Namespace) -> int:
    from kiosk.drill.run import run
    from kiosk.drill.scenes import EVERY_BYTE, QUICK

    say = partial(print, flush=True, file=sys.stderr if options.json else sys.stdout)
    size = EVERY_BYTE if options.every_byte else QUICK
    return run(home(options), size, options.out, say, as_json=options.json)
