"""The virtual card answers as a real one, whatever it is sent."""

import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices import tlv
from devices.cards.certificates import examine
from devices.cards.evidence import Finding
from devices.cards.issuers import Trust, trust_from
from devices.cards.reading import Burst
from devices.faults import PinBlocked, UnknownCard, WrongPin
from devices.simulated.card import files
from devices.simulated.card.certificate import substituted
from devices.simulated.card.command import parse
from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import (
    TRIES,
    Holder,
    Misbehaviour,
    UnusableHolder,
    check_digit,
)
from devices.simulated.card.signing import DIGEST_INFO
from devices.simulated.card.silence import Mute, Pulled
from devices.simulated.card.strangers import MuteCard, drivers_licence, residence_card, suica
from devices.simulated.card.virtual import VirtualCard

PEOPLE = Path(__file__).parents[2] / "resources/people"
ISSUERS = Issuers()
TRUST = trust_from(ISSUERS.trust_json()).joined(Trust(roots=(ISSUERS.trust_pem().encode(),)))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
# A published test card, whose holder is made up; the address as its bytes below have it.
PUBLISHED = bytes.fromhex(
    "ff2065df2108000e002000590064df220fe9bb92e6a190e38080e5b9b9e4b99fdf2336e69db1e4baace983bde6"
    "b885e780ace5b882e8a6b3e5b883e5ad90e58d97efbc91efbc92efbc8defbc97efbc8defbc92efbc90efbc92"
    "df24083139383030323137df250131"
)
KUROGIRI = Holder(
    name="黒桐　幹也",
    address=PUBLISHED[0x20 + 3 : 0x59].decode("utf-8"),
    birth=date(1980, 2, 17),
    sex="1",
    number="537686677188",
    serial="400000012719843",
    municipality="13221",
    expires=date(2035, 2, 17),
    security_code="2285",
)
NAMES = {
    "jpki": "D392F000260100000001",
    "text": "D3921000310001010408",
    "surface": "D3921000310001010402",
    "common": "D3921000310001010100",
    "juki": "D3921000310001010401",
    "manager": "A0000001510000",
}
SELECT = {n: f"00A4040C{len(aid) // 2:02X}{aid}" for n, aid in NAMES.items()}
FILES = {
    "text": [1, 2, 3, 4, 5, 6, 7, 8],
    "surface": [1, 2, 3, 4, 5, 6],
    "jpki": [1, 2, 6, 8, 9, 10, 11],
}
SIGNED = "33" + (DIGEST_INFO + sha256(b"paper").digest()).hex() + "00"


def chip(holder: Holder = KUROGIRI, **wrong: object) -> VirtualCard:
    card = VirtualCard(replace(holder, wrong=Misbehaviour(**wrong)), ISSUERS)
    card.power_on()
    return card


def say(card, *commands: str) -> str:
    """The status of the last command."""
    return ask(card, *commands)[-2:].hex()


def ask(card, *commands: str) -> bytes:
    answer = b""
    for command in commands:
        answer = card.transmit(bytes.fromhex(command))
    return answer


def shown(secret: str, file: int) -> str:
    return f"002000{0x80 + file:02X}{len(secret):02X}{secret.encode().hex()}"


def rows() -> dict[str, Holder]:
    return {one.id: one for one in holders(PEOPLE / "hard_cards.yaml")}


# --- bytes -----------------------------------------------------------------------------------


def test_the_published_files_come_out_to_the_byte():
    assert files.attributes_file(KUROGIRI) == PUBLISHED
    assert files.number_file(KUROGIRI) == bytes.fromhex("ff100c") + b"537686677188\xff\xff"
    assert files.common_record(KUROGIRI) == b"\x01\x1c4000000127198431322120350217"
    assert KUROGIRI.number_b == "55021720352285"


def test_the_digests_are_those_of_the_published_files():
    number, attributes = tlv.objects(files.digests(KUROGIRI))
    assert (number.tag, attributes.tag) == (0xDF31, 0xDF32)
    assert number.value.hex() == "6d5a4c1ef9ab15bf506862d7e66b9c0f179ca065bc936c8e634e9e57449ca9cd"
    assert (
        attributes.value.hex() == "b9e0d09427b23b1d4beda2848512b4103752dc2667e51f9712872d65f472cb3b"
    )


