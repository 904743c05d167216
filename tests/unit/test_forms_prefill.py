"""Codes from home: only this city opens them, and nothing in one can do harm."""

import base64
import json
import zlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.prefill import LARGEST, MARK, Prefill, UnusablePrefill, open_sealed, seal

CITY = ec.derive_private_key(1105, ec.SECP256R1())
LAST_YEAR = ec.derive_private_key(1104, ec.SECP256R1())
OTHER_CITY = ec.derive_private_key(2, ec.SECP256R1())
PHONE = ec.derive_private_key(819012345678, ec.SECP256R1())
POINT = PHONE.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
)
NONCE = bytes(range(12))
PREFILL = Prefill(
    "juminhyo", "2026-11", "2026-11-20T21:00:00+09:00", {"name": "山田　太郎", "copies": 2}
)
BODY = {"f": PREFILL.form, "v": PREFILL.version, "t": PREFILL.made, "a": PREFILL.answers}
REASONS = {"not-ours", "damaged", "another-key"}
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def as_text(raw):
    return f"{MARK}.{base64.b32encode(raw).decode().rstrip('=')}"


def as_bytes(text):
    body = text.removeprefix(f"{MARK}.")
    return base64.b32decode(body + "=" * (-len(body) % 8))


def from_a_phone(packed):
    """A code as a phone makes it, from the words of the standard and not with `seal`."""
    secret = PHONE.exchange(ec.ECDH(), CITY.public_key())
    key = HKDF(hashes.SHA256(), 32, salt=POINT, info=b"KKN1").derive(secret)
    return as_text(POINT + NONCE + AESGCM(key).encrypt(NONCE, packed, b"KKN1"))


def zipped(body):
    return zlib.compress(json.dumps(body).encode())


def reason_of(text, *keys):
    with pytest.raises(UnusablePrefill) as caught:
        open_sealed(text, keys or [CITY])
    assert str(caught.value) == caught.value.reason
    assert caught.value.reason in REASONS
    return caught.value.reason


SEALED = seal(PREFILL, CITY.public_key(), NONCE)


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Prefill,
        form=st.text(max_size=20),
        version=st.text(max_size=20),
        made=st.text(max_size=30),
        answers=st.dictionaries(st.text(max_size=12), VALUES, max_size=8),
    ),
    st.binary(min_size=12, max_size=12),
)
def test_what_is_sealed_for_the_city_is_opened_by_the_city(prefill, nonce):
    assert open_sealed(seal(prefill, CITY.public_key(), nonce), [CITY]) == prefill


def test_a_code_that_a_phone_made_is_opened():
    assert open_sealed(from_a_phone(zipped(BODY)), [CITY]) == PREFILL


def test_a_code_is_written_in_the_letters_that_a_qr_code_packs_best():
    assert SEALED.startswith("KKN1.")
    assert set(SEALED) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


def test_a_code_says_nothing_to_those_who_have_no_key():
    assert "山田".encode() not in as_bytes(SEALED)
    assert b"juminhyo" not in as_bytes(SEALED)


def test_two_codes_of_the_same_answers_differ():
    assert seal(PREFILL, CITY.public_key(), NONCE) != SEALED


def test_a_code_for_last_years_key_is_opened_while_that_key_is_valid():
    old = seal(PREFILL, LAST_YEAR.public_key(), NONCE)
    assert open_sealed(old, [CITY, LAST_YEAR]) == PREFILL
    assert open_sealed(old, [LAST_YEAR, CITY]) == PREFILL


def test_a_code_for_another_city_is_told_apart():
    foreign = seal(PREFILL, OTHER_CITY.public_key(), NONCE)
    assert reason_of(foreign, CITY, LAST_YEAR) == "another-key"


def test_a_city_without_keys_opens_nothing():
    with pytest.raises(UnusablePrefill) as caught:
        open_sealed(SEALED, [])
    assert caught.value.reason == "another-key"


@pytest.mark.parametrize(
    "text",
    ["", "KKN1", "KKN2." + SEALED[5:], SEALED[5:], SEALED.lower(), "https://example.jp/", " KKN1."],
)
def test_a_code_of_something_else_is_not_ours(text):
    assert reason_of(text) == "not-ours"


def test_a_code_longer_than_any_of_ours_is_not_ours():
    assert reason_of(f"{MARK}.".ljust(LARGEST + 1, "A")) == "not-ours"
    assert reason_of(f"{MARK}.".ljust(LARGEST, "A")) != "not-ours"


