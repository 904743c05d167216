"""`kakanai …`: one function a command; each loads only what it needs."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from kiosk.errors import SetupFault, code_of

ROOT = Path(__file__).parents[1]
WHOLLY_TESTED = "forms/*,kiosk/domain/*,kiosk/usecases/*"
FINE, WRONG_USAGE, OUT_OF_ORDER = 0, 2, 70


def main(arguments: Sequence[str]) -> int:
    """Run one command; a fault of the set-up is one line and exit status 2."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments or ["demo"])
    if rest and not hasattr(options, "rest"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except SetupFault as fault:
        if getattr(options, "json", None) is True:
            error = {"code": code_of(fault), "message": str(fault)}
            print(json.dumps({"error": error}, ensure_ascii=False))
        print(f"kakanai: {fault}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kakanai", description="書かない窓口")
    parser.add_argument("--home", help="the folder all state lives in")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], words: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.add_argument("--home", default=argparse.SUPPRESS, help="the folder all state lives in")
        made.set_defaults(run=run)
        return made

    demo = command("demo", _demo, "everything with simulated devices, or a tour without a display")
    demo.add_argument("--tour", action="store_true", help="play whole journeys offscreen")
    demo.add_argument("--out", default="demo-out", help="where the tour lays its pictures")
    kiosk = command("kiosk", _kiosk, "the residents' terminal")
    kiosk.add_argument("--window", action="store_true", help="in a window, with the practice tray")
    command("counter", _counter, "the clerks' desk")
    clerk = command("clerk", _clerk, "let a clerk sign in; the password comes on standard input")
    clerk.add_argument("id")
    clerk.add_argument("name")
    command("class", _class, "the classroom: practice cards and practice papers")
    office = command("office", _office, "the reference back office; takes what `office -h` names")
    office.set_defaults(rest=[])
    command(
        "doctor", _doctor, "what works on this machine, and how to mend what does not"
    ).add_argument("--json", action="store_true")
    _cards(command)
    _procedures(command)
    _codes(command)
    test = command("test", _test, "the whole test suite; takes what pytest takes")
    test.set_defaults(rest=[])
    command("check", _check, "lint, types, import contracts, coverage, tests")
    bench = command("bench", _bench, "measurements, each against its floor")
    bench.add_argument("name", nargs="?")
    bench.add_argument("--json")
    return parser


def _cards(command: Callable[..., argparse.ArgumentParser]) -> None:
    card = command("card", _card, "read the card on the reader")
    card.add_argument("--json", action="store_true", help="one JSON value on stdout")
    card.add_argument("--reader", default="", metavar="NAME", help="a part of the reader's name")
    card.add_argument("--pin-stdin", action="store_true", help="the 4-digit PIN comes on stdin")
    card.add_argument("--trust", type=Path, metavar="FILE", help="further issuers, JSON or PEM")
    card.add_argument("--number", action="store_true", help="print the 個人番号 too")
    card.add_argument("--last-try", action="store_true", help="use the last try of the PIN")
    card.add_argument("--revocation", default="", metavar="WHERE", help="crl:… or ocsp:…")
    card.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="for a card")

    sim = command("card-sim", _card_sim, "a virtual card for a real card service")
    sim.add_argument("--card", default="p1", help="which made-up person's card lies there first")
    sim.add_argument("--people", type=Path, metavar="FILE", help="other made-up people's cards")
    sim.add_argument("--vpcd", metavar="HOST:PORT", help="by vpcd; otherwise a serial CCID reader")
    sim.add_argument("--until-stdin-closes", action="store_true", help="end with the parent")


