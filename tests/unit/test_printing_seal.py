"""The signed code on a paper: what it keeps, how small it is, and what it refuses."""

from dataclasses import replace
from datetime import date

import cbor2
import cwt
import pytest
import zxingcpp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from printing import codes
from printing.proof import base45, seal
from printing.proof.seal import ForgedSeal, NotASeal, OverlongSeal, Seal, SealKey, UnknownSealKey

KEY = SealKey.of(ec.derive_private_key(20261121, ec.SECP256R1()))
KEYS = {KEY.kid: KEY.private.public_key()}
SEAL = Seal("131211", "juminhyo", "R8-000123", date(2026, 11, 21), bytes(range(16)))
TEXT = seal.sign(SEAL, KEY)

seals = st.builds(
    Seal,
    city=st.integers(0, 999_999).map("{:06d}".format),
    type=st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12),
    number=st.text("R0123456789-", min_size=1, max_size=12),
    issued=st.dates(date(1970, 1, 1), date(2149, 1, 1)),
    digest=st.binary(min_size=16, max_size=16),
    specimen=st.booleans(),
)


@given(st.binary(max_size=200))
def test_base45_gives_back_every_byte(plain: bytes) -> None:
    assert base45.decode(base45.encode(plain)) == plain


@pytest.mark.parametrize(
    ("plain", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_the_rfc(plain: bytes, text: str) -> None:
    assert base45.encode(plain) == text
    assert base45.decode(text) == plain


@pytest.mark.parametrize("text", ["A", "GGW0", ":::", "::", "ab1", "BB8あ"])
def test_base45_refuses_what_nobody_writes(text: str) -> None:
    with pytest.raises(ValueError, match=r"letter|bytes"):
        base45.decode(text)


@given(seals)
def test_every_seal_reads_back(made: Seal) -> None:
    assert seal.read(seal.sign(made, KEY), KEYS) == made


def test_the_same_seal_and_key_give_the_same_text() -> None:
    assert seal.sign(SEAL, KEY) == TEXT


def test_the_largest_seal_fits_a_version_8_symbol_of_level_m() -> None:
    largest = replace(SEAL, type="koseki-zenbu", number="R8-000123456", specimen=True)
    for made in (SEAL, largest):
        text = seal.sign(made, KEY)
        version = (len(codes.qr(text)) - 17) // 4
        print(f"{made.type}: {len(base45.decode(text[5:]))} bytes, {len(text)} letters, v{version}")
        assert version <= 8
        assert len(text) <= seal.LONGEST


def test_the_code_is_written_in_the_letters_that_a_qr_code_packs_best() -> None:
    made = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    assert {*TEXT} <= {*base45.LETTERS}
    (found,) = zxingcpp.read_barcodes(made.to_image(scale=4))
    assert found.text == TEXT


def test_what_does_not_fit_is_refused_when_it_is_sealed() -> None:
    with pytest.raises(OverlongSeal):
        seal.sign(replace(SEAL, number="R8-" + "0" * 30), KEY)


def test_another_reader_of_cose_verifies_it_too() -> None:
    pem = KEYS[KEY.kid].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = cwt.COSEKey.from_pem(pem.decode(), kid=KEY.kid)
    payload = cwt.COSE.new().decode(base45.decode(TEXT.removeprefix("KKC1:")), key)
    assert isinstance(payload, bytes)
    assert b"juminhyo" in payload


def test_a_key_that_is_not_held_is_named() -> None:
    other = SealKey.of(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(UnknownSealKey) as fault:
        seal.read(seal.sign(SEAL, other), KEYS)
    assert fault.value.kid == other.kid


def test_a_seal_of_another_key_under_our_name_is_forged() -> None:
    thief = SealKey(KEY.kid, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(ForgedSeal):
        seal.read(seal.sign(SEAL, thief), KEYS)


def test_practice_makes_specimens_only_and_nobody_holds_its_key() -> None:
    text = seal.sign(SEAL, SealKey.practice())
    with pytest.raises(UnknownSealKey) as fault:
        seal.read(text, KEYS)
    assert fault.value.kid == seal.PRACTICE
    practice = SealKey.practice()
    held = {practice.kid: practice.private.public_key()}
    assert seal.read(seal.sign(SEAL, practice), held).specimen


def test_no_single_bit_can_be_changed() -> None:
    whole = base45.decode(TEXT.removeprefix("KKC1:"))
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NotASeal, ForgedSeal, UnknownSealKey)):
            seal.read(seal.MARK + base45.encode(bytes(changed)), KEYS)


@given(st.one_of(st.text(), st.text(base45.LETTERS).map("KKC1:".__add__)))
def test_any_text_is_refused_in_one_of_three_ways(text: str) -> None:
    with pytest.raises((NotASeal, ForgedSeal, UnknownSealKey)):
        seal.read(text, KEYS)


@given(st.binary(max_size=144), st.binary(min_size=8, max_size=8))
def test_any_bytes_in_an_envelope_are_refused_in_one_of_three_ways(body: bytes, kid: bytes) -> None:
    head = b"\xd2\x84\x4d\xa2\x01\x26\x04\x48" + (KEY.kid if len(body) % 2 else kid) + b"\xa0\x58"
    for whole in (head + body, head + body[:1] + body + b"\x58\x40" + bytes(64)):
        with pytest.raises((NotASeal, ForgedSeal, UnknownSealKey)):
            seal.read(seal.MARK + base45.encode(whole), KEYS)


@given(st.binary(min_size=24, max_size=58))
def test_what_our_own_key_signed_but_we_never_wrote_is_no_seal(payload: bytes) -> None:
    with pytest.raises(NotASeal):
        seal.read(_signed(payload), KEYS)


def _signed(payload: bytes) -> str:
    """Signed rightly, whatever it is: what a later edition may write."""
    protected = b"\xa2\x01\x26\x04\x48" + KEY.kid
    whole = cbor2.dumps(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(KEY.private.sign(whole, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32) + s.to_bytes(32)
    return seal.MARK + base45.encode(
        cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    )


def test_the_digest_is_of_the_words_and_not_of_the_seal_over_them() -> None:
    data = {"type": "juminhyo", "number": "R8-1", "issued": "2026-11-21", "name": "渡邉󠄖"}
    turned = dict(reversed(data.items()))
    assert seal.digest({**turned, "seal": "KKC1:…"}) == seal.digest(data)
    assert seal.digest({**data, "name": "渡邉"}) != seal.digest(data)
    made = seal.seal_of(data, "131211")
    assert (made.number, made.issued, made.digest) == (
        "R8-1",
        date(2026, 11, 21),
        seal.digest(data),
    )


def test_the_canonical_text_is_that_of_rfc_8785() -> None:
    data = {"b": [1.0, True, None], "a": "é\n", "seal": "x"}
    assert seal.canonical(data) == '{"a":"é\\n","b":[1,true,null]}'.encode()
