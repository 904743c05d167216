"""What anybody may ask the office: is it well, how much does it hold, which keys it has."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import Engine

from office.journal import Anchors
from office.ledger import Ledger
from office.sealing import SealingKeys
from office.tray import Tray


def open_routes(
    engine: Engine, tray: Tray, ledger: Ledger, keys: SealingKeys, anchors: Anchors
) -> APIRouter:
    """Every call that needs no device."""
    router = APIRouter()

    @router.get("/v1/trust")
    def trust() -> Response:
        """The city's public keys, for whoever verifies its papers."""
        return Response(keys.trust().text(), media_type="application/json")

    @router.get("/healthz", response_class=PlainTextResponse)
    def alive() -> str:
        """The process answers."""
        return "ok"

    @router.get("/readyz", response_class=PlainTextResponse)
    def ready() -> str:
        """A write transaction can begin."""
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1").close()
            connection.rollback()
        return "ok"

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> str:
        """Prometheus text."""
        lines = ["# TYPE kakanai_submissions gauge", "# TYPE kakanai_certificates gauge"]
        lines += [f'kakanai_submissions{{state="{k}"}} {v}' for k, v in tray.counts().items()]
        lines += [f'kakanai_certificates{{outcome="{k}"}} {v}' for k, v in ledger.counts().items()]
        lines.append("# TYPE kakanai_journals_refused counter")
        lines += [
            f'kakanai_journals_refused{{device="{k}"}} {v}' for k, v in anchors.refused.items()
        ]
        return "\n".join(lines) + "\n"

    return router
