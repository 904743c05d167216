"""The inside of the printer: ippeveprinter runs this for each job that it has received.

ippeveprinter 2.4.2 runs it for a cancelled job, too, once there is paper again; an engine that
obeys asks before it puts the sheet into the tray, and a `stubborn` one does not.
"""

import os
import sys
import time
from pathlib import Path

from devices.ipp import IppPrinter

_GET_JOB = 0x0009
_INTEGER = 0x21
_LONGEST = 60.0
_POLL = 0.05


def main(document: Path, folder: Path, job: int, name: str) -> None:
    """Wait while something is in the way, then lay the sheet into the tray."""
    standing = folder / "standing"
    if standing.exists():
        _say(*standing.read_text().split())
        standing.unlink()
    if name == "nudge":
        return
    asked = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("IPP_"))
    (folder / "asked").write_text("\n".join(asked))
    said: list[str] = []
    deadline = time.monotonic() + _LONGEST
    while (words := _read(folder / "midway")) is not None:
        if words != said:
            said = words
            _say(*(f"+{word}" for word in words))
        if _to_stop(folder, job) or time.monotonic() > deadline:
            return
        time.sleep(_POLL)
    _say(*(f"-{word}" for word in said))
    if (folder / "aborts").exists():
        sys.exit("aborted")
    if not _to_stop(folder, job):
        sheet = folder / "tray" / f"{job:04d} {name.replace('/', '_')}"
        part = folder / "part"
        part.write_bytes(document.read_bytes())
        part.rename(sheet)


def _to_stop(folder: Path, job: int) -> bool:
    if (folder / "stubborn").exists():
        return False
    printer = IppPrinter((folder / "uri").read_text(), "engine", 5.0)
    (told,) = printer._ask(_GET_JOB, target=(_INTEGER, "job-id", (job,)))
    return "processing-to-stop-point" in told["job-state-reasons"]


def _read(file: Path) -> list[str] | None:
    try:
        return file.read_text().split()
    except FileNotFoundError:
        return None


def _say(*states: str) -> None:
    for state in states:
        print("STATE:", state, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(os.environ["ENGINE"]),
        int(os.environ["IPP_JOB_ID"]),
        os.environ["IPP_JOB_NAME"],
    )
