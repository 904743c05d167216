"""Answers filled in at home, sealed to the city's key and carried as one QR code or several."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from forms.sealing import SealedCodes, Symbol, Unopenable

_CODES = SealedCodes("KKN2", 16)


@dataclass(frozen=True)
class Prefill:
    """What a resident filled in at home for one procedure."""

    form: str
    version: str
    made: str
    answers: Mapping[str, Any]


def seal(prefill: Prefill, city: ec.EllipticCurvePublicKey, nonce: bytes) -> tuple[str, ...]:
    """The texts of the QR codes: only the city's key opens them."""
    body = {"f": prefill.form, "v": prefill.version, "t": prefill.made, "a": dict(prefill.answers)}
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return split(_CODES.seal(plain, city, nonce))


def split(sealed: bytes) -> tuple[str, ...]:
    """The sealed bytes as texts of symbols."""
    return _CODES.split(sealed)


def read_symbol(text: str) -> Symbol:
    """What one scanned text is."""
    return _CODES.read(text)


def open_sealed(sealed: bytes, keys: Sequence[ec.EllipticCurvePrivateKey]) -> Prefill:
    """What is inside, opened with the key of the city that it was sealed to."""
    plain = _CODES.open(sealed, keys)
    try:
        body = json.loads(plain.decode())
        prefill = Prefill(body["f"], body["v"], body["t"], body["a"])
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Unopenable("damaged") from fault
    header = (prefill.form, prefill.version, prefill.made)
    if not isinstance(prefill.answers, dict) or not all(isinstance(part, str) for part in header):
        raise Unopenable("damaged")
    return prefill
