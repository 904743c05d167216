"""A card from power-up to farewell: recognised by what it answers, read in one burst, left locked.

A burst begins and ends with the card's own record. If it is not the same record both times, or
not that of the card a person was asked about, nothing that was read is used.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from devices.apdu import OK, WHOLE, Card, Command, Exchange, StatusFault
from devices.cards.certificates import Revoked, examine, fits
from devices.cards.common import CommonRecord, common_record
from devices.cards.evidence import NOTHING_CHECKED, Evidence, Finding
from devices.cards.issuers import Trust
from devices.cards.jpki import Jpki
from devices.cards.profile import TODAY, Profile
from devices.cards.session import select
from devices.cards.support import Attributes, Support
from devices.cards.surface import Printed, Surface
from devices.faults import CardGone, DeviceFault, UnknownCard, UnreadableCard
from devices.tlv import TlvFault

LOOK_SECONDS = 2.5
READ_SECONDS = 30.0


@dataclass(frozen=True)
class Seen:
    """What a card says to anybody."""

    kind: str
    token: str
    municipality: str | None
    expires: str | None
    serial: str | None
    tries: dict[str, int | None] = field(default_factory=dict)
    apdus: int = 0


@dataclass(frozen=True)
class Holder:
    """Who holds it, and what is known of the truth of that; whatever source it came from."""

    attributes: Attributes
    evidence: Evidence
    number: bytearray | None = field(default=None, repr=False)
    apdus: int = 0


@dataclass(frozen=True)
class Signed:
    """A signature by one of the card's keys, and the certificate it is good for."""

    certificate: bytes
    signature: bytes


@dataclass(frozen=True)
class Standing:
    """Who may be asked whether a certificate still stands, and what time it is."""

    revoked: Revoked
    now: Callable[[], datetime]


class Burst:
    """One powered card, for as long as one burst takes."""

    def __init__(
        self,
        card: Card,
        *,
        profile: Profile = TODAY,
        seconds: float = READ_SECONDS,
        extended: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        until = clock() + seconds
        self._profile = profile
        self._record_seen: CommonRecord | None = None
        self._opened = False
        self.exchange = Exchange(card, lambda: until - clock(), extended)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever happened, what was opened is locked: no applet of ours stays current."""
        if self._opened:
            with suppress(DeviceFault):  # what is gone is locked
                select(self.exchange, self._profile.manager)

    def recognise(self) -> Seen:
        """By SELECT and token information, never by ATR; no secret is needed."""
        with _understood():
            return self._recognised()

    def _recognised(self) -> Seen:
        jpki = self._jpki()
        if jpki is None:
            raise UnknownCard
        kind, token = jpki.token()
        tries = {"auth": jpki.tries("auth"), "sign": jpki.tries("sign")}
        record = self._record_seen = self._record()
        if (support := self._support()) is not None:
            tries = {"support": support.tries("pin"), **tries}
        return Seen(
            kind,
            token,
            record.municipality if record else None,
            record.expires if record else None,
            record.serial if record else None,
            tries,
            self.exchange.count,
        )

    def holder(
        self,
        digits: bytearray,
        trust: Trust | None = None,
        *,
        secret: str = "pin",  # noqa: S107 (the name of the secret, not the secret)
        last_try: bool = False,
        expected: str | None = None,
        with_number: bool = False,
        standing: Standing | None = None,
    ) -> Holder:
        """The attributes by the 4-digit PIN or 照合番号B; the number only where it must be."""
        with self._same_card(expected):
            support = self._support()
            if support is None:
                raise UnknownCard
            support.verify(secret, digits, last_try=last_try)
            attributes, file = support.attributes()
            number, digest = support.number() if with_number else (None, None)
            evidence = support.evidence(file, trust, digest) if trust else NOTHING_CHECKED
            if trust and standing:
                evidence = replace(evidence, revocation=self._stands(trust, standing))
        return Holder(attributes, evidence, number, self.exchange.count)

    def certificate(self, which: str) -> bytes:
        """A certificate that may be read without a secret."""
        with self._same_card(None):
            return self._need_jpki().certificate(which)

    def signed(
        self, key: str, digits: bytearray, content: bytes, *, last_try: bool = False
    ) -> Signed:
        """The content signed by `auth` or `sign`: refused unless it fits the certificate."""
        with self._same_card(None):
            jpki = self._need_jpki()
            jpki.verify(key, digits, last_try=last_try)
            certificate = jpki.certificate(f"{key}-certificate")
            made = Signed(certificate, jpki.signature(key, content))
        if not fits(made.certificate, made.signature, content, self._profile.jpki.algorithm):
            raise UnreadableCard
        return made

    def printed(
        self, secret: str, digits: bytearray, trust: Trust, *, last_try: bool = False
    ) -> tuple[Printed, Evidence]:
        """What is printed on the card, opened by 照合番号 `a` or `b`."""
        with self._same_card(None):
            surface = self._surface()
            surface.verify(secret, digits, last_try=last_try)
            printed, file = surface.printed()
            return printed, surface.evidence(file, trust)

    def _stands(self, trust: Trust, standing: Standing) -> Finding:
        """Whether the card's authentication certificate still stands; a card without has none."""
        jpki = self._need_jpki()
        try:
            leaf, issuer = (jpki.certificate(f"auth-{part}") for part in ("certificate", "issuer"))
        except StatusFault:
            return Finding.NOT_CHECKED
        now = standing.now()
        found = examine(leaf, issuer, trust, now, key="auth", revoked=standing.revoked)
        return found.evidence.revocation if found.in_time else Finding.BAD

    def carries_extended(self) -> bool:
        """Whether this reader and card carry a long command; a refusal may cost the connection."""
        if self._jpki() is None:
            raise UnknownCard
        token = 0x80 + self._profile.jpki.files["token"]
        try:
            _, status = self.exchange.ask(Command(0xB0, token, 0, le=WHOLE))
        except CardGone:
            return False
        return status == OK

    def _jpki(self) -> Jpki | None:
        applet = self._profile.jpki
        if not select(self.exchange, applet.aid):
            return None
        return Jpki(self.exchange, applet, self._profile.manager)

    def _support(self) -> Support | None:
        applet = self._profile.support
        if applet is None or not select(self.exchange, applet.aid):
            return None
        return Support(self.exchange, applet, self._profile.manager)

    def _need_jpki(self) -> Jpki:
        jpki = self._jpki()
        if jpki is None:
            raise UnknownCard
        return jpki

    def _surface(self) -> Surface:
        applet = self._profile.surface
        if applet is None or not select(self.exchange, applet.aid):
            raise UnknownCard
        return Surface(self.exchange, applet, self._profile.manager)

    def _record(self) -> CommonRecord | None:
        applet = self._profile.common
        return common_record(self.exchange, applet) if applet else None

    @contextmanager
    def _same_card(self, expected: str | None) -> Iterator[None]:
        """The card's record is read before and after: another card's data is never mixed in."""
        with _understood():
            before = self._record_seen or self._record()
            if expected is not None and (before is None or before.serial != expected):
                raise CardGone
            self._opened = True
            yield
            if self._record() != before:
                raise CardGone
            self._opened = False  # the record's applet is current now, so ours is left


@contextmanager
def _understood() -> Iterator[None]:
    """A card that answers what no card of ours would is unreadable."""
    try:
        yield
    except (StatusFault, TlvFault) as fault:
        raise UnreadableCard from fault
