"""The rules of the house, run by the tools that keep them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("tool", [("ruff", "check", "."), ("mypy",), ("lint-imports",)])
def test_the_tool_finds_nothing(tool: tuple[str, ...]) -> None:
    done = run(BIN / tool[0], *tool[1:])
    assert done.returncode == 0, done.stdout + done.stderr


PLANTED = {
    "a stray room in the terminal": ("kiosk/helpers.py", '"""Stray."""\n'),
    "Qt below the top floor": ("kiosk/domain/planted.py", "import PySide6.QtCore\n"),
    "the office knows the terminal": ("office/planted.py", "import kiosk.errors\n"),
    "a way out of the class": (
        "kiosk/adapters/practice_planted.py",
        "import requests\n",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_forbidden_import_is_found(name: str, tmp_path: Path) -> None:
    file, source = PLANTED[name]
    tree = tmp_path / "tree"
    tree.mkdir()
    for part in ("kiosk", "office", "forms", "printing", "devices"):
        run("cp", "-r", ROOT / part, tree / part)
    run("cp", ROOT / "pyproject.toml", tree)
    (tree / file).write_text(source, "utf-8")
    if "class" in name:
        practice = tree / "kiosk" / "practice.py"
        words = practice.read_text("utf-8")
        practice.write_text(words + "\nimport kiosk.adapters.practice_planted\n", "utf-8")
    done = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout or "planted" in done.stdout or "helpers" in done.stdout


def test_no_two_test_files_have_one_name() -> None:
    """They could not be collected together."""
    names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
