"""The room where papers are drawn: the same papers, from a process that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from devices.faults import PrinterStopped
from kiosk.config import read_settings
from kiosk.ground import stand_on
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.faults import MissingGlyph, Undrawable
from printing.letters.glyphs import find_fonts
from printing.readback import codes
from printing.room.jobs import Furnishing, Seek
from printing.room.room import PaperRoom
from printing.slips.receipt import ReceiptPress
from tests.fakes.certificates import sample
from tests.unit.test_printing_slips import RECEIPT

ROOT = Path(__file__).parents[2]
FONTS = find_fonts()


@pytest.fixture
def room():
    made = PaperRoom(Furnishing())
    yield made
    made.leave()


def _inkan_of(name: str) -> Certificate:
    """A certificate of somebody of this name."""
    told = sample("inkan")
    return replace(told, content=structs.replace(told.content, name=name))


def process_of(room: PaperRoom) -> "subprocess.Popen[bytes]":
    room.check()
    assert room._inside is not None
    return room._inside._process


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def test_papers_from_the_room_are_those_of_the_presses_to_the_byte(room):
    certificate = sample("juminhyo-household")
    drawn = room.render(certificate, {})
    assert drawn == CertificatePress(FONTS).render(certificate)
    assert room.codes(drawn) == codes(drawn)


def test_slips_from_the_room_say_the_hour_on_the_wall(room):
    early = replace(RECEIPT, at=datetime(2026, 11, 22, 8, 45, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert room.render(early) == ReceiptPress(FONTS).render(early)
    assert room.render(RECEIPT) == ReceiptPress(FONTS).render(RECEIPT)


def test_what_has_no_shape_is_told_as_the_gate_tells_it(room):
    assert room.missing("渡𠮷") == ()
    assert room.missing("\ue000あ") == ("U+E000",)
    assert "辺" in room.substitutes("辺\U000e01ef")
    nobody = _inkan_of("\ue000")
    with pytest.raises(MissingGlyph) as fault:
        room.render(nobody, {})
    assert fault.value.missing == ("\ue000",)
    assert room.render(sample("inkan"), {})


def test_a_substitute_is_drawn_where_a_clerk_agreed(room):
    certificate, agreed = _inkan_of("渡辺\U000e01ef"), {"辺\U000e01ef": "辺"}
    assert room.render(certificate, agreed) == CertificatePress(FONTS).render(certificate, agreed)


def test_whoever_leaves_ends_the_process_and_the_next_turn_has_another(room):
    first = process_of(room)
    room.leave()
    assert not is_there(first.pid)
    assert process_of(room).pid != first.pid


def test_a_process_that_is_killed_in_the_middle_is_replaced(room):
    certificate, first = sample("inkan"), process_of(room)
    first.send_signal(signal.SIGSTOP)
    os.kill(first.pid, signal.SIGKILL)
    assert room.render(certificate, {}) == CertificatePress(FONTS).render(certificate)
    assert process_of(room).pid != first.pid


def test_a_process_that_hangs_is_replaced_and_ended():
    room = PaperRoom(Furnishing(), seconds=5)
    first = process_of(room)
    assert room._inside is not None
    room._inside._line._end.settimeout(0.2)
    first.send_signal(signal.SIGSTOP)
    try:
        assert room.render(RECEIPT) == ReceiptPress(FONTS).render(RECEIPT)
        assert not is_there(first.pid)
    finally:
        room.leave()


def test_where_no_process_answers_nothing_can_be_drawn_and_nothing_stays_behind():
    room = PaperRoom(Furnishing(), seconds=0.001)
    before = set(_children())
    with pytest.raises(Undrawable, match="does not answer"):
        room.render(RECEIPT)
    assert room.ailing
    with pytest.raises(Undrawable, match="does not answer"):
        room.codes(b"%PDF-")
    assert room.substitutes("辺") == ()
    assert set(_children()) <= before


@pytest.mark.parametrize(
    ("furnishing", "told"),
    [
        (Furnishing(fonts=("/nowhere/own.ttf",)), "own.ttf"),
        (Furnishing(letterhead="/nowhere/city.yaml"), "city.yaml"),
    ],
)
def test_what_is_missing_is_named_and_asked_for_again(furnishing, told):
    room, before = PaperRoom(furnishing), set(_children())
    for _ in range(2):
        with pytest.raises(Undrawable, match=told):
            room.check()
        assert room.ailing
    with pytest.raises(Undrawable, match=told):
        room.missing("渡")
    room.leave()
    assert set(_children()) <= before


def test_a_letterhead_that_was_mended_is_taken_at_the_next_paper(tmp_path):
    file = tmp_path / "city.yaml"
    room = PaperRoom(Furnishing(letterhead=str(file)))
    try:
        with pytest.raises(Undrawable):
            room.check()
        assert room.render(RECEIPT), "a slip has no letterhead"
        file.write_text("inkan_sex: true\n", "utf-8")
        room.check()
        assert not room.ailing
    finally:
        room.leave()


def test_a_terminal_says_that_it_ails_until_papers_can_be_drawn_again(tmp_path):
    file = tmp_path / "city.yaml"
    file.write_text("inkan_sex: true\n", "utf-8")
    (tmp_path / "kakanai.toml").write_text(f'letterhead = "{file}"\n', "utf-8")
    ground = stand_on(read_settings(tmp_path), tmp_path)
    try:
        ground.check_papers()
        file.write_text("inkan_sex: 3\n", "utf-8")
        ground.look_at_papers()  # nobody asked for a paper: nobody looks
        with pytest.raises(Undrawable):
            ground.papers.missing("渡")
        with pytest.raises(PrinterStopped, match=r"city\.yaml: line 1"):
            ground.look_at_papers()
        file.write_text("inkan_sex: true\n", "utf-8")
        ground.look_at_papers()
        assert not ground.papers.ailing
        assert ground.papers._inside is None
    finally:
        ground.papers.leave()
        ground.office.close()
        ground.store.close()


def test_a_letterhead_that_no_font_draws_is_told_like_any_other_mistake_in_it(tmp_path):
    file = tmp_path / "city.yaml"
    file.write_text("papers: {inkan: {title: '\ue000証明'}}\n", "utf-8")
    room = PaperRoom(Furnishing(letterhead=str(file)))
    try:
        with pytest.raises(Undrawable, match=r"city\.yaml.*U\+E000"):
            room.check()
    finally:
        room.leave()


def test_a_font_that_goes_away_in_the_middle_of_a_turn_is_the_worlds_fault(tmp_path):
    own = tmp_path / "own.ttf"
    own.write_bytes(FONTS.mincho.path.read_bytes())
    room = PaperRoom(Furnishing(fonts=(str(own),)))
    try:
        assert room.missing("渡") == ()
        own.unlink()
        with pytest.raises(Undrawable):
            room.render(sample("inkan"), {})
        assert room.ailing
    finally:
        room.leave()


def test_a_value_that_no_message_can_carry_is_no_paper(room):
    with pytest.raises(Undrawable, match="no message"):
        room.render(replace(RECEIPT, fee=2**80))
    assert not room.ailing
    assert room.render(RECEIPT)


def test_an_answer_that_is_none_replaces_the_process(room):
    first = process_of(room)
    assert room._inside is not None
    room._inside._line.say(Seek("渡"))  # whose answer will be taken for another's
    with pytest.raises(TypeError):
        room.render(RECEIPT)
    assert not is_there(first.pid)
    assert room.render(RECEIPT) == ReceiptPress(FONTS).render(RECEIPT)


def test_whoever_ends_us_at_the_keyboard_ends_it_by_the_line(room):
    assert os.getpgid(process_of(room).pid) != os.getpgid(0)


def test_a_room_nobody_ends_has_no_more_than_five_minutes_of_the_processor(room):
    limits = Path(f"/proc/{process_of(room).pid}/limits").read_text("ascii")
    (line,) = (line for line in limits.splitlines() if line.startswith("Max cpu time"))
    assert line.split()[3:5] == ["300", "300"]


def test_a_mistake_of_ours_is_told_by_its_place_and_names_nobody(room):
    with pytest.raises(RuntimeError, match=r"PdfiumError at \S+\.py:\d+$") as fault:
        room.codes("渡邉一郎".encode())
    assert "渡邉" not in str(fault.value)
    assert room.missing("渡") == ()


def test_no_core_of_the_process_is_ever_written(room):
    limits = Path(f"/proc/{process_of(room).pid}/limits").read_text("ascii")
    (line,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]


def test_the_room_ends_with_a_program_that_was_killed():
    program = (
        "import time; from printing.room.room import PaperRoom;"
        "from printing.room.jobs import Furnishing; room = PaperRoom(Furnishing());"
        "room.check(); print(room._inside._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        inside = int(killed.stdout.readline())
        assert is_there(inside)
        killed.kill()
    limit = time.monotonic() + 10
    while is_there(inside) and time.monotonic() < limit:
        time.sleep(0.01)
    assert not is_there(inside)


def test_whoever_asks_for_papers_loads_nothing_that_draws_them():
    heavy = ("reportlab", "PIL", "pypdfium2", "uharfbuzz", "zxingcpp", "barcode", "yaml")
    program = (
        "import sys; import printing.room.room;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
