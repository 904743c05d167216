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
