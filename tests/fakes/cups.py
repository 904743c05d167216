"""A print service of our own: CUPS, and a printer that speaks IPP, whatever else runs here.

ippeveprinter does not start without Avahi, and Avahi not without D-Bus; both are private, too,
and Avahi, which listens everywhere, has a network of its own with nobody in it.
"""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0
QUEUE = "City"
BLIND = "Blind"  # its device says nothing, as most do that are not asked in IPP

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
"""
AVAHI = """[server]
host-name=kakanai-test-{pid}
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
"""
CUPSD = """Listen 127.0.0.1:{port}
Listen {folder}/cups.sock
Browsing No
BrowseLocalProtocols none
WebInterface No
DefaultAuthType None
LogLevel debug
DirtyCleanInterval 0
MaxLogSize 0
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
CUPS_FILES = """User {user}
Group {group}
SystemGroup root
FileDevice Yes
ServerRoot {folder}/etc
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/tmp
Printcap
ErrorLog {folder}/cups.log
AccessLog {folder}/access.log
PageLog {folder}/page.log
"""
ENGINE = """#!/bin/sh
cd {root} && exec {python} -m tests.fakes.print_engine "$@"
"""
PAST_THE_QUEUE = """{{
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name stranger
  ATTR name job-name $job
  ATTR mimeMediaType document-format application/pdf
  FILE $filename
  STATUS successful-ok
}}
"""
STATES = (
    "cover-open",
    "input-tray-missing",
    "media-jam",
    "moving-to-paused",
    "other",
    "toner-empty",
    "toner-low",
)
FORMATS = "application/pdf,image/pwg-raster,image/urf,image/jpeg"


def missing() -> str:
    """What this machine lacks for it; empty when nothing."""
    programs = (
        "ip",
        "unshare",
        "dbus-daemon",
        "avahi-daemon",
        "ippeveprinter",
        "ipptool",
        "cupsd",
        "lpadmin",
        "lp",
    )
    lacking = [name for name in programs if shutil.which(name) is None]
    if not lacking:
        unshared = subprocess.run(["unshare", "-m", "-n", "true"], capture_output=True, check=False)
        lacking += ["the right to make namespaces"] if unshared.returncode else []
    return ", ".join(lacking)


