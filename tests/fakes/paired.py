"""A real office as a process, and devices that are paired with it as terminals are.

Whoever needs more than a header takes the keys into a home of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.office import HttpOffice
from kiosk.pairing import Paired, invitation, pair

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20


class Devices(Mapping[str, str]):
    """Who is let in: each device's token, always one that counts."""

    def __init__(self, folder: Path, url: str, pairings: Mapping[str, str]) -> None:
        self._folder, self._url = folder, url
        self._offices = {name: self._pair(name, code) for name, code in pairings.items()}

    def __getitem__(self, device: str) -> str:
        return self._offices[device].known_by.token()

    def __iter__(self) -> Iterator[str]:
        return iter(self._offices)

    def __len__(self) -> int:
        return len(self._offices)

    def header(self, device: str) -> dict[str, str]:
        """What lets it in."""
        return {"Authorization": f"Bearer {self[device]}"}

    def office(self, device: str) -> HttpOffice:
        """The office as this device is known there; `close` it."""
        return HttpOffice(self._url, device, DeviceKeys(self._folder / device / "keys"))

    def lend_keys(self, device: str, home: Path) -> None:
        """A home that is known as this device too."""
        shutil.copytree(self._folder / device / "keys", home / "keys")

    def close(self) -> None:
        for office in self._offices.values():
            office.close()

    def _pair(self, name: str, code: str) -> HttpOffice:
        home = self._folder / name
        home.mkdir(parents=True)
        paired = pair(home, invitation(code))
        assert isinstance(paired, Paired), paired
        return self.office(name)


@dataclass(frozen=True)
class Started:
    """An office that runs, whom it let in, and its process."""

    url: str
    devices: Devices
    process: "subprocess.Popen[str]"


def command(home: Path, *arguments: str) -> list[str]:
    """An office on a free port, ended with us."""
    own = ("--port", "0", "--announce", "--until-stdin-closes")
    return [sys.executable, "-m", "office", "--home", str(home), *own, *arguments]


@contextmanager
def announced(home: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", Any]]:
    """An office that takes calls, and what it said of itself; ended afterwards."""
    process = subprocess.Popen(
        command(home, *arguments),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        end(process)


@contextmanager
def office_running(home: Path, *arguments: str) -> Iterator[Started]:
    """Every device of `--enrol DEVICE:ROLE` is paired before this returns."""
    with (
        announced(home, *arguments) as (process, said),
        tempfile.TemporaryDirectory(prefix="kakanai-paired-") as folder,
        closing(Devices(Path(folder), said["url"], said["pairings"])) as devices,
    ):
        yield Started(said["url"], devices, process)


def end(process: "subprocess.Popen[str]") -> None:
    """Its lifeline is cut; what does not end then is killed."""
    process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)
    process.stdout.close()
