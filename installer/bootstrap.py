"""Prepares a fresh clone: system packages, then .venv from the lock file.

Standard library only. Called by the launcher, which starts the program when
this ends well. Speaks on stderr; stdout belongs to the command (with --json, a
failure is said there as JSON too).
"""

import argparse
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

GROUPS = ("run", "site", "test")
# What pyscard is built with, and pip itself. `packaging` because wheel needs it.
BUILD_TOOLS = ("packaging", "pip", "setuptools", "swig", "wheel")
# What must load before a set-up counts as finished.
PROOF = "import PySide6.QtWidgets, smartcard.scard, cups"
ROOM_NEEDED_MB = 1200
INSTALL = ("apt-get", "install", "--no-install-recommends")

NO_NETWORK = (
    "Temporary failure (in name resolution|resolving)",
    "Name or service not known",
    "Network is unreachable",
    "Failed to establish a new connection",
    "Could not (connect|resolve)",
    "Connection (refused|timed out)",
    "ConnectTimeout",
    "Read timed out",
)
REASONS = (
    (r"No space left on device|You don't have enough free space", "ディスクが一杯です / disk full"),
    (
        "|".join(NO_NETWORK),
        "ネットワークにつながりません / no network",
    ),
    (r"CERTIFICATE_VERIFY_FAILED", "証明書を確認できません / certificate not trusted"),
    (r"from versions: none\)", "部品の索引に届きません / package index out of reach"),
    (r"DO NOT MATCH THE HASHES", "部品がロックファイルと違います / hash differs from lock file"),
    (r"Could not get lock", "ほかの apt が動いています / another apt is running"),
)


