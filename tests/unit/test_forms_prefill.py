"""Codes from home: only this city opens them, and nothing in one can do harm."""

import json
import random
import zlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.prefill import Prefill, open_sealed, read_symbol, seal, split
from forms.sealing import (
    LARGEST_SYMBOL,
    SealedCodes,
    Symbol,
    Unopenable,
    join,
    key_id,
    set_of,
)

CITY = ec.derive_private_key(1105, ec.SECP256R1())
LAST_YEAR = ec.derive_private_key(1104, ec.SECP256R1())
OTHER_CITY = ec.derive_private_key(2, ec.SECP256R1())
PHONE = ec.derive_private_key(819012345678, ec.SECP256R1())


def point_of(key):
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


MOST = 16
POINT = point_of(PHONE)
NAME = key_id(CITY.public_key())
NONCE = bytes(range(12))
ADDRESSED = NAME + POINT + NONCE
PREFILL = Prefill(
    "juminhyo", "2026-11", "2026-11-20T21:00:00+09:00", {"name": "山田　太郎", "copies": 2}
)
DRAWN = random.Random(1)  # noqa: S311 (words that do not shrink)
LONG = replace(
    PREFILL, answers={"note": "".join(DRAWN.choices("一二三四五六七八九十百千", k=3000))}
)
BODY = {"f": PREFILL.form, "v": PREFILL.version, "t": PREFILL.made, "a": PREFILL.answers}
REASONS = {"not-ours", "damaged", "another-key", "mixed", "incomplete-set", "too-long"}
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
PREFILLS = st.builds(
    Prefill,
    form=st.text(max_size=20),
    version=st.text(max_size=20),
    made=st.text(max_size=30),
    answers=st.dictionaries(st.text(max_size=12), JSON, max_size=8),
)


def sealed_for(key, prefill=PREFILL, nonce=NONCE):
    return seal(prefill, key.public_key(), nonce)


def opened(texts, *keys):
    return open_sealed(join([read_symbol(text) for text in texts]), keys or [CITY])


def from_a_phone(packed):
    """Sealed bytes as a phone makes them, from the words of the standard and not with `seal`."""
    secret = PHONE.exchange(ec.ECDH(), CITY.public_key())
    key = HKDF(hashes.SHA256(), 32, salt=POINT, info=b"KKN2").derive(secret)
    return ADDRESSED + AESGCM(key).encrypt(NONCE, packed, b"KKN2" + NAME)


def zipped(body):
    return zlib.compress(json.dumps(body).encode())


def refusal(work, *args):
    with pytest.raises(Unopenable) as caught:
        work(*args)
    assert str(caught.value) == caught.value.reason
    assert caught.value.reason in REASONS
    return caught.value.reason


SEALED = sealed_for(CITY)
SEVERAL = sealed_for(CITY, LONG)
SYMBOLS = [read_symbol(text) for text in SEVERAL]


@settings(max_examples=100, deadline=None)
@given(PREFILLS, st.binary(min_size=12, max_size=12))
def test_what_is_sealed_for_the_city_is_opened_by_the_city(prefill, nonce):
    assert opened(sealed_for(CITY, prefill, nonce)) == prefill


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=100, max_size=8500), st.randoms(use_true_random=False))
def test_sealed_bytes_are_put_together_in_whatever_order_they_are_scanned(sealed, order):
    texts = list(split(sealed))
    texts += order.choices(texts, k=3)
    order.shuffle(texts)
    assert join([read_symbol(text) for text in texts]) == sealed


def test_a_long_form_goes_over_several_symbols_none_larger_than_a_phone_shows():
    assert 2 < len(SEVERAL) <= MOST
    assert max(map(len, SEVERAL)) <= LARGEST_SYMBOL
    assert max(map(len, SEVERAL)) - min(map(len, SEVERAL)) < 20
    assert opened(SEVERAL) == LONG
    assert opened(SEVERAL[::-1]) == LONG
    assert opened([*SEVERAL, SEVERAL[0], SEVERAL[2]]) == LONG