def _procedures(command: Callable[..., argparse.ArgumentParser]) -> None:
    forms = command("forms", _forms, "the procedures and their logic: list, show, check, fill")
    verbs = forms.add_subparsers(required=True, metavar="list|show|check|fill", dest="verb")

    def verb(name: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
        made.add_argument("--home", default=argparse.SUPPRESS, help="the folder all state lives in")
        made.add_argument("--json", action="store_true", help="one JSON value on stdout")
        return made

    verb("list", "every procedure in a line")
    verb("show", "one procedure: its fields, options, rules").add_argument("id")
    check = verb("check", "load, check and prove every procedure, or the files named")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE")
    check.add_argument("--today", type=_day, metavar="YYYY-MM-DD")
    fill = verb("fill", "everything that some answers come to, without a screen")
    fill.add_argument("id")
    fill.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, - stdin")
    fill.add_argument("--today", type=_day, metavar="YYYY-MM-DD")
    fill.add_argument("--channel", choices=("kiosk", "counter", "web"), default="counter")


def _codes(command: Callable[..., argparse.ArgumentParser]) -> None:
    code = command("qr", _qr, "applications as QR codes: make, read")
    verbs = code.add_subparsers(required=True, metavar="make|read", dest="verb")
    make = verbs.add_parser("make", help="seal answers to this terminal's key and draw the codes")
    make.add_argument("id")
    make.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, - stdin")
    make.add_argument("--out", type=Path, default=Path("qr.png"), metavar="FILE.png")
    make.add_argument("--today", type=_day, metavar="YYYY-MM-DD")
    read = verbs.add_parser("read", help="open the codes in pictures or PDF files")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    prefill = command("prefill", _prefill, "the phone page for filling in at home: build, rotate")
    pages = prefill.add_subparsers(required=True, metavar="build|rotate", dest="verb")
    build = pages.add_parser("build", help="make the page as plain files")
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    rotate = pages.add_parser("rotate", help="a new key; the old one opens its codes for a month")
    paper = command("paper", _paper, "one paper from data: form")
    papers = paper.add_subparsers(required=True, metavar="form", dest="verb")
    form = papers.add_parser("form", help="a procedure's form on A4, filled in or blank")
    form.add_argument("id")
    form.add_argument("--answers", type=Path, metavar="FILE", help="JSON, - stdin; else blank")
    form.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    form.add_argument("--today", type=_day, metavar="YYYY-MM-DD")
    form.add_argument("--channel", choices=("kiosk", "counter", "web"), default="counter")
    for made in (make, read, build, rotate, form):
        made.add_argument("--home", default=argparse.SUPPRESS, help="the folder all state lives in")
        made.add_argument("--json", action="store_true", help="one JSON value on stdout")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from fault


def _home(options: argparse.Namespace) -> Path:
    from kiosk.config import home_folder, open_home

    return open_home(home_folder(options.home))


def _application() -> object:
    """Qt, or the reason why it cannot show anything."""
    if not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    ):
        raise SetupFault("no display: start it in a graphical session, or use: kakanai demo --tour")
    from PySide6.QtWidgets import QApplication

    from kiosk.ui.kit.fonts import check_fonts

    application = QApplication([])
    check_fonts()
    return application


def _run(application: object) -> int:
    from PySide6.QtWidgets import QApplication

    assert isinstance(application, QApplication)  # noqa: S101
    sys.excepthook = _our_own_bug
    return application.exec()


def _our_own_bug(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """The one top hook: say where, never what; end, so that the turn is forgotten."""
    places = (f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace))
    print(f"kakanai: our own fault: {kind.__name__} at", *places, sep="\n  ", file=sys.stderr)
    del fault
    os._exit(OUT_OF_ORDER)


def _demo(options: argparse.Namespace) -> int:
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if options.tour or not shown:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        application = _application()
        from kiosk import demo

        return demo.tour(Path(options.out), _say)
    application = _application()
    from kiosk import demo

    with tempfile.TemporaryDirectory(prefix="kakanai-demo-") as folder:
        return demo.doors(Path(folder), lambda: _run(application))


def _say(words: str) -> None:
    print(words, flush=True)


def _kiosk(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings

    home = _home(options)
    settings = read_settings(home)
    application = _application()
    from kiosk.app import open_kiosk

    kiosk = open_kiosk(settings, home)
    if options.window:
        from devices.simulated.card.deck import holders
        from kiosk.ui.classroom.tray import Tray

        cards = holders(ROOT / "resources" / "people" / "cards.yaml")
        tray = Tray(cards, kiosk.reader, kiosk.scanner, kiosk.printer, home)
        tray.show()
        kiosk.terminal.window.show()
    else:
        kiosk.terminal.window.showFullScreen()
    status = _run(application)
    kiosk.terminal.close()
    return status


def _counter(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings

    home = _home(options)
    settings = read_settings(home)
    application = _application()
    from kiosk.desk import open_counter

    counter = open_counter(settings, home)
    counter.window.show()
    status = _run(application)
    counter.close()
    return status


def _clerk(options: argparse.Namespace) -> int:
    from kiosk.desk import add_clerk

    add_clerk(_home(options), options.id, options.name, sys.stdin.readline().rstrip("\n"))
    return FINE


def _class(options: argparse.Namespace) -> int:
    del options
    application = _application()
    from kiosk.practice import open_class
    from kiosk.ui.classroom.tray import Tray
    from kiosk.ui.kit.tokens import PORTRAIT

    room = open_class(ROOT / "resources", PORTRAIT)
    tray = Tray(room.cards, room.reader, room.scanner, room.printer)
    tray.show()
    room.terminal.window.show()
    status = _run(application)
    room.terminal.close()
    return status


def _office(options: argparse.Namespace) -> int:
    """Hand over to the office: kiosk and office are strangers, so it is a process of its own."""
    home = ["--home", str(_home(options) / "office")]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "office", *home, *options.rest])  # noqa: S606


