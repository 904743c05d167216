"""Hostile cards: no answer crashes, hangs, or is half-accepted."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cards.certificates import examine, fits
from devices.cards.common import parse_record
from devices.cards.evidence import Finding
from devices.cards.issuers import Trust, TrustFault, trust_from
from devices.cards.reading import Burst
from devices.cards.support import parse_attributes
from devices.cards.surface import parse_face
from devices.faults import DeviceFault, UnreadableCard
from devices.simulated.card import files
from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Misbehaviour
from devices.simulated.card.virtual import VirtualCard

ROOT = Path(__file__).parents[2]
ISSUERS = Issuers()
TRUST = ISSUERS.trust()
PERSON = holders(ROOT / "resources/people/cards.yaml")[1]
ATTRIBUTES = files.attributes_file(PERSON)
SIGN = files.jpki_files(PERSON, ISSUERS)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def changed(raw: bytes, at: int, by: int) -> bytes:
    at %= len(raw)
    return raw[:at] + bytes([raw[at] ^ by]) + raw[at + 1 :]


@given(st.binary(max_size=400))
@pytest.mark.parametrize("parse", [parse_attributes, parse_face, parse_record])
def test_any_file_is_read_or_unreadable(parse, raw):
    try:
        parse(raw)
    except UnreadableCard:
        return


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_attribute_is_unreadable_or_another_value(at, by):
    try:
        parse_attributes(changed(ATTRIBUTES, at, by))
    except UnreadableCard:
        return


class Twisted:
    """A card one bit of whose answers is another."""

    def __init__(self, chip: VirtualCard, when: int, at: int, by: int) -> None:
        self._chip, self._when, self._at, self._by = chip, when, at, by

    def transmit(self, command: bytes | bytearray) -> bytes:
        answer = self._chip.transmit(bytes(command))
        self._when -= 1
        return changed(answer, self._at, self._by) if self._when == 0 and answer else answer


@settings(max_examples=300)
@given(st.integers(1, 19), st.integers(0, 300), st.integers(1, 255))
def test_a_bit_flipped_on_the_way_is_never_taken_for_genuine_data(when, at, by):
    chip = VirtualCard(PERSON, ISSUERS)
    chip.power_on()
    try:
        with Burst(Twisted(chip, when, at, by)) as burst:
            found = burst.holder(bytearray(b"1234"), TRUST)
    except DeviceFault:
        return
    who = found.attributes
    honest = (PERSON.name, PERSON.address, PERSON.birth.isoformat(), PERSON.sex)
    same = (who.name, who.address, who.birth, who.sex) == honest
    evidence = found.evidence
    sure = {evidence.issuer, evidence.data, evidence.presence} == {Finding.GOOD}
    assert same or not sure


class Noise:
    """A card that answers whatever it likes."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    def transmit(self, command: bytes | bytearray) -> bytes:
        del command
        return self._answers.pop(0) if self._answers else b"\x6f\x00"


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.binary(max_size=60).map(lambda raw: raw + b"\x90\x00"),
            st.sampled_from([b"\x61\x00", b"\x61\x10", b"\x6c\x08", b"\x90\x00", b"\x63\xc3"]),
        ),
        max_size=80,
    )
)
def test_a_card_of_noise_ends_in_one_of_our_faults(answers):
    try:
        with Burst(Noise(list(answers))) as burst:
            burst.recognise()
            burst.holder(bytearray(b"1234"), TRUST)
    except DeviceFault:
        return


def test_a_card_that_says_more_follows_for_ever_ends():
    class Endless:
        def transmit(self, command: bytes | bytearray) -> bytes:
            del command
            return b"\x00\x61\x01"

    left = iter(range(500, -1, -1))
    with pytest.raises(DeviceFault), Burst(Endless(), clock=lambda: -next(left)) as burst:
        burst.recognise()


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # RFC 5280 forbids what we changed
@pytest.mark.filterwarnings("ignore:Attribute's length")
@given(st.integers(0, 5_000), st.integers(1, 255))
def test_a_changed_certificate_is_never_good(at, by):
    whole = files.tlv.first(SIGN[0x01]).raw
    root = files.tlv.first(SIGN[0x02]).raw
    try:
        found = examine(changed(whole, at, by), root, TRUST, NOW, key="sign")
    except UnreadableCard:
        return
    assert found.evidence.issuer is not Finding.GOOD


