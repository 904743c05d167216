"""A class reaches no disk, no network and no other process: played and watched, and read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAY = r"""
import json, os, sys
from pathlib import Path

out = Path(sys.argv[1])
WAYS = {
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
    "socket.gethostbyname", "sqlite3.connect", "subprocess.Popen", "os.exec", "os.posix_spawn",
    "os.spawn", "os.system", "os.fork", "os.forkpty", "urllib.Request", "os.truncate",
}
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
seen = []

def outside(path):
    if isinstance(path, int) or path is None:
        return False
    return not Path(os.path.abspath(os.fsdecode(path))).is_relative_to(out)

def watch(event, arguments):
    if event in WAYS:
        seen.append([event, repr(arguments)[:300]])
    elif event in CHANGES and outside(arguments[0]):
        seen.append([event, repr(arguments)[:300]])
    elif event == "open":
        path, mode, flags = arguments
        if outside(path) and (
            (flags or 0) & WRITING or set(mode or "") & set("wax+")
        ):
            seen.append([event, repr(arguments)[:300]])

sys.addaudithook(watch)

from PySide6.QtWidgets import QApplication
application = QApplication([])
from kiosk.practice import open_class
from kiosk.tour.album import Album
from kiosk.tour.journeys import whole_journey
from kiosk.tour.walker import Walker
from kiosk.ui.kit.tokens import LAYOUTS

album = Album(out, lambda words: None)
album.chapter("class")
room = open_class(Path("resources").absolute(), LAYOUTS["portrait"])
room.terminal.window.show()
walker = Walker(room.terminal, room.reader, room.printer, album, "class")
try:
    for card in room.cards[:2]:
        whole_journey(walker, card, "ja")
finally:
    room.terminal.window.close()
    room.terminal.close()
for number, (title, pdf) in enumerate(room.printer.sheets):
    album.paper(f"{number}-{title}", pdf)

played, seen = seen, []
# The watchman is tried: each of these must be seen.
import socket, sqlite3, subprocess
canary = out.parent / "canary"
canary.write_text("x")
os.close(os.open(canary, os.O_RDWR))
sqlite3.connect(":memory:").close()
with socket.socket() as tried:
    tried.settimeout(1)
    tried.connect_ex(("127.0.0.1", 9))
subprocess.run([sys.executable, "-c", ""], check=True)
loaded = [name for name in sys.modules if name.startswith("kiosk.") or "." not in name]
print(json.dumps({
    "played": played, "tried": [event for event, _ in seen],
    "sheets": len(room.printer.sheets), "loaded": loaded,
}))
"""
WALLED = (
    "requests",
    "sqlalchemy",
    "alembic",
    "smartcard",
    "kiosk.adapters.clerks",
    "kiosk.adapters.keys",
    "kiosk.adapters.office",
    "kiosk.adapters.outbox",
    "kiosk.adapters.store",
    "kiosk.adapters.tables",
    "kiosk.app",
    "kiosk.config",
    "kiosk.demo",
)


def snapshot(folder: Path) -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in folder.rglob("*")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "out"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def lesson(out: Path, home: Path) -> dict[str, Any]:
    """One lesson in a process of its own, with a home where every trace would be found."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", PLAY, str(out)],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "KAKANAI_HOME": str(home / "kakanai"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_watchman_sees_every_way_out(lesson: dict[str, Any]) -> None:
    wanted = {"open", "sqlite3.connect", "socket.connect", "subprocess.Popen"}
    assert wanted <= set(lesson["tried"])
    assert lesson["tried"].count("open") >= 2


def test_a_lesson_takes_no_way_out(lesson: dict[str, Any], home: Path) -> None:
    assert lesson["played"] == []
    assert snapshot(home) == {}


def test_a_lesson_loads_nothing_that_could(lesson: dict[str, Any]) -> None:
    assert "kiosk.practice" in lesson["loaded"]
    assert not set(WALLED) & set(lesson["loaded"])


def test_every_practice_paper_says_that_it_is_one(lesson: dict[str, Any], out: Path) -> None:
    papers = sorted((out / "papers").glob("*.pdf"))
    assert len(papers) == lesson["sheets"] >= 4
    for paper in papers:
        text = subprocess.run(
            ["pdftotext", "-raw", str(paper), "-"], capture_output=True, check=True, timeout=20
        ).stdout.decode()
        pages = text.rstrip("\f\n").split("\f")
        for page in pages:
            assert "見本" in "".join(page.split()), (paper.name, page)


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(
        "kiosk",
        "forms",
        "printing",
        "devices",
        include_external_packages=True,
        cache_dir=None,
    )


@pytest.mark.parametrize("walled", WALLED)
def test_the_class_is_not_even_wired_to_a_way_out(imports: grimp.ImportGraph, walled: str) -> None:
    if walled not in imports.modules:
        assert "." not in walled
        return
    assert imports.find_shortest_chain("kiosk.practice", walled) is None


def test_the_same_search_finds_the_ways_of_the_real_kiosk(imports: grimp.ImportGraph) -> None:
    for walled in ("requests", "sqlalchemy", "kiosk.adapters.keys"):
        assert imports.find_shortest_chain("kiosk.app", walled)
