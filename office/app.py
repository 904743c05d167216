"""The office's composition root."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from sqlalchemy import Engine

from office.api import routes
from office.config import Settings
from office.devices import Enrolment
from office.intake import Intake
from office.problems import speak_problems
from office.registry import Registry


def build(settings: Settings, engine: Engine, enrolment: Enrolment) -> FastAPI:
    """The ASGI application over one open database."""

    def now() -> datetime:
        return datetime.now(ZoneInfo("Asia/Tokyo"))

    app = FastAPI(title="Kakanai office", version="1")
    speak_problems(app)
    app.include_router(
        routes(engine, Intake(engine, now), Registry(engine, settings.people, now), enrolment)
    )
    return app
