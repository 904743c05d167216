"""`cityos.yaml`: which broker, in whose name, and what of the office is told there.

Whatever word leaves for the city OS stands in this file or is a number. Secrets are in files that
it names. Every fault names the file and the line.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, field

from forms.definition import FormId, Part
from forms.loader import shaped
from forms.sources import FormFault, read
from office.cityos.entities import KINDS, Code, Name, Point, Town
from office.cityos.ngsi_ld import CORE
from office.config import SetupFault
from office.oauth import Credentials

_FORMS = Path(__file__).parents[2] / "resources" / "forms"
Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Type = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,60}$")]
Kind = Literal["alert", "closure", "notice"]
_TYPES: dict[str, Kind] = {"Alert": "alert", "Closure": "closure", "Notice": "notice"}


class Auth(Part, frozen=True):
    """OAuth2 client credentials: the secret's file, and the header that the broker's door reads."""

    token_url: str
    client: str
    secret: Annotated[str, Meta(description="a file")]
    scope: str | None = None
    header: Literal["Authorization", "X-Auth-Token"] = "Authorization"


class Place(Part, frozen=True):
    """A terminal as the public may know it."""

    name: Name
    location: tuple[float, float] | None = None


class Hours(Part, frozen=True):
    """When the office is open on working days."""

    opens: Clock = "08:30"
    closes: Clock = "17:15"

    def hold(self, moment: time) -> bool:
        """Whether it is open at this time of a working day."""
        return time.fromisoformat(self.opens) <= moment < time.fromisoformat(self.closes)


class Heard(Part, frozen=True):
    """Which entities are told to residents, and where the broker reaches this office."""

    callback: str
    types: Annotated[dict[Type, Kind], Meta(min_length=1, max_length=20)] = field(
        default_factory=lambda: dict(_TYPES)
    )


class CityOs(Part, frozen=True, kw_only=True):
    """Everything about the city OS; nothing is told that does not stand in `publish`."""

    kind: Literal["v2", "ld"]
    url: str
    service: Annotated[str, Meta(pattern=r"^[a-z0-9_]{0,50}$")] = ""
    path: Annotated[str, Meta(pattern=r"^(/[A-Za-z0-9_]{1,50}){1,10}$|^/?$")] = ""
    context: str = CORE
    auth: Auth | None = None
    every: Annotated[int, Meta(ge=1, le=86_400)] = 60
    publish: tuple[str, ...] = ()
    again: Annotated[str, Meta(max_length=40, description="another word: all is told anew")] = ""
    code: Code
    office: Key
    office_name: Name
    town: Town | None = None
    hours: Hours = Hours()
    threshold: Annotated[int, Meta(ge=2, le=1000)] = 10
    kiosks: dict[Key, Place] = field(default_factory=dict)
    procedures: tuple[FormId, ...] = ()
    notices: Heard | None = None

    @property
    def own(self) -> frozenset[str]:
        """Every free word that may leave."""
        named = {self.code, self.office, self.office_name, *self.known}
        places = {word for key, place in self.kiosks.items() for word in (key, place.name)}
        return frozenset(named | places | ({self.town} if self.town else set()))

    @property
    def known(self) -> frozenset[str]:
        """The procedures that may be named; ours where the file has none."""
        return frozenset(self.procedures or (file.stem for file in _FORMS.glob("*.yaml")))


def read_city_os(file: Path) -> tuple[CityOs, Credentials | None]:
    """The file, and what opens the broker's door."""
    try:
        source = read(file)
        city = shaped(source, CityOs)
    except FormFault as fault:
        raise SetupFault(str(fault)) from fault

    def wrong(key: str, rule: str) -> SetupFault:
        return SetupFault(f"{file}: line {source.line_of([key])}: {rule}")

    kinds = [kind.__name__ for kind in KINDS]
    for name in city.publish:
        if name not in kinds:
            raise wrong("publish", f"{name!r}; allowed: {', '.join(kinds)}")
    urls = {"url": city.url}
    if city.auth:
        urls["auth"] = city.auth.token_url
    if city.notices:
        urls["notices"] = city.notices.callback
    for key, url in urls.items():
        if not _is_address(url):
            raise wrong(key, f"{url!r} is no address")
    for key, place in city.kiosks.items():
        if place.location and not _in_japan(place.location):
            raise wrong("kiosks", f"{key}: location takes longitude and latitude in Japan")
    return city, _credentials(file, city.auth) if city.auth else None


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username


def _in_japan(location: tuple[float, float]) -> bool:
    return 122 <= location[0] <= 154 and 20 <= location[1] <= 46


def _credentials(file: Path, auth: Auth) -> Credentials:
    named = file.parent / Path(auth.secret).expanduser()
    try:
        secret = named.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SetupFault(f"{named}: no secret can be read there") from fault
    return Credentials(auth.token_url, auth.client, secret, auth.scope, auth.header)


def point(place: Place) -> Point | None:
    """Where a terminal stands, as the city OS writes it."""
    return Point(place.location) if place.location else None
