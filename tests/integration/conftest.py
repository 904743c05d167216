"""What tests on real parts share: one PostgreSQL for all of them, and either database."""

from collections.abc import Iterator

import pytest

from tests.fakes.postgres import Postgres, server
from tests.fakes.stores import ENGINES, Stores


@pytest.fixture(scope="session")
def city_postgres() -> Iterator[Postgres]:
    """For tests that do it no harm; databases of their own are `create`d."""
    with server() as made:
        yield made


@pytest.fixture(scope="session", params=ENGINES)
def stores(request: pytest.FixtureRequest) -> Stores:
    """Everything that asks for it is tried over SQLite and over PostgreSQL."""
    return Stores(request.param, lambda: request.getfixturevalue("city_postgres"))
