"""Counters before tries, and never a try wasted, by script."""

import pytest

from devices.apdu import Exchange, StatusFault
from devices.cards.profile import TODAY
from devices.cards.session import PLENTY, AppletSession, select
from devices.faults import LastTry, MalformedPin, PinBlocked, WrongPin
from tests.fakes.scripted_card import ScriptedCard

SUPPORT = TODAY.support
JPKI = TODAY.jpki
COUNT, COUNT_SELECTED = "00 20 00 91", "00 20 00 80"
VERIFY = "00 20 00 91 04 31 32 33 34"
CHOOSE_PIN = "00 A4 02 0C 02 00 11"


def session(*lines: str, applet=SUPPORT) -> tuple[AppletSession, ScriptedCard]:
    card = ScriptedCard(*lines)
    talk = Exchange(card, lambda: 1.0)
    return AppletSession(talk, applet, TODAY.manager), card


def pin(digits: str = "1234") -> bytearray:
    return bytearray(digits.encode())


def test_the_counter_is_asked_before_the_pin_is_shown():
    talk, card = session(f"{COUNT} → 63 C3", f"{VERIFY} → 90 00")
    talk.verify("pin", pin())
    assert card.finished()


def test_a_wrong_pin_says_how_many_tries_are_left():
    talk, _ = session(f"{COUNT} → 63 C3", f"{VERIFY} → 63 C2")
    with pytest.raises(WrongPin) as refused:
        talk.verify("pin", pin())
    assert refused.value.attempts_left == 2


@pytest.mark.parametrize("status", ["69 84", "69 83", "63 C0"])
def test_a_blocked_pin_is_not_shown_to_the_card(status):
    talk, card = session(f"{COUNT} → {status}")
    with pytest.raises(PinBlocked):
        talk.verify("pin", pin())
    assert card.finished()


@pytest.mark.parametrize("status", ["69 84", "69 83", "63 C0"])
def test_a_try_that_blocks_says_so(status):
    talk, _ = session(f"{COUNT} → 63 C1", f"{VERIFY} → {status}")
    with pytest.raises(PinBlocked):
        talk.verify("pin", pin(), last_try=True)


def test_the_last_try_is_not_used_without_a_yes():
    talk, card = session(f"{COUNT} → 63 C1")
    with pytest.raises(LastTry):
        talk.verify("pin", pin())
    assert card.finished()


@pytest.mark.parametrize(
    ("applet", "secret", "digits"),
    [
        (SUPPORT, "pin", ""),
        (SUPPORT, "pin", "123"),
        (SUPPORT, "pin", "12345"),
        (SUPPORT, "pin", "１２３４"),
        (SUPPORT, "b", "5502172035228"),
        (JPKI, "sign", "ABC12"),
        (JPKI, "sign", "abcdef1"),
        (JPKI, "sign", "ABCDEF"),
        (JPKI, "sign", "1234567"),
    ],
)
def test_what_can_be_no_pin_is_never_shown_to_the_card(applet, secret, digits):
    talk, card = session(applet=applet)
    with pytest.raises(MalformedPin):
        talk.verify(secret, pin(digits))
    assert card.finished()


def test_what_somebody_left_open_is_locked_before_it_is_counted():
    talk, card = session(
        f"{COUNT} → 90 00",
        "00 A4 04 0C 07 A0000001510000 → 90 00",
        "00 A4 04 0C 0A D3921000310001010408 → 90 00",
        f"{COUNT} → 63 C3",
    )
    assert talk.tries("pin") == 3
    assert card.finished()


def test_a_reader_that_wants_five_bytes_gets_them():
    talk, card = session(f"{COUNT} → 67 00", f"{COUNT} 00 → 63 C3")
    assert talk.tries("pin") == 3
    assert card.finished()


@pytest.mark.parametrize("status", ["6A 82", "6A 86", "6A 88", "69 86"])
def test_a_card_without_short_ids_is_asked_the_long_way(status):
    talk, card = session(
        f"{COUNT} → {status}", f"{CHOOSE_PIN} → 90 00", f"{COUNT_SELECTED} → 63 C3"
    )
    assert talk.tries("pin") == 3
    assert card.finished()


def test_a_secret_that_is_not_there_has_no_tries():
    talk, _ = session(f"{COUNT} → 6A 88", f"{CHOOSE_PIN} → 6A 82")
    assert talk.tries("pin") is None


def test_a_secret_without_a_limit_has_plenty():
    talk, _ = session(f"{COUNT} → 63 00")
    assert talk.tries("pin") == PLENTY


def test_a_file_is_read_the_long_way_where_it_must_be():
    talk, card = session(
        "00 B0 82 00 00 → 6A 86",
        "00 A4 02 0C 02 00 02 → 90 00",
        "00 B0 00 00 00 → FF 20 01 41 90 00",
    )
    assert talk.read("attributes") == bytes.fromhex("FF200141")
    assert card.finished()


def test_a_closed_file_is_not_tried_the_long_way():
    talk, card = session("00 B0 82 00 00 → 69 82")
    with pytest.raises(StatusFault, match="6982"):
        talk.read("attributes")
    assert card.finished()


def test_a_strange_answer_to_a_pin_is_no_success():
    talk, _ = session(f"{COUNT} → 63 C3", f"{VERIFY} → 69 85")
    with pytest.raises(StatusFault, match="6985"):
        talk.verify("pin", pin())


def test_a_signature_is_asked_by_the_short_id_of_its_key():
    info = "30" * 51
    talk, card = session(f"80 2A 00 97 33 {info} 00 → {'AB' * 256} 90 00", applet=JPKI)
    assert talk.sign("auth", bytes.fromhex(info)) == b"\xab" * 256
    assert card.finished()


def test_a_signature_without_its_pin_is_refused():
    info = "30" * 51
    talk, _ = session(f"80 2A 00 9A 33 {info} 00 → 69 82", applet=JPKI)
    with pytest.raises(StatusFault, match="6982"):
        talk.sign("sign", bytes.fromhex(info))


def test_an_applet_that_is_not_there_is_not_selected():
    talk = Exchange(ScriptedCard("00 A4 04 0C 07 A0000001510000 → 6A 82"), lambda: 1.0)
    assert not select(talk, TODAY.manager)
