"""One window in a process of its own: the bare floor, or the kiosk; says when it stood there."""

import gc
import os
import sys
import time
from pathlib import Path

STAY_SECONDS = 3.0


def told(what: str) -> None:
    os.write(1, f"{what} {time.monotonic_ns()} {resident()}\n".encode())


def resident() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def bare(*, stay: bool) -> None:
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    application = QApplication([])

    class Window(QWidget):
        def paintEvent(self, event):
            super().paintEvent(event)
            settled(application, stay=stay)

    window = Window()
    window.resize(1080, 1920)
    QLabel("bare", window)
    window.show()
    application.exec()


def kiosk(home: Path, *, stay: bool) -> None:
    gc.disable()
    from kiosk.commands.parts import application as qt
    from kiosk.config import open_home, read_settings

    application = qt()
    from kiosk.app import open_kiosk

    home = open_home(home)
    made = open_kiosk(read_settings(home), home)
    made.terminal.window.painted.connect(lambda: settled(application, stay=stay))
    made.terminal.window.show()
    application.exec()


def settled(application, *, stay: bool) -> None:
    told("painted")
    if not stay:
        os._exit(0)
    from PySide6.QtCore import QTimer

    QTimer.singleShot(int(STAY_SECONDS * 1000), lambda: (told("settled"), os._exit(0)))


if __name__ == "__main__":
    which, home, staying = sys.argv[1:]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if which == "bare":
        bare(stay=staying == "stay")
    else:
        kiosk(Path(home), stay=staying == "stay")
