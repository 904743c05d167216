"""`kakanai demo`, `kiosk`, `counter`, `clerk`, `class`, `office`: the parts, each started alone."""

import argparse
import os
import sys
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType

from kiosk.commands.options import ROOT, Command, home
from kiosk.errors import SetupFault
from kiosk.telling import FINE

OUT_OF_ORDER = 70


def add_to(command: Command) -> None:
    """Everything that stays open until somebody ends it, and who may sign in there."""
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


def application() -> object:
    """Qt, or the reason why it cannot show anything."""
    if not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    ):
        raise SetupFault("no display: start it in a graphical session, or use: kakanai demo --tour")
    from PySide6.QtWidgets import QApplication

    from kiosk.ui.kit.fonts import check_fonts

    made = QApplication([])
    check_fonts()
    return made


def _run(shown: object) -> int:
    from PySide6.QtWidgets import QApplication

    assert isinstance(shown, QApplication)  # noqa: S101
    sys.excepthook = _our_own_bug
    return shown.exec()


def _our_own_bug(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """The one top hook: say where, never what; end, so that the turn is forgotten."""
    places = (f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace))
    print(f"kakanai: our own fault: {kind.__name__} at", *places, sep="\n  ", file=sys.stderr)
    del fault
    os._exit(OUT_OF_ORDER)


def _demo(options: argparse.Namespace) -> int:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if options.tour or not display:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _kept = application()
        from kiosk import demo

        return demo.tour(Path(options.out), partial(print, flush=True))
    shown = application()
    import tempfile

    from kiosk import demo

    with tempfile.TemporaryDirectory(prefix="kakanai-demo-") as folder:
        return demo.doors(Path(folder), lambda: _run(shown))


def _kiosk(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings

    place = home(options)
    settings = read_settings(place)
    shown = application()
    from kiosk.app import open_kiosk

    kiosk = open_kiosk(settings, place)
    if options.window:
        from devices.simulated.card.deck import holders
        from kiosk.ui.classroom.tray import Tray

        cards = holders(ROOT / "resources" / "people" / "cards.yaml")
        tray = Tray(cards, kiosk.reader, kiosk.scanner, kiosk.printer, place)
        tray.show()
        kiosk.terminal.window.show()
    else:
        kiosk.terminal.window.showFullScreen()
    status = _run(shown)
    kiosk.terminal.close()
    return status


def _counter(options: argparse.Namespace) -> int:
    from kiosk.config import read_settings

    place = home(options)
    settings = read_settings(place)
    shown = application()
    from kiosk.desk import open_counter

    counter = open_counter(settings, place)
    counter.window.show()
    status = _run(shown)
    counter.close()
    return status


def _clerk(options: argparse.Namespace) -> int:
    from kiosk.desk import add_clerk

    add_clerk(home(options), options.id, options.name, sys.stdin.readline().rstrip("\n"))
    return FINE


def _class(options: argparse.Namespace) -> int:
    del options
    shown = application()
    from kiosk.practice import open_class
    from kiosk.ui.classroom.tray import Tray
    from kiosk.ui.kit.tokens import PORTRAIT

    room = open_class(ROOT / "resources", PORTRAIT)
    tray = Tray(room.cards, room.reader, room.scanner, room.printer)
    tray.show()
    room.terminal.window.show()
    status = _run(shown)
    room.terminal.close()
    return status


def _office(options: argparse.Namespace) -> int:
    """Hand over to the office: kiosk and office are strangers, so it is a process of its own."""
    place = ["--home", str(home(options) / "office")]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "office", *place, *options.rest])  # noqa: S606
