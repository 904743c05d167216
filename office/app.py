"""The office's composition root."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from msgspec import ValidationError
from sqlalchemy import Engine
from yaml import YAMLError

from office.api import routes
from office.config import Settings, SetupFault
from office.devices import Enrolment
from office.intake import Intake
from office.ledger import Ledger
from office.problems import speak_problems
from office.registry import Registry
from office.sealing import SealingKeys
from printing.records import Records
from printing.register import read_register
from printing.seal import seal_of, sign


def build(settings: Settings, engine: Engine, enrolment: Enrolment) -> FastAPI:
    """The ASGI application over one open database."""

    def now() -> datetime:
        return datetime.now(ZoneInfo("Asia/Tokyo"))

    records = _records(settings.people)
    keys = SealingKeys(settings.keys, records.city.name, now)

    def seal(said: Mapping[str, Any]) -> str:
        return sign(seal_of(said, records.city.code), keys.key())

    registry, ledger = Registry(engine, records, now, seal), Ledger(engine, now)
    app = FastAPI(title="Kakanai office", version="1")
    speak_problems(app)
    app.include_router(routes(engine, Intake(engine, now), registry, ledger, enrolment))
    return app


def _records(people: Path) -> Records:
    """The register, or one line that says what is wrong with its file."""
    try:
        return Records(read_register(people.read_text("utf-8")))
    except (OSError, YAMLError, ValidationError, UnicodeDecodeError) as fault:
        raise SetupFault(f"{people}: no register ({fault})") from fault
