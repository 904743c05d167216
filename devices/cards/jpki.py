"""公的個人認証: what kind of token this is, its certificates, and signatures by their keys."""

import hashlib

from devices import tlv
from devices.cards.profile import TOKENS
from devices.cards.session import AppletSession
from devices.faults import UnreadableCard

_LABEL = 32


class Jpki(AppletSession):
    """The applet, once selected."""

    def token(self) -> tuple[str, str]:
        """The kind of card or phone, and the label that says so."""
        label = self.read("token")[:_LABEL].decode("ascii", "replace").strip("\x00 ")
        return TOKENS.get(label, "unknown"), label

    def certificate(self, which: str) -> bytes:
        """The DER of `auth-certificate` and the like, without the filler behind it."""
        try:
            return tlv.first(self.read(which)).raw
        except tlv.TlvFault as fault:
            raise UnreadableCard from fault

    def signature(self, key: str, content: bytes) -> bytes:
        """The signature of `auth` or `sign` over the content, as this generation of card signs."""
        algorithm = self._applet.algorithm
        return self.sign(key, algorithm.prefix + hashlib.new(algorithm.digest, content).digest())
