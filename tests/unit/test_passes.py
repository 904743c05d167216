"""A terminal's sessions: fetched at need, renewed in time, shared by all lanes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.passes import Pass, Session
from kiosk.errors import OfficeUnreachable
from tests.fakes.doorkeeper import Doorkeeper


@pytest.fixture
def keys(tmp_path: Path) -> DeviceKeys:
    made = DeviceKeys(tmp_path / "keys")
    made.confirm(made.next())
    return made


@pytest.fixture
def door(keys: DeviceKeys) -> Doorkeeper:
    return Doorkeeper(keys.candidates()[0])


def test_nobody_is_asked_before_the_first_need(keys: DeviceKeys, door: Doorkeeper) -> None:
    known = Pass("K01", keys, door.ask)
    assert door.challenges == 0
    assert [known.token() for _ in range(3)] == ["token 1"] * 3
    assert (door.challenges, door.sessions) == (1, 1)


@pytest.mark.parametrize(("seconds", "renewed"), [(900, 840.0), (90, 45.0)])
def test_a_session_is_renewed_a_minute_before_its_end_and_a_short_one_half_way(
    keys: DeviceKeys, door: Doorkeeper, seconds: int, renewed: float
) -> None:
    now = [1000.0]
    door.seconds = seconds
    known = Pass("K01", keys, door.ask, lambda: now[0])
    known.token()
    now[0] += renewed - 0.1
    assert known.token() == "token 1"
    now[0] += 0.1
    assert known.token() == "token 2"


def test_a_token_that_the_office_did_not_take_is_replaced_once_for_all_lanes(
    keys: DeviceKeys, door: Doorkeeper
) -> None:
    known = Pass("K01", keys, door.ask)
    stale = known.token()
    with ThreadPoolExecutor(8) as lanes:
        fresh = set(lanes.map(lambda _: known.token(instead_of=stale), range(32)))
    assert fresh == {"token 2"}
    assert door.sessions == 2


def test_many_lanes_at_the_start_open_one_session(keys: DeviceKeys, door: Doorkeeper) -> None:
    known = Pass("K01", keys, door.ask)
    with ThreadPoolExecutor(8) as lanes:
        assert set(lanes.map(lambda _: known.token(), range(32))) == {"token 1"}
    assert (door.challenges, door.sessions) == (1, 1)


def test_an_office_that_was_away_is_asked_again_at_the_next_need(
    keys: DeviceKeys, door: Doorkeeper
) -> None:
    known = Pass("K01", keys, door.ask)
    for away in (1, 1):
        door.away = away
        with pytest.raises(OfficeUnreachable):
            known.token()
    assert known.token() == "token 1"
    door.status = 503
    with pytest.raises(OfficeUnreachable, match="503"):
        known.token(instead_of="token 1")
    door.status = 200
    assert known.token() == "token 2"


def test_without_a_key_nothing_is_sent(tmp_path: Path) -> None:
    door = Doorkeeper("")
    for keys in (None, DeviceKeys(tmp_path)):
        known = Pass("K01", keys, door.ask)
        assert known.open() == "not paired"
        with pytest.raises(OfficeUnreachable, match="not paired"):
            known.token()
    assert door.challenges == 0


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_lost_answer_to_a_rotation_is_settled_by_trying_both_keys(
    keys: DeviceKeys,
    door: Doorkeeper,
    *,
    confirmed: bool,
) -> None:
    (old,) = keys.candidates()
    new = keys.next()
    assert keys.next() == new  # asked again, the same one
    if confirmed:
        door.knows = new
    opened = Pass("K01", keys, door.ask).open()
    assert isinstance(opened, Session)
    assert keys.candidates() == ((new,) if confirmed else (old, new))
    assert door.refused == int(confirmed)


def test_a_device_that_is_out_hears_why_and_keeps_both_keys(
    keys: DeviceKeys, door: Doorkeeper
) -> None:
    new = keys.next()
    door.knows = DeviceKeys(Path(str(keys._folder) + "-other")).next()
    known = Pass("K01", keys, door.ask)
    assert known.open() == "This device is not paired with this office"
    assert keys.candidates()[1] == new


def test_a_key_that_was_damaged_is_said_and_stops_nothing_else(
    keys: DeviceKeys, door: Doorkeeper
) -> None:
    (keys._folder / "device.pem").write_text("words")
    known = Pass("K01", keys, door.ask)
    assert known.open() == "keys/device.pem cannot be used"
    with pytest.raises(OfficeUnreachable):
        known.token()