@dataclass
class PrintService:
    """The whole of it; `tray` is where the sheets lie."""

    folder: Path
    port: int
    printer_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    orphans: list[tuple[int, str]] = field(default_factory=list)

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"ipp://localhost:{self.printer_port}/ipp/print"

    @property
    def tray(self) -> Path:
        return self.folder / "printer/tray"

    def sheets(self) -> list[Path]:
        """What lies in the tray, the oldest first."""
        return sorted(self.tray.iterdir())

    def paper(self, sheets: int) -> None:
        """So much A4 in the one tray that counts."""
        form = f"size1=iso_a4_210x297mm&type1=stationery&level1={sheets}&size3=&type3=&level3=-2"
        self._form("media", form)

    def letter_paper(self) -> None:
        """Paper, and the wrong one."""
        form = "size1=na_letter_8.5x11in&type1=stationery&level1=100&size3=&type3=&level3=-2"
        self._form("media", form)

    def refill(self) -> None:
        """Paper again, and whatever waited for it is over when this returns."""
        self.paper(100)
        self.go_on()
        await_(self.is_idle, "the printer to be at rest")

    def titles(self) -> list[str]:
        """What lies in the tray, by the title it was printed under."""
        names = [sheet.name.split(" ", 1)[1] for sheet in self.sheets()]
        ours = [name.split() for name in names]
        return [
            " ".join(words[1:-1]) if words[0].startswith("kakanai@") else name
            for name, words in zip(names, ours, strict=True)
        ]

    def standing(self, *states: str) -> None:
        """What the printer says from now on, at rest: `+media-jam`, `-media-jam`."""
        said = self.folder / "printer/standing"
        said.write_text(" ".join(states))
        self.past_the_queue("nudge")
        await_(lambda: not said.exists(), "the printer to say it")
        await_(self.is_idle, "the printer to be at rest")

    def midway(self, *words: str) -> None:
        """The next job stays in the printer, which says so, until `go_on`."""
        (self.folder / "printer/asked").unlink(missing_ok=True)
        (self.folder / "printer/midway").write_text(" ".join(words))

    def go_on(self) -> None:
        (self.folder / "printer/midway").unlink(missing_ok=True)

    def stubborn(self) -> None:
        """From now on the printer prints what was cancelled."""
        (self.folder / "printer/stubborn").touch()

    def aborts(self) -> None:
        """From now on the printer gives up what it was sent."""
        (self.folder / "printer/aborts").touch()

    def past_the_queue(self, name: str) -> None:
        """A job that only the printer knows of."""
        test = self.folder / "past.test"
        told = self.run("ipptool", "-t", "-d", f"job={name}", "-f", test, self.uri, test)
        assert told.returncode == 0, told.stdout + told.stderr

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """A client program, at this server and no other."""
        return subprocess.run(
            [str(part) for part in command],
            env={**os.environ, "CUPS_SERVER": self.server},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def waiting(self) -> list[str]:
        """The jobs in the queue that are not ended, as `City-12`."""
        return [line.split()[0] for line in self.run("lpstat", "-o").stdout.splitlines()]

    def asked(self) -> dict[str, str]:
        """What the printer was asked for with the last job."""
        told = (self.folder / "printer/asked").read_text()
        return dict(line.split("=", 1) for line in told.splitlines())

    def during(self, printing: Callable[[], None], happens: Callable[[], None]) -> None:
        """Print, and let something happen while the printer is at it."""
        self.midway()
        self._meanwhile(printing, self.is_busy, happens)

    def while_waiting(self, printing: Callable[[], None], happens: Callable[[], None]) -> None:
        """Print, and let something happen while the job waits behind another's."""
        self._meanwhile(printing, lambda: len(self.waiting()) > 1, happens)

    def _meanwhile(
        self, printing: Callable[[], None], when: Callable[[], bool], happens: Callable[[], None]
    ) -> None:
        with ThreadPoolExecutor(1) as thread:
            printed = thread.submit(printing)
            await_(when, "the job to be there")
            happens()
            printed.result(2 * PATIENCE)

    def strangers_job(self, title: str, *options: str) -> str:
        """Another program's job in the same queue; its id, as `City-12`."""
        file = self.folder / "stranger.txt"
        file.write_text("not ours\n")
        told = self.run("lp", "-d", QUEUE, "-t", title, *options, file)
        return told.stdout.split()[3]

    def start_printer(self) -> None:
        command = [
            *("ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(self.printer_port)),
            *("-d", str(self.folder / "printer/spool"), "-c", str(self.folder / "engine")),
            *("-f", FORMATS, "-2", "-s", "20", "-k", "CityHallTest"),
        ]
        self._start("printer", command)
        await_(lambda: _answers(self.printer_port), "ippeveprinter")
        self.paper(100)

    def start_server(self) -> None:
        files = ("-c", str(self.folder / "cupsd.conf"), "-s", str(self.folder / "files.conf"))
        self._start("server", ["cupsd", "-f", *files])
        await_(lambda: _answers(self.port), "cupsd")

    def start(self) -> None:
        self._start("bus", ["dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork"])
        await_((self.folder / "bus").exists, "dbus-daemon")
        # Its place for its pid and its socket is compiled in, and may be another's.
        Path("/run/avahi-daemon").mkdir(exist_ok=True)
        avahi = f"""mount --bind {self.folder}/run /run/avahi-daemon
            ip link set lo up
            exec avahi-daemon -f {self.folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits"""
        self._start("avahi", ["unshare", "-m", "-n", "sh", "-ec", avahi])
        await_((self.folder / "run/socket").exists, "avahi-daemon")
        self.start_printer()
        self.start_server()
        self.run("lpadmin", "-p", QUEUE, "-E", "-v", self.uri, "-m", "everywhere")
        self.run("lpadmin", "-p", BLIND, "-E", "-v", "file:/dev/null")
        for queue in (QUEUE, BLIND):
            await_(lambda queue=queue: "accepting" in self.run("lpstat", "-a", queue).stdout, queue)

    def reset(self) -> None:
        """As on the first day, for the next test."""
        for mark in ("aborts", "asked", "midway", "standing", "stubborn"):
            (self.folder / "printer" / mark).unlink(missing_ok=True)
        for name, start in (("printer", self.start_printer), ("server", self.start_server)):
            if name not in self.processes:
                start()
        self.run("cupsaccept", QUEUE)
        self.run("cancel", "-a", "-x")
        self.run("cupsenable", QUEUE)
        self._end_orphans()
        self.paper(100)
        await_(self.is_idle, "the printer to be at rest")
        self.standing(*(f"-{word}" for word in STATES))
        for sheet in self.sheets():
            sheet.unlink()

    def kill(self, name: str) -> None:
        """As a plug that is pulled."""
        process = self.processes.pop(name)
        self.orphans += _children(process.pid)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Everything that was started, each by its own id."""
        for process in reversed(self.processes.values()):
            self.orphans += _children(process.pid)
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._end_orphans()

    def _start(self, name: str, command: list[str]) -> None:
        environment = {
            **os.environ,
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus",
            "ENGINE": str(self.folder / "printer"),
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _end_orphans(self) -> None:
        for pid, born in self.orphans:
            if _born(pid) == born:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.orphans.clear()

    def is_idle(self) -> bool:
        """Whether nothing more comes out of it by itself."""
        told = self.run("ipptool", "-tv", self.uri, "get-printer-attributes.test")
        return "printer-state (enum) = idle" in told.stdout

    def is_busy(self) -> bool:
        """Whether its engine has begun with a job that it does not finish yet."""
        return (self.folder / "printer/asked").exists()

    def _form(self, page: str, form: str) -> None:
        address = f"http://localhost:{self.printer_port}/{page}?{form}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            answer.read()


@contextmanager
def private_printing() -> Iterator[PrintService]:
    """A print service that is ready when the block begins and gone when it ends."""
    # A Unix socket's path has 107 bytes at most, and the server's own user must get there.
    with tempfile.TemporaryDirectory(prefix="cups-") as name:
        service = PrintService(Path(name), _free_port(), _free_port())
        _furnish(service)
        try:
            service.start()
            yield service
        except TimeoutError as slow:
            logs = (Path(name, f"{part}.log").read_text() for part in service.processes)
            raise TimeoutError("\n".join((str(slow), *logs))) from slow
        finally:
            service.stop()


def _furnish(service: PrintService) -> None:
    folder = service.folder
    folder.chmod(0o755)
    user = pwd.getpwnam("lp" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    group = grp.getgrgid(user.pw_gid).gr_name
    for part in ("etc", "spool", "cache", "state", "tmp", "run", "printer/spool", "printer/tray"):
        (folder / part).mkdir(parents=True)
    (folder / "tmp").chmod(0o1777)
    names = {"folder": folder, "port": service.port, "user": user.pw_name, "group": group}
    files = {
        "bus.conf": BUS,
        "cupsd.conf": CUPSD,
        "files.conf": CUPS_FILES,
        "past.test": PAST_THE_QUEUE,
    }
    for file, text in files.items():
        (folder / file).write_text(text.format(**names))
    (folder / "avahi.conf").write_text(AVAHI.format(pid=os.getpid()))
    (folder / "printer/uri").write_text(service.uri)
    engine = folder / "engine"
    engine.write_text(ENGINE.format(root=ROOT, python=sys.executable))
    engine.chmod(0o755)


def await_(done: Callable[[], bool], what: str) -> None:
    """Wait, but not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.03)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _children(pid: int) -> list[tuple[int, str]]:
    """All that a process has started, and when: an id alone may be another's by then."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [(child, _born(child)), *_children(child)]
    return found


def _born(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except FileNotFoundError:
        return ""
