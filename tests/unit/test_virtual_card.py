"""The virtual card answers as a real one, whatever it is sent."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import tlv
from devices.cards.support import parse_attributes
from devices.simulated.deck import practice_cards
from devices.simulated.people import Misbehaviour, PracticeCard
from devices.simulated.virtual import files
from devices.simulated.virtual.chip import Mute, Pulled, VirtualCard, parse
from devices.simulated.virtual.issuers import Issuers

ROOT = Path(__file__).parents[2]
ISSUERS = Issuers()
PERSON = practice_cards(ROOT / "resources/people/cards.yaml")[1]
# A published file of a test card whose holder is made up.
KUROGIRI = PracticeCard(
    "kurogiri",
    "",
    "黒桐　幹也",
    "東京都清瀬市観布子南１－７－１６０",
    date(1980, 2, 17),
    "1",
    "1234",
    security_code="2285",
    expires=date(2035, 2, 17),
)
PUBLISHED = bytes.fromhex(
    "ff2065df2108000e002000590064df220fe9bb92e6a190e38080e5b9b9e4b99fdf2336e69db1e4baace983bde6"
    "b885e780ace5b882e8a6b3e5b883e5ad90e58d97efbc91efbc92efbc8defbc97efbc8defbc92efbc90efbc92"
    "df24083139383030323137df250131"
)
JPKI, SUPPORT, SURFACE, COMMON = (
    f"00A4040C0A{aid}"
    for aid in (
        "D392F000260100000001",
        "D3921000310001010408",
        "D3921000310001010402",
        "D3921000310001010100",
    )
)


def chip(card: PracticeCard = PERSON, **wrong: object) -> VirtualCard:
    made = VirtualCard(replace(card, wrong=Misbehaviour(**wrong)), ISSUERS)
    made.power_on()
    return made


def say(card: VirtualCard, *commands: str) -> str:
    """The status of the last command."""
    answer = b""
    for command in commands:
        answer = card.transmit(bytes.fromhex(command))
    return answer[-2:].hex()


def shown(secret: str, file: int) -> str:
    return f"002000{0x80 + file:02X}{len(secret):02X}{secret.encode().hex()}"


def test_a_published_file_comes_out_to_the_byte():
    address = parse_attributes(PUBLISHED).address
    assert files.attributes_file(replace(KUROGIRI, address=address)) == PUBLISHED


def test_the_digest_rule_is_that_of_the_published_file():
    value = tlv.first(PUBLISHED).value
    behind = value[len(tlv.first(value).raw) :]
    assert sha256(behind).hexdigest().startswith("b9e0d09427b23b1d")
    number = bytes.fromhex("FF100C") + b"537686677188" + b"\xff\xff"
    assert sha256(number).hexdigest().startswith("6d5a4c1ef9ab15bf")


def test_number_b_is_made_of_era_birth_expiry_and_code():
    assert KUROGIRI.number_b == "55021720352285"


@pytest.mark.parametrize(
    ("birth", "key"),
    [
        (date(1926, 12, 24), "151224"),
        (date(1926, 12, 25), "011225"),
        (date(1989, 1, 7), "640107"),
        (date(1989, 1, 8), "010108"),
        (date(2019, 4, 30), "310430"),
        (date(2019, 5, 1), "010501"),
    ],
)
def test_the_year_of_birth_is_that_of_its_era(birth, key):
    assert replace(PERSON, birth=birth).birth_key == key


def test_a_number_that_nobody_has_passes_its_check():
    digits = [int(digit) for digit in PERSON.number]
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    rest = sum(d * w for d, w in zip(reversed(digits[:-1]), weights, strict=True)) % 11
    assert digits[-1] == (0 if rest <= 1 else 11 - rest)


def test_an_empty_verify_tells_the_counter_and_costs_nothing():
    card = chip()
    for _ in range(20):
        assert say(card, SUPPORT, "00200091") == "63c3"
    assert card.tries()["pin"] == 3
    assert card.tally.wasted == 0


def test_three_wrong_pins_block_and_the_right_one_comes_too_late():
    card = chip()
    assert say(card, SUPPORT, shown("0000", 0x11)) == "63c2"
    assert say(card, shown("0000", 0x11)) == "63c1"
    assert say(card, shown("0000", 0x11)) == "63c0"
    assert say(card, shown("1234", 0x11)) == "6984"
    assert say(card, "00200091") == "6984"


def test_the_right_pin_sets_the_counter_back():
    card = chip()
    say(card, SUPPORT, shown("0000", 0x11), shown("1234", 0x11))
    assert card.tries()["pin"] == 3


@pytest.mark.parametrize(
    ("applet", "secret", "readable", "closed"),
    [
        (SUPPORT, None, [4, 5], [1, 2, 3, 7]),
        (SUPPORT, ("pin", 0x11), [1, 2, 3, 4, 5, 7], []),
        (SUPPORT, ("a", 0x14), [1, 3, 4, 7], [2]),
        (SUPPORT, ("b", 0x15), [2, 3, 4, 7], [1]),
        (SURFACE, None, [3, 4], [2, 5]),
        (SURFACE, ("b", 0x12), [2, 3, 4], [5]),
        (SURFACE, ("a", 0x13), [2, 3, 4, 5], []),
        (JPKI, None, [2, 6, 8, 10, 11], [1]),
        (JPKI, ("sign", 0x1B), [1, 2, 10], []),
        (JPKI, ("auth", 0x18), [10], [1]),
    ],
)
def test_who_may_read_what_is_as_on_real_cards(applet, secret, readable, closed):
    card = chip()
    values = {
        "pin": "1234",
        "auth": "1234",
        "sign": "ABC123",
        "a": PERSON.number,
        "b": PERSON.number_b,
    }
    say(card, applet)
    if secret:
        assert say(card, shown(values[secret[0]], secret[1])) == "9000"
    for file in readable:
        assert say(card, f"00B0{0x80 + file:02X}0000") == "9000", file
    for file in closed:
        assert say(card, f"00B0{0x80 + file:02X}0000") == "6982", file


@pytest.mark.parametrize("leaving", [JPKI, SUPPORT, "00A4040C07A0000001510000"])
def test_leaving_the_applet_locks_what_was_opened(leaving):
    card = chip()
    say(card, SUPPORT, shown("1234", 0x11), leaving)
    assert not card.verified()


def test_losing_power_locks_even_a_card_that_clings():
    card = chip(clings=True)
    say(card, SUPPORT, shown("1234", 0x11), JPKI)
    assert card.verified()
    card.power_off()
    assert not card.verified()


def test_a_key_signs_only_after_its_own_secret():
    info = "33" + "30" * 51
    card = chip()
    assert say(card, JPKI, f"802A0097{info}00") == "6982"
    assert say(card, shown("1234", 0x18), f"802A009A{info}00") == "6982"
    assert say(card, f"802A0097{info}00") == "9000"


def test_a_card_that_is_pulled_or_mute_says_nothing():
    with pytest.raises(Pulled):
        say(chip(pulled_after=1), JPKI, JPKI)
    with pytest.raises(Mute):
        chip(mute=True)


def test_another_kind_of_card_has_no_attributes():
    for kind in ("juki", "phone-android", "phone-iphone"):
        card = chip(replace(PERSON, kind=kind))
        assert say(card, JPKI) == "9000"
        assert say(card, SUPPORT) == "6a82"


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_no_bytes_break_the_card_or_move_a_counter_unless_they_are_a_verify(commands):
    card = chip()
    before = card.tries()
    for command in commands:
        assert len(card.transmit(command)) >= 2
    if not any(len(command) > 5 and command[1] == 0x20 for command in commands):
        assert card.tries() == before
    assert card.tally.wasted == sum(before.values()) - sum(card.tries().values())


@given(st.binary(max_size=300), st.sampled_from([JPKI, SUPPORT, SURFACE, COMMON]))
def test_a_command_is_read_wholly_or_not_at_all(command, applet):
    found = parse(command)
    if found is not None:
        assert command.startswith(bytes([found.cla, found.ins, found.p1, found.p2]))
    card = chip()
    say(card, applet)
    assert len(card.transmit(command)) >= 2
