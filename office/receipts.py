"""The call behind a receipt's code: what became of the submission, and nothing personal."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse

from office.problems import ProblemError
from office.statuspage import STRANGE, WAITING, Shown, StatusPage, language_of
from office.tray import Tray

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def receipt_routes(tray: Tray, page: StatusPage) -> APIRouter:
    """The one call that residents make themselves."""
    router = APIRouter(prefix="/v1/receipts")

    @router.get("/{token}", response_class=HTMLResponse)
    def receipt(
        token: str,
        lang: Annotated[str | None, Query(max_length=10)] = None,
        accept: Annotated[str, Header()] = "",
        accept_language: Annotated[str | None, Header()] = None,
    ) -> HTMLResponse:
        """A page in plain words; one that is not known yet waits at its terminal."""
        found = tray.by_token(token) if len(token) < 64 and "\0" not in token else None
        if found is None and not _TOKEN.fullmatch(token) and "text/html" not in accept:
            raise ProblemError(404, "unknown", "No such receipt")
        language = language_of(lang, accept_language)
        if found is not None:
            shown = Shown(found.state, datetime.fromisoformat(found.received), found.missing)
        else:
            shown = Shown(WAITING if _TOKEN.fullmatch(token) else STRANGE)
        headers = {**page.headers, "Content-Language": language.partition("_")[0]}
        return HTMLResponse(page.draw(shown, language), 200 if found else 404, headers)

    return router
