"""A device proves itself by its key, and speaks under a short-lived token of ours: ADR 21."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from office.devices import TERMINALS, Device, Devices
from office.problems import ProblemError

CHALLENGE_SECONDS, SESSION_SECONDS = 60, 900
_OURS, _THEIRS = ("HS256", "ES256")
_LONGEST = 4096
_MOST_READ = 20_000


@dataclass(frozen=True)
class Opened:
    """What a device gets for a proof."""

    token: str
    seconds: int
    role: str


class Sessions:
    """The one door: every call of a device asks here who it is."""

    def __init__(self, secret: bytes, devices: Devices, now: Callable[[], datetime]) -> None:
        self._key, self._devices, self._now = OctKey.import_key(secret), devices, now
        self._read = lru_cache(_MOST_READ)(self._verified)
        self._nobody = _pem(ec.generate_private_key(ec.SECP256R1()).public_key())

    def challenge(self) -> str:
        """Something to sign that nobody knew before, good for a minute by our clock."""
        return self._told({"use": "challenge", "jti": secrets.token_urlsafe(16)}, CHALLENGE_SECONDS)

    def open(self, proof: str) -> Opened:
        """A session for whoever signed a challenge of ours with an enrolled key.

        An unknown device costs as much and hears the same as a wrong signature.
        """
        device = claimed(proof)
        found = self._devices.standing(device)
        self.check(proof, device, (found and found.public_key) or self._nobody)
        if found is None or found.public_key is None:
            raise stranger()
        _check_standing(found.revoked)
        self._devices.greeted(device)
        claims = {"use": "session", "sub": device, "gen": found.generation}
        return Opened(self._told(claims, SESSION_SECONDS), SESSION_SECONDS, found.role)

    def check(self, proof: str, device: str, public_key: str) -> None:
        """Is this a challenge of ours, signed as this device by the owner of this key?"""
        claims = _decoded(proof, ECKey.import_key(public_key), _THEIRS)
        if claims.get("iss") != device:
            raise stranger()
        self._ours(claims.get("nonce"), "challenge")

    def let_in(self, authorization: str | None, *roles: str) -> Device:
        """The device behind the header, if it may; terminals where no role is named."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise stranger()
        claims = self._ours(token, "session")
        device, generation = str(claims["sub"]), claims["gen"]
        found = self._devices.lately(device)
        if found is None or found.generation != generation or found.revoked:
            found = self._devices.standing(device)  # another process may have let it in since
        if found is None or found.generation != generation:
            raise stranger()
        _check_standing(found.revoked)
        if found.role not in (roles or TERMINALS):
            raise ProblemError(403, "not-allowed", "This device may not do that")
        return Device(device, found.role, generation)

    def quickly(self, authorization: str | None) -> Device | None:
        """The terminal behind the header if that is known without waiting; else ask `let_in`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        claims = self._ours(token, "session")
        found = self._devices.held(str(claims["sub"]))
        if found is None or found.generation != claims["gen"] or found.revoked:
            return None
        known = Device(str(claims["sub"]), found.role, found.generation)
        return known if found.role in TERMINALS else None

    def _told(self, claims: dict[str, Any], seconds: int) -> str:
        ends = int(self._now().timestamp()) + seconds
        header, claims = {"alg": _OURS, "typ": "JWT"}, {**claims, "exp": ends}
        return jwt.encode(header, claims, self._key, algorithms=[_OURS])

    def _ours(self, token: object, use: str) -> Mapping[str, Any]:
        """What we said in it, as long as it counts; a challenge is no session."""
        claims = self._read(token) if isinstance(token, str) else {}
        if claims.get("use") != use or claims["exp"] <= self._now().timestamp():
            raise stranger()
        return claims

    def _verified(self, token: str) -> Mapping[str, Any]:
        """A signature that held once holds again; what it says still has to count."""
        return MappingProxyType(_decoded(token, self._key, _OURS))


def public_key_of(pem: str) -> str:
    """The key as the office keeps it; only P-256 will do."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, TypeError) as fault:
        raise _no_key() from fault
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key()
    return _pem(key)


def stranger() -> ProblemError:
    """One answer for all who are not known, whatever the reason."""
    return ProblemError(401, "unknown-device", "This device is not paired with this office")


def _no_key() -> ProblemError:
    return ProblemError(422, "invalid", "public_key: takes a public key on P-256 as PEM")


def _check_standing(revoked: bool) -> None:  # noqa: FBT001
    """Only a device that has proved itself hears that it was revoked."""
    if revoked:
        raise ProblemError(401, "revoked-device", "This device was revoked")


def claimed(proof: str) -> str:
    """Who it says it is: nothing is believed yet."""
    try:
        claims = json.loads(jws.extract_compact(proof.encode()).payload)
        device = claims["iss"]
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise stranger() from fault
    if not isinstance(device, str) or not device.isprintable():
        raise stranger()
    return device[:80]


def _decoded(token: object, key: ECKey | OctKey, algorithm: str) -> dict[str, Any]:
    """The claims under a signature that holds, by this algorithm and no other."""
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise stranger()
    try:
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except (JoseError, ValueError, TypeError, RecursionError) as fault:
        raise stranger() from fault


def _pem(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
