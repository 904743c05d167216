"""One window in a process of its own: the bare floor, or the kiosk; says when it stood there."""

import gc
import os
import sys
import time
from pathlib import Path

STAY_SECONDS = 3.0
CARD = "card.json"  # who comes; read from its file elsewhere, for that takes more than we measure


def told(what: str) -> None:
    os.write(1, f"{what} {time.monotonic_ns()} {resident()}\n".encode())


def resident() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def bare(stay: str) -> None:
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    application = QApplication([])

    class Window(QWidget):
        def paintEvent(self, event):
            super().paintEvent(event)
            settled(application, stay)

    window = Window()
    window.resize(1080, 1920)
    QLabel("bare", window)
    window.show()
    application.exec()


def kiosk(home: Path, stay: str) -> None:
    """`stay` is "go", "stay", or "paper": then a resident comes and takes a paper along."""
    gc.disable()
    from kiosk.commands.parts import application as qt
    from kiosk.config import open_home, read_settings

    application = qt()
    from kiosk.app import open_kiosk

    home = open_home(home)
    made = open_kiosk(read_settings(home), home)

    def painted() -> None:
        settled(application, stay, lambda: served(application, made, home))

    made.terminal.window.painted.connect(painted)
    made.terminal.window.show()
    application.exec()


def settled(application, stay: str, serve=None) -> None:
    told("painted")
    if stay == "go":
        os._exit(0)
    from PySide6.QtCore import QTimer

    def rested(then) -> None:
        QTimer.singleShot(int(STAY_SECONDS * 1000), then)

    if stay == "paper":
        rested(lambda: (serve(), rested(end)))
    else:
        rested(end)


def end() -> None:
    told("settled")
    os._exit(0)


def served(application, made, home: Path) -> None:
    """One whole turn, with a certificate and a receipt."""
    from msgspec.json import decode

    from devices.simulated.card.person import Holder
    from tests.bench.sessions import turn

    card = decode((home / CARD).read_bytes(), type=Holder)
    turn(application, made.terminal.attend, made.reader, card, "ja", paper=True)


if __name__ == "__main__":
    which, home, staying = sys.argv[1:]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if which == "bare":
        bare(staying)
    else:
        kiosk(Path(home), staying)
