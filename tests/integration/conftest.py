"""What tests on real parts share: one PostgreSQL for all of them, and either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from office.store import open_store
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


@pytest.fixture
def engine(tmp_path: Path, stores: Stores) -> Iterator[Engine]:
    """What an office of this test alone keeps, over either database."""
    made = open_store(stores.at(tmp_path))
    yield made
    made.dispose()
