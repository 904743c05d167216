"""OAuth2 client credentials: a token is fetched, renewed in time, and fetched anew once revoked."""

from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

PATIENCE = (3.05, 10.0)


class NoToken(requests.RequestException):
    """The token server gave none; like a line that is down, it is tried again later."""


@dataclass(frozen=True)
class Credentials:
    """Who we are to the token server, and the header that carries what it gives us."""

    token_url: str
    client: str
    secret: str
    scope: str | None = None
    header: str = "Authorization"


@dataclass(frozen=True)
class Tls:
    """A private trust, and a certificate of our own with its key: files."""

    trust: str | None = None
    certificate: tuple[str, str] | None = None


_PUBLIC = Tls()


class Caller:
    """One kept connection to another system, with a token where that system wants one."""

    def __init__(
        self,
        credentials: Credentials | None = None,
        patience: tuple[float, float] = PATIENCE,
        tls: Tls = _PUBLIC,
    ) -> None:
        self._credentials, self._patience = credentials, patience
        self._session = requests.Session()
        self._session.trust_env = False
        self._tokens = _tokens(credentials, patience) if credentials else None
        for session in filter(None, (self._session, self._tokens)):
            session.verify, session.cert = tls.trust or True, tls.certificate

    def call(self, method: str, url: str, **arguments: Any) -> requests.Response:
        """The answer; a token that was revoked meanwhile is replaced, once."""
        answer = self._send(method, url, arguments)
        if self._tokens is not None and answer.status_code == requests.codes.unauthorized:
            answer.close()
            self._tokens.token = None
            answer = self._send(method, url, arguments)
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()
        if self._tokens is not None:
            self._tokens.close()

    def _send(self, method: str, url: str, arguments: dict[str, Any]) -> requests.Response:
        asked = {"timeout": self._patience, "allow_redirects": False, **arguments}
        headers = {**asked.pop("headers", {}), **self._header()}
        return self._session.request(method, url, headers=headers, **asked)

    def _header(self) -> dict[str, str]:
        if self._tokens is None or self._credentials is None:
            return {}
        try:
            if not self._tokens.token or self._tokens.token.is_expired(leeway=0):
                self._tokens.fetch_token(allow_redirects=False)
            token = str(self._tokens.token["access_token"])
        except requests.RequestException:
            raise
        except (AuthlibBaseError, KeyError, TypeError, ValueError) as fault:
            raise NoToken(type(fault).__name__) from fault
        bearer = self._credentials.header == "Authorization"
        return {self._credentials.header: f"Bearer {token}" if bearer else token}


def _tokens(credentials: Credentials, patience: tuple[float, float]) -> Any:
    made = OAuth2Session(
        credentials.client,
        credentials.secret,
        scope=credentials.scope,
        token_endpoint=credentials.token_url,
        grant_type="client_credentials",
        default_timeout=patience,
    )
    made.trust_env = False
    return made
