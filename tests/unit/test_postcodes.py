"""Postcodes as Japan Post has them: known, shared, unknown, and fast enough for no lane."""

import time

import pytest

from kiosk.adapters.postcodes import places


@pytest.mark.parametrize("typed", ["1000001", "100-0001", "〒100-0001", "１００－０００１"])
def test_a_postcode_is_known_however_it_is_typed(typed):
    assert places(typed) == ({"prefecture": "東京都", "city": "千代田区", "town": "千代田"},)


@pytest.mark.parametrize("typed", ["", "100", "9999999", "10000011", "abcdefg"])
def test_what_is_no_postcode_has_no_place(typed):
    assert places(typed) == ()


def test_a_postcode_of_several_towns_names_each_once():
    found = places("452-0961")
    assert len(found) > 1
    assert len({place["town"] for place in found}) == len(found)
    assert len({place["city"] for place in found}) == 1


def test_an_office_with_a_postcode_of_its_own_has_number_and_name():
    (found,) = places("163-8001")
    assert found["prefecture"] == "東京都"
    assert found["building"]


def test_a_postcode_without_a_town_says_no_town():
    assert "town" not in places("100-0000")[0]


def test_looking_up_takes_less_than_a_millisecond():
    places("1000001")
    begun = time.perf_counter()
    for _ in range(50):
        places("1000001")
    assert (time.perf_counter() - begun) / 50 < 0.001
