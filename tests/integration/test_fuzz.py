"""A few seconds of atheris for each way in; a longer run is `python -m tests.fuzz.targets NAME`."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 8


@pytest.mark.parametrize("target", ["code", "packed", "answers", "definition"])
def test_no_input_crashes_hangs_or_is_half_taken(target: str, tmp_path: Path) -> None:
    options = (f"-max_total_time={SECONDS}", "-timeout=5", f"-artifact_prefix={tmp_path}/")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.targets", target, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = [file.read_bytes()[:300] for file in tmp_path.iterdir()]
    assert (done.returncode, found) == (0, []), done.stderr[-2000:]
