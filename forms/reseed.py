"""An application on its own slip: whole, sealed to the office, so that any branch can hand it in.

The office's public key is no secret, so a seal alone proves nothing: inside it stands a mark that
only a terminal of this city can make.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forms.sealing import SealedCodes, Symbol, Unopenable

MARK, MOST = "KKR1", 4
_CODES = SealedCodes(MARK, MOST)
_PROOF = 16


def write(body: bytes, city: bytes, to: ec.EllipticCurvePublicKey, nonce: bytes) -> tuple[str, ...]:
    """The texts of the codes; Unopenable("too-long") where they would be more than a slip bears."""
    return _CODES.split(_CODES.seal(_proof(body, city) + body, to, nonce))


def read(text: str) -> Symbol:
    """What one scanned text is."""
    return _CODES.read(text)


def open_body(sealed: bytes, city: bytes, keys: Sequence[ec.EllipticCurvePrivateKey]) -> bytes:
    """The canonical bytes, as a terminal of this city froze them."""
    plain = _CODES.open(sealed, keys)
    proof, body = plain[:_PROOF], plain[_PROOF:]
    if not hmac.compare_digest(proof, _proof(body, city)):
        raise Unopenable("not-ours")
    return body


def _proof(body: bytes, city: bytes) -> bytes:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=MARK.encode()).derive(city)
    return hmac.digest(key, body, sha256)[:_PROOF]
