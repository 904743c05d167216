"""The measurements of the terminal itself: start, pages, memory."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.windows import CARD

ROOT = Path(__file__).parents[2]
ROUNDS = 11


@dataclass(frozen=True)
class Row:
    """One thing measured: ours, the floor, and whether the goal holds."""

    what: str
    unit: str
    ours: float
    floor: float
    ratio: float
    against: str
    goal: float
    peer: Mapping[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.ratio <= self.goal

    def json(self) -> dict[str, object]:
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": round(self.ours, 3),
            "peer": {name: round(value, 3) for name, value in self.peer.items()},
            "floor": round(self.floor, 3),
            "ratio": round(self.ratio, 3),
            "against": self.against,
            "goal": self.goal,
            "holds": self.holds,
        }


def _window(which: str, home: str, stay: str = "go") -> tuple[float, float]:
    """Milliseconds to the first frame, and megabytes at the last word."""
    command = [sys.executable, "-m", "tests.bench.windows", which, home, stay]
    begun = time.monotonic_ns()
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**_installed(), "PYTHONPATH": str(ROOT)},
    )
    said = [line.split() for line in done.stdout.splitlines()]
    return (int(said[0][1]) - begun) / 1e6, int(said[-1][2]) / 1e6


def _installed() -> dict[str, str]:
    """As the launcher starts it: what was compiled once is kept."""
    return {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def start() -> list[Row]:
    """Process start to first painted frame, alternating with a bare window."""
    ours, floor = [], []
    with tempfile.TemporaryDirectory() as home:
        _window("kiosk", home)  # whoever starts it for the first time compiles it
        for _ in range(ROUNDS):
            floor.append(_window("bare", home)[0])
            ours.append(_window("kiosk", home)[0])
    a, b = statistics.median(ours), statistics.median(floor)
    return [Row("process start to first frame", "ms", a, b, a / b, "floor", 2.0)]


def pages() -> list[Row]:
    """Every page, language and layout: built, shown and painted."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication, QLabel

    from forms.words import LANGUAGES
    from kiosk.ui.kit.tokens import LAYOUTS
    from kiosk.ui.resident.pages import every_page
    from kiosk.ui.resident.window import KioskWindow
    from kiosk.ui.texts import load_texts
    from tests.fakes.samples import JOURNEY, every_state

    application = QApplication.instance() or QApplication([])
    texts = load_texts(ROOT / "resources" / "texts")
    ours, floor = [], []
    label = QLabel()
    label.resize(1080, 1920)
    label.show()
    for layout in LAYOUTS.values():
        window = KioskWindow(texts, layout, JOURNEY, "書蒼市", every_page)
        window.show()
        for language in LANGUAGES:
            for name, state in every_state(language):
                ours.append(
                    _timed(lambda state=state, window=window: window.show_state(state), application)
                )
                floor.append(_timed(lambda name=name: label.setText(name), application))
        window.close()
    a, b = (statistics.quantiles(some, n=20)[-1] for some in (ours, floor))
    return [Row("page switch p95, against 16 ms", "ms", a, b, a / 16, "16 ms", 1.0)]


def _timed(act: Callable[[], object], application) -> float:
    begun = time.perf_counter()
    act()
    application.processEvents()
    return (time.perf_counter() - begun) * 1000


def _growth(warm_up: int, sessions: int) -> tuple[float, float]:
    """Of a process of its own: what benches load would hide it."""
    command = [sys.executable, "-m", "tests.bench.sessions", str(warm_up), str(sessions)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=900, env=_installed()
    )
    before, after = said.stdout.split()
    return float(before), float(after)


def _after_a_paper(home: Path) -> float:
    """Megabytes of a kiosk at rest again, after somebody came and took a certificate along."""
    from msgspec.json import encode

    from devices.simulated.card.deck import holders
    from kiosk.demo import DEVICES
    from kiosk.nextdoor import furnish, office_next_door

    card = holders(ROOT / "resources" / "people" / "cards.yaml")[0]
    with office_next_door(home / "office", DEVICES) as office:
        served = furnish(home / "served", "K01", office)
        (served / CARD).write_bytes(encode(card))
        _window("kiosk", str(served), "stay")
        return _window("kiosk", str(served), "paper")[1]


def memory() -> list[Row]:
    """Resident size beside the bare window, and growth over two thousand whole sessions."""
    before, after = _growth(200, 2000)
    with tempfile.TemporaryDirectory() as home:
        _window("kiosk", home, "stay")  # the first start of a home brings its database up to date
        bare, ours = _window("bare", home, "stay")[1], _window("kiosk", home, "stay")[1]
        served = _after_a_paper(Path(home))
    return [
        Row(
            "resident size, assembled",
            "MB",
            ours,
            bare,
            ours / bare,
            "floor",
            1.8,
            {"after a whole turn with a paper": served},
        ),
        Row("after 2,000 sessions", "MB", after, before, after / before, "after 200", 1.05),
    ]