def test_files_have_the_sizes_of_real_ones():
    made = files.text_files(KUROGIRI, ISSUERS)
    assert len(made[1]) == 17
    assert made[3][:5].hex() == "ff3082014b"
    assert made[4][:9].hex() == "7f218202335f4e8201"
    surface = files.build("surface", KUROGIRI, ISSUERS)
    assert surface[1][:5].hex() == "ff1082021e"
    assert len(surface[2]) < 0x8000
    jpki = files.build("jpki", KUROGIRI, ISSUERS)
    assert len(jpki[6]) == 160
    assert jpki[6][116:124].hex() == "0000001000000006"
    assert jpki[8].hex() == "8f8f00"
    assert {len(jpki[number]) for number in (1, 2, 10, 11)} == {1900}


@pytest.mark.parametrize("length", [0, 20, 60, 100, 300])
def test_offsets_point_at_their_objects_however_long_the_address(length):
    file = files.attributes_file(replace(KUROGIRI, address="字" * length))
    value = tlv.first(file).value
    offsets, *rest = tlv.objects(value)
    for place, one in enumerate(rest):
        at = int.from_bytes(offsets.value[2 * place : 2 * place + 2], "big")
        assert file[at:].startswith(one.raw)


def test_the_pictures_are_two_coloured_and_the_face_is_jpeg_2000():
    told = tlv.first(files.build("surface", KUROGIRI, ISSUERS)[2]).children()
    number = tlv.first(files.build("surface", KUROGIRI, ISSUERS)[5]).children()
    for tag, size in ((0xDF25, None), (0xDF26, None), (0xDF2A, (24, 12))):
        picture = Image.open(BytesIO(told[tag].value))
        assert (picture.format, picture.mode) == ("PNG", "1")
        assert size in (None, picture.size)
        assert picture.getextrema() == (0, 255)
    assert Image.open(BytesIO(number[0xDF41].value)).size == (72, 12)
    face = Image.open(BytesIO(told[0xDF27].value))
    assert (face.format, face.mode) == ("JPEG2000", "L")
    assert told[0xDF27].value[4:8] == b"jP  "


# --- counters --------------------------------------------------------------------------------


@pytest.mark.parametrize("asking", ["00200091", "0020009100"])
def test_an_empty_verify_tells_the_counter_and_costs_nothing(asking):
    card = chip()
    for _ in range(20):
        assert say(card, SELECT["text"], asking) == "63c3"
    assert card.wasted == 0


def test_three_wrong_pins_block_and_the_right_one_comes_too_late():
    card = chip()
    wrong = shown("0000", 0x11)
    assert [say(card, SELECT["text"], wrong), say(card, wrong), say(card, wrong)] == [
        "63c2",
        "63c1",
        "63c0",
    ]
    assert say(card, shown("1234", 0x11)) == "6984"
    assert say(card, "00200091") == "6984"
    assert card.wasted == 3


def test_a_pin_of_wrong_length_costs_a_try_as_any_other():
    assert say(chip(), SELECT["text"], shown("12", 0x11)) == "63c2"


def test_counters_outlive_power_and_the_right_pin_sets_them_back():
    card = chip()
    say(card, SELECT["text"], shown("0000", 0x11))
    card.power_off()
    card.power_on()
    assert say(card, SELECT["text"], "00200091") == "63c2"
    assert say(card, shown("1234", 0x11)) == "9000"
    assert say(card, "00200091") == "9000"
    assert card.tries() == dict(TRIES)


def test_a_wrong_pin_closes_what_a_right_one_had_opened():
    card = chip()
    say(card, SELECT["text"], shown("1234", 0x11), shown("9999", 0x11))
    assert card.verified() == frozenset()
    assert say(card, "00B0820000") == "6982"


def test_a_command_cut_short_costs_nothing():
    card = chip()
    assert say(card, SELECT["text"], "002000910431") == "6700"
    assert card.tries() == dict(TRIES)


def test_the_reference_issued_blocked_stays_so():
    assert say(chip(), SELECT["text"], "00200092") == "6984"
    assert say(chip(), SELECT["text"], shown("1234", 0x12)) == "6984"


