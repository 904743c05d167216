"""Settings: read once, checked once, passed as arguments."""

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from kiosk.errors import SetupFault


@dataclass(frozen=True)
class Settings:
    """Every setting of a terminal; docs/settings.md tells each one's meaning."""

    device: str = "K01"
    city: str = "書蒼市"
    city_code: str = "000000"
    office_name: str = "本庁窓口"
    how_to_ask: str = "受付番号をお手元に、市民課までお問い合わせください。"
    orientation: str = "portrait"
    office_url: str = "http://127.0.0.1:8750"
    office_ca: str = ""
    reader: str = "simulated"
    reader_name: str = ""
    card_trust: str = ""
    card_revocation: str = ""
    card_unknown_issuer: str = "refuse"
    scanner: str = "simulated"
    scanner_port: str = "/dev/ttyACM0"
    printer: str = "folder"
    printer_queue: str = ""
    printer_server: str = ""
    printer_tray: str = ""
    slip_printer: str = "folder"
    slip_width: str = "80mm"
    slip_cut: str = "partial"
    fonts: str = ""
    letterhead: str = ""
    paper_trust: str = ""
    substitutes: str = ""
    receipt_url: str = ""
    reseed: str = "no"
    row_key: str = "file"
    keep_days: str = "30"

    @property
    def own_fonts(self) -> tuple[Path, ...]:
        """The city's own character files, in the order they are asked."""
        return tuple(Path(file) for file in self.fonts.split(":") if file)

    forms: str = ""
    purposes: str = ""


SETTINGS_FILE = "kakanai.toml"
ALLOWED = {
    "orientation": ("portrait", "landscape"),
    "reader": ("simulated", "pcsc"),
    "card_unknown_issuer": ("refuse", "take"),
    "scanner": ("simulated", "serial", "wedge"),
    "printer": ("folder", "cups"),
    "slip_width": ("80mm", "58mm", "tm-t88v"),
    "reseed": ("yes", "no"),
    "slip_cut": ("partial", "full", "none"),
    "row_key": ("file", "keyring", "credential"),
}
COUNTED = {"keep_days": (1, 3650)}


def home_folder(given: str | None) -> Path:
    """Where all state lives: --home, else KAKANAI_HOME, else the platform's own place."""
    named = given or os.environ.get("KAKANAI_HOME")
    if named:
        return Path(named).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "kakanai"


def open_home(home: Path) -> Path:
    """The folder, made if need be, for us alone."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as fault:
        words = fault.strerror or "unusable"
        raise SetupFault(
            f"{home}: cannot be used as home ({words}); check it or use --home"
        ) from fault
    return home


def read_settings(home: Path) -> Settings:
    """The settings of `kakanai.toml`; a wrong one names file, key and what is allowed."""
    file = home / SETTINGS_FILE
    try:
        raw = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SetupFault(f"{file}: cannot be read ({fault})") from fault
    known = [item.name for item in fields(Settings)]
    for key, value in raw.items():
        if key not in known:
            raise SetupFault(f"{file}: unknown setting {key!r}; allowed: {', '.join(known)}")
        if not isinstance(value, str):
            raise SetupFault(f"{file}: {key} must be text in quotes")
        if key in ALLOWED and value not in ALLOWED[key]:
            raise SetupFault(f"{file}: {key} = {value!r}; allowed: {', '.join(ALLOWED[key])}")
        if key in COUNTED and not _counts(value, *COUNTED[key]):
            least, most = COUNTED[key]
            raise SetupFault(f"{file}: {key} = {value!r}; allowed: {least} to {most}")
    return Settings(**raw)


def _counts(value: str, least: int, most: int) -> bool:
    return value.isascii() and value.isdigit() and least <= int(value) <= most
