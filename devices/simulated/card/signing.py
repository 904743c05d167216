"""What the card's private keys do with bytes, whichever way the command asks for it."""

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_LONGEST, _HASHED, _DIGEST = 245, 255, 32


def raw(key: RSAPrivateKey, block: bytes) -> bytes:
    """PKCS#1 type 1 padding over bytes that need be no digest, and the private operation."""
    size = key.key_size // 8
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(block)) + b"\x00" + block
    numbers = key.private_numbers()
    message = int.from_bytes(padded, "big")
    first = pow(message, numbers.dmp1, numbers.p)
    second = pow(message, numbers.dmq1, numbers.q)
    rest = numbers.iqmp * (first - second) % numbers.p
    return (second + numbers.q * rest).to_bytes(size, "big")


def signed(key: RSAPrivateKey, content: bytes) -> bytes:
    """RSA with SHA-256, as issuers sign."""
    return raw(key, DIGEST_INFO + sha256(content).digest())


def _pss(key: RSAPrivateKey, digest: bytes) -> bytes:
    return key.sign(digest, PSS(MGF1(SHA256()), _DIGEST), Prehashed(SHA256()))


_Way = tuple[range, Callable[[RSAPrivateKey, bytes], bytes]]
_WAYS: dict[int, _Way] = {
    0: (range(1, _LONGEST + 1), raw),
    1: (range(1, _HASHED + 1), lambda key, said: raw(key, sha256(said).digest())),
    2: (range(_DIGEST, _DIGEST + 1), lambda key, said: raw(key, DIGEST_INFO + said)),
    3: (range(1, _HASHED + 1), signed),
    4: (range(_DIGEST, _DIGEST + 1), _pss),
    5: (range(1, _HASHED + 1), lambda key, said: _pss(key, sha256(said).digest())),
}


def known(way: int) -> bool:
    """Whether the card knows this P1 of its signing command."""
    return way in _WAYS


def accepts(way: int, size: int) -> bool:
    """Whether so many bytes can be signed this way."""
    return size in _WAYS[way][0]


def sign(key: RSAPrivateKey, way: int, said: bytes) -> bytes:
    """The signature over what was said, in a known way and an accepted size."""
    return _WAYS[way][1](key, said)
