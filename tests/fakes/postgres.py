"""A PostgreSQL of a test's own: a real server in a folder, on a socket only we may open.

It syncs what it promises (the default), so that a test may kill it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql/15/bin"))
PATIENCE = 30.0
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "log_min_messages": "fatal",
    "timezone": "Asia/Tokyo",
}


@dataclass
class Postgres:
    """One server: its address, and ways to make trouble."""

    folder: Path
    connections: int = 200
    _server: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address of its one database, as `office --database` takes it."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder), safe='')}"

    def create(self, name: str) -> str:
        """A further, empty database, and its address."""
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return self.url.replace("/postgres?", f"/{name}?")

    def start(self) -> None:
        """Return when it takes connections."""
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.folder),
            "max_connections": str(self.connections),
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(BIN / "postgres"), "-D", str(self.folder / "data"), *options],
                stdout=subprocess.DEVNULL,
                stderr=log,
                stdin=subprocess.DEVNULL,
                **_as_another(),
            )
        until = time.monotonic() + PATIENCE
        while not self._ready():
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> None:
        """`SIGINT` ends connections and then itself; `SIGQUIT` is a crash."""
        if self._server is None:
            return
        with suppress(ProcessLookupError):
            self._server.send_signal(how)
        try:
            self._server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    def _ready(self) -> bool:
        asked = [str(BIN / "pg_isready"), "-q", "-h", str(self.folder), "-U", "postgres"]
        return subprocess.run(asked, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(BIN / program), *arguments],
            check=True,
            capture_output=True,
            timeout=60,
            **_as_another(),
        )


@contextmanager
def server(connections: int = 200) -> Iterator[Postgres]:
    """A server in a folder of its own, gone afterwards; the folder is short, as sockets need it."""
    folder = Path(tempfile.mkdtemp(prefix="kakanai-pg-"))
    made = Postgres(folder, connections)
    try:
        if user := _as_another():
            os.chown(folder, user["user"], user["group"])
        made._run(
            "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"
        )
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a database that is empty."""
    with server() as made:
        yield made.url


def _as_another() -> dict:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.getuid():
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
