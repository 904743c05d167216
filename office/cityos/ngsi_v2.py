"""NGSIv2, as FIWARE Orion speaks it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests

from office.cityos.broker import THERE, Line, Plain, Subscription, plain
from office.cityos.entities import Entity, NotPublishable, kind_of
from office.cityos.ngsi import PAGE, SUBSCRIBED, Ngsi
from office.oauth import Caller

FORBIDDEN = re.compile(r"[<>\"'=;()]")


class NgsiV2(Ngsi):
    """The broker that the nation recommends."""

    def __init__(
        self, url: str, caller: Caller, own: frozenset[str], service: str = "", path: str = ""
    ) -> None:
        named = {"Fiware-Service": service, "Fiware-ServicePath": path}
        super().__init__(Line(url, caller, {k: v for k, v in named.items() if v}), own)

    def encode(self, entity: Entity, body: Plain) -> Plain:
        """Attributes with their types; words with brackets are told as unrestricted ones."""
        made: dict[str, Any] = {"id": body["id"], "type": body["type"]}
        for name, value in body.items():
            if name in made:
                continue
            kind = kind_of(type(entity), name, value)
            if kind == "free":
                kind = "TextUnrestricted" if FORBIDDEN.search(value) else "Text"
            elif _forbidden(value):
                raise NotPublishable(f"{type(entity).__name__}: a forbidden sign at {name}")
            made[name] = {"type": kind, "value": value}
        return made

    def create(self, encoded: Plain) -> bool:
        """Whether it was not there before."""
        answer = self.line.ask("POST", "/v2/entities", json=encoded, well=THERE)
        return answer.status_code not in THERE

    def write(self, encoded: Sequence[Plain]) -> None:
        """All of them as they are given, over whatever stands there."""
        body = {"actionType": "append", "entities": list(encoded)}
        self.line.ask("POST", "/v2/op/update", json=body)

    def page(self, params: Mapping[str, str]) -> Sequence[Plain]:
        """Entities as plain values."""
        asked = {**params, "options": "keyValues", "attrs": "*,dateModified"}
        found = plain(self.line.ask("GET", "/v2/entities", params=asked), list)
        return [each for each in found if isinstance(each, dict) and "id" in each]

    def delete(self, entity: str) -> None:
        """Gone afterwards, whether it was there or not."""
        path = f"/v2/entities/{quote(entity, safe='')}"
        self.line.ask("DELETE", path, well={requests.codes.not_found})

    def subscriptions(self) -> Sequence[Plain]:
        """Those that are there."""
        asked = self.line.ask("GET", "/v2/subscriptions", params={"limit": str(PAGE)})
        return [each for each in plain(asked, list) if isinstance(each, dict)]

    def same(self, there: Plain, subscription: Subscription) -> bool:
        """Whether it asks for what we want."""
        wanted = _body(subscription)
        subject, notification = there.get("subject", {}), there.get("notification", {})
        return bool(
            subject.get("entities") == wanted["subject"]["entities"]
            and notification.get("http", {}).get("url") == subscription.url
        )

    def announce(self, subscription: Subscription) -> str:
        """A new subscription's id."""
        answer = self.line.ask("POST", "/v2/subscriptions", json=_body(subscription))
        return answer.headers.get("Location", "").rpartition("/")[2]

    def unsubscribe(self, subscription: str) -> None:
        """No more of that."""
        path = f"/v2/subscriptions/{quote(subscription, safe='')}"
        self.line.ask("DELETE", path, well={requests.codes.not_found})


def _body(subscription: Subscription) -> dict[str, Any]:
    return {
        "description": SUBSCRIBED,
        "subject": {"entities": [{"idPattern": ".*", "type": kind} for kind in subscription.types]},
        "notification": {"http": {"url": subscription.url}, "attrs": ["*", "dateModified"]},
    }


def _forbidden(value: Any) -> bool:
    match value:
        case str():
            return bool(FORBIDDEN.search(value))
        case Mapping():
            return any(map(_forbidden, value.values()))
        case list() | tuple():
            return any(map(_forbidden, value))
    return False