class SetupError(Exception):
    """Why the set-up ended, in one line for people and a code for programs."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


def say(text: str) -> None:
    """To people, never to stdout."""
    print(text, file=sys.stderr, flush=True)


# --- what is wanted and what is there -----------------------------------------


def wanted(toml: str, groups: Sequence[str], *, debian_python: bool) -> list[str]:
    """The packages of these groups, in the order of the file."""
    table = tomllib.loads(toml)
    names = ("python", *groups) if debian_python else groups
    return [package for name in names for package in table[name]]


def missing(packages: Sequence[str], dpkg_answer: str) -> list[str]:
    """Those that `dpkg-query` (see `ask_dpkg`) neither lists nor lists as provided."""
    there: set[str] = set()
    for line in dpkg_answer.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            there.add(name)
            there.update(
                re.sub(r"\s*\(.*?\)|:\w+", "", part).strip() for part in provides.split(",")
            )
    return [package for package in packages if package not in there]


def ask_dpkg() -> str | None:
    """Every package dpkg knows: status, name, what it provides. None without dpkg."""
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return None
    form = "${db:Status-Status}\t${Package}\t${Provides}\n"
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=False
    )
    return answer.stdout


def build_tools(lock: str) -> str:
    """The blocks of the lock file, hashes included, of what must be there before the rest."""
    blocks = re.findall(r"^[^\s#].*(?:\n[ \t].*)*", lock, re.MULTILINE)
    chosen = [block for block in blocks if re.split(r"[=\s\[]", block)[0] in BUILD_TOOLS]
    if len(chosen) != len(BUILD_TOOLS):
        raise SetupError("bad-lock", f"requirements.lock must hold {', '.join(BUILD_TOOLS)}")
    return "\n".join(chosen) + "\n"


# --- running programs ---------------------------------------------------------


class Step:
    """One line of progress: redrawn on a terminal, now and then elsewhere."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._began = self._said = time.monotonic()
        self._terminal = sys.stderr.isatty()
        say(f"{text}…")

    def tick(self, line: str) -> None:
        """Something happened: say so if the last word was a while ago."""
        now = time.monotonic()
        if now - self._said > (0.2 if self._terminal else 15):
            self._said = now
            what = f"   {now - self._began:4.0f} s  {line.strip()[:60]}"
            if self._terminal:
                print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
            else:
                say(what)

    def done(self) -> None:
        """Leaves a clean line behind."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def run(
    argv: Sequence[str],
    log: IO[str],
    step: Step,
    environ: dict[str, str],
    keep: tuple[int, ...] = (),
) -> int:
    """Runs a program, its words into the log; the exit status.

    `keep` are descriptors it inherits: a pip that outlives this process goes on
    holding the lock.
    """
    log.write(f"$ {' '.join(argv)}\n")
    log.flush()
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environ,
        pass_fds=keep,
    ) as program:
        for line in program.stdout or ():
            log.write(line)
            step.tick(line)
    log.flush()
    step.done()
    return program.returncode


def reason(text: str) -> str:
    """Why a program failed, from what it wrote."""
    for pattern, words in REASONS:
        if re.search(pattern, text):
            return words
    errors = re.findall(r"^(?:ERROR: |E: |\w*Error: )(.+)$", text, re.MULTILINE)
    last = errors or text.strip().splitlines() or ["no output"]
    return str(last[-1]).strip()[:200]


# --- the set-up ---------------------------------------------------------------

Runner = Callable[[Sequence[str], IO[str], Step, dict[str, str], tuple[int, ...]], int]


@dataclass
class Setup:
    """One set-up of one tree. What it asks of the machine is handed in."""

    root: Path
    groups: tuple[str, ...]
    log: IO[str]
    uid: int = field(default_factory=os.geteuid)
    dpkg_answer: str | None = field(default_factory=ask_dpkg)
    runner: Runner = run
    lock_fd: int | None = None

    def __post_init__(self) -> None:
        self.venv = self.root / ".venv"
        self.lock = self.root / "requirements.lock"
        self.packages = self.root / "installer" / "packages.toml"
        # The real file: when the system moves to another Python, the venv's link
        # dangles and the launcher notices.
        base = getattr(sys, "_base_executable", None) or sys.executable
        self.python = os.path.realpath(base)

    # -- is it done?

    def venv_ready(self) -> bool:
        """Was .venv finished, from this very lock file?"""
        ready = self.venv / ".ready"
        return (
            os.access(self.venv / "bin" / "python", os.X_OK)
            and ready.is_file()
            and ready.read_bytes() == self.lock.read_bytes()
        )

    def packages_ready(self) -> bool:
        """Were the packages of these groups seen to be there?"""
        stamps = [self.venv / f".packages-{group}" for group in self.groups]
        text = self.packages.read_bytes()
        return all(stamp.is_file() and stamp.read_bytes() == text for stamp in stamps)

    # -- doing it

    def prepare(self) -> None:
        """Everything that is not done yet."""
        if not self.packages_ready():
            self.prepare_packages()
        if not self.venv_ready():
            self.prepare_venv()
        for group in self.groups:
            self._stamp(f".packages-{group}", self.packages)

    def prepare_packages(self) -> None:
        """System packages, where this user may install them."""
        names = wanted(
            self.packages.read_text("utf-8"),
            self.groups,
            debian_python=self.python.startswith("/usr/bin/"),
        )
        if self.dpkg_answer is None:
            say(
                "[1/4] Debian ではありません。次にあたる部品が要ります / not Debian; this needs"
                f" the equivalents of: {' '.join(names)}"
            )
            return
        absent = missing(names, self.dpkg_answer)
        if not absent:
            return
        if self.uid != 0:
            raise SetupError(
                "missing-packages",
                f"部品が足りません / missing system packages ({len(absent)}), install them with:"
                f" sudo {' '.join(INSTALL)} {' '.join(absent)}",
                packages=absent,
            )
        step = Step(f"[1/4] システムの部品 / system packages: {len(absent)}")
        options = (
            "-q",
            "-y",
            "-o",
            "DPkg::Lock::Timeout=300",
            "-o",
            "Dpkg::Use-Pty=0",
            "-o",
            "Acquire::Retries=3",
        )
        # Lists that cannot be renewed may still be good enough: install decides.
        began = self.log.tell()
        self._run(["apt-get", *options, "update"], step)
        if self._run([*INSTALL, *options, *absent], step) != 0:
            self._began = began  # why it failed may be what the update said
            raise self._failure(f"システムの部品 / system packages ({' '.join(absent)})")

    def prepare_venv(self) -> None:
        """.venv from the lock file: begun from nothing, marked as finished at the very end."""
        free = shutil.disk_usage(self.root).free // 2**20
        if free < ROOM_NEEDED_MB:
            raise SetupError(
                "disk-full",
                f"空きが足りません / disk: {free} MB free, {ROOM_NEEDED_MB} MB needed"
                f" in {self.root}",
            )
        if self.venv.exists():
            say("      前の .venv を作り直します / .venv is unfinished or old: rebuilding")
            for stamp in (".ready", *(f".packages-{group}" for group in GROUPS)):
                (self.venv / stamp).unlink(missing_ok=True)
        step = Step("[2/4] Python の置き場 / virtual environment")
        if self._run([self.python, "-m", "venv", "--clear", str(self.venv)], step) != 0:
            raise self._failure(".venv")
        lock = self.lock.read_text("utf-8")
        pip = [str(self.venv / "bin" / "python"), "-I", "-m", "pip", "install", "--require-hashes"]
        step = Step("[3/4] 組み立ての道具 / build tools")
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as tools:
            tools.write(build_tools(lock))
            tools.flush()
            argv = [*pip, "--no-deps", "--only-binary", ":all:", "-r", tools.name]
            if self._run(argv, step) != 0:
                raise self._failure("組み立ての道具 / build tools (pip)")
        count = len(re.findall(r"^\w[^\n]*==", lock, re.MULTILINE))
        step = Step(f"[4/4] Python の部品 / Python packages: {count}")
        if self._run([*pip, "--no-build-isolation", "-r", str(self.lock)], step) != 0:
            raise self._failure("Python の部品 / Python packages (pip)")
        if self._run([str(self.venv / "bin" / "python"), "-I", "-c", PROOF], step) != 0:
            raise self._failure("入れた部品が動きません / what was installed does not load")
        os.sync()
        self._stamp(".ready", self.lock)
        say("      準備ができました / ready")

    def _stamp(self, name: str, source: Path) -> None:
        fresh = self.venv / f"{name}.new"
        fresh.write_bytes(source.read_bytes())
        fresh.replace(self.venv / name)

    def _run(self, argv: Sequence[str], step: Step) -> int:
        environ = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
        environ |= {"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
        environ["DEBIAN_FRONTEND"] = "noninteractive"
        # swig is a program of .venv, and pyscard's build looks for it on PATH.
        environ["PATH"] = f"{self.venv / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
        # Not for apt: a service that it starts would hold the lock for ever.
        keep = (self.lock_fd,) if self.lock_fd is not None and argv[0] != "apt-get" else ()
        self.log.write(f"--- {time.strftime('%H:%M:%S')}\n")
        self._began = self.log.tell()
        return self.runner(argv, self.log, step, environ, keep)

    def _failure(self, what: str) -> SetupError:
        """One line out of what the last program wrote."""
        with Path(self.log.name).open(encoding="utf-8", errors="replace") as log:
            log.seek(self._began)
            why = reason(log.read())
        return SetupError(
            "not-prepared",
            f"準備に失敗しました / set-up failed at {what}: {why}; log: {self.log.name}",
            log=self.log.name,
        )


@contextmanager
def only_one(folder: Path) -> Iterator[int]:
    """Two launchers at once: the second waits for the first, then finds all done."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("kakanai: ほかの準備が終わるのを待ちます / waiting for another set-up to end…")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def log_file() -> Iterator[IO[str]]:
    """The log of this set-up; it stays only where a failure points at it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="kakanai-setup-", suffix=".log", encoding="utf-8", delete=False
    ) as log:
        told = False
        try:
            yield log
        except SetupError as problem:
            told = "log" in problem.facts
            raise
        finally:
            if not told:
                with suppress(OSError):
                    Path(log.name).unlink()


def main(arguments: Sequence[str]) -> int:
    """Exit status 0: prepared. 2: not, and one line says why."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="say a failure on stdout too")
    parser.add_argument("groups", nargs="+", choices=GROUPS)
    options = parser.parse_args(arguments)
    root = Path(__file__).resolve().parent.parent
    problem: SetupError | OSError
    try:
        with only_one(root / "installer") as descriptor, log_file() as log:
            Setup(root, tuple(options.groups), log, lock_fd=descriptor).prepare()
    except KeyboardInterrupt:
        say("\nkakanai: 中断しました / interrupted; the next start begins again")
        return 130
    except SetupError as caught:
        problem, error = caught, {"code": caught.code, "message": str(caught), **caught.facts}
    except OSError as caught:
        problem, error = caught, {"code": "not-prepared", "message": str(caught)}
    else:
        return 0
    say(f"kakanai: {problem}")
    if options.json:
        print(json.dumps({"error": error}, ensure_ascii=False))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
