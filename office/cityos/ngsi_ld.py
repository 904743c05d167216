"""NGSI-LD, for what comes after Orion."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests

from office.cityos.broker import THERE, BrokerRefuses, Line, Plain, Subscription, plain
from office.cityos.entities import Entity, kind_of
from office.cityos.ngsi import PAGE, SUBSCRIBED, Ngsi
from office.oauth import Caller

CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld"
_LD, _JSON = {"Content-Type": "application/ld+json"}, {"Accept": "application/json"}
_PATH = "/ngsi-ld/v1"
_PARTLY = 207


class NgsiLd(Ngsi):
    """The broker of the next procurement."""

    def __init__(
        self, url: str, caller: Caller, own: frozenset[str], tenant: str = "", context: str = CORE
    ) -> None:
        super().__init__(Line(url, caller, {"NGSILD-Tenant": tenant} if tenant else {}), own)
        self._context = context
        kind = 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
        self._link = {**_JSON, "Link": f"<{context}>; {kind}"}

    def encode(self, entity: Entity, body: Plain) -> Plain:
        """Properties, relationships and places, with the context they are read in."""
        made: dict[str, Any] = {"id": body["id"], "type": body["type"], "@context": self._context}
        for name, value in body.items():
            if name not in made:
                made[name] = _property(kind_of(type(entity), name, value), value)
        return made

    def create(self, encoded: Plain) -> bool:
        """Whether it was not there before."""
        answer = self.line.ask("POST", f"{_PATH}/entities", json=encoded, headers=_LD, well=THERE)
        return answer.status_code not in THERE

    def write(self, encoded: Sequence[Plain]) -> None:
        """All of them as they are given, over whatever stands there."""
        path = f"{_PATH}/entityOperations/upsert"
        answer = self.line.ask(
            "POST", path, params={"options": "update"}, json=list(encoded), headers=_LD
        )
        if answer.status_code == _PARTLY:
            raise BrokerRefuses("HTTP 207")

    def page(self, params: Mapping[str, str]) -> Sequence[Plain]:
        """Entities as plain values."""
        asked = {**params, "options": "keyValues,sysAttrs"}
        found = plain(
            self.line.ask("GET", f"{_PATH}/entities", params=asked, headers=self._link), list
        )
        return [_simple(each) for each in found if isinstance(each, dict) and "id" in each]

    def delete(self, entity: str) -> None:
        """Gone afterwards, whether it was there or not."""
        path = f"{_PATH}/entities/{quote(entity, safe='')}"
        self.line.ask("DELETE", path, well={requests.codes.not_found})

    def subscriptions(self) -> Sequence[Plain]:
        """Those that are there."""
        asked = self.line.ask(
            "GET", f"{_PATH}/subscriptions", params={"limit": str(PAGE)}, headers=self._link
        )
        return [each for each in plain(asked, list) if isinstance(each, dict)]

    def same(self, there: Plain, subscription: Subscription) -> bool:
        """Whether it asks for what we want."""
        kinds = tuple(each.get("type") for each in there.get("entities", ()))
        endpoint = there.get("notification", {}).get("endpoint", {})
        return kinds == subscription.types and endpoint.get("uri") == subscription.url

    def announce(self, subscription: Subscription) -> str:
        """A new subscription's id."""
        body = {
            "type": "Subscription",
            "description": SUBSCRIBED,
            "entities": [{"type": kind} for kind in subscription.types],
            "notification": {
                "endpoint": {"uri": subscription.url, "accept": "application/json"},
                "format": "keyValues",
                "sysAttrs": True,
            },
            "@context": self._context,
        }
        answer = self.line.ask("POST", f"{_PATH}/subscriptions", json=body, headers=_LD)
        return answer.headers.get("Location", "").rpartition("/")[2]

    def unsubscribe(self, subscription: str) -> None:
        """No more of that."""
        path = f"{_PATH}/subscriptions/{quote(subscription, safe='')}"
        self.line.ask("DELETE", path, well={requests.codes.not_found})


def _property(kind: str, value: Any) -> dict[str, Any]:
    match kind:
        case "Relationship":
            return {"type": "Relationship", "object": value}
        case "geo:json":
            return {"type": "GeoProperty", "value": value}
        case "DateTime":
            return {"type": "Property", "value": {"@type": "DateTime", "@value": value}}
    return {"type": "Property", "value": value}


def _simple(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Without the wrapping of moments; `modifiedAt` under the name that v2 has for it."""
    made = {
        name: value["@value"] if isinstance(value, dict) and "@value" in value else value
        for name, value in entity.items()
        if name != "@context"
    }
    if "modifiedAt" in made:
        made["dateModified"] = made.pop("modifiedAt")
    return made
