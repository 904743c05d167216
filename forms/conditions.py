"""When a question is asked, and what the procedure costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.definition import Channel, Field, FormDefinition


@dataclass(frozen=True)
class FeeLine:
    """One line of a fee: so many at so much."""

    label: str
    count: int
    unit: int

    @property
    def amount(self) -> int:
        """What the line comes to, in yen."""
        return self.count * self.unit


@dataclass(frozen=True)
class Quote:
    """What this application costs on this channel, line by line."""

    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> int:
        """The whole fee in yen."""
        return sum(line.amount for line in self.lines)


def is_asked(field: Field, values: Mapping[str, object], channel: Channel) -> bool:
    """Whether the question belongs to this channel and to the answers so far."""
    if channel not in field.channels:
        return False
    return field.when is None or values.get(field.when.field) in field.when.values


def asked(
    definition: FormDefinition, values: Mapping[str, object], channel: Channel
) -> tuple[Field, ...]:
    """The questions that these answers leave standing, in order."""
    return tuple(field for field in definition.fields if is_asked(field, values, channel))


def quote(definition: FormDefinition, values: Mapping[str, object], channel: Channel) -> Quote:
    """The fee of these answers; a count that is not answered yet costs nothing yet."""
    lines = []
    for fee in definition.fees:
        count = values.get(fee.times)
        if fee.channel == channel and isinstance(count, int):
            lines.append(FeeLine(fee.label, count, fee.unit))
    return Quote(tuple(lines))
