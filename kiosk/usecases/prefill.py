"""A code filled in at home is opened and becomes the form's first answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from devices.ports import Scanner
from forms.answers import Answers, start, take, taught
from forms.definition import Channel
from forms.envelope import new_id
from forms.facts import Facts, Source
from forms.form import Form
from forms.prefill import Prefill, open_sealed, read_symbol
from forms.scope import Occasion
from forms.sealing import Symbol, Unopenable, join
from kiosk.domain.events import CodePartRead, CodeRead
from kiosk.errors import CodeNotOurs, CodeTooOld, CodeUnreadable, UnusableCode
from kiosk.ports.lanes import Clock

TERM, AHEAD = timedelta(days=30), timedelta(days=1)
_NEEDED = ("name", "address", "birth")
_FATES: Mapping[str, type[UnusableCode]] = {
    "expired": CodeTooOld,
    "old-form": CodeTooOld,
    "another-key": CodeNotOurs,
    "not-ours": CodeNotOurs,
}


class CityKeys(Protocol):
    """Where the city's own keys are kept."""

    def prefill_keys(self) -> tuple[EllipticCurvePrivateKey, ...]:
        """Every key that still opens codes, newest first."""
        ...


@dataclass(frozen=True)
class OpenPrefill:
    """Scans, opens, checks; nothing of a code is half taken."""

    scanner: Scanner
    keys: CityKeys
    forms: Mapping[str, Form]
    clock: Clock
    _seen: dict[int, Symbol] = field(default_factory=dict, repr=False)

    def clear(self) -> None:
        """Forget codes that were shown before this resident came."""
        self._seen.clear()
        self.scanner.forget()

    def scan(self) -> CodeRead | CodePartRead | None:
        """The prefilled application in front of the scanner, or the part of it that is there."""
        text = self.scanner.scan()
        return None if text is None else self.open(text)

    def open(self, text: str) -> CodeRead | CodePartRead:
        """One more symbol; with the last of its set, the application in it."""
        try:
            symbol = read_symbol(text)
            if any(each.set != symbol.set for each in self._seen.values()):
                raise Unopenable("mixed")  # noqa: TRY301 (one fate for every fault)
            self._seen[symbol.number] = symbol
            if len(self._seen) < symbol.of:
                return CodePartRead(len(self._seen), symbol.of)
            sealed = join(self._seen.values())
            self._seen.clear()
            return self._taken(open_sealed(sealed, self.keys.prefill_keys()), sealed)
        except Unopenable as fault:
            self._seen.clear()
            raise _FATES.get(fault.reason, CodeUnreadable)(fault.reason) from fault

    def _taken(self, prefill: Prefill, sealed: bytes) -> CodeRead:
        form = self.forms.get(prefill.form)
        if form is None or form.version != prefill.version:
            raise Unopenable("old-form")
        now, made = self.clock.now(), _moment(prefill.made)
        if made is None or not -AHEAD <= now - made <= TERM:
            raise Unopenable("expired")
        given, problems = take(form, prefill.answers)
        if problems or not _askable(form, given):
            raise Unopenable("damaged")
        if not form.definition.anonymous and not set(_NEEDED) <= given.values.keys():
            raise Unopenable("incomplete")
        occasion = Occasion(now.date(), Channel.WEB)
        facts = Facts(taught(form, given, occasion, Source.PREFILL, now))
        answers = start(form, facts, occasion)
        for name, value in given.values.items():
            answers = answers.answer(name, value)
        digest = sha256(sealed).digest()
        return CodeRead(form.id, facts, answers, new_id(made, digest[:10]))


def _askable(form: Form, given: Answers) -> bool:
    """Whether everything in a code is something that is asked at home."""
    names = set(given.values)
    for section in form.questions.repeated():
        names.discard(section.id)
        names |= {name for row in given.values.get(section.id, ()) for name in row}
    return all(Channel.WEB in form.field(name).channels for name in names)


def _moment(made: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(made)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
