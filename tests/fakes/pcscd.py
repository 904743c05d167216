"""A pcscd of our own, in its own namespaces, whatever else runs on the machine.

Its socket is a file in its own folder. libpcsclite reads PCSCLITE_CSOCK_NAME once per process, so
the variable names a link that leads to the stack in use now; import this before a first context.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DRIVERS = Path("/usr/lib/pcsc/drivers")
TWIN = DRIVERS / "serial/libccidtwin.so"
VPCD_DRIVER = DRIVERS / "serial/libifdvpcd.so"
LINK = Path(tempfile.gettempdir()) / f"pcscd-{os.getpid()}.comm"
os.environ["PCSCLITE_CSOCK_NAME"] = str(LINK)

VPCD = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x8C7B
LIBPATH {VPCD_DRIVER}
CHANNELID 0x8C7B
"""

# A private /run/pcscd and network, and no USB readers: a test never touches a real card.
START = """
mount --bind "$1" /run/pcscd
for bundle in {drivers}/*.bundle; do mount --bind "$2" "$bundle"; done
ip link set lo up
exec pcscd --foreground --info --config "$3"
"""
PATIENCE = 10.0


def serial(device: str, name: str = "GemPC Twin") -> str:
    """The entry in reader.conf for a SerialReader's device."""
    return f'FRIENDLYNAME "{name}"\nDEVICENAME {device}:GemPCTwin\nLIBPATH {TWIN}\n'


def missing() -> str:
    """What this machine lacks for a private pcscd; empty when nothing."""
    programs = ("pcscd", "unshare", "mount", "ip", "opensc-tool")
    lacking = [name for name in programs if shutil.which(name) is None]
    lacking += [str(driver) for driver in (TWIN, VPCD_DRIVER) if not driver.exists()]
    if not lacking:
        namespaces = subprocess.run(
            ["unshare", "-m", "-n", "true"], capture_output=True, check=False
        )
        lacking += ["the right to make namespaces"] if namespaces.returncode else []
    return ", ".join(lacking)


@dataclass(frozen=True)
class Pcscd:
    """A pcscd that runs: how to reach it, and its log."""

    pid: int
    socket: Path
    log: Path

    def environment(self) -> dict[str, str]:
        """What a client program is started with to reach this one and no other."""
        return {**os.environ, "PCSCLITE_CSOCK_NAME": str(self.socket)}

    def use(self) -> None:
        """Lead the clients inside this process here."""
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(self.socket)

    def connect(self, address: tuple[str, int]) -> socket.socket:
        """A connection inside its network, where vpcd listens."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(_connect_within, self.pid, address).result()


@contextmanager
def private_pcscd(folder: Path, readers: Sequence[str]) -> Iterator[Pcscd]:
    """Run a pcscd with these entries of reader.conf; it is ready when the block begins."""
    (folder / "reader.conf.d").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "reader.conf.d/readers").write_text("\n".join(readers))
    log = folder / "pcscd.log"
    # A Unix socket's path has 107 bytes at most, and pytest's folders are long.
    with tempfile.TemporaryDirectory(prefix="pcscd-") as run, log.open("wb") as output:
        process = _start(Path(run), folder, output.fileno())
        pcscd = Pcscd(process.pid, Path(run, "pcscd.comm"), log)
        try:
            _await_ready(process, pcscd)
            pcscd.use()
            yield pcscd
        finally:
            _end(process)
            if LINK.is_symlink() and LINK.readlink() == pcscd.socket:
                LINK.unlink()


def _start(run: Path, folder: Path, output: int) -> subprocess.Popen[bytes]:
    Path("/run/pcscd").mkdir(exist_ok=True)  # somewhere to mount ours
    script = START.format(drivers=DRIVERS)
    run.chmod(0o755)
    folders = (run, folder / "empty", folder / "reader.conf.d")
    return subprocess.Popen(
        ["unshare", "-m", "-n", "sh", "-ec", script, "pcscd", *folders],
        stdout=output,
        stderr=output,
    )


def _await_ready(process: subprocess.Popen[bytes], pcscd: Pcscd) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(pcscd.socket)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"pcscd did not start: {pcscd.log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _connect_within(pid: int, address: tuple[str, int]) -> socket.socket:
    """Only for a thread of its own: it changes its network for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{pid}/ns/net").open() as network:
        if libc.setns(network.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "cannot enter the network of pcscd")
    return socket.create_connection(address, PATIENCE)