# --- access ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("applet", "secret", "readable"),
    [
        ("text", None, {4, 5}),
        ("text", ("text", 0x11), {1, 2, 3, 4, 5, 6, 7, 8}),
        ("text", ("text-a", 0x14), {1, 3, 4, 5, 6, 7, 8}),
        ("text", ("text-b", 0x15), {2, 3, 4, 5, 6, 7, 8}),
        ("surface", None, {3, 4}),
        ("surface", ("birth", 0x11), {1, 3, 4}),
        ("surface", ("surface-b", 0x12), {2, 3, 4, 6}),
        ("surface", ("surface-a", 0x13), {2, 3, 4, 5, 6}),
        ("jpki", None, {2, 6, 8, 10, 11}),
        ("jpki", ("auth", 0x18), {2, 6, 8, 10, 11}),
        ("jpki", ("sign", 0x1B), {1, 2, 6, 8, 10, 11}),
    ],
)
def test_who_may_read_what_is_as_on_real_cards(applet, secret, readable):
    card = chip()
    say(card, SELECT[applet])
    if secret:
        assert say(card, shown(KUROGIRI.secret(secret[0]), secret[1])) == "9000"
        assert card.verified() == {secret[0]}
    for file in FILES[applet]:
        wanted = "9000" if file in readable else "6982"
        assert say(card, f"00B0{0x80 + file:02X}0000") == wanted, file
        assert say(card, f"00A4020C0200{file:02X}", "00B0000000") == wanted, file


def test_a_phone_shows_its_certificate_only_for_the_pin():
    card = chip(replace(KUROGIRI, token="phone-android"))
    assert say(card, SELECT["jpki"], "00B08A0000") == "6982"
    assert say(card, shown("1234", 0x18), "00B08A0000") == "9000"
    assert say(card, SELECT["text"]) == "6a82"


@pytest.mark.parametrize("leaving", ["jpki", "text", "manager"])
def test_leaving_the_applet_locks_what_was_opened(leaving):
    card = chip()
    say(card, SELECT["text"], shown("1234", 0x11), SELECT[leaving])
    assert not card.verified()


def test_losing_power_locks_even_a_card_that_clings():
    card = chip(clings=True)
    say(card, SELECT["text"], shown("1234", 0x11), SELECT["jpki"])
    assert card.verified()
    card.power_off()
    assert not card.verified()


# --- keys ------------------------------------------------------------------------------------


def test_a_key_signs_only_after_its_own_secret():
    card = chip()
    assert say(card, SELECT["jpki"], f"802A0097{SIGNED}") == "6982"
    assert say(card, shown("1234", 0x18), f"802A009A{SIGNED}") == "6982"
    answer = ask(card, f"802A0097{SIGNED}")
    public = ISSUERS.card_key(KUROGIRI, "auth").public_key()
    public.verify(answer[:-2], b"paper", PKCS1v15(), SHA256())
    assert ask(card, "00A4020C020017", f"802A0080{SIGNED}") == answer


def test_the_card_proves_its_presence_without_a_pin():
    answer = ask(chip(), SELECT["text"], f"802A0000{SIGNED}")
    public = ISSUERS.card_key(KUROGIRI, "text").public_key()
    public.verify(answer[:-2], b"paper", PKCS1v15(), SHA256())


def test_the_other_ways_of_signing_are_those_measured():
    card = chip()
    say(card, SELECT["jpki"], shown("1234", 0x18))
    public = ISSUERS.card_key(KUROGIRI, "auth").public_key()
    digest = sha256(b"paper").digest()
    for way, given_bytes in ((2, digest), (3, b"paper")):
        answer = ask(card, f"802A{way:02X}97{len(given_bytes):02X}{given_bytes.hex()}00")
        public.verify(answer[:-2], b"paper", PKCS1v15(), SHA256())
    answer = ask(card, f"802A049720{digest.hex()}00")
    public.verify(answer[:-2], digest, PSS(MGF1(SHA256()), 32), Prehashed(SHA256()))
    assert say(card, f"802A0697{SIGNED}") == "6a86"
    assert say(card, "802A0297013000") == "6985"


def test_challenges_are_fresh():
    card = chip()
    assert ask(card, "0084000008") != ask(card, "0084000008")
    assert len(ask(card, "0084000000")) == 258


