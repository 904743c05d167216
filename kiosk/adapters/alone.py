"""One at a time over all processes: a lock on a file, which dies with whoever holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from kiosk.errors import StoreUnusable

LOOK = 0.05  # seconds until another process looks again whether it may


@contextmanager
def alone(file: str, patience: float) -> Iterator[bool]:
    """Whether we hold the file, after so many seconds at most; let go at the end."""
    try:
        held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise StoreUnusable(type(fault).__name__) from fault
    try:
        yield _locked(held, monotonic() + patience)
    finally:
        os.close(held)


def _locked(held: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= until:
                return False
            sleep(LOOK)
        else:
            return True
