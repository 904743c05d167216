"""Slips over a real line to a printer that is true to the byte, and everything it may do to us."""

import os
import socket
import threading
import time
import tty

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from devices.escpos import EscposPrinter, line_to
from devices.escpostalk import BAND, Patience, bands
from devices.faults import PaperOut, PrinterGone, PrinterStopped, PrintUnclear
from tests.fakes.escpos_printer import CUTTER_ROWS, FakeEscposPrinter, Faults

BRISK = Patience(line=2.0, answer=0.3, stall=0.8)
DOTS, TALL = 576, 200


@pytest.fixture
def printer():
    with FakeEscposPrinter(DOTS) as fake:
        yield fake


def _ours(printer: FakeEscposPrinter, **how) -> EscposPrinter:
    return EscposPrinter(printer.address, DOTS, patience=BRISK, **how)


def _slip(words: str = "K01-000042", tall: int = TALL) -> Image.Image:
    picture = Image.new("1", (DOTS, tall), 1)
    draw = ImageDraw.Draw(picture)
    draw.text((8, 8), words, fill=0)
    draw.rectangle((8, tall - 30, DOTS - 9, tall - 8), outline=0, width=3)
    return picture


def _ink(picture: Image.Image) -> int:
    return picture.convert("L").point(lambda grey: grey == 0 and 255).histogram()[255]


def test_what_was_drawn_lies_cut_off_dot_by_dot(printer: FakeEscposPrinter) -> None:
    _ours(printer).print(_slip(), "receipt")
    (slip,) = printer.roll.slips()
    assert slip.crop((0, 0, DOTS, TALL)).tobytes() == _slip().tobytes()
    assert slip.height == TALL + CUTTER_ROWS
    assert ("cut", "partial") in printer.events
    assert printer.waiting == 0


@pytest.mark.parametrize(("cut", "event"), [("full", ("cut", "full")), ("none", None)])
def test_the_knife_cuts_as_it_is_set(printer: FakeEscposPrinter, cut, event) -> None:
    _ours(printer, cut=cut).print(_slip(), "receipt")
    assert [done for done in printer.events if done[0] == "cut"] == ([event] if event else [])


def test_bands_fit_into_a_small_buffer_and_the_printer_is_asked_in_between(printer) -> None:
    printer.faults.seconds_a_row = 0.02
    _ours(printer).print(_slip(tall=3 * BAND), "receipt")
    kinds = [event[0] for event in printer.events]
    rasters = [number for number, kind in enumerate(kinds) if kind == "raster"]
    assert all(rows == BAND for kind, *rows in printer.events if kind == "raster" for rows in rows)
    assert "real-time" in kinds[rasters[0] : rasters[-1]]


