"""How the office stands in the network: one listener, TLS where the city wants it, and patience.

Several offices on one machine share a port (`--reuse-port`): systemd keeps each of them running,
and none is anybody's parent.
"""

import gc
import resource
import socket
import ssl
from asyncio import TimerHandle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from office.config import SetupFault

HEADERS_WITHIN, KEPT_ALIVE, GOODBYE = 10.0, 65, 5  # seconds
_BACKLOG, _MOST_AT_ONCE = 1024, 4000


@dataclass(frozen=True)
class Tls:
    """The office's certificate and key; with `client_ca`, only who has one of its certificates."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


class Patient(HttpToolsProtocol):
    """A connection whose request does not come is closed: a slow one holds nothing for ever."""

    _late: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The head of the first request is awaited from here on."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """The head of another request on this connection."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It came; its body has a patience of its own."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self._late = self.loop.call_later(HEADERS_WITHIN, self.transport.close)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def server(app: FastAPI, tls: Tls | None) -> uvicorn.Server:
    """The server, before it runs; a certificate that does not fit is one line."""
    more: dict[str, Any] = {}
    if tls is not None:
        _check(tls)
        more = {"ssl_certfile": tls.certificate, "ssl_keyfile": tls.key}
        if tls.client_ca is not None:
            more |= {"ssl_ca_certs": str(tls.client_ca), "ssl_cert_reqs": ssl.CERT_REQUIRED}
    _open_files()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Patient,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=KEPT_ALIVE,
        timeout_graceful_shutdown=GOODBYE,
        **more,
    )
    gc.freeze()  # what was built stays: only what calls leave behind is looked through for waste
    return uvicorn.Server(config)


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Bound and listening before anybody is told the address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as fault:
        listener.close()
        words = getattr(fault, "strerror", None) or "no such port"
        raise SetupFault(f"{host}:{port}: {words}; end what holds it, or use --port") from fault
    return listener


def _check(tls: Tls) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(tls.certificate, tls.key)
        if tls.client_ca is not None:
            context.load_verify_locations(tls.client_ca)
    except OSError as fault:  # ssl.SSLError is one
        words = fault.strerror or "no certificate and key that fit"
        raise SetupFault(f"--tls-cert {tls.certificate}: cannot be used ({words})") from fault


def _open_files() -> None:
    """As many connections as the machine allows: a shell's usual limit is for people."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
