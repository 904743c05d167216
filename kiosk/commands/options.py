"""What commands have in common: the home, the day, the procedures, and how a verb is added."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHANNELS = ("kiosk", "counter", "web")
Run = Callable[[argparse.Namespace], int]
Command = Callable[[str, Run | None, str], argparse.ArgumentParser]


def add_home(parser: argparse.ArgumentParser) -> None:
    """`--home` may stand behind the command too."""
    parser.add_argument("--home", default=argparse.SUPPRESS, help="the folder all state lives in")


def add_verb(verbs: Any, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    """One verb of a command, which answers with one JSON value where that is asked for."""
    made: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    add_home(made)
    made.add_argument("--json", action="store_true", help="one JSON value on stdout")
    made.set_defaults(run=run)
    return made


def add_today(parser: argparse.ArgumentParser) -> None:
    """`--today`, for whoever asks about another day."""
    parser.add_argument("--today", type=_day, metavar="YYYY-MM-DD")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from fault


def today(options: argparse.Namespace) -> date:
    """The day that was named, or today in Japan."""
    from kiosk.adapters.clock import WallClock

    named: date | None = options.today
    return named or WallClock().now().date()


def home(options: argparse.Namespace) -> Path:
    """The folder all state lives in, made if need be."""
    from kiosk.config import home_folder, open_home

    return open_home(home_folder(options.home))


def folders(options: argparse.Namespace) -> Any:
    """Where this home's procedures are; asking for them makes no home."""
    from kiosk.adapters.procedures import Folders
    from kiosk.config import home_folder, read_settings

    return Folders.configured(read_settings(home_folder(options.home)).forms)
