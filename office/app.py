"""The office's composition root."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from msgspec import ValidationError
from sqlalchemy import Engine
from yaml import YAMLError

from forms.purposes import Purpose
from forms.purposes_loader import load_purposes
from forms.sources import FormFault
from office.api import Figures, open_routes
from office.attachments import Attachments, attachment_routes
from office.certificates import certificate_routes
from office.cityos.opening import address, heard_by
from office.config import STATUS, Settings, SetupFault
from office.consents import Consents
from office.copies import Copies
from office.devices import Devices
from office.intake import Intake
from office.journal import Anchors, journal_routes
from office.keyfiles import secret
from office.ledger import Ledger
from office.limits import Buckets, Door, Limits
from office.meters import Meters
from office.notices import notice_routes
from office.pairing import Pairings, device_routes
from office.persons import person_routes
from office.problems import speak_problems
from office.readiness import Readiness
from office.receipts import receipt_routes
from office.registry import Registry
from office.relays.config import read_directory
from office.relays.onward import onward
from office.reports import Reports, report_routes
from office.reseed import ReseedKeys, reseed_routes
from office.restoration import Restorations
from office.sealing import SealingKeys
from office.sessions import Sessions
from office.statuspage import StatusPage
from office.store import belong
from office.submissions import TakingIn, submission_routes
from office.tray import Tray
from printing.certificates.letterhead import Letterhead, default_letterhead, letterhead
from printing.certificates.press import CertificatePress
from printing.certificates.source import LetterheadFault
from printing.letters.glyphs import find_fonts
from printing.proof.seal import seal_of, sign
from printing.registers.records import Records
from printing.registers.register import Register, read_register

PERSON_KEY = "person.key"


def now() -> datetime:
    """The time on the office's wall."""
    return datetime.now(ZoneInfo("Asia/Tokyo"))


def build(settings: Settings, engine: Engine) -> FastAPI:
    """The ASGI application over one open database."""
    register, head = _register(settings.people), _letterhead(settings.letterhead)
    _look_for(settings.fonts)
    keys = SealingKeys(settings.keys, register.city.name, now)

    def seal(said: Mapping[str, Any]) -> str:
        return sign(seal_of(said, register.city.code), keys.key())

    def open_press() -> CertificatePress:
        return CertificatePress(find_fonts(own=settings.fonts), head)

    guarded = register.guarded()
    registry = Registry(engine, Records(register), now, seal)
    unserved = ((each.name, each.birth) for each in register.people if each.id in guarded)
    copies = Copies(registry, keys, open_press, unserved)
    meters = Meters()
    consents, directory = consents_of(settings, engine), read_directory(settings.relays)
    intake = Intake(engine, now, meters, consents.stands, onward(directory))
    tray = Tray(engine, now, consents.stands, directory.target_of)
    ledger = Ledger(engine, now)
    devices = Devices(engine, now)
    sessions = Sessions(secret(settings.keys, "session.key"), devices, now)
    anchors = Anchors(engine, now)
    person_key = secret(settings.keys, PERSON_KEY)
    belong(engine, PERSON_KEY, person_key)
    notices = heard_by(settings, engine, now)
    let_in = Door(sessions, Buckets(settings.rate_device))
    take_in = TakingIn(intake, devices, let_in)
    app = FastAPI(
        title="Kakanai office",
        version="1",
        lifespan=_closing(intake.close),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # no call is told elsewhere
        routes=[take_in.route()],
    )
    speak_problems(app)
    strangers = Buckets(settings.rate_address)
    app.add_middleware(Limits, door=let_in, buckets=strangers, meters=meters)
    figures = Figures(tray, ledger, anchors, meters, now)
    for routes in (
        submission_routes(take_in, tray, let_in),
        attachment_routes(Attachments(engine, now), tray, let_in),
        certificate_routes(registry, ledger, copies, let_in),
        device_routes(devices, Pairings(engine, now), sessions, person_key),
        person_routes(engine, consents, let_in),
        receipt_routes(tray, StatusPage(STATUS, register.city.name)),
        reseed_routes(ReseedKeys(settings.keys), person_key, intake, tray, devices, let_in),
        journal_routes(anchors, let_in),
        report_routes(Reports(engine, notices, Restorations(engine, now), now), let_in),
        notice_routes(notices, address(settings)),
        open_routes(Readiness(engine), keys, figures),
    ):
        app.include_router(routes)
    return app


def consents_of(settings: Settings, engine: Engine) -> Consents:
    """Everybody's word on the purposes of the city."""
    return Consents(engine, _purposes(settings.purposes), now)


def _closing(
    *closers: Callable[[], None],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What the application ends with: what was begun is brought to its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for close in closers:
            await run_in_threadpool(close)

    return lifespan


def sealing_keys(settings: Settings) -> SealingKeys:
    """The keys of an office that has begun; a home by another name makes none by mistake."""
    if not settings.keys.exists():
        raise SetupFault(f"{settings.keys}: no keys yet; start the office once, or use --home")
    return SealingKeys(settings.keys, _register(settings.people).city.name, now)


def _register(people: Path) -> Register:
    """The register, or one line that says what is wrong with its file."""
    try:
        return read_register(people.read_text("utf-8"))
    except (OSError, YAMLError, ValidationError, UnicodeDecodeError) as fault:
        raise SetupFault(f"{people}: no register ({fault})") from fault


def _purposes(file: Path) -> tuple[Purpose, ...]:
    """What may go on with consent; the terminals that ask for it know the same file."""
    try:
        return load_purposes(file)
    except FormFault as fault:
        raise SetupFault(str(fault)) from fault


def _look_for(fonts: Iterable[Path]) -> None:
    """They are opened by the first copy, and missed at the start."""
    for file in fonts:
        if not file.is_file():
            raise SetupFault(f"{file}: no such font")


def _letterhead(file: Path | None) -> Letterhead:
    """What the city's papers look like; the terminals that verify them know the same file."""
    try:
        return letterhead(file) if file else default_letterhead()
    except LetterheadFault as fault:
        raise SetupFault(str(fault)) from fault