# --- words of refusal ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("commands", "status"),
    [
        (["00A40000"], "6a86"),
        ([SELECT["text"], "00A40000"], "9000"),
        (["00A40000023F00"], "6a82"),
        (["00A4040C05A000000999"], "6a82"),
        (["00A4040C05D392F00026"], "9000"),
        ([SELECT["text"], "00A4020C021FFF"], "6a82"),
        ([SELECT["text"], "00B0000000"], "6986"),
        ([SELECT["text"], "00B0840FFF", "00B0840000"], "9000"),
        ([SELECT["text"], "00A4020C020004", "00B07FFF00"], "6b00"),
        ([SELECT["text"], "00B09100"], "6700"),
        ([SELECT["text"], "00B0910000"], "6981"),
        ([SELECT["text"], "00B09F0000"], "6a82"),
        ([SELECT["common"], "00B0810000"], "6981"),
        ([SELECT["common"], "00B2010C00"], "9000"),
        ([SELECT["common"], "00A4020C020001", "00B2010400"], "9000"),
        ([SELECT["common"], "00B2020C00"], "6a83"),
        ([SELECT["text"], "0020008104313233"], "6700"),
        ([SELECT["text"], "00200084"], "6a88"),
        ([SELECT["text"], "00200011"], "6a86"),
        ([SELECT["text"], "00C0000000"], "6985"),
        (["00FF0000"], "6d00"),
        (["90B0000000"], "6e00"),
        (["0CB0000000"], "6882"),
        (["00B0"], "6700"),
        (["00CA004500"], "9000"),
        (["00CA00F800"], "6700"),
        (["00CA00F8000000"], "9000"),
        (["00CA123400"], "6a88"),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_cards_words(commands, status):
    assert say(chip(), *commands) == status


def test_the_last_byte_is_read_and_the_one_behind_it_is_not():
    card = chip()
    file = files.text_files(KUROGIRI, ISSUERS)[5]
    say(card, SELECT["text"], "00A4020C020005")
    assert ask(card, f"00B0{len(file) - 1:04X}00") == file[-1:] + b"\x90\x00"
    assert say(card, f"00B0{len(file):04X}00") == "6b00"


def test_a_long_command_brings_a_whole_file_where_it_is_taken():
    card = chip()
    assert len(ask(card, SELECT["jpki"], "00B08200000000")) == 1902
    card.extended = False
    assert say(card, "00B08200000000") == "6700"


# --- faults ----------------------------------------------------------------------------------


def test_a_chunky_card_gives_its_answer_piece_by_piece_and_no_stale_one():
    card = chip(chunky=True)
    whole = ask(chip(), SELECT["jpki"], "00B0820000")[:-2]
    answer, got = ask(card, SELECT["jpki"], "00B0820000"), b""
    while answer[-2] == 0x61:
        got += answer[:-2]
        answer = ask(card, f"00C00000{answer[-1]:02X}")
    assert got + answer[:-2] == whole
    say(card, "00B0820000", SELECT["jpki"])
    assert say(card, "00C0000000") == "6985"


def test_a_strict_card_wants_the_very_length():
    card = chip(strict_lengths=True)
    assert say(card, SELECT["common"], "00B2010C00") == "6c1e"
    assert ask(card, "00B2010C1E") == files.common_record(KUROGIRI) + b"\x90\x00"


def test_a_card_that_is_pulled_stays_away_and_a_mute_one_never_wakes():
    card = chip(pulled_after=1)
    say(card, SELECT["jpki"])
    with pytest.raises(Pulled):
        say(card, SELECT["jpki"])
    with pytest.raises(Mute):
        say(card, SELECT["jpki"])
    card.power_on()
    assert say(card, SELECT["jpki"]) == "9000"
    with pytest.raises(Mute):
        chip(mute=True)


def test_a_card_may_stumble_over_its_first_command():
    card = chip(stumbles=True)
    assert say(card, SELECT["jpki"]) == "6f00"
    assert say(card, SELECT["jpki"]) == "9000"


# --- judged by the terminal's own reading ----------------------------------------------------


def read_by_terminal(holder: Holder, **wrong: object):
    with Burst(chip(holder, **wrong)) as burst:
        return burst.holder(bytearray(holder.pin.encode()), TRUST, with_number=True)


@pytest.mark.parametrize("quirk", [{}, {"chunky": True}, {"strict_lengths": True}])
def test_the_terminal_finds_every_card_good_and_its_words_unchanged(quirk):
    for holder in (KUROGIRI, *rows().values()):
        if holder.token == "mynumber" and holder.tries.get("text", 3) > 1:
            found = read_by_terminal(holder, **quirk)
            assert (found.attributes.name, found.attributes.address) == (
                holder.name,
                holder.address,
            )
            evidence = found.evidence
            assert {evidence.issuer, evidence.data, evidence.presence} == {Finding.GOOD}


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ("forged_data", "data"),
        ("forged_signature", "data"),
        ("cloned", "presence"),
    ],
)
def test_the_terminal_finds_what_is_wrong_with_a_card(wrong, finding):
    assert getattr(read_by_terminal(KUROGIRI, **{wrong: True}).evidence, finding) is Finding.BAD
    with Burst(chip(**{wrong: True})) as burst:
        _, evidence = burst.printed("b", bytearray(KUROGIRI.number_b.encode()), TRUST)
    assert getattr(evidence, finding) is Finding.BAD


