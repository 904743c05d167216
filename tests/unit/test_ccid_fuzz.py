"""Noise on the line to a virtual reader: nothing crashes, nothing is taken for a command."""

from hypothesis import given
from hypothesis import strategies as st

from devices.simulated.ccid import DamagedFrame, take_frame
from devices.simulated.t1 import Block, DamagedBlock, Link


@given(st.binary(max_size=120))
def test_any_bytes_are_a_frame_or_dropped_and_never_grow(raw):
    buffer = bytearray(raw)
    for _ in range(len(raw) + 1):
        before = len(buffer)
        try:
            if take_frame(buffer) is None:
                break
        except DamagedFrame:
            return
        assert len(buffer) < before
    assert len(buffer) <= len(raw)


@given(st.binary(max_size=300))
def test_any_block_is_read_whole_or_damaged(raw):
    try:
        block = Block.decode(raw)
    except DamagedBlock:
        return
    assert block.encode() == raw


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_link_answers_any_block_and_keeps_its_feet(blocks):
    link = Link()
    for raw in blocks:
        answer = link.take(raw)
        assert answer is None or Block.decode(answer)
        if answer is None:
            assert Block.decode(link.answer(b"\x90\x00"))
