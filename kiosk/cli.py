"""`kakanai …`: takes a command apart and runs it; its words stand with its family."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from kiosk.commands import (
    audit,
    devices,
    drill,
    papers,
    parts,
    persons,
    procedures,
    queue,
    reseed,
    workshop,
)
from kiosk.commands.options import Run, add_home
from kiosk.errors import SetupFault, code_of

WRONG_USAGE, INTERRUPTED = 2, 130
FAMILIES = (parts, devices, procedures, queue, reseed, persons, papers, audit, drill, workshop)


class WrongUsage(SetupFault):
    """A word that no command knows."""


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, as every other fault is said; `-h` shows the rest."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{message}; see {self.prog} -h")


def main(arguments: Sequence[str]) -> int:
    """Run one command; a fault of the set-up is one line and exit status 2."""
    as_json = "--json" in arguments and arguments[0] != "bench"  # there it names a file
    try:
        options = _taken_apart(arguments or ["demo"])
        as_json = getattr(options, "json", None) is True
        run: Run = options.run
        return run(options)
    except SetupFault as fault:
        if as_json:
            error = {"code": code_of(fault), "message": str(fault)}
            print(json.dumps({"error": error}, ensure_ascii=False))
        print(f"kakanai: {fault}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def _taken_apart(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not hasattr(options, "rest"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kakanai", description="書かない窓口")
    parser.add_argument("--home", help="the folder all state lives in")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Run | None, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        add_home(made)
        made.set_defaults(run=run)
        return made

    for family in FAMILIES:
        family.add_to(command)
    return parser
