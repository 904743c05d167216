"""A context broker over real HTTP that behaves as a real Orion was measured to (NGSIv2), or as
the NGSI-LD standard says; with trouble on order, and a token server beside it."""

import json
import re
import socket
import threading
import time
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests

LARGEST = 1024 * 1024
FORBIDDEN = re.compile(r"[<>\"'=;()]")
CLIENT, SECRET = "kakanai", "geheim"
# every refusal, as the wire has it
REFUSED = {
    "parse": (400, "ParseError", "Errors found in incoming JSON buffer"),
    "sign": (400, "BadRequest", "Invalid characters in attribute value"),
    "name": (400, "BadRequest", "Invalid characters in attribute name"),
    "path": (400, "BadRequest", "Service not found"),
    "type": (415, "UnsupportedMediaType", "not supported content type"),
    "large": (413, "RequestEntityTooLarge", "payload size limit exceeded"),
    "there": (422, "Unprocessable", "Already Exists"),
    "there-409": (409, "Conflict", "already exists"),
    "unknown-attribute": (422, "Unprocessable", "do not exist"),
    "missing": (404, "NotFound", "The requested entity has not been found. Check type and id"),
    "token": (401, "Unauthorized", "invalid token"),
    "database": (500, "InternalServerError", "Database Error"),
}


