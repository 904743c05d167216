"""Commands on their way to a card, by script."""

import pytest

from devices.apdu import Command, Exchange, StatusFault
from devices.faults import CardGone, CardTooSlow, UnknownCard
from tests.fakes.scripted_card import ScriptedCard

SELECT = Command(0xA4, 0x04, 0x0C, bytes.fromhex("D392F000260100000001"))
SENT = "00 A4 04 0C 0A D392F000260100000001"


def exchange(*lines: str, left: float = 1.0) -> tuple[Exchange, ScriptedCard]:
    card = ScriptedCard(*lines)
    return Exchange(card, lambda: left), card


def test_a_counter_is_asked_with_four_bytes_and_no_more():
    talk, card = exchange("00 20 00 98 → 63 C3")
    assert talk.ask(Command(0x20, 0, 0x98)) == (b"", 0x63C3)
    assert card.finished()


def test_more_data_is_fetched():
    talk, card = exchange(
        "00 B0 00 00 00 → AA BB 61 02", "00 C0 00 00 02 → CC DD 61 01", "00 C0 00 00 01 → EE 90 00"
    )
    assert talk.send(Command(0xB0, le=256)) == bytes.fromhex("AABBCCDDEE")
    assert card.finished()


def test_more_data_that_never_comes_ends():
    talk, _ = exchange("00 B0 00 00 00 → AA 61 02", "00 C0 00 00 02 → 61 02")
    with pytest.raises(UnknownCard):
        talk.send(Command(0xB0, le=256))


def test_a_wrong_length_is_asked_again_with_the_right_one():
    talk, card = exchange("00 B0 00 00 00 → 6C 03", "00 B0 00 00 03 → 01 02 03 90 00")
    assert talk.send(Command(0xB0, le=256)) == b"\x01\x02\x03"
    assert card.finished()


def test_a_card_that_trips_over_its_first_command_gets_it_again():
    talk, card = exchange(f"{SENT} → 6F 00", f"{SENT} → 90 00")
    assert talk.send(SELECT) == b""
    assert card.finished()


def test_a_later_stumble_is_an_answer():
    talk, card = exchange(f"{SENT} → 90 00", f"{SENT} → 6F 00")
    talk.send(SELECT)
    with pytest.raises(StatusFault, match="6F00"):
        talk.send(SELECT)
    assert card.finished()


def test_long_data_goes_in_a_chain():
    talk, card = exchange(
        f"10 2A 00 80 FF {'11' * 255} → 90 00", f"00 2A 00 80 02 {'11' * 2} 00 → AB 90 00"
    )
    assert talk.send(Command(0x2A, 0, 0x80, b"\x11" * 257, le=0)) == b"\xab"
    assert card.finished()


def test_a_chain_that_is_refused_stops():
    talk, card = exchange(f"10 2A 00 80 FF {'11' * 255} → 68 84")
    with pytest.raises(StatusFault, match="6884"):
        talk.send(Command(0x2A, 0, 0x80, b"\x11" * 257, le=0))
    assert card.finished()


def test_a_file_is_read_as_far_as_its_object_goes():
    value = bytes(range(256)) + b"\x01" * 44
    raw = b"\xff\x20\x82\x01\x2c" + value
    talk, card = exchange(
        f"00 B0 82 00 00 → {raw[:256].hex()} 90 00", f"00 B0 01 00 31 → {raw[256:].hex()} 90 00"
    )
    assert talk.read(2) == raw
    assert card.finished()


def test_a_short_file_is_read_at_once_with_its_filler():
    talk, card = exchange("00 B0 81 00 00 → FF 10 01 31 FF FF 90 00")
    assert talk.read(1) == bytes.fromhex("FF100131FFFF")
    assert card.finished()


def test_a_file_that_ends_early_is_what_it_is():
    talk, _ = exchange("00 B0 81 00 00 → FF 10 05 31 62 82", "00 B0 00 04 04 → 6B 00")
    assert talk.read(1) == bytes.fromhex("FF100531")


def test_a_file_without_an_object_is_given_as_it_is():
    talk, _ = exchange(f"00 B0 88 00 00 → {'FF' * 16} 90 00")
    assert talk.read(8) == b"\xff" * 16


def test_a_closed_file_says_so():
    talk, _ = exchange("00 B0 82 00 00 → 69 82")
    with pytest.raises(StatusFault, match="6982"):
        talk.read(2)


def test_a_card_that_leaves_ends_everything():
    talk, _ = exchange(f"{SENT} → ")
    with pytest.raises(CardGone):
        talk.send(SELECT)


def test_an_answer_without_a_status_is_a_card_that_left():
    talk, _ = exchange(f"{SENT} → 90")
    with pytest.raises(CardGone):
        talk.send(SELECT)


def test_a_card_that_crawls_is_given_up():
    talk, card = exchange(left=0.0)
    with pytest.raises(CardTooSlow):
        talk.send(SELECT)
    assert card.finished()


def test_a_secret_has_no_words_and_is_wiped_once_sent():
    kept: list[bytearray] = []

    class Keeping:
        def transmit(self, command: bytearray) -> bytes:
            kept.append(command)
            return b"\x90\x00"

    command = Command(0x20, 0, 0x91, bytearray(b"1234"))
    Exchange(Keeping(), lambda: 1.0).send(command)
    assert "1234" not in repr(command)
    assert kept == [bytearray(9)]


def test_a_whole_file_comes_in_one_answer_where_that_is_carried():
    value = bytes(300)
    raw = b"\xff\x20\x82\x01\x2c" + value
    card = ScriptedCard(f"00 B0 82 00 00 00 00 → {raw.hex()} 90 00")
    assert Exchange(card, lambda: 1.0, extended=True).read(2) == raw
    assert card.finished()


def test_a_card_that_refuses_a_long_command_is_asked_in_short_ones():
    card = ScriptedCard(
        "00 B0 81 00 00 00 00 → 67 00",
        "00 B0 81 00 00 → FF 10 01 31 90 00",
        "00 B0 82 00 00 → FF 20 01 32 90 00",
    )
    talk = Exchange(card, lambda: 1.0, extended=True)
    assert talk.read(1) == bytes.fromhex("FF100131")
    assert talk.read(2) == bytes.fromhex("FF200132")
    assert card.finished()


def test_a_closed_file_is_closed_to_a_long_command_too():
    talk = Exchange(ScriptedCard("00 B0 82 00 00 00 00 → 69 82"), lambda: 1.0, extended=True)
    with pytest.raises(StatusFault, match="6982"):
        talk.read(2)
