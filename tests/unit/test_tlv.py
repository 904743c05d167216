"""TLV as cards write it, and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import tlv

TAGS = st.sampled_from([0x90, 0xA1, 0xFF20, 0xDF22, 0x7F21, 0x5F4E])


@given(TAGS, st.binary(max_size=70_000))
def test_what_was_encoded_is_read_back(tag, value):
    assert tlv.first(tlv.encode(tag, value)) == tlv.Tlv(tag, value, tlv.encode(tag, value))


@given(TAGS, st.binary(max_size=300), st.integers(0, 40), st.sampled_from([b"\xff", b"\x00"]))
def test_filler_behind_an_object_is_left_alone(tag, value, count, filler):
    assert tlv.first(tlv.encode(tag, value) + filler * count).value == value


@given(st.lists(st.tuples(TAGS, st.binary(max_size=200)), max_size=8))
def test_a_row_of_objects_is_read_to_the_last_byte(row):
    raw = b"".join(tlv.encode(tag, value) for tag, value in row)
    assert [(found.tag, found.value) for found in tlv.objects(raw)] == row


@given(TAGS, st.binary(min_size=1, max_size=300), st.data())
def test_an_object_that_is_cut_off_is_none(tag, value, data):
    raw = tlv.encode(tag, value)
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(tlv.TlvFault):
        tlv.first(raw[:cut])


@given(st.binary(max_size=400))
def test_no_bytes_crash_or_are_half_accepted(raw):
    try:
        found = list(tlv.objects(raw))
    except tlv.TlvFault:
        return
    assert b"".join(one.raw for one in found) == raw


@pytest.mark.parametrize("raw", ["FF20 80", "FF20 84 00000001 00", "FF20 FF", "FF", "90"])
def test_a_length_that_cannot_be_is_refused(raw):
    with pytest.raises(tlv.TlvFault):
        tlv.first(bytes.fromhex(raw))
