"""Applications that come back on paper: the terminal they were left with may have burnt."""

from asyncio import wrap_future
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from forms.envelope import Envelope, EnvelopeFault, from_json, status_token
from forms.reseed import open_body
from forms.sealing import Unopenable, key_id
from office.arrivals import attached_in
from office.config import SetupFault
from office.devices import Device, Devices
from office.intake import Intake
from office.keyfiles import kept, said, store
from office.orders import read_whole
from office.problems import ProblemError
from office.tray import Tray

LARGEST = 8 * 1024
_NAME, _RETIRED = "reseed.pem", "reseed-{}.pem"
_WORDS = "預かり票のコードから受け付けました"
_NO_PHOTOS = "（写真{}点は紙に入らないため、まだありません）"
_WHY: Mapping[str, str] = {
    "another-key": "This slip was sealed for another city",
    "not-ours": "This slip was not made by a terminal of this city",
    "damaged": "This code is damaged",
}
Authorization = Annotated[str | None, Header()]


class ReseedKeys:
    """The key that slips are sealed to, and those that they were sealed to before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        kept(folder, _NAME, _fresh)

    def public(self) -> bytes:
        """What terminals seal to."""
        return _public_pem(self._read(self._folder / _NAME))

    def every(self) -> list[ec.EllipticCurvePrivateKey]:
        """Today's key, then the retired ones: slips lie in drawers for years."""
        retired = sorted(self._folder.glob(_RETIRED.format("*")))
        return [self._read(file) for file in (self._folder / _NAME, *retired)]

    def rotate(self) -> str:
        """A new key from now on; its name."""
        old = self._read(self._folder / _NAME)
        name = _RETIRED.format(key_id(old.public_key()).hex())
        store(self._folder / name, _pem(old))
        store(self._folder / _NAME, _fresh())
        return key_id(self._read(self._folder / _NAME).public_key()).hex()

    def _read(self, file: Path) -> ec.EllipticCurvePrivateKey:
        with said(file):
            key = serialization.load_pem_private_key(file.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SetupFault(f"{file}: not a key that the office makes")
        return key


def reseed_routes(
    keys: ReseedKeys,
    city: bytes,
    intake: Intake,
    tray: Tray,
    devices: Devices,
    let_in: Callable[..., Device],
) -> APIRouter:
    """The public key, and the calls that look at a slip and bring its application in."""
    router = APIRouter()

    async def shown(request: Request) -> tuple[bytes, Envelope]:
        """What a terminal that was ours once put on its slip."""
        sealed = await read_whole(request, LARGEST)
        body, envelope = await run_in_threadpool(_opened, sealed, city, keys)
        if await run_in_threadpool(devices.standing, envelope.device) is None:
            raise ProblemError(422, "unknown-device", "No terminal of this name was ever ours")
        return body, envelope

    @router.get("/v1/reseed-key")
    def key() -> Response:
        """What terminals seal the spare codes of their slips to."""
        return Response(keys.public(), media_type="application/x-pem-file")

    @router.post("/v1/reseeds/look")
    async def look(request: Request, authorization: Authorization = None) -> dict[str, Any]:
        """Whose slip it is: its number and procedure, and where it stands if it came in already.

        Nothing is taken in, and nothing is told of the person.
        """
        await run_in_threadpool(let_in, authorization, "counter")
        _, envelope = await shown(request)
        there = await run_in_threadpool(tray.by_token, status_token(envelope.id))
        told = {"id": str(envelope.id), "form": envelope.form, "state": there and there[0]}
        return {**told, "receipt": envelope.receipt, "photos": _photos(envelope)}

    @router.post("/v1/reseeds")
    async def reseed(request: Request, authorization: Authorization = None) -> JSONResponse:
        """Open a slip's code and take the application in for the terminal that made it.

        The counter that scanned it learns whether it came in, and nothing of what it says.
        """
        who = await run_in_threadpool(let_in, authorization, "counter")
        body, envelope = await shown(request)
        photos = _photos(envelope)
        words = _WORDS + (_NO_PHOTOS.format(photos) if photos else "")
        put = intake.put(envelope.id, envelope.device, body, by=who.id, words=words)
        stored = await wrap_future(put)
        told: dict[str, Any] = {**stored.told(), "receipt": envelope.receipt, "photos": photos}
        return JSONResponse(told, 201 if stored.fresh else 200)

    return router


def _photos(envelope: Envelope) -> int:
    return len({each.sha256 for each in attached_in(envelope.content)})


def _opened(sealed: bytes, city: bytes, keys: ReseedKeys) -> tuple[bytes, Envelope]:
    try:
        body = open_body(sealed, city, keys.every())
        return body, from_json(msgspec.json.decode(body))
    except Unopenable as fault:
        raise ProblemError(422, fault.reason, _WHY[fault.reason]) from fault
    except (EnvelopeFault, msgspec.MsgspecError, ValueError) as fault:
        raise ProblemError(422, "damaged", _WHY["damaged"]) from fault


def _fresh() -> bytes:
    return _pem(ec.generate_private_key(ec.SECP256R1()))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
