"""The line is cut at every byte of a request and of its answer: handed in again, it is there once.

Whatever was answered before the cut is true; whatever was not is settled by asking, or by sending
the same bytes again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from forms.envelope import canonical
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.office import HttpOffice
from kiosk.drill.wire import FINE, Trouble, Wire
from kiosk.errors import OfficeUnreachable
from kiosk.ports.office import Delivered, Later
from tests.fakes.envelopes import envelope
from tests.fakes.paired import Started, office_running


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    home = tmp_path_factory.mktemp("office")
    limits = ("--rate-device", "100000", "--rate-address", "100000")
    with office_running(home, "--enrol", "K01:kiosk", "--enrol", "C01:counter", *limits) as made:
        yield made


@pytest.fixture(scope="module")
def wire(office: Started) -> Iterator[Wire]:
    place = urlsplit(office.url)
    made = Wire(str(place.hostname), int(place.port or 0))
    yield made
    made.close()


@pytest.fixture(scope="module")
def terminal(
    office: Started, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HttpOffice]:
    home = tmp_path_factory.mktemp("terminal")
    office.devices.lend_keys("K01", home)
    with closing(HttpOffice(wire.url, "K01", DeviceKeys(home / "keys"))) as made:
        yield made


@pytest.mark.parametrize("way", ["request", "answer"])
def test_cut_at_every_byte_it_arrives_once(
    office: Started, wire: Wire, terminal: HttpOffice, way: str
) -> None:
    first = 1 if way == "request" else 100_001
    said: list[str] = []
    lost, strange = 0, []

    def hand_in(number: int) -> object:
        made = envelope(number)
        said.append(str(made.id))
        return terminal.put(str(made.id), canonical(made))

    wire.be(FINE)
    assert hand_in(first) == Delivered()  # the session is open from here on
    wire.be(FINE)
    assert hand_in(first + 1) == Delivered()
    whole = wire.carried[way]
    assert whole > 150
    for place in range(whole):
        made = envelope(first + 2 + place)
        one, body = str(made.id), canonical(made)
        said.append(one)
        wire.be(Trouble(request=place) if way == "request" else Trouble(answer=place))
        try:
            outcome = terminal.put(one, body)
        except OfficeUnreachable as fault:
            outcome = None
            strange += [place] if fault.strange else []
        assert outcome is None or isinstance(outcome, Delivered | Later), outcome
        lost += outcome is None
        wire.be(FINE)
        if isinstance(outcome, Delivered):
            assert terminal.submission(one) is not None, f"a lie after {place} bytes"
        assert terminal.put(one, body) == Delivered(), place
    assert lost > whole * 0.9
    assert strange == []  # a cut is the line's trouble: what comes behind waits, too
    there = Counter(pulled(office))
    assert {one: there[one] for one in said} == dict.fromkeys(said, 1)


def pulled(office: Started) -> list[str]:
    """Every id at the office, as a counter lists them."""
    found: list[str] = []
    after = None
    with closing(office.devices.office("C01")) as counter:
        for _ in range(1000):
            items, after = counter.submissions(after)
            found += [item["id"] for item in items]
            if after is None:
                break
    return found
