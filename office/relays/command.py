"""What `kakanai office relays` can be told to do."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from forms.loader import load_all
from forms.purposes_loader import load_purposes
from forms.sources import FormFault
from office.app import consents_of, now
from office.config import Settings, SetupFault
from office.relays.config import CsvDrop, Directory, beside, read_directory
from office.relays.departure import handed_on
from office.relays.proving import Finding, prove
from office.relays.staff import (
    FINE,
    NO,
    listed,
    print_findings,
    print_list,
    print_one,
    retry,
    show,
)
from office.store import open_store

FORMS = Path(__file__).parents[2] / "resources" / "forms"
VERBS = ("list", "check", "retry", "show", "run")


@dataclass(frozen=True)
class Command:
    """What to do, about what, and how to say it."""

    verb: str
    about: str = ""
    as_json: bool = False


def on_relays(settings: Settings, command: Command, forms: Sequence[Path]) -> int:
    """The exit status; an office may be running meanwhile."""
    if command.verb not in VERBS:
        raise SetupFault(f"relays {command.verb}: takes {', '.join(VERBS)}")
    directory = read_directory(settings.relays)
    if command.verb in ("check", "run") and not settings.relays:
        raise SetupFault(f"relays {command.verb}: takes --relays FILE")
    if command.verb == "check":
        return _check(settings, directory, command, forms)
    if command.verb in ("retry", "show") and not command.about:
        raise SetupFault(f"relays {command.verb}: takes a submission, or for retry a target")
    engine = open_store(settings.database)
    try:
        return _act(settings, engine, directory, command)
    finally:
        engine.dispose()


def _act(settings: Settings, engine: Engine, directory: Directory, command: Command) -> int:
    match command.verb:
        case "retry":
            count = retry(engine, command.about, now())
            print(f'{{"again": {count}}}' if command.as_json else f"{count} go again")
            return FINE if count else NO
        case "show":
            return print_one(show(engine, command.about), command.about, as_json=command.as_json)
        case "run":
            return _run(settings, engine, directory)
        case _:
            return print_list(listed(engine, directory, now()), as_json=command.as_json)


def _check(
    settings: Settings, directory: Directory, command: Command, forms: Sequence[Path]
) -> int:
    try:
        known = load_all([FORMS, *forms])
        purposes = load_purposes(settings.purposes)
    except FormFault as fault:
        raise SetupFault(str(fault)) from fault
    found = [*prove(directory, known, purposes, now().date()), *_folders(directory)]
    return print_findings(found, as_json=command.as_json)


def _folders(directory: Directory) -> Iterator[Finding]:
    """Folders that are not there may be on another machine, or not mounted yet: a note."""
    for target in directory.targets:
        if isinstance(target, CsvDrop):
            for name in (target.folder, *([target.ack.folder] if target.ack else [])):
                if not os.access(beside(directory.file, name), os.W_OK | os.X_OK):
                    words = f"{name}: cannot be written by this user on this machine"
                    yield Finding(target.name, "-", words, note=True)


def _run(settings: Settings, engine: Engine, directory: Directory) -> int:
    """Relays in a process of their own, beside offices that only serve."""
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    with handed_on(directory, engine, now, consents_of(settings, engine).stands):
        print(f"{len(directory.targets)} targets", flush=True)
        ended.wait()
    return FINE
