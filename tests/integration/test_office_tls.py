"""The office behind TLS, with a city's own authority."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from kiosk.adapters.line import HttpLine
from kiosk.adapters.office import HttpOffice
from kiosk.errors import OfficeUnreachable
from tests.fakes.authority import Authority
from tests.integration.test_office import Office, refused_in_one_line, running, start_in_vain


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, city: Authority) -> Iterator[Office]:
    leaf = city.leaf("office")
    tls = ("--tls-cert", str(leaf.certificate), "--tls-key", str(leaf.key))
    with running(tmp_path_factory.mktemp("tls") / "home", *tls) as started:
        yield started


def test_a_terminal_that_knows_the_authority_comes_through(office: Office, city: Authority) -> None:
    assert office.url.startswith("https://127.0.0.1:")
    HttpLine(office.url, str(city.file)).ask()
    with closing(HttpOffice(office.url, ca=str(city.file))) as there:
        there.ready()
        assert there.trust()


def test_one_that_does_not_says_nothing_to_it(office: Office, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    for ca in ("", str(other.file)):
        with closing(HttpOffice(office.url, ca=ca)) as there, pytest.raises(OfficeUnreachable):
            there.ready()


def test_nothing_is_said_without_tls(office: Office) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(office.url.replace("https", "http") + "/healthz", timeout=10)


def test_where_the_city_asks_for_it_only_its_own_clients_are_heard(
    tmp_path: Path, city: Authority
) -> None:
    leaf, terminal = city.leaf("office"), city.leaf("K01")
    stranger = Authority(tmp_path, "other").leaf("K01")
    tls = ("--tls-cert", str(leaf.certificate), "--tls-key", str(leaf.key))
    with running(tmp_path / "home", *tls, "--tls-client-ca", str(city.file)) as office:
        asked = {"url": f"{office.url}/healthz", "verify": str(city.file)}
        shown = (str(terminal.certificate), str(terminal.key))
        assert requests.get(**asked, cert=shown, timeout=10).text == "ok"
        strange = (str(stranger.certificate), str(stranger.key))
        for cert in (None, strange):
            with pytest.raises(requests.ConnectionError):
                requests.get(**asked, cert=cert, timeout=10)


def test_what_does_not_fit_together_is_one_line(tmp_path: Path, city: Authority) -> None:
    one, other = city.leaf("one"), city.leaf("other")
    home = tmp_path / "home"
    for tls, words in (
        (("--tls-cert", str(one.certificate), "--tls-key", str(other.key)), "cannot be used"),
        (("--tls-cert", str(tmp_path / "none.pem"), "--tls-key", str(one.key)), "none.pem"),
        (("--tls-cert", str(one.certificate)), "go together"),
    ):
        assert words in refused_in_one_line(start_in_vain(home, "--port", "0", *tls))
