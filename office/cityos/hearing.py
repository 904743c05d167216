"""How far the city OS has heard, kept over restarts: what it has heard is not told again."""

import hashlib

from msgspec.json import encode
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from office.cityos.config import CityOs
from office.tables import ToldTable


def heard(session: Session, city: CityOs) -> int:
    """The line of history up to which this broker knows all; 0 where it is new to us."""
    found = session.get(ToldTable, _broker(city))
    return found.place if found else 0


def note(engine: Engine, city: CityOs, place: int) -> int:
    """It has heard everything up to that line, or had before; how far that is."""
    with Session(engine) as session, session.begin():
        known = heard(session, city)
        if place > known:
            session.merge(ToldTable(broker=_broker(city), place=place))
        return max(place, known)


def _broker(city: CityOs) -> str:
    """Where it is, and everything that decides which applications it hears and as what."""
    where = (city.kind, city.url, city.service, city.path, city.code, city.again)
    what = (sorted(city.known), sorted(city.kiosks))
    return hashlib.sha256(encode((where, what))).hexdigest()