def test_a_certificate_of_another_root_is_unknown_and_of_none_is_bad():
    der = files.tlv.first(SIGN[0x01]).raw
    root, other = (files.tlv.first(SIGN[file]).raw for file in (0x02, 0x0B))
    assert examine(der, root, Trust(), NOW, key="sign").evidence.issuer is Finding.UNKNOWN
    assert examine(der, other, Trust(), NOW, key="sign").evidence.issuer is Finding.BAD
    assert examine(der, root, TRUST, NOW, key="sign").evidence.issuer is Finding.GOOD


def test_a_root_on_the_card_counts_when_its_fingerprint_is_ours():
    from hashlib import sha256

    der, root = (files.tlv.first(SIGN[file]).raw for file in (0x01, 0x02))
    trust = Trust(fingerprints=frozenset({sha256(root).digest()}))
    assert examine(der, root, trust, NOW, key="sign").evidence.issuer is Finding.GOOD


def test_a_certificate_outside_its_time_or_use_is_told():
    der, root = (files.tlv.first(SIGN[file]).raw for file in (0x0A, 0x0B))
    late = examine(der, root, TRUST, datetime(2040, 1, 1, tzinfo=UTC), key="auth")
    assert (late.in_time, late.fit_for_use) == (False, True)
    assert not examine(der, root, TRUST, NOW, key="sign").fit_for_use


def test_revocation_is_asked_only_where_somebody_can_answer():
    der, root = (files.tlv.first(SIGN[file]).raw for file in (0x0A, 0x0B))
    asked: list[int] = []

    def revoked(certificate, issuer) -> Finding:
        asked.append(certificate.serial_number)
        assert issuer.subject == certificate.issuer
        return Finding.BAD

    found = examine(der, root, TRUST, NOW, key="auth", revoked=revoked)
    assert found.evidence.revocation is Finding.BAD
    unknown = examine(der, root, Trust(), NOW, key="auth", revoked=revoked)
    assert unknown.evidence.revocation is Finding.NOT_CHECKED
    assert len(asked) == 1


@given(st.binary(max_size=64))
def test_a_signature_of_noise_fits_nothing(signature):
    assert not fits(files.tlv.first(SIGN[0x0A]).raw, signature, b"content")


@given(st.text(max_size=200))
def test_a_list_of_issuers_that_is_none_is_said(text):
    with pytest.raises(TrustFault):
        trust_from(text)


@pytest.mark.parametrize(
    "wrong",
    [
        '{"keys": [{"issuer_key_id_hex": "zz"}]}',
        '{"keys": [{"issuer_key_id_hex": "00", "exponent": 3, "modulus_hex": "ff"}]}',
        '{"keys": 1}',
        "[]",
    ],
)
def test_a_broken_list_of_issuers_is_said(wrong):
    with pytest.raises(TrustFault):
        trust_from(wrong)


def test_only_production_issuers_are_taken_where_only_they_may_be():
    assert trust_from(ISSUERS.trust_json()).keys
    assert not trust_from(ISSUERS.trust_json(), production_only=True).keys


def test_the_issuers_we_ship_are_those_of_real_cards_alone():
    shipped = trust_from((ROOT / "resources/trust/issuers.json").read_text("utf-8"))
    assert {bytes(key_id[:7]) for key_id in shipped.keys} == {b"5000020", b"5000023", b"5000033"}
    assert len(shipped.fingerprints) == 4


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"forged_data": True}, ("good", "bad", "good")),
        ({"forged_signature": True}, ("good", "bad", "bad")),
        ({"cloned": True}, ("good", "good", "bad")),
        ({"unknown_issuer": True}, ("unknown", "unknown", "unknown")),
    ],
)
@pytest.mark.parametrize("with_number", [False, True])
def test_what_was_checked_is_said_as_it_is(wrong, found, with_number):
    chip = VirtualCard(replace(PERSON, wrong=Misbehaviour(**wrong)), ISSUERS)
    chip.power_on()
    with Burst(chip) as burst:
        told = burst.holder(bytearray(b"1234"), TRUST, with_number=with_number).evidence.told()
    assert (told["issuer"], told["data"], told["presence"]) == found
