"""What a kiosk that waits for its next resident holds: each library comes with what needs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WITH_ITS_FIRST_NEED = (
    # papers are drawn, and looked over, in a process of their own
    "barcode",
    "pypdfium2",
    "reportlab",
    "uharfbuzz",
    # pictures and codes
    "PIL",
    "zxingcpp",
    # cards, seals on papers
    "cbor2",
    "devices.cards",
    # procedures and the schema of the store, once they are kept
    "alembic",
    "jpholiday",
    "sqlalchemy",
    "yaml",
    # of the standard library, what only the above ask for
    "asyncio",
    "ctypes",
    "multiprocessing",
    "xml",
)

RESTING = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from kiosk.app import open_kiosk
from kiosk.commands.parts import application
from kiosk.config import open_home, read_settings

qt, home = application(), open_home(Path(sys.argv[1]))
kiosk = open_kiosk(read_settings(home), home)
looks, look = [], kiosk.reader.look

def looked():
    looks.append(look())
    return looks[-1]

def rested():
    if len(looks) < 3:
        return
    print(*sys.modules)
    sys.stdout.flush()
    os._exit(0)

kiosk.reader.look = looked
every = QTimer()
every.timeout.connect(rested)
every.start(50)
kiosk.terminal.window.show()
sys.exit(qt.exec())
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a kiosk that started a second time in its home, and looked for a card."""
    home = tmp_path_factory.mktemp("home")
    for _ in range(2):
        rested = subprocess.run(
            [sys.executable, "-c", RESTING, home],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    return set(rested.stdout.split())


@pytest.mark.parametrize("library", WITH_ITS_FIRST_NEED)
def test_a_kiosk_at_rest_does_not_hold_what_nobody_asked_for(
    library: str, loaded: set[str]
) -> None:
    assert "kiosk.usecases.attend" in loaded, "it was not assembled"
    assert not {each for each in loaded if each == library or each.startswith(f"{library}.")}


@pytest.mark.parametrize("module", ["printing.codes", "devices.cards.reader"])
def test_neither_a_code_nor_a_card_needs_what_opens_pictures(module: str) -> None:
    asked = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "PIL" not in loaded.stdout.split()
