"""The page behind a receipt's code: what became of the submission, and nothing personal."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from office.problems import ProblemError
from office.tray import Tray

_WORDS = {
    "received": "届きました",
    "forwarded": "届きました",
    "acknowledged": "手続き中です",
    "questioned": "確認が必要です",
    "done": "終わりました",
    "stopped": "取りやめました",
}


def receipt_routes(tray: Tray) -> APIRouter:
    """The one call that residents make themselves."""
    router = APIRouter(prefix="/v1/receipts")

    @router.get("/{token}", response_class=HTMLResponse)
    def receipt(token: str) -> HTMLResponse:
        """The page behind a receipt's code; nothing personal."""
        found = tray.by_token(token)
        if found is None:
            raise ProblemError(404, "unknown", "No such receipt")
        return HTMLResponse(_page(*found))

    return router


def _page(state: str, received: str) -> str:
    return (
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>申請のようす</title>'
        '<body style="font:24px/1.7 sans-serif;margin:2rem;color:#1a1a1a">'
        f"<h1>申請は{_WORDS[state]}</h1><p>受け取った日　{received[:10]}</p></body></html>"
    )
