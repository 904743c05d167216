"""The city OS behind one office: opened from its file, on a thread of its own, or not at all."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from sqlalchemy import Engine

from office.cityos.broker import Broker
from office.cityos.config import CityOs, read_city_os
from office.cityos.ngsi_ld import NgsiLd
from office.cityos.ngsi_v2 import NgsiV2
from office.cityos.publish import Publisher
from office.config import Settings
from office.keyfiles import secret
from office.notices import Notices
from office.oauth import Caller, Credentials

_PATIENCE = 30.0


def heard_by(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> Notices:
    """The notices of this office; without a city OS there are none."""
    city = read_city_os(settings.city_os)[0] if settings.city_os else None
    return Notices(engine, city.notices.types if city and city.notices else {}, now)


def address(settings: Settings) -> str:
    """The last part of where the broker reaches us, known to nobody else; empty for nobody."""
    if settings.city_os is None:
        return ""
    return urlsafe_b64encode(secret(settings.keys, "notify.key")).rstrip(b"=").decode()


def speak(city: CityOs, credentials: Credentials | None) -> Broker:
    """The line to the broker, in its dialect."""
    caller = Caller(credentials)
    if city.kind == "ld":
        return NgsiLd(city.url, caller, city.own, city.service, city.context)
    return NgsiV2(city.url, caller, city.own, city.service, city.path)


@contextmanager
def published(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> Iterator[None]:
    """While this lasts, the city OS is told how things stand; off without a file."""
    if settings.city_os is None:
        yield
        return
    city, credentials = read_city_os(settings.city_os)
    broker, stop = speak(city, credentials), Event()
    base = city.notices.callback.rstrip("/") if city.notices else ""
    publisher = Publisher(
        engine,
        broker,
        city,
        heard_by(settings, engine, now),
        secret(settings.keys, "applications.key"),
        f"{base}/v1/notifications/{address(settings)}",
        now,
    )
    thread = Thread(target=publisher.run, args=(stop,), name="city-os", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)
        broker.close()