@pytest.mark.parametrize("size", [1, 540, 541, 542, 543, 544, 545, 546, 547, 548, 549, 550, 1100])
def test_a_symbol_is_never_larger_than_a_phone_shows(size):
    texts = split(bytes(size))
    assert max(map(len, texts)) <= LARGEST_SYMBOL
    assert join([read_symbol(text) for text in texts]) == bytes(size)
    assert [read_symbol(text).number for text in texts] == list(range(1, len(texts) + 1))
    assert {read_symbol(text).of for text in texts} == {len(texts)}


def test_a_form_too_long_for_any_set_of_symbols_is_told():
    assert refusal(split, bytes(10_000)) == "too-long"
    words = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(9000))
    assert refusal(sealed_for, CITY, replace(PREFILL, answers={"note": words})) == "too-long"


def test_a_code_that_a_phone_made_is_opened():
    assert opened(split(from_a_phone(zipped(BODY)))) == PREFILL


def test_a_code_is_written_in_letters_that_every_scanner_types_alike():
    for text in (*SEALED, *SEVERAL):
        assert text.startswith("KKN2.")
        assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


def test_a_code_says_nothing_to_those_who_have_no_key():
    raw = join([read_symbol(text) for text in SEALED])
    for word in ("山田", "juminhyo", "copies", "2026"):
        assert word.encode() not in raw


def test_two_codes_of_the_same_answers_differ():
    assert sealed_for(CITY) != SEALED
    assert read_symbol(sealed_for(CITY)[0]).set != read_symbol(SEALED[0]).set


def test_a_code_for_last_years_key_is_opened_while_that_key_is_valid():
    old = sealed_for(LAST_YEAR)
    assert opened(old, CITY, LAST_YEAR) == PREFILL
    assert opened(old, LAST_YEAR, CITY) == PREFILL
    assert refusal(opened, old, CITY) == "another-key"


def test_a_code_for_another_city_is_told_apart():
    assert refusal(opened, sealed_for(OTHER_CITY), CITY, LAST_YEAR) == "another-key"


def test_a_city_without_keys_opens_nothing():
    assert refusal(open_sealed, join([read_symbol(t) for t in SEALED]), []) == "another-key"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KKN2",
        "KKN1." + SEALED[0][5:],
        SEALED[0][5:],
        SEALED[0].lower(),
        f" {SEALED[0]}",
        "https://example.jp/",
        "\0",
    ],
)
def test_a_code_of_something_else_is_not_ours(text):
    assert refusal(read_symbol, text) == "not-ours"


@pytest.mark.parametrize(
    "text",
    [
        "KKN2.",
        "KKN2.1.1.AAAAAAAA.",
        "KKN2.1.1.AAAAAAA.AA",
        "KKN2.1.1.AAAAAAAA.A0",
        "KKN2.1.1.AAAAAAAA.AA\n",
        "KKN2.0.1.AAAAAAAA.AA",
        "KKN2.2.1.AAAAAAAA.AA",
        "KKN2.1.0.AAAAAAAA.AA",
        "KKN2.1.17.AAAAAAAA.AA",
        "KKN2.-1.1.AAAAAAAA.AA",
        "KKN2.111.1.AAAAAAAA.AA",
        "KKN2.1.1.AAAAAAAA." + "A" * LARGEST_SYMBOL,
        "KKN2.1.1.AAAAAAAA.あ",
        f"{SEALED[0]} ",
    ],
)
def test_a_code_that_only_begins_like_ours_is_damaged(text):
    assert refusal(read_symbol, text) == "damaged"


def test_a_symbol_is_as_long_as_any_of_ours_and_no_longer():
    head = "KKN2.1.1.AAAAAAAA."
    assert read_symbol(head.ljust(LARGEST_SYMBOL, "A")).part
    assert refusal(read_symbol, head.ljust(LARGEST_SYMBOL + 1, "A")) == "damaged"
    assert refusal(read_symbol, "A" * 10**6) == "not-ours"


