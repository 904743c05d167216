"""The report of a drill: its verdict cannot be read wrong, and no scene is left out."""

import subprocess
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from printing.drill import FAILED, HELD, NOTHING_LOST, SOMETHING_LOST, DrillPress
from printing.letters.glyphs import find_fonts
from printing.paper import DrillReport, DrillScene

MADE = datetime(2026, 11, 21, 14, 30, tzinfo=timezone(timedelta(hours=9)))
GOOD = DrillScene("回線が切れる", "回線を切ったまま申請を預かる", 20, 20, 0, 0, 0)
REPORT = DrillReport("書蒼市", "本庁窓口", "K01", MADE, 74, (GOOD,), "ab" * 32)


@pytest.fixture(scope="module")
def press() -> DrillPress:
    return DrillPress(find_fonts())


def read(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30
    )
    return done.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_drill_without_loss_is_said_to_have_held(press: DrillPress) -> None:
    told = squeezed(read(press.render(REPORT)))
    assert squeezed(NOTHING_LOST) in told
    assert HELD in told
    assert FAILED not in told


@pytest.mark.parametrize("wrong", ["lost", "doubled", "leaked", "words"])
def test_one_failure_of_any_kind_is_the_verdict(press: DrillPress, wrong: str) -> None:
    bad = replace(GOOD, **{wrong: "何かが違います。" if wrong == "words" else 1})
    told = squeezed(read(press.render(replace(REPORT, scenes=(GOOD, bad)))))
    assert squeezed(SOMETHING_LOST) in told
    assert told.count(FAILED) == 2
    assert squeezed(NOTHING_LOST) not in told


def test_every_scene_is_there_however_many_pages(press: DrillPress) -> None:
    many = tuple(replace(GOOD, title=f"場面{n:03d}", words="違う。" * (n % 7)) for n in range(60))
    told = squeezed(read(press.render(replace(REPORT, scenes=many))))
    assert [scene.title for scene in many if scene.title not in told] == []
    assert "／1ページ" not in told


def test_the_same_drill_gives_the_same_bytes(press: DrillPress) -> None:
    assert press.render(REPORT) == press.render(REPORT)
