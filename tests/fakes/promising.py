"""A terminal that takes in application after application: `python -m tests.fakes.promising HOME N`.

Each receipt is on standard output as soon as it is promised. Made to be killed at any moment.
"""

import os
import sys
import time
from pathlib import Path

from kiosk.config import read_settings
from kiosk.drill.terminal import Terminal

_TOGETHER = 40
_BETWEEN = 0.002  # while the office is away, not all of them at once


def main(home: Path, many: int) -> int:
    terminal = Terminal.open(read_settings(home), home)
    os.write(1, b"open\n")
    for count in range(1, many + 1):
        kept = terminal.keep()
        os.write(1, f"kept {kept}\n".encode())
        time.sleep(_BETWEEN)
        if count % _TOGETHER == 0:
            terminal.drain()
    for _ in range(200):
        terminal.drain()
        if not terminal.waiting():
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
