import subprocess
import sys

LOOKED_AT = """
import linecache, sys
import kiosk.ui.resident.window
before = set(linecache.cache)
import xml.dom.minidom, json.tool, kiosk.usecases.attend
print(*(file for file in set(linecache.cache) - before))
"""


def test_nobody_reads_the_source_of_what_is_imported_after_qt():
    read = subprocess.run(
        [sys.executable, "-c", LOOKED_AT], capture_output=True, text=True, check=True, timeout=60
    )
    assert read.stdout.split() == []


BEHIND_THE_FIRST_FRAME = (
    "PIL alembic cryptography joserfc pypdfium2 reportlab requests sqlalchemy yaml zxingcpp"
)


def test_nothing_heavy_is_imported_before_the_first_frame():
    asked = "import sys, kiosk.app; print(*{each.split('.')[0] for each in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(loaded.stdout.split()).isdisjoint(BEHIND_THE_FIRST_FRAME.split())
