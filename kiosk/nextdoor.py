"""An office next door: a real one as a child process, for the demo and the drill."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.config import SETTINGS_FILE
from kiosk.errors import SetupFault
from kiosk.pairing import Refusal, invitation, pair


@dataclass(frozen=True)
class OfficeNextDoor:
    """Where it listens, and the codes that let its devices in."""

    url: str
    pairings: dict[str, str]
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """Its lifeline is cut: it ends by itself."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._gone()

    def kill(self) -> None:
        """Ended in the middle of whatever it does."""
        self.process.kill()
        self._gone()

    def _gone(self) -> None:
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            if end and not end.closed:
                end.close()


@contextmanager
def office_next_door(home: Path, devices: Sequence[str]) -> Iterator[OfficeNextDoor]:
    """A real office on a free loopback port, ended with us whatever happens to us."""
    office = start_office(home, devices)
    try:
        yield office
    finally:
        office.stop()


def start_office(home: Path, devices: Sequence[str] = (), purposes: str = "") -> OfficeNextDoor:
    """Started when this returns; `devices` (DEVICE:ROLE) may be paired with it.

    `purposes`: the city's own file, as its terminals have it.
    """
    command = [sys.executable, "-m", "office", "--home", str(home), "--port", "0"]
    command += ["--announce", "--until-stdin-closes"]
    command += ["--purposes", purposes] if purposes else []
    for device in devices:
        command += ["--enrol", device]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise SetupFault("the office next door did not start; see the line above")
    said = json.loads(line)
    return OfficeNextDoor(said["url"], said["pairings"], process)


def furnish(home: Path, device: str, office: OfficeNextDoor, **settings: str) -> Path:
    """A home with settings for one device, paired as any terminal is."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = (
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in settings.items()
    )
    (home / SETTINGS_FILE).write_text("".join(lines), "utf-8")
    paired = pair(home, invitation(office.pairings[device]))
    if isinstance(paired, Refusal):
        raise SetupFault(f"{device}: {paired.message}")
    return home
