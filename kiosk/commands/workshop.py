"""`kakanai test`, `check`, `bench`: for whoever changes this program."""

import argparse
import subprocess
import sys
from pathlib import Path

from kiosk.commands.options import ROOT, Command

WHOLLY_TESTED = "forms/*,kiosk/domain/*,kiosk/usecases/*"
# A process for each core, four at most, for each brings servers of its own; and a file whole in
# one of them: what its tests share is made once. In the order of the folders, for the last
# (ui, unit) are short and leave no core idle.
SPREAD = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def add_to(command: Command) -> None:
    """Each runs a tool as a process of its own."""
    test = command("test", _test, "the whole test suite; takes what pytest takes")
    test.set_defaults(rest=[])
    command("check", _check, "lint, types, import contracts, coverage, tests")
    bench = command("bench", _bench, "measurements, each against its floor")
    bench.add_argument("name", nargs="?")
    bench.add_argument("--json")


def _test(options: argparse.Namespace) -> int:
    rest = options.rest or SPREAD  # whoever names tests watches them one by one
    return subprocess.call([sys.executable, "-m", "pytest", *rest], cwd=ROOT)


def _check(options: argparse.Namespace) -> int:
    del options
    bin_ = Path(sys.executable).parent
    steps = (
        [bin_ / "ruff", "check", "."],
        [bin_ / "mypy"],
        [bin_ / "lint-imports"],
        [bin_ / "coverage", "erase"],
        [bin_ / "coverage", "run", "-m", "pytest", "-q"],
        [bin_ / "coverage", "combine", "-q"],
        [bin_ / "coverage", "report", "--skip-covered", "--fail-under=90"],
        [bin_ / "coverage", "report", f"--include={WHOLLY_TESTED}", "--fail-under=100"],
    )
    return max(subprocess.call(list(map(str, step)), cwd=ROOT) for step in steps)


def _bench(options: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "tests.bench", *([options.name] if options.name else [])]
    if options.json:
        command += ["--json", str(Path(options.json).absolute())]
    return subprocess.call(command, cwd=ROOT)
