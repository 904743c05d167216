"""A code filled in at home is opened and becomes the form's first answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from devices.ports import Scanner
from forms.answers import start, unusable
from forms.definition import FormDefinition
from forms.facts import Facts, Source, from_mapping
from forms.kinds import Unreadable, parse
from forms.prefill import UnusablePrefill, open_sealed
from kiosk.domain.events import CodeRead
from kiosk.errors import UnusableCode
from kiosk.ports.lanes import Clock

TERM, AHEAD = timedelta(days=30), timedelta(days=1)


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
    forms: Mapping[str, FormDefinition]
    clock: Clock

    def clear(self) -> None:
        """Forget codes that were shown before this resident came."""
        self.scanner.forget()

    def scan(self) -> CodeRead | None:
        """The prefilled application in front of the scanner, if there is one."""
        text = self.scanner.scan()
        return None if text is None else self.open(text)

    def open(self, text: str) -> CodeRead:
        """The application in the code, every answer read as its own kind."""
        try:
            prefill = open_sealed(text, self.keys.prefill_keys())
        except UnusablePrefill as fault:
            raise UnusableCode(fault.reason) from fault
        form = self.forms.get(prefill.form)
        if form is None or form.version != prefill.version:
            raise UnusableCode("old-form")
        if not self._fresh(prefill.made):
            raise UnusableCode("expired")
        try:
            values = {name: parse(form.field(name), v) for name, v in prefill.answers.items()}
        except (Unreadable, StopIteration) as fault:
            raise UnusableCode("damaged") from fault
        if not {"name", "address", "birth"} <= values.keys():
            raise UnusableCode("incomplete")
        known = {f.fact: values[f.id] for f in form.fields if f.fact and f.id in values}
        facts: Facts = from_mapping(known, Source.PREFILL, self.clock.now())
        if unusable(form, facts):
            raise UnusableCode("incomplete")
        answers = start(form, facts)
        for name, value in values.items():
            answers = answers.answer(name, value)
        return CodeRead(form.id, facts, answers)

    def _fresh(self, made: str) -> bool:
        """Whether the code was made within its term, by a clock not far ahead of ours."""
        try:
            age = self.clock.now() - datetime.fromisoformat(made)
        except (ValueError, TypeError):
            return False
        return -AHEAD <= age <= TERM