def test_an_issuer_nobody_knows_is_unknown_and_not_bad():
    evidence = read_by_terminal(KUROGIRI, unknown_issuer=True).evidence
    assert evidence.issuer is Finding.UNKNOWN
    assert not evidence.forged


def test_the_face_is_found_good_by_the_terminal():
    with Burst(chip()) as burst:
        printed, evidence = burst.printed("a", bytearray(KUROGIRI.number.encode()), TRUST)
    assert (printed.birth, printed.expires) == ("19800217", "20350217")
    assert {evidence.issuer, evidence.data, evidence.presence} == {Finding.GOOD}


@pytest.mark.parametrize("use", ["auth", "sign"])
def test_certificates_chain_to_the_test_roots_and_fit_their_use(use):
    made = files.build("jpki", KUROGIRI, ISSUERS)
    leaf, root = (1, 2) if use == "sign" else (10, 11)
    found = examine(tlv.first(made[leaf]).raw, tlv.first(made[root]).raw, TRUST, NOW, key=use)
    assert found.evidence.issuer is Finding.GOOD
    assert found.in_time
    assert found.fit_for_use
    assert ("黒桐" in str(found.told)) == (use == "sign")
    assert "JPKI" not in found.subject


def test_a_signature_by_the_card_fits_its_certificate():
    with Burst(chip()) as burst:
        assert burst.signed("sign", bytearray(b"ABC123"), b"paper").signature


def test_an_expired_card_has_expired_certificates():
    made = files.build("jpki", rows()["expired"], ISSUERS)
    found = examine(tlv.first(made[10]).raw, tlv.first(made[11]).raw, TRUST, NOW, key="auth")
    assert not found.in_time


# --- people ----------------------------------------------------------------------------------


def test_the_hard_cards_are_all_there():
    people = rows()
    assert "\U000e0102" in people["ivs"].name
    assert "𠮷" in people["plane2"].name
    assert len(people["long"].name) > 60
    assert "　" not in people["mono"].name
    assert not people["child"].has_sign_certificate
    assert {one.token for one in people.values()} == {
        "mynumber",
        "juki",
        "phone-android",
        "phone-iphone",
    }
    assert all("書蒼市" in one.address and one.municipality == "99999" for one in people.values())


def test_a_locked_card_is_blocked_and_a_last_try_is_one():
    with Burst(chip(rows()["locked"])) as burst, pytest.raises(PinBlocked):
        burst.holder(bytearray(b"1234"), TRUST)
    with Burst(chip(rows()["last"])) as burst:
        assert burst.recognise().tries["support"] == 1
        with pytest.raises(PinBlocked):
            burst.holder(bytearray(b"9999"), TRUST, last_try=True)


def test_a_wrong_pin_is_told_with_what_is_left():
    with Burst(chip()) as burst, pytest.raises(WrongPin) as caught:
        burst.holder(bytearray(b"0000"), TRUST)
    assert caught.value.attempts_left == 2


def test_a_child_cannot_sign():
    card = chip(rows()["child"])
    assert ask(card, SELECT["jpki"], "00B0880000")[:3].hex() == "008f00"
    assert say(card, "00B0810000") == "6a82"
    assert say(card, "0020009B") == "6a88"
    assert say(card, f"802A009A{SIGNED}") == "6a88"


@pytest.mark.parametrize(
    ("birth", "key", "era"),
    [
        (date(1926, 12, 24), "151224", 2),
        (date(1926, 12, 25), "011225", 3),
        (date(1989, 1, 7), "640107", 3),
        (date(1989, 1, 8), "010108", 4),
        (date(2019, 4, 30), "310430", 4),
        (date(2019, 5, 1), "010501", 5),
    ],
)
def test_the_year_of_birth_is_that_of_its_era(birth, key, era):
    born = replace(KUROGIRI, birth=birth)
    assert (born.birth_key, born.era) == (key, era)