NASTY = bytes.fromhex(
    "1004 1005 1014 1b06 1d03 1d04 1d05 1010 04 1b1d 04 10141b06".replace(" ", "")
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from([*NASTY, 0, 0xFF, 0x18, 0x1F]), min_size=12, max_size=12 * BAND))
def test_no_dots_are_ever_a_command_and_hardly_a_dot_is_changed(dots: list[int]) -> None:
    data = bytes(dots[: len(dots) // 4 * 4])
    picture = Image.frombytes("1", (32, len(data) // 4), bytes(byte ^ 0xFF for byte in data))
    sent = b"".join(band[8:] for band in bands(picture))
    for lead, then in ((0x10, (4, 5, 0x14)), (0x1B, (6,)), (0x1D, (3, 4, 5))):
        assert all(bytes((lead, second)) not in sent for second in then)
    for before, after in zip(data, sent, strict=True):
        added = before ^ after
        assert added.bit_count() <= 1 + (before == 0x1B)
        assert before | after == after  # only ever more ink
        assert added == 0 or before & (added << 1 | added >> 1)  # and only beside ink


def test_a_nasty_picture_comes_out_whole_where_it_would_have_been_obeyed(printer) -> None:
    row = (NASTY * 8)[: DOTS // 8]
    picture = Image.frombytes("1", (DOTS, 60), bytes(byte ^ 0xFF for byte in row * 60))
    _ours(printer).print(picture, "receipt")
    (slip,) = printer.roll.slips()
    assert _ink(slip) >= _ink(picture)
    assert slip.height == 60 + CUTTER_ROWS
    assert ("drawer", 27) not in printer.events


def test_the_fake_obeys_what_stands_in_dots_so_that_the_test_above_means_something() -> None:
    fake = FakeEscposPrinter(DOTS)
    with fake:
        row = b"\x10\x14\x01\x00\x01" + bytes(DOTS // 8 - 5)
        host, port = fake.address.removeprefix("tcp ").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"\x1dv0\x00\x48\x00\x01\x00" + row + b"\x7f" * 16)
            _wait(lambda: fake.unknown)
        assert ("drawer", 0) in fake.events
        assert fake.unknown
        fake.unknown.clear()


def _wait(true, seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    assert true()


@pytest.mark.parametrize(
    ("fault", "raised", "reasons"),
    [
        ({"rows_left": 0}, PaperOut, None),
        ({"cover_open": True}, PrinterStopped, ("cover-open",)),
        ({"offline": True}, PrinterStopped, ("paused",)),
        ({"mute": True}, PrinterGone, None),
    ],
)
def test_a_printer_that_cannot_says_why_before_a_dot_is_sent(
    printer, fault, raised, reasons
) -> None:
    printer.mend(**fault)
    ours = _ours(printer)
    for verb in (ours.check, lambda: ours.print(_slip(), "receipt"), ours.kick):
        with pytest.raises(raised) as told:
            verb()
        assert reasons is None or told.value.reasons == reasons
    assert printer.roll.rows == []
    assert printer.waiting == 0
    assert not any(event[0] in ("raster", "drawer") for event in printer.events)


def test_a_roll_near_its_end_still_prints_and_says_so(printer: FakeEscposPrinter) -> None:
    printer.faults.near_end = True
    ours = _ours(printer)
    ours.check()
    ours.print(_slip(), "receipt")
    assert ours.status().near_end
    assert len(printer.roll.slips()) == 1


def test_nobody_there_is_gone_and_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        place = closed.getsockname()[1]
    started = time.monotonic()
    for connection in (f"tcp 127.0.0.1:{place}", "serial /dev/nowhere", "usb /dev/nowhere"):
        with pytest.raises(PrinterGone):
            EscposPrinter(connection, patience=BRISK).check()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("rows", [1, 23, 24, 25, 100, TALL - 1])
def test_paper_that_ends_in_a_slip_is_told_and_refilled_paper_prints_nothing_stale(
    printer, rows: int
) -> None:
    ours = _ours(printer)
    printer.faults.rows_left = rows
    with pytest.raises(PaperOut):
        ours.print(_slip("FIRST"), "first")
    assert printer.waiting == 0
    printer.mend(rows_left=None)
    time.sleep(0.1)
    assert len(printer.roll.rows) == rows  # not a dot more
    ours.print(_slip("SECOND"), "second")
    first, second = printer.roll.slips()
    assert first.height == rows + CUTTER_ROWS  # the torso is cut off by itself
    assert second.crop((0, 0, DOTS, TALL)).tobytes() == _slip("SECOND").tobytes()


def test_paper_that_ends_behind_the_last_dot_is_unclear(printer: FakeEscposPrinter) -> None:
    printer.faults.rows_left = TALL + CUTTER_ROWS // 2
    with pytest.raises(PrintUnclear):
        _ours(printer).print(_slip(), "receipt")
    assert printer.waiting == 0


def test_a_cover_that_is_opened_in_between_stops_the_slip_for_good(printer) -> None:
    ours = _ours(printer)
    printer.faults.cover_at = 50
    with pytest.raises(PrinterStopped) as told:
        ours.print(_slip(), "receipt")
    assert told.value.reasons == ("cover-open",)
    printer.mend(cover_open=False, cover_at=None)
    time.sleep(0.1)
    assert len(printer.roll.rows) == 50


def test_a_cutter_that_jams_leaves_a_slip_somebody_must_look_at(printer) -> None:
    ours = _ours(printer)
    printer.faults.cutter_jams = True
    with pytest.raises(PrintUnclear):
        ours.print(_slip(), "receipt")
    with pytest.raises(PrinterStopped) as told:
        ours.check()
    assert told.value.reasons == ("separation-cutter-jam",)
    printer.mend(cutter_jams=False)
    ours.check()


def test_an_old_printer_that_keeps_its_buffer_is_unclear_and_clear_says_so_too(printer) -> None:
    ours = _ours(printer)
    printer.mend(no_wiping=True, rows_left=50)
    with pytest.raises(PrintUnclear):
        ours.print(_slip("FIRST"), "first")
    assert printer.waiting > 0
    with pytest.raises(PrintUnclear):
        ours.clear()
    printer.mend(rows_left=None)
    ours.print(_slip("SECOND"), "second")
    slips = printer.roll.slips()
    assert slips[-1].crop((0, 0, DOTS, TALL)).tobytes() == _slip("SECOND").tobytes()
    assert slips[0].height < 50 + 2 * BAND + 2 * CUTTER_ROWS  # what it kept was two bands at most


@pytest.mark.parametrize("extra", [9, 1000, 1739, 5000, 11000])
@pytest.mark.parametrize("wiping", [True, False])
def test_a_cable_pulled_in_a_slip_is_unclear_and_the_next_slip_is_whole(
    printer,
    extra: int,
    wiping: bool,  # noqa: FBT001
) -> None:
    ours = _ours(printer)
    printer.faults.no_wiping = not wiping
    ours.clear()
    printer.faults.wired_until = printer.taken + extra + 25
    with pytest.raises(PrintUnclear):
        ours.print(_slip("FIRST"), "first")
    printer.mend(wired_until=None)
    ours.print(_slip("SECOND"), "second")
    last = printer.roll.slips()[-1]
    assert last.crop((0, 0, DOTS, TALL)).tobytes() == _slip("SECOND").tobytes()


def test_a_printer_that_falls_silent_in_a_slip_is_unclear_in_time(printer) -> None:
    ours = _ours(printer)
    printer.faults.seconds_a_row = 0.005
    threading.Timer(0.3, lambda: printer.mend(mute=True)).start()
    started = time.monotonic()
    with pytest.raises(PrintUnclear):
        ours.print(_slip(tall=600), "receipt")
    assert time.monotonic() - started < 0.3 + 3 * BRISK.stall


def test_a_slow_printer_is_waited_for_as_long_as_bands_come(printer) -> None:
    printer.faults.seconds_a_row = 0.015
    started = time.monotonic()
    _ours(printer).print(_slip(tall=120), "receipt")
    assert time.monotonic() - started > 2 * BRISK.stall
    assert len(printer.roll.slips()) == 1


def test_clearing_destroys_what_another_run_left_behind(printer: FakeEscposPrinter) -> None:
    printer.mend(offline=True)
    host, port = printer.address.removeprefix("tcp ").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"".join(bands(_slip(tall=40)))[:-100])
        _wait(lambda: printer.waiting)
    _ours(printer).clear()
    printer.mend(offline=False)
    _ours(printer).print(_slip("SECOND"), "second")
    (slip,) = printer.roll.slips()
    assert slip.crop((0, 0, DOTS, TALL)).tobytes() == _slip("SECOND").tobytes()


def test_the_drawer_is_kicked(printer: FakeEscposPrinter) -> None:
    ours = _ours(printer)
    ours.kick()
    ours.kick(5)
    assert [event for event in printer.events if event[0] == "drawer"] == [
        ("drawer", 0),
        ("drawer", 1),
    ]


@pytest.mark.parametrize("kind", ["serial", "usb"])
def test_a_serial_port_and_a_device_file_are_lines_like_any_other(printer, kind: str) -> None:
    ours, theirs = os.openpty()
    try:
        tty.setraw(theirs)
        printer.wired_to(ours)
        device = EscposPrinter(f"{kind} {os.ttyname(theirs)}", DOTS, patience=BRISK)
        device.check()
        device.print(_slip(), "receipt")
        (slip,) = printer.roll.slips()
        assert slip.crop((0, 0, DOTS, TALL)).tobytes() == _slip().tobytes()
        printer.mend(mute=True)
        with pytest.raises(PrinterGone):
            device.check()
    finally:
        os.close(theirs)
        printer.__exit__(None)
        os.close(ours)


@pytest.mark.parametrize("words", ["", "tcp", "tcp :9100", "tcp host:none", "lp", "serial a b c"])
def test_a_line_that_cannot_be_is_refused_with_the_forms_that_can(words: str) -> None:
    with pytest.raises(ValueError, match="tcp HOST"):
        line_to(words, BRISK)


def test_a_picture_for_another_head_is_our_own_bug(printer: FakeEscposPrinter) -> None:
    with pytest.raises(ValueError, match="head"):
        _ours(printer).print(Image.new("1", (384, 10), 1), "receipt")
    with pytest.raises(ValueError, match="head"):
        _ours(printer).print(Image.new("L", (DOTS, 10), 255), "receipt")
    assert printer.connections == 0


def test_the_fake_begins_without_faults() -> None:
    assert Faults() == FakeEscposPrinter().faults
