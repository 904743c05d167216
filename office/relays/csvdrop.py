"""A folder of this machine, written so that a power cut leaves the old or the new, never a half."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from office.relays.drop import DONE
from office.relays.port import TargetAway


class LocalFolder:
    """Files are synced before they are named, and the folder after."""

    unseen = ".tmp"

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, pieces: Iterable[bytes], _: int) -> None:
        """Readable by the group of the folder, which is the consumer's."""
        try:
            held = os.open(self._path / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
            try:
                with os.fdopen(held, "wb", closefd=False) as file:
                    file.writelines(pieces)
                os.fsync(held)
            finally:
                os.close(held)
            self._sync()
        except OSError as fault:
            raise self._away(fault) from fault

    def rename(self, name: str, new: str) -> bool:
        """Across a power cut as well."""
        try:
            if new.startswith(f"{DONE}/"):
                (self._path / DONE).mkdir(mode=0o750, exist_ok=True)
            (self._path / name).rename(self._path / new)
            self._sync()
        except FileNotFoundError:
            self._must_be_there()
            return False
        except OSError as fault:
            raise self._away(fault) from fault
        return True

    def remove(self, name: str) -> bool:
        """Gone, if it was there."""
        try:
            (self._path / name).unlink()
            self._sync()
        except FileNotFoundError:
            self._must_be_there()
            return False
        except OSError as fault:
            raise self._away(fault) from fault
        return True

    def sizes(self) -> Mapping[str, int]:
        """Plain files alone: no links, no folders, nothing half gone."""
        found = {}
        try:
            with os.scandir(self._path) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        try:
                            found[entry.name] = entry.stat(follow_symlinks=False).st_size
                        except FileNotFoundError:
                            continue
        except OSError as fault:
            raise self._away(fault) from fault
        return found

    def read(self, name: str, most: int) -> bytes | None:
        """The first bytes of what a consumer left."""
        try:
            held = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(held, "rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise self._away(fault) from fault

    def _must_be_there(self) -> None:
        """A folder that was unmounted is away; that is no answer about a file in it."""
        if not self._path.is_dir():
            raise TargetAway(f"{self._path}: no such folder")

    def _sync(self) -> None:
        held = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)

    def _away(self, fault: OSError) -> TargetAway:
        return TargetAway(f"{self._path}: {fault.strerror}")