def _card(options: argparse.Namespace) -> int:
    from kiosk.card import Wanted, read_card

    wanted = Wanted(
        reader=options.reader,
        trust=options.trust,
        wait=options.wait,
        number=options.number,
        last_try=options.last_try,
        as_json=options.json,
        revocation=options.revocation,
    )
    return read_card(wanted, sys.stdin.buffer.readline() if options.pin_stdin else None)


def _card_sim(options: argparse.Namespace) -> int:
    from kiosk.card_sim import Simulation, serve

    stays = not options.until_stdin_closes
    return serve(Simulation(_home(options), options.card, options.people, options.vpcd, stays))


def _folders(options: argparse.Namespace) -> Any:
    from kiosk.adapters.procedures import Folders
    from kiosk.config import home_folder, read_settings

    return Folders.configured(read_settings(home_folder(options.home)).forms)


def _today(options: argparse.Namespace) -> date:
    """The day that was named, or today in Japan."""
    from kiosk.adapters.clock import WallClock

    return options.today or WallClock().now().date()


def _forms(options: argparse.Namespace) -> int:
    from kiosk import forms

    folders = _folders(options)
    if options.verb == "list":
        return forms.list_forms(folders, as_json=options.json)
    if options.verb == "show":
        return forms.show_form(folders, options.id, as_json=options.json)
    if options.verb == "check":
        said = partial(print, file=sys.stderr, flush=True)
        checking = forms.Checking(options.files, _today(options), said)
        return forms.check_forms(folders, checking, as_json=options.json)
    filling = forms.Filling(options.id, options.answers, _today(options), options.channel)
    return forms.fill_form(folders, filling, as_json=options.json)


def _qr(options: argparse.Namespace) -> int:
    from kiosk import codes

    home, folders = _home(options), _folders(options)
    if options.verb == "read":
        return codes.read(home, folders, options.files, as_json=options.json)
    making = codes.Making(options.id, options.answers, options.out, _today(options))
    return codes.make(home, folders, making, as_json=options.json)


def _paper(options: argparse.Namespace) -> int:
    from kiosk import papers
    from kiosk.config import read_settings

    home, folders, today = _home(options), _folders(options), _today(options)
    sheet = papers.Sheet(options.id, options.answers, options.out, today, options.channel)
    return papers.print_sheet(home, folders, read_settings(home), sheet, as_json=options.json)


def _prefill(options: argparse.Namespace) -> int:
    from kiosk import codes
    from kiosk.config import read_settings

    home = _home(options)
    if options.verb == "rotate":
        return codes.rotate(home, as_json=options.json)
    settings = read_settings(home)
    return codes.build(home, _folders(options), settings, options.out, as_json=options.json)


def _doctor(options: argparse.Namespace) -> int:
    from kiosk.doctor import examine

    return examine(_home(options), as_json=options.json)


def _test(options: argparse.Namespace) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *options.rest], cwd=ROOT)


def _check(options: argparse.Namespace) -> int:
    del options
    bin_ = Path(sys.executable).parent
    steps = (
        [bin_ / "ruff", "check", "."],
        [bin_ / "mypy"],
        [bin_ / "lint-imports"],
        [bin_ / "coverage", "erase"],
        [bin_ / "coverage", "run", "-m", "pytest", "-q"],
        [bin_ / "coverage", "combine", "-q"],
        [bin_ / "coverage", "report", "--skip-covered", "--fail-under=90"],
        [bin_ / "coverage", "report", f"--include={WHOLLY_TESTED}", "--fail-under=100"],
    )
    return max(subprocess.call(list(map(str, step)), cwd=ROOT) for step in steps)


def _bench(options: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "tests.bench", *([options.name] if options.name else [])]
    if options.json:
        command += ["--json", str(Path(options.json).absolute())]
    return subprocess.call(command, cwd=ROOT)