def test_a_set_without_one_of_its_symbols_waits_for_it():
    for left_out in range(len(SYMBOLS)):
        rest = [symbol for number, symbol in enumerate(SYMBOLS) if number != left_out]
        assert refusal(join, rest) == "incomplete-set"


def test_symbols_of_two_sets_are_told():
    other = [read_symbol(text) for text in sealed_for(CITY, LONG)]
    assert refusal(join, [SYMBOLS[0], *other[1:]]) == "mixed"
    assert refusal(join, [*SYMBOLS, *(replace(s, number=s.number + 9) for s in other)]) == "mixed"
    assert refusal(join, [SYMBOLS[0], replace(SYMBOLS[1], of=9)]) == "mixed"
    assert refusal(join, []) == "mixed"


def test_a_symbol_under_the_name_of_another_set_is_damaged():
    assert refusal(join, [replace(symbol, set="AAAAAAAA") for symbol in SYMBOLS]) == "damaged"
    swapped = [replace(SYMBOLS[0], part=SYMBOLS[1].part), *SYMBOLS[1:]]
    assert refusal(join, swapped) == "damaged"


@pytest.mark.parametrize("part", ["A", "AAA", "AAAAAA"])
def test_a_part_that_is_no_base32_is_damaged(part):
    assert refusal(join, [Symbol(1, 1, "AAAAAAAA", part)]) == "damaged"


@pytest.mark.parametrize("length", [0, 1, 3, 4, 68, 69, 80, 81])
def test_sealed_bytes_that_end_before_the_answers_are_damaged(length):
    assert refusal(open_sealed, from_a_phone(zipped(BODY))[:length], [CITY]) == "damaged"


@pytest.mark.parametrize("length", range(82, len(from_a_phone(zipped(BODY)))))
def test_sealed_bytes_that_were_cut_off_are_damaged(length):
    assert refusal(open_sealed, from_a_phone(zipped(BODY))[:length], [CITY]) == "damaged"


@pytest.mark.parametrize("first", [0, 1, 2, 3, 5, 6, 7, 255])
def test_a_code_whose_key_is_no_point_is_damaged(first):
    sealed = NAME + bytes([first]) + POINT[1:] + NONCE + bytes(40)
    assert refusal(open_sealed, sealed, [CITY]) == "damaged"


def test_a_code_whose_key_is_off_the_curve_is_damaged():
    sealed = NAME + b"\x04" + bytes(64) + NONCE + bytes(64)
    assert refusal(open_sealed, sealed, [CITY]) == "damaged"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(from_a_phone(zipped(BODY))) * 8 - 1))
def test_sealed_bytes_with_one_altered_bit_are_not_taken(bit):
    raw = bytearray(from_a_phone(zipped(BODY)))
    raw[bit // 8] ^= 1 << bit % 8
    assert refusal(open_sealed, bytes(raw), [CITY]) == ("another-key" if bit < 32 else "damaged")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_not_taken(text):
    assert refusal(read_symbol, text) == ("damaged" if text.startswith("KKN2.") else "not-ours")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*SEALED, *SEVERAL]),
            st.integers(0, LARGEST_SYMBOL),
            st.integers(0, 3),
            st.text(st.characters() | st.sampled_from("A2.019KN"), max_size=3),
        ),
        max_size=6,
    )
)
@example([(text, LARGEST_SYMBOL, 0, "") for text in SEVERAL])
def test_symbols_that_were_tampered_with_open_as_they_were_sealed_or_not_at_all(pieces):
    texts = [text[:at] + more + text[at + cut :] for text, at, cut, more in pieces]
    try:
        found = opened(texts)
    except Unopenable as fault:
        assert fault.reason in REASONS  # noqa: PT017
        return
    assert found in (PREFILL, LONG)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(bytes(82))
