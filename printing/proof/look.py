"""A first look at a file that anybody may have made, from a process that may fail alone.

PDF and picture decoders meet hostile bytes in `printing.proof.looking`, bounded in time and memory.
"""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

LARGEST = 50_000_000
SECONDS = 25  # of the processor, which waits for others too
DPI = 100
_OVERTIME = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True)
class Look:
    """What was found; `trouble` where nothing could be."""

    kind: str = "unknown"
    codes: tuple[str, ...] = ()
    pages: tuple[bytes, ...] = ()
    signature: str = "not-checked"
    signers: tuple[str, ...] = ()
    data: bytes | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Question:
    """What the other process is given."""

    file: bytes
    authorities: bytes
    seconds: int


def looked(file: bytes, authorities: str, seconds: int = SECONDS) -> Look:
    """Look from a safe distance."""
    if not file:
        return Look(trouble="empty")
    if len(file) > LARGEST:
        return Look(trouble="file-too-large")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "printing.proof.looking"],
            input=msgspec.msgpack.encode(Question(file, authorities.encode(), seconds)),
            capture_output=True,
            cwd=Path(__file__).parents[2],
            timeout=3 * seconds,
            check=True,
        )
        return msgspec.msgpack.decode(run.stdout, type=Look)
    except subprocess.TimeoutExpired:
        return Look(trouble="too-long")
    except subprocess.CalledProcessError as fault:
        return Look(trouble="too-long" if fault.returncode in _OVERTIME else "broken")
    except msgspec.DecodeError:
        return Look(trouble="broken")
