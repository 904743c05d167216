"""Every fault of a set-up: exit status 2, one line that names what, nothing half-written."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "KAKANAI_HOME")
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in NO_SCREEN}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def kakanai(*arguments: str, says: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments],
        cwd=ROOT,
        env=environment(**more),
        input=says,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def refused_in_one_line(done: "subprocess.CompletedProcess[str]", *named: str) -> None:
    assert done.returncode == 2, (done.returncode, done.stderr)
    # The offscreen platform alone says this, when a window of fixed size is shown.
    (line,) = (line for line in done.stderr.splitlines() if "propagateSizeHints" not in line)
    assert line.startswith("kakanai: ")
    for what in named:
        assert what in line
    assert done.stdout == ""


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


SETTINGS = {
    "an unknown setting": ('colour = "red"', ("'colour'", "orientation")),
    "a value that is not allowed": ('orientation = "round"', ("'round'", "portrait, landscape")),
    "a number in place of text": ("device = 1", ("device",)),
    "a line that is no setting": ("= =", ("line 1",)),
}


@pytest.mark.parametrize(
    ("part", "what"), [*(("kiosk", what) for what in SETTINGS), ("counter", "an unknown setting")]
)
def test_wrong_settings_name_file_key_and_what_is_allowed(
    tmp_path: Path, what: str, part: str
) -> None:
    text, named = SETTINGS[what]
    file = tmp_path / "kakanai.toml"
    file.write_text(text + "\n", "utf-8")
    done = kakanai(part, "--home", str(tmp_path), **OFFSCREEN)
    refused_in_one_line(done, str(file), *named)
    assert names(tmp_path) == {"kakanai.toml"}


def test_settings_that_are_no_text_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "kakanai.toml").write_bytes(b"\xff\xfe\x00")
    done = kakanai("kiosk", "--home", str(tmp_path), **OFFSCREEN)
    refused_in_one_line(done, str(tmp_path / "kakanai.toml"))


@pytest.mark.parametrize("part", [("kiosk",), ("clerk", "c01", "窓口"), ("office",)])
def test_a_file_in_place_of_the_home_is_named(tmp_path: Path, part: tuple[str, ...]) -> None:
    file = tmp_path / "home"
    file.write_text("not a folder")
    command, *rest = part
    done = kakanai(command, "--home", str(file), *rest, says="secret\n", **OFFSCREEN)
    refused_in_one_line(done, str(file), "--home")
    assert file.read_text() == "not a folder"


def test_a_home_out_of_the_environment_is_named_too(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.write_text("not a folder")
    refused_in_one_line(kakanai("kiosk", KAKANAI_HOME=str(file), **OFFSCREEN), str(file))


def test_the_second_in_one_home_is_told_so(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "counter", "--home", str(tmp_path)],
        cwd=ROOT,
        env=environment(**OFFSCREEN),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as first:
        try:
            limit = time.monotonic() + 20
            while not (tmp_path / "terminal.db").exists() and time.monotonic() < limit:
                time.sleep(0.05)
            done = kakanai("kiosk", "--home", str(tmp_path), **OFFSCREEN)
            assert first.poll() is None
        finally:
            first.kill()
            first.wait(timeout=10)
    refused_in_one_line(done, str(tmp_path), "another Kakanai")


@pytest.mark.parametrize("part", ["kiosk", "counter"])
@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('letterhead = "{home}/city.yaml"', ("city.yaml", "line 2")),
        ('letterhead = "{home}/none.yaml"', ("none.yaml",)),
        ('fonts = "{home}/own.ttf"', ("own.ttf",)),
        ('substitutes = "{home}/city.yaml"', ("city.yaml", "substitutes")),
    ],
)
def test_papers_that_could_not_be_drawn_are_told_at_the_start(
    tmp_path: Path, part: str, setting: str, told: tuple[str, ...]
) -> None:
    (tmp_path / "city.yaml").write_text("margins:\n  left: 90.0\n", "utf-8")
    file = tmp_path / "kakanai.toml"
    file.write_text(setting.format(home=tmp_path) + "\n", "utf-8")
    done = kakanai(part, "--home", str(tmp_path), **OFFSCREEN)
    refused_in_one_line(done, *told)


@pytest.mark.parametrize(
    ("part", "foreign"),
    [
        (("clerk", "c01", "窓口"), "another program"),
        (("clerk", "c01", "窓口"), "a text"),
        (("kiosk",), "another program"),
        (("counter",), "a text"),
    ],
)
def test_a_foreign_database_is_named_and_left_as_it_was(
    tmp_path: Path, part: tuple[str, ...], foreign: str
) -> None:
    file = tmp_path / "terminal.db"
    if foreign == "a text":
        file.write_text("this is a letter and no database\n" * 200, "utf-8")
    else:
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
        other.close()
    before = file.read_bytes()
    command, *rest = part
    done = kakanai(command, "--home", str(tmp_path), *rest, says="secret\n", **OFFSCREEN)
    refused_in_one_line(done, str(file))
    assert file.read_bytes() == before
    assert not names(tmp_path) & {"terminal.db-wal", "terminal.db-shm"}


def test_a_database_that_is_held_is_named(tmp_path: Path) -> None:
    assert kakanai("clerk", "--home", str(tmp_path), "c01", "窓口", says="a\n").returncode == 0
    file = tmp_path / "terminal.db"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = kakanai("clerk", "--home", str(tmp_path), "c02", "窓口", says="a\n")
    finally:
        holder.close()
    refused_in_one_line(done, str(file))


@pytest.mark.parametrize("part", ["kiosk", "counter"])
def test_keys_that_cannot_be_kept_are_named(tmp_path: Path, part: str) -> None:
    (tmp_path / "keys").write_text("not a folder")
    done = kakanai(part, "--home", str(tmp_path), **OFFSCREEN)
    refused_in_one_line(done, str(tmp_path / "keys"))


def test_a_clerk_without_a_password_is_not_let_in(tmp_path: Path) -> None:
    refused_in_one_line(kakanai("clerk", "--home", str(tmp_path), "c01", "窓口"), "password")
    assert names(tmp_path) == set()


@pytest.mark.parametrize("part", ["kiosk", "class"])
def test_no_display_is_told_with_a_way_out(tmp_path: Path, part: str) -> None:
    done = kakanai(part, KAKANAI_HOME=str(tmp_path / "home"))
    refused_in_one_line(done, "no display", "demo --tour")


def test_a_tour_to_an_impossible_place_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    for place in (file, file / "below"):
        refused_in_one_line(kakanai("demo", "--tour", "--out", str(place)), str(place), "--out")
    assert names(tmp_path) == {"file"}


@pytest.mark.parametrize("arguments", [("dance",), ("kiosk", "--quickly"), ("clerk",)])
def test_a_command_that_is_none_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = kakanai(*arguments)
    assert done.returncode == 2
    assert "see kakanai" in done.stderr
    assert "Traceback" not in done.stderr