def test_a_certificate_replaces_what_its_characters_lack_and_says_where():
    assert substituted("渡邉\U000e0102　花") == ("渡邉　花", "0100")
    assert substituted("𠮷野") == ("吉野", "10")
    assert substituted("１－２") == ("１－２", "000")


def test_the_check_digit_is_that_of_the_published_number():
    assert check_digit("53768667718") == "8"
    for one in rows().values():
        assert one.number[-1] == check_digit(one.number[:-1])


@pytest.mark.parametrize(
    "odd", [{"number": "12"}, {"security_code": "１２３４"}, {"token": "x"}, {"tries": {"x": 1}}]
)
def test_a_person_no_card_can_be_made_for_is_refused(odd):
    with pytest.raises(UnusableHolder):
        replace(KUROGIRI, **odd)


def test_a_misspelt_row_is_refused(tmp_path):
    file = tmp_path / "people.yaml"
    file.write_text("- {id: x, nmae: y}", "utf-8")
    with pytest.raises(UnusableHolder):
        holders(file)


# --- issuers ---------------------------------------------------------------------------------


def test_keys_stay_in_their_folder_for_us_alone(tmp_path):
    folder = tmp_path / "keys"
    first = Issuers(folder).card_key(KUROGIRI, "text").private_numbers()
    assert Issuers(folder).card_key(KUROGIRI, "text").private_numbers() == first
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_card_of_other_issuers_is_not_trusted(tmp_path):
    own = Issuers(tmp_path)
    certificate = files.text_files(KUROGIRI, own)[4]
    body, signature = tlv.objects(tlv.first(certificate).value)
    with pytest.raises(InvalidSignature):
        ISSUERS.key("cv-6000033").public_key().verify(
            signature.value, body.value, PKCS1v15(), SHA256()
        )


# --- strangers -------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [suica, drivers_licence, residence_card])
def test_a_stranger_is_told_from_our_cards_and_never_shown_a_pin(make):
    stranger = make()
    stranger.power_on()
    for command in SELECT.values():
        assert say(stranger, command) == "6a82"
    with Burst(stranger) as burst, pytest.raises(UnknownCard):
        burst.recognise()
    assert stranger.wasted == 0


@pytest.mark.parametrize(
    ("make", "aid"),
    [
        (drivers_licence, "A0000002310100000000000000000000"),
        (residence_card, "D392F0004F0200000000000000000000"),
    ],
)
def test_a_stranger_answers_to_its_own_name(make, aid):
    stranger = make()
    stranger.power_on()
    assert say(stranger, f"00A4040C10{aid}") == "9000"
    assert say(stranger, "00B0810000") == "6982"


def test_a_mute_stranger_never_wakes():
    with pytest.raises(Mute):
        MuteCard().power_on()


# --- anything at all -------------------------------------------------------------------------

PLAUSIBLE = st.builds(
    lambda head, body: bytes(head) + body,
    st.tuples(
        st.sampled_from([0x00, 0x80]),
        st.sampled_from([0xA4, 0xB0, 0xB2, 0x20, 0x2A, 0x84, 0xC0, 0xCA]),
        st.sampled_from([0, 1, 2, 4, 0x81, 0x91]),
        st.sampled_from([0, 4, 0x0C, 0x80, 0x91, 0x94, 0x97, 0x9B]),
    ),
    st.binary(max_size=12),
)


def burns(command: bytes) -> bool:
    found = parse(command)
    return found is not None and (found.cla, found.ins) == (0, 0x20) and bool(found.data)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SELECT)), st.lists(st.binary(max_size=40) | PLAUSIBLE, max_size=12))
def test_no_bytes_break_the_card_or_move_a_counter_unless_they_are_a_verify(applet, commands):
    card = chip()
    say(card, SELECT[applet])
    for command in commands:
        before = card.tries()
        assert len(card.transmit(command)) >= 2
        assert burns(command) or card.tries() == before
    assert card.wasted == sum(TRIES.values()) - sum(card.tries().values())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_a_stranger(command):
    for make in (suica, drivers_licence, residence_card):
        stranger = make()
        stranger.power_on()
        assert len(stranger.transmit(command)) == 2
