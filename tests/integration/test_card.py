"""The My Number card through a real pcscd, by both drivers, and all that goes wrong."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.cards.certificates import examine, fits
from devices.cards.evidence import Finding
from devices.cards.issuers import trust_from
from devices.cards.reader import SlotReader
from devices.cards.reading import Burst
from devices.faults import (
    CardGone,
    CardMute,
    CardTooSlow,
    DeviceFault,
    LastTry,
    PinBlocked,
    ReaderGone,
    ReaderServiceGone,
    UnknownCard,
    WrongPin,
)
from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Holder, Misbehaviour
from devices.simulated.card.strangers import drivers_licence, residence_card, suica
from devices.simulated.card.virtual import VirtualCard
from devices.simulated.ccid import SerialReader
from devices.simulated.vpcd import VpcdClient
from tests.fakes import pcscd as stack

pytestmark = pytest.mark.skipif(bool(stack.missing()), reason=f"needs {stack.missing()}")
from devices.pcsc import PcscSlot  # noqa: E402 (after the stack chose its socket)

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ROOT / "resources" / "people"
CARDS = {
    card.id: card for file in ("cards.yaml", "hard_cards.yaml") for card in holders(PEOPLE / file)
}
ISSUERS = Issuers()
TRUST = ISSUERS.trust()
SETTLED = 2.0
CLEAR_WITHIN = 3.0


@dataclass
class Stand:
    """A reader behind a running pcscd, and the slot that looks at it."""

    reader: SerialReader | VpcdClient
    pcscd: stack.Pcscd
    slot: PcscSlot

    def lay(self, card: Holder | str) -> VirtualCard:
        """Lay a card down and wait until the service has seen it."""
        chip = VirtualCard(CARDS[card] if isinstance(card, str) else card, ISSUERS)
        self.reader.insert(chip)
        until(lambda: self.slot.lying() is not None)
        return chip

    def take(self) -> None:
        """Take it off again."""
        self.reader.remove()
        until(lambda: self.slot.lying() is None)


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + SETTLED
    while not what():
        assert time.monotonic() < end, "the card service saw nothing"
        time.sleep(0.02)


@contextmanager
def standing(folder: Path, way: str) -> Iterator[Stand]:
    serial = SerialReader() if way == "serial" else None
    entry = stack.serial(serial.device) if serial else stack.VPCD
    try:
        with stack.private_pcscd(folder, [entry]) as pcscd:
            reader = serial or VpcdClient(connect=pcscd.connect)
            slot = PcscSlot()
            try:
                yield Stand(reader, pcscd, slot)
            finally:
                slot.close()
                reader.close()
    finally:
        if serial:
            serial.close()


@pytest.fixture(scope="module", params=["serial", "vpcd"])
def stand(request, tmp_path_factory):
    with standing(tmp_path_factory.mktemp("pcscd") / "stack", request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def taken_off(request):
    yield
    if "stand" in request.fixturenames:
        request.getfixturevalue("stand").take()


def pin(digits: str = "1234") -> bytearray:
    return bytearray(digits.encode())


def locked_and_unharmed(chip: VirtualCard) -> bool:
    return not chip.verified() and chip.wasted == 0


@pytest.mark.parametrize(
    "who", ["p1", "p2", "p4", "ivs", "plane2", "long", "mono", "child", "unsaid", "awkward"]
)
def test_every_name_arrives_to_the_last_code_point(stand, who):
    chip = stand.lay(who)
    card = chip.holder
    reader = SlotReader(stand.slot, TRUST)
    seen = reader.look()
    assert seen is not None
    assert (seen.kind, seen.municipality, seen.attempts_left) == ("mynumber", "99999", 3)
    read = reader.read(pin())
    assert (read.name, read.address, read.birth, read.sex) == (
        card.name,
        card.address,
        card.birth,
        card.sex,
    )
    assert read.genuine
    assert read.not_checked == ("revocation",)
    assert locked_and_unharmed(chip)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("forged", {"issuer": "good", "data": "bad", "presence": "good"}),
        ("cloned", {"issuer": "good", "data": "good", "presence": "bad"}),
        ("stranger", {"issuer": "unknown", "data": "unknown", "presence": "unknown"}),
    ],
)
def test_a_forgery_a_copy_and_a_stranger_are_told_apart(stand, who, expected):
    stand.lay(who)
    with stand.slot.powered() as card, Burst(card) as burst:
        told = burst.holder(pin(), TRUST).evidence.told()
    assert told == {**expected, "revocation": "not-checked"}


def test_what_is_printed_on_the_card_comes_as_pictures(stand):
    chip = stand.lay("ivs")
    with stand.slot.powered() as card, Burst(card) as burst:
        printed, evidence = burst.printed("b", pin(chip.holder.number_b), TRUST)
    assert printed.face.startswith(b"\x89PNG")
    assert (evidence.issuer, evidence.data, evidence.presence) == (Finding.GOOD,) * 3
    assert locked_and_unharmed(chip)


@pytest.mark.parametrize(("key", "secret"), [("auth", "1234"), ("sign", "ABC123")])
def test_a_signature_fits_its_certificate_and_the_certificate_its_root(stand, key, secret):
    stand.lay("p2")
    content = b"what is signed"
    with stand.slot.powered() as card, Burst(card) as burst:
        made = burst.signed(key, pin(secret), content)
        issuer = burst.certificate(f"{key}-issuer")
    assert fits(made.certificate, made.signature, content)
    assert not fits(made.certificate, made.signature, content + b"!")
    found = examine(made.certificate, issuer, TRUST, datetime.now(UTC), key=key)
    assert (found.evidence.issuer, found.in_time, found.fit_for_use) == (Finding.GOOD, True, True)
    assert found.told.get("name") == (CARDS["p2"].name if key == "sign" else None)


def test_a_card_that_stays_open_until_it_loses_power_loses_power(stand):
    chip = stand.lay(replace(CARDS["p2"], wrong=Misbehaviour(clings=True)))
    SlotReader(stand.slot, TRUST).read(pin())
    until(lambda: not chip.verified())
    with stand.slot.powered() as card, Burst(card) as burst:
        burst.holder(pin(), TRUST)
        assert chip.verified(), "this card would stay open, did it keep its power"


def test_a_wrong_pin_costs_one_try_and_tells_it(stand):
    chip = stand.lay("p2")
    reader = SlotReader(stand.slot, TRUST)
    reader.look()
    with pytest.raises(WrongPin) as refused:
        reader.read(pin("9999"))
    assert refused.value.attempts_left == 2
    seen = reader.look()
    assert seen is not None
    assert seen.attempts_left == 2
    assert reader.read(pin()).name == chip.holder.name
    assert chip.tries()["text"] == 3


def test_a_blocked_card_and_a_last_try_are_left_alone(stand):
    for who, fault in (("locked", PinBlocked), ("last", LastTry)):
        chip = stand.lay(who)
        with pytest.raises(fault):
            SlotReader(stand.slot, TRUST).read(pin("9999"))
        assert chip.wasted == 0
        stand.take()


@pytest.mark.parametrize("kind", ["android", "iphone", "juki"])
def test_phones_and_old_cards_are_named(stand, kind):
    chip = stand.lay(kind)
    seen = SlotReader(stand.slot, TRUST).look()
    assert seen is not None
    assert seen.kind == chip.holder.token


@pytest.mark.parametrize("make", [suica, drivers_licence, residence_card])
def test_another_card_is_no_my_number_card(stand, make):
    stand.reader.insert(make())
    until(lambda: stand.slot.lying() is not None)
    begun = time.monotonic()
    reader = SlotReader(stand.slot, TRUST)
    for _ in range(3):
        with pytest.raises(UnknownCard):
            reader.look()
    assert time.monotonic() - begun < CLEAR_WITHIN


@pytest.mark.parametrize("misbehaviour", [Misbehaviour(mute=True), Misbehaviour(delay=0.7)])
def test_a_mute_or_crawling_card_is_given_up_in_time(stand, misbehaviour):
    stand.reader.insert(VirtualCard(replace(CARDS["p1"], wrong=misbehaviour), ISSUERS))
    time.sleep(1.0)
    begun = time.monotonic()
    with suppress(CardMute, CardGone, CardTooSlow):  # by vpcd a mute card is no card at all
        assert SlotReader(stand.slot, TRUST).look() is None
    assert time.monotonic() - begun < CLEAR_WITHIN + misbehaviour.delay


@pytest.mark.parametrize("after", range(1, 17))
def test_a_card_pulled_at_any_moment_ends_the_reading(stand, after):
    chip = stand.lay(replace(CARDS["p2"], wrong=Misbehaviour(pulled_after=after)))
    begun = time.monotonic()
    with pytest.raises(DeviceFault), stand.slot.powered() as card, Burst(card) as burst:
        burst.holder(pin(), TRUST)
    assert time.monotonic() - begun < CLEAR_WITHIN
    assert locked_and_unharmed(chip)


def test_a_card_swapped_after_the_look_is_not_read_for_the_other(stand):
    stand.lay("p1")
    reader = SlotReader(stand.slot, TRUST)
    assert reader.look()
    other = VirtualCard(CARDS["p2"], ISSUERS)
    stand.reader.insert(other)
    time.sleep(1.0)
    with pytest.raises(CardGone):
        reader.read(pin())
    assert other.wasted == 0


def test_a_reader_without_a_card_has_nothing_on_it(stand):
    assert SlotReader(stand.slot, TRUST).look() is None


def test_the_service_may_stop_and_start_again(tmp_path):
    reader, slot = SerialReader(), PcscSlot()
    try:
        with stack.private_pcscd(tmp_path / "one", [stack.serial(reader.device)]):
            reader.insert(VirtualCard(CARDS["p1"], ISSUERS))
            until(lambda: slot.lying() is not None)
        with pytest.raises((ReaderServiceGone, ReaderGone)):
            slot.lying()
        with stack.private_pcscd(tmp_path / "two", [stack.serial(reader.device)]):
            until(lambda: slot.lying() is not None)
            read = SlotReader(slot, TRUST).read(pin())
            assert read.name == CARDS["p1"].name
    finally:
        slot.close()
        reader.close()


def kakanai(stand: Stand, home: Path, *arguments: str, stdin: str = "") -> tuple[int, dict]:
    trust = home / "trust.json"
    trust.write_text(ISSUERS.trust_json())
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "card", "--json", "--trust", str(trust), *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=stand.pcscd.environment(),
    )
    assert done.stdout.count("\n") == 1, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_command_prints_the_person_and_leaves_the_card_locked(stand, tmp_path):
    chip = stand.lay("ivs")
    status, told = kakanai(stand, tmp_path, "--pin-stdin", stdin="1234\n")
    assert status == 0
    assert told["attributes"] == {
        "name": chip.holder.name,
        "address": chip.holder.address,
        "birth": "1951-06-07",
        "sex": "2",
    }
    assert told["checked"] == {
        "issuer": "good",
        "data": "good",
        "presence": "good",
        "revocation": "not-checked",
    }
    assert told["tries"] == {"support": 3, "auth": 3, "sign": 5}
    assert (told["kind"], told["token"]) == ("mynumber", "JPKIAPICCTOKEN2")
    assert "number" not in told
    assert chip.holder.number not in json.dumps(told)
    assert locked_and_unharmed(chip)


def test_the_number_is_printed_only_when_asked_for(stand, tmp_path):
    chip = stand.lay("p1")
    status, told = kakanai(stand, tmp_path, "--pin-stdin", "--number", stdin="1234")
    assert (status, told["number"]) == (0, chip.holder.number)


@pytest.mark.parametrize(
    ("who", "arguments", "stdin", "status", "error"),
    [
        ("p2", ["--pin-stdin"], "9999", 5, {"code": "wrong-pin", "attempts_left": 2}),
        ("p2", ["--pin-stdin"], "99999", 2, {"code": "malformed-pin"}),
        ("locked", ["--pin-stdin"], "1234", 6, {"code": "pin-blocked"}),
        ("last", ["--pin-stdin"], "1234", 2, {"code": "last-try", "attempts_left": 1}),
        (None, [], "", 4, {"code": "no-card"}),
        ("android", ["--pin-stdin"], "1234", 8, {"code": "unknown-card"}),
    ],
)
def test_every_refusal_has_its_code_and_status(
    stand, tmp_path, who, arguments, stdin, status, error
):
    if who:
        stand.lay(who)
    got, told = kakanai(stand, tmp_path, *arguments, stdin=stdin)
    assert got == status
    assert told["error"].pop("message")
    assert told["error"] == error


def test_the_last_try_is_used_when_it_is_meant(stand, tmp_path):
    stand.lay("last")
    status, told = kakanai(stand, tmp_path, "--pin-stdin", "--last-try", stdin="1234")
    assert (status, told["attributes"]["name"]) == (0, CARDS["last"].name)


def test_a_forgery_is_shown_and_said_no_to(stand, tmp_path):
    stand.lay("forged")
    status, told = kakanai(stand, tmp_path, "--pin-stdin", stdin="1234")
    assert (status, told["checked"]["data"]) == (1, "bad")


def test_without_the_service_the_command_says_what_to_start(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "card", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody")},
    )
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "reader-service-gone"


def test_of_two_readers_the_one_with_the_card_is_read(tmp_path):
    one, two, slot = SerialReader(), SerialReader(), PcscSlot()
    entries = [stack.serial(one.device, "First"), stack.serial(two.device, "Second")]
    try:
        with stack.private_pcscd(tmp_path / "stack", entries):
            until(lambda: len(slot.readers()) == 2)
            reader = SlotReader(slot, TRUST)
            assert reader.look() is None
            two.insert(VirtualCard(CARDS["p2"], ISSUERS))
            until(lambda: slot.lying() is not None)
            assert reader.look() is not None
            assert reader.read(pin()).name == CARDS["p2"].name
            one.insert(VirtualCard(CARDS["p1"], ISSUERS))
            only = PcscSlot("Second")
            until(lambda: (only.lying() or "").startswith("Second"))
            assert SlotReader(only, TRUST).read(pin()).name == CARDS["p2"].name
            only.close()
    finally:
        slot.close()
        one.close()
        two.close()


def test_a_reader_that_is_unplugged_and_plugged_in_again_reads_again(tmp_path):
    device, slot = SerialReader(), PcscSlot()
    chip = VirtualCard(CARDS["p1"], ISSUERS)
    try:
        with stack.private_pcscd(tmp_path / "stack", [stack.serial(device.device)]):
            device.insert(chip)
            until(lambda: slot.lying() is not None)
            reader = SlotReader(slot, TRUST)
            assert reader.look()
            device.unplug()
            begun = time.monotonic()
            with pytest.raises(DeviceFault):
                reader.read(pin())
            assert time.monotonic() - begun < CLEAR_WITHIN
            device.plug_in()
            device.insert(chip)
            read_again(reader)
    finally:
        slot.close()
        device.close()


def read_again(reader: SlotReader) -> None:
    """Within the time a person waits, and without anything restarted."""
    end = time.monotonic() + 2 * CLEAR_WITHIN
    while time.monotonic() < end:
        with suppress(DeviceFault):
            if reader.look() and reader.read(pin()).name == CARDS["p1"].name:
                return
        time.sleep(0.05)
    raise AssertionError("the reader stayed away")


def test_a_card_that_flutters_is_read_once_it_rests(stand):
    chip = VirtualCard(CARDS["p1"], ISSUERS)
    reader = SlotReader(stand.slot, TRUST)
    for _ in range(6):
        stand.reader.insert(chip)
        time.sleep(0.07)
        with suppress(DeviceFault):
            if reader.look():
                assert reader.read(pin()).name == chip.holder.name
        stand.reader.remove()
        time.sleep(0.05)
    stand.reader.insert(chip)
    read_again(reader)
    assert chip.wasted == 0


def test_a_card_of_an_unknown_issuer_is_refused_unless_the_city_takes_it(stand):
    stand.lay("stranger")
    assert not SlotReader(stand.slot, TRUST).read(pin()).genuine
    assert SlotReader(stand.slot, TRUST, takes_unknown=True).read(pin()).genuine
    stand.take()
    stand.lay("forged")
    assert not SlotReader(stand.slot, TRUST, takes_unknown=True).read(pin()).genuine


def test_test_cards_are_refused_where_only_production_is_trusted(stand):
    stand.lay("p1")
    production = trust_from((ROOT / "resources/trust/issuers.json").read_text("utf-8"))
    assert not SlotReader(stand.slot, production).read(pin()).genuine


def test_a_reader_that_carries_long_commands_reads_in_fewer(stand):
    chip = stand.lay("p2")
    reader = SlotReader(stand.slot, TRUST)
    reader.look()
    before = chip.count
    assert reader.read(pin()).genuine
    assert chip.count - before == 12
