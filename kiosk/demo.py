"""The demo: an office as a child process, three doors to walk through, or a tour of them all."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import SetupFault

DEVICES = ("K01:kiosk", "C01:counter")


@dataclass(frozen=True)
class DemoOffice:
    """The office next door: where it listens, and what its devices say to be let in."""

    url: str
    tokens: dict[str, str]
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """Its lifeline is cut: it ends by itself."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def office_next_door(home: Path) -> Iterator[DemoOffice]:
    """A real office on a free loopback port, ended with us whatever happens to us."""
    command = [
        sys.executable, "-m", "office", "--home", str(home), "--port", "0", "--announce",
        "--until-stdin-closes",
    ]
    for device in DEVICES:
        command += ["--enrol", device]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[1],
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise SetupFault("the demo's office did not start; see the line above")
    said = json.loads(line)
    office = DemoOffice(said["url"], said["devices"], process)
    try:
        yield office
    finally:
        office.stop()


def furnish(home: Path, device: str, office: DemoOffice, **settings: str) -> Path:
    """A home with settings for one part of the demo."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {
        "device": device,
        "office_url": office.url,
        "office_token": office.tokens[device],
        **settings,
    }
    file = home / "kakanai.toml"
    file.touch(mode=0o600)
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    file.write_text("".join(lines), "utf-8")
    return home


def start_part(part: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """One part as its own process: a door of the start window."""
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", part, *arguments], cwd=Path(__file__).parents[1]
    )