def test_any_bytes_are_not_opened(raw):
    assert refusal(open_sealed, raw, [CITY]) in ("damaged", "another-key")
    assert refusal(open_sealed, ADDRESSED + raw, [CITY]) == "damaged"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_under_a_good_seal_are_damaged(packed):
    assert refusal(open_sealed, from_a_phone(packed), [CITY]) == "damaged"
    assert refusal(open_sealed, from_a_phone(zlib.compress(packed)), [CITY]) == "damaged"


@settings(max_examples=200, deadline=None)
@given(JSON | st.fixed_dictionaries({"f": VALUES, "v": VALUES, "t": VALUES, "a": JSON}))
def test_any_json_under_a_good_seal_is_a_prefill_or_damaged(body):
    try:
        prefill = open_sealed(from_a_phone(zipped(body)), [CITY])
    except Unopenable as fault:
        assert fault.reason == "damaged"  # noqa: PT017
        return
    assert prefill == Prefill(body["f"], body["v"], body["t"], body["a"])


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"not json",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"f":"","v":"","t":"","a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"f":"","v":"","t":"","a":{"n":' + b"9" * 5000 + b"}}",
        b"\xff\xfe",
        b"null",
        b"5",
        b'"text"',
        b'["f","v","t","a"]',
    ],
)
def test_what_is_no_json_of_ours_under_a_good_seal_is_damaged(plain):
    assert refusal(open_sealed, from_a_phone(zlib.compress(plain)), [CITY]) == "damaged"


@pytest.mark.parametrize("part", ["f", "v", "t"])
@pytest.mark.parametrize("value", [5, None, [5], {}])
def test_a_header_that_is_no_text_is_damaged(part, value):
    sealed = from_a_phone(zipped({**BODY, part: value}))
    assert refusal(open_sealed, sealed, [CITY]) == "damaged"


def test_what_is_cut_short_or_followed_by_more_is_damaged():
    packed = zipped(BODY)
    assert refusal(open_sealed, from_a_phone(packed[:-4]), [CITY]) == "damaged"
    assert refusal(open_sealed, from_a_phone(packed + b"!"), [CITY]) == "damaged"


@pytest.mark.parametrize("missing", ["f", "v", "t", "a"])
def test_a_prefill_without_one_of_its_parts_is_damaged(missing):
    body = {key: value for key, value in BODY.items() if key != missing}
    assert refusal(open_sealed, from_a_phone(zipped(body)), [CITY]) == "damaged"


@pytest.mark.parametrize("answers", [None, [], "name", 5, [["name", "山田"]]])
def test_answers_that_are_no_answers_are_damaged(answers):
    sealed = from_a_phone(zipped({**BODY, "a": answers}))
    assert refusal(open_sealed, sealed, [CITY]) == "damaged"


@pytest.mark.parametrize(
    "plain",
    [
        bytes(1_000_000),
        json.dumps(BODY).encode() + b" " * 1_000_000,
        json.dumps({**BODY, "a": {"d": "0" * 1_000_000}}).encode(),
    ],
)
def test_a_zip_bomb_is_not_opened(plain):
    bomb = from_a_phone(zlib.compress(plain))
    assert len(split(bomb)) <= MOST
    assert refusal(open_sealed, bomb, [CITY]) == "damaged"


def test_a_bomb_that_we_made_ourselves_is_not_opened_either():
    texts = sealed_for(CITY, replace(PREFILL, answers={"d": "0" * 1_000_000}))
    assert refusal(opened, texts) == "damaged"


def test_a_set_is_named_for_what_is_in_it():
    assert set_of(b"a") != set_of(b"b")
    assert set_of(b"a") == set_of(b"a")
    assert len(key_id(CITY.public_key())) == 4


def test_a_seal_under_one_mark_opens_under_no_other():
    ours, others = SealedCodes("KKN2", 16), SealedCodes("KKR1", 4)
    sealed = others.seal(b"{}", CITY.public_key(), NONCE)
    assert others.open(sealed, [CITY]) == b"{}"
    assert refusal(ours.open, sealed, [CITY]) == "damaged"
    (text,) = others.split(sealed)
    assert refusal(read_symbol, text) == "not-ours"
