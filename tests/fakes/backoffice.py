"""A back office over real HTTP that fails as it is told to."""

import base64
import hashlib
import http.server
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

PROBLEM = "application/problem+json"


@dataclass
class BackOffice:
    """Does each key's work once; `script` says how the next calls are to go wrong.

    `files`: what was put, by path; `cut_after`: so many bytes of the next file are read.
    """

    script: list = field(default_factory=list)
    done: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    cut_after: int | None = None
    tokens: set = field(default_factory=set)
    fetched: int = 0
    lifetime: int = 3600

    def take(self, handler):
        length = int(handler.headers.get("Content-Length", 0))
        if handler.command == "PUT" and self.cut_after is not None:
            handler.rfile.read(min(length, self.cut_after))
            self.cut_after = None
            return handler.cut()
        body = handler.rfile.read(length)
        if handler.path == "/token":
            return self._token(handler)
        self.calls.append((dict(handler.headers), body))
        said = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens and said not in self.tokens:
            return handler.say(401)
        step = self.script.pop(0) if self.script else (201, {}, b"")
        if step == "cut before":
            return handler.cut()
        key = handler.headers["Idempotency-Key"]
        works = step in ("cut after", "half") or step[0] < 300
        if works and self.done.setdefault(key, body) != body:
            return handler.say(422, {"Content-Type": PROBLEM}, b'{"title": "key reused"}')
        if handler.command == "PUT" and works:
            if handler.headers["Content-Digest"] != digest(body):
                return handler.say(400, {"Content-Type": PROBLEM}, b'{"title": "digest"}')
            self.files[handler.path] = body
        if step == "cut after":
            return handler.cut()
        if step == "half":
            handler.send_response(201)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b'{"state":')
            return handler.cut()
        if step == "never":
            time.sleep(2)
            return handler.cut()
        return handler.say(*step)

    def _token(self, handler):
        self.fetched += 1
        self.tokens.add(f"token{self.fetched}")
        body = {"access_token": f"token{self.fetched}", "token_type": "bearer"}
        told = json.dumps({**body, "expires_in": self.lifetime}).encode()
        return handler.say(200, {"Content-Type": "application/json"}, told)


def digest(body):
    """RFC 9530."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@contextmanager
def serving(back, context=None):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            back.take(self)

        do_PUT = do_POST

        def say(self, status, headers=None, body=b""):
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def cut(self):
            self.close_connection = True
            self.wfile.flush()

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
