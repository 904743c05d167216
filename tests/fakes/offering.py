"""A code for a device from the office's own command line, without the wait for a process."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from office.__main__ import main


def offered(home: Path, device: str, *more: str) -> str:
    """What `office pair` prints; most of that command's time is the start of its process."""
    said = StringIO()
    with redirect_stdout(said):
        assert main(["--home", str(home), "pair", device, *more]) == 0
    return said.getvalue()