@pytest.mark.parametrize("rest", ["", "A", "AA", "a" * 160, "01890189", "あ" * 160, "=" * 8, "\0"])
def test_a_code_that_is_no_base32_is_damaged(rest):
    assert reason_of(f"{MARK}.{rest}") == "damaged"


def test_a_code_that_holds_no_more_than_a_key_is_damaged():
    assert reason_of(as_text(POINT + NONCE)) == "damaged"


@pytest.mark.parametrize("first", [0, 1, 2, 3, 5, 6, 7, 255])
def test_a_code_whose_key_is_no_point_is_damaged(first):
    assert reason_of(as_text(bytes([first]) + as_bytes(SEALED)[1:])) == "damaged"


def test_a_code_whose_key_is_off_the_curve_is_damaged():
    assert reason_of(as_text(b"\x04" + bytes(64) + NONCE + bytes(64))) == "damaged"


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_code_that_was_cut_off_is_not_taken(length):
    assert reason_of(SEALED[:length])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(as_bytes(SEALED)) * 8 - 1))
def test_a_code_with_one_altered_bit_is_not_taken(bit):
    raw = bytearray(as_bytes(SEALED))
    raw[bit // 8] ^= 1 << bit % 8
    assert reason_of(as_text(bytes(raw)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_not_taken(text):
    assert reason_of(text) == ("damaged" if text.startswith("KKN1.") else "not-ours")
    assert reason_of(f"{MARK}.{text}") == "damaged"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(bytes(78))
def test_any_bytes_are_not_taken(raw):
    assert reason_of(as_text(raw)) == "damaged"


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=100))
def test_any_bytes_behind_a_good_key_are_not_taken(raw):
    assert reason_of(as_text(POINT + NONCE + raw)) == "another-key"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_under_a_good_seal_are_damaged(packed):
    assert reason_of(from_a_phone(packed)) == "damaged"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_any_zipped_bytes_under_a_good_seal_are_damaged(plain):
    assert reason_of(from_a_phone(zlib.compress(plain))) == "damaged"


@settings(max_examples=200, deadline=None)
@given(JSON | st.fixed_dictionaries({"f": VALUES, "v": VALUES, "t": VALUES, "a": JSON}))
def test_any_json_under_a_good_seal_is_a_prefill_or_damaged(body):
    try:
        prefill = open_sealed(from_a_phone(zipped(body)), [CITY])
    except UnusablePrefill as fault:
        assert fault.reason == "damaged"  # noqa: PT017
        return
    assert prefill == Prefill(body["f"], body["v"], body["t"], body["a"])


def test_a_very_deep_answer_is_damaged():
    assert reason_of(from_a_phone(zlib.compress(b"[" * 16000))) == "damaged"


@pytest.mark.parametrize("part", ["f", "v", "t"])
@pytest.mark.parametrize("value", [5, None, [5], {}])
def test_a_header_that_is_no_text_is_damaged(part, value):
    assert reason_of(from_a_phone(zipped({**BODY, part: value}))) == "damaged"


def test_what_is_cut_short_or_followed_by_more_is_damaged():
    packed = zipped(BODY)
    assert reason_of(from_a_phone(packed[:-4])) == "damaged"
    assert reason_of(from_a_phone(packed + b"!")) == "damaged"


@pytest.mark.parametrize("missing", ["f", "v", "t", "a"])
def test_a_prefill_without_one_of_its_parts_is_damaged(missing):
    body = {key: value for key, value in BODY.items() if key != missing}
    assert reason_of(from_a_phone(zipped(body))) == "damaged"


@pytest.mark.parametrize("answers", [None, [], "name", 5, [["name", "山田"]]])
def test_answers_that_are_no_answers_are_damaged(answers):
    assert reason_of(from_a_phone(zipped({**BODY, "a": answers}))) == "damaged"


def test_a_zip_bomb_is_not_opened():
    bomb = from_a_phone(zlib.compress(bytes(1_000_000)))
    assert len(bomb) < LARGEST
    assert reason_of(bomb) == "damaged"


def test_a_zip_bomb_behind_good_answers_is_not_opened():
    plain = json.dumps(BODY).encode() + b" " * 1_000_000
    assert reason_of(from_a_phone(zlib.compress(plain))) == "damaged"


def test_a_zip_bomb_inside_an_answer_is_not_opened():
    bomb = seal(Prefill("a", "b", "c", {"d": "0" * 1_000_000}), CITY.public_key(), NONCE)
    assert len(bomb) < LARGEST
    assert reason_of(bomb) == "damaged"