class Refused(Exception):
    """An answer out of the table."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Trouble:
    """What goes wrong with one request: a status, or lost, hang, slow, half."""

    what: int | str
    after: str | None = None


@dataclass
class FakeBroker:
    """The state of one broker; `kind` is the dialect it speaks."""

    kind: str = "v2"
    conflict: int = 422
    wants_token: str = ""  # the header's name
    lifetime: int = 3600
    database: bool = True
    batch_limit: int = LARGEST
    troubles: deque[Trouble] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    granted: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self.entities: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self.subscriptions: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self.lock = threading.RLock()
        self.ids = count(1)

    def fail(self, *whats: int | str, after: str | None = None) -> None:
        """The next requests go wrong like this, one after the other."""
        self.troubles.extend(Trouble(what, after) for what in whats)

    def revoke(self) -> None:
        """Every token is worth nothing from now on."""
        self.tokens.clear()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    broker: FakeBroker
    closing: threading.Event

    def log_message(self, *_: object) -> None:
        """Silent."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        split = urlsplit(self.path)
        path = unquote(split.path)
        self.query = {key: values[0] for key, values in parse_qs(split.query).items()}
        self.changed: list[dict[str, Any]] = []
        if path == "/token":
            return self._token(body)
        if path == "/version":  # answers whatever becomes of the database: no readiness probe
            return self._answer(200, {"orion": {"version": "4.7.0-next"}})
        broker = self.broker
        broker.asked.append((self.command, self.path))
        trouble = broker.troubles.popleft() if broker.troubles else None
        if trouble is not None and isinstance(trouble.what, int):
            headers = {"Retry-After": trouble.after} if trouble.after else {}
            return self._answer(trouble.what, {"error": "Trouble"}, headers)
        if trouble is not None and trouble.what == "hang":
            self.closing.wait(15)
            return self._cut()
        with broker.lock:
            try:
                answer = self._act(path, body)
            except Refused as fault:
                status, error, description = REFUSED[fault.why]
                answer = (status, {"error": error, "description": description}, {})
                if broker.kind == "ld":
                    kind = "AlreadyExists" if status == 409 else error
                    uri = f"https://uri.etsi.org/ngsi-ld/errors/{kind}"
                    answer = (status, {"type": uri, "title": description}, {})
        if trouble is not None and trouble.what == "lost":
            return self._cut()
        if trouble is not None and trouble.what == "slow":
            self.closing.wait(0.5)
        self._answer(*answer, half=trouble is not None and trouble.what == "half")
        self._notify()
        return None

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(
        self, status: int, body: Any = None, headers: Any = None, *, half: bool = False
    ) -> None:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        with suppress(OSError):
            self.send_response(status)
            for key, value in (headers or {}).items():
                self.send_header(key, value)
            if status != 204:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw) + (1 if half and not raw else 0)))
            self.end_headers()
            self.wfile.write(raw[: len(raw) // 2] if half else raw)
            self.wfile.flush()
        if half:
            self._cut()

    def _token(self, body: bytes) -> None:
        broker = self.broker
        asked = parse_qs(body.decode())
        basic = b64decode(self.headers.get("Authorization", "Basic ").partition(" ")[2]).decode()
        if basic != f"{CLIENT}:{SECRET}" or asked.get("grant_type") != ["client_credentials"]:
            return self._answer(401, {"error": "invalid_client"})
        made = token_hex(16)
        broker.granted += 1
        broker.tokens[made] = time.monotonic() + broker.lifetime
        told = {"access_token": made, "token_type": "Bearer", "expires_in": broker.lifetime}
        return self._answer(200, told)

    # what a broker does

    def _act(self, path: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        broker = self.broker
        if broker.wants_token:
            token = self.headers.get(broker.wants_token, "").removeprefix("Bearer ")
            if broker.tokens.get(token, 0.0) < time.monotonic():
                raise Refused("token")
        if not broker.database:
            raise Refused("database")
        if len(body) > broker.batch_limit:
            raise Refused("large")
        prefix = "/v2" if broker.kind == "v2" else "/ngsi-ld/v1"
        if not path.startswith(prefix + "/"):
            raise Refused("path")
        parts = path.removeprefix(prefix + "/").split("/")
        sent = self._json(body) if self.command in ("POST", "PATCH", "PUT") else None
        named = ("Fiware-Service", "NGSILD-Tenant")[broker.kind == "ld"]
        room = (self.headers.get(named, ""), self.headers.get("Fiware-ServicePath", "/"))
        self.room = room if broker.kind == "v2" else (room[0], "/")
        self.held = broker.entities.setdefault(self.room, {})
        match self.command, parts:
            case "POST", ["entities"]:
                return self._create(sent)
            case "GET", ["entities"]:
                return self._list()
            case "GET", ["entities", entity]:
                return 200, self._shown(self._known(entity)), {}
            case "DELETE", ["entities", entity]:
                self._known(entity)
                del self.held[entity]
                return 204, None, {}
            case (("PATCH" | "POST"), ["entities", entity, "attrs"]):
                return self._attributes(entity, sent)
            case "POST", ["op", "update"] | ["entityOperations", "upsert"]:
                return self._batch(sent)
            case _, ["subscriptions", *rest]:
                return self._subscriptions(rest, sent)
        raise Refused("missing")

    def _json(self, body: bytes) -> Any:
        kinds = {"application/json", "application/ld+json"}
        if (self.headers.get("Content-Type") or "").partition(";")[0] not in kinds:
            raise Refused("type")
        try:
            return json.loads(body)
        except ValueError as fault:
            raise Refused("parse") from fault

    def _known(self, entity: str) -> dict[str, Any]:
        if entity not in self.held:
            raise Refused("missing")
        return self.held[entity]

    def _create(self, sent: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        self._check(sent)
        there = sent["id"] in self.held
        if there and self.query.get("options") != "upsert":
            conflict = self.broker.conflict == 409 or self.broker.kind == "ld"
            raise Refused("there-409" if conflict else "there")
        self._keep(sent, fresh=True)
        return (204 if there else 201), None, {"Location": f"/v2/entities/{sent['id']}"}

    def _attributes(self, entity: str, sent: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        held = self._known(entity)
        self._check({"id": entity, "type": held["type"], **sent})
        unknown = any(name not in held for name in sent)
        if self.command == "PATCH" and unknown:
            raise Refused("unknown-attribute")
        if self.query.get("options") == "append" and any(name in held for name in sent):
            raise Refused("unknown-attribute")
        self._keep({"id": entity, "type": held["type"], **sent}, fresh=False)
        return 204, None, {}

    def _batch(self, sent: Any) -> tuple[int, Any, dict[str, str]]:
        entities = sent["entities"] if self.broker.kind == "v2" else sent
        for entity in entities:
            self._check(entity)
        for entity in entities:
            self._keep(entity, fresh=False)
        return 204, None, {}

    def _check(self, entity: dict[str, Any]) -> None:
        for name, attribute in entity.items():
            if re.search(r"[\s&?/#]", name):
                raise Refused("name")
            if self.broker.kind == "v2" and name not in ("id", "type"):
                unrestricted = attribute.get("type") == "TextUnrestricted"
                if not unrestricted and _forbidden(attribute.get("value")):
                    raise Refused("sign")

    def _keep(self, entity: dict[str, Any], *, fresh: bool) -> None:
        base = {} if fresh else self.held.get(entity["id"], {})
        self.held[entity["id"]] = {**base, **entity, " modified": _now()}
        self.changed.append(self.held[entity["id"]])

    def _list(self) -> tuple[int, Any, dict[str, str]]:
        ids = self.query["id"].split(",") if "id" in self.query else None
        found = [
            self._shown(entity)
            for entity in self.held.values()
            if (ids is None or entity["id"] in ids)
            and self.query.get("type", entity["type"]) == entity["type"]
        ]
        start, limit = int(self.query.get("offset", 0)), int(self.query.get("limit", 20))
        headers = {"Fiware-Total-Count": str(len(found))} if "count" in self.query else {}
        return 200, found[start : start + limit], headers

    def _shown(self, entity: dict[str, Any]) -> dict[str, Any]:
        options = self.query.get("options", "")
        if "keyValues" not in options:
            return {key: value for key, value in entity.items() if key != " modified"}
        modified = "dateModified" in self.query.get("attrs", "") or "sysAttrs" in options
        return simple(entity, self.broker.kind, modified=modified)

    def _subscriptions(self, rest: list[str], sent: Any) -> tuple[int, Any, dict[str, str]]:
        held = self.broker.subscriptions.setdefault(self.room, {})
        if self.command == "GET":
            return 200, list(held.values()), {}
        if self.command == "DELETE":
            if held.pop(rest[0], None) is None:
                raise Refused("missing")
            return 204, None, {}
        name = f"{next(self.broker.ids):024x}"
        held[name] = {**sent, "id": name}
        return 201, None, {"Location": f"/v2/subscriptions/{name}"}

    def _notify(self) -> None:
        """Once; whoever was away or said 503 is not told again."""
        room = getattr(self, "room", None)
        for there in list(self.broker.subscriptions.get(room, {}).values()):
            wanted = there.get("subject", there)["entities"]
            kinds = {each["type"] for each in wanted}
            data = [
                simple(entity, "ld", modified=True)
                if self.broker.kind == "ld"
                else _normalized(entity)
                for entity in self.changed
                if entity["type"] in kinds
            ]
            notification = there["notification"]
            if not data:
                continue
            target = notification.get("http", {}).get("url") or notification["endpoint"]["uri"]
            body = {"subscriptionId": there["id"], "data": data}
            if self.broker.kind == "ld":
                body |= {"id": f"urn:ngsi-ld:Notification:{token_hex(8)}", "type": "Notification"}
            notification["timesSent"] = notification.get("timesSent", 0) + 1
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    session.post(target, json=body, timeout=5).close()
            except requests.RequestException:
                notification["failsCounter"] = notification.get("failsCounter", 0) + 1


def simple(entity: dict[str, Any], kind: str, *, modified: bool) -> dict[str, Any]:
    """Key and value; v2 spells moments with milliseconds."""
    made: dict[str, Any] = {"id": entity["id"], "type": entity["type"]}
    for name, attribute in entity.items():
        if isinstance(attribute, dict):
            made[name] = attribute.get("value", attribute.get("object"))
            if attribute.get("type") == "LanguageProperty":
                made[name] = {"languageMap": attribute["languageMap"]}
            if attribute.get("type") == "DateTime":
                made[name] = made[name].replace("Z", ".000Z") if made[name] else made[name]
    if modified:
        made["dateModified" if kind == "v2" else "modifiedAt"] = entity[" modified"]
    return made


def _normalized(entity: dict[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in entity.items() if key != " modified"}
    return {**made, "dateModified": {"type": "DateTime", "value": entity[" modified"]}}


def _forbidden(value: Any) -> bool:
    if isinstance(value, str):
        return bool(FORBIDDEN.search(value))
    if isinstance(value, dict):
        return any(map(_forbidden, value.values()))
    return isinstance(value, list) and any(map(_forbidden, value))


@contextmanager
def broker(kind: str = "v2", **settings: Any) -> Iterator[FakeBroker]:
    """A broker that listens on loopback until the block ends."""
    made = FakeBroker(kind, **settings)
    closing = threading.Event()
    handler = type("Handler", (_Handler,), {"broker": made, "closing": closing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        closing.set()
        server.shutdown()
        thread.join(5)
        server.server_close()
