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


def asked(
    definition: FormDefinition, values: Mapping[str, object], channel: Channel
) -> tuple[Field, ...]:
    """The questions that these answers leave standing, in order; a hidden answer shows nothing."""
    standing: dict[str, Field] = {}
    for field in definition.fields:
        when = field.when
        holds = when is None or (when.field in standing and values.get(when.field) in when.values)
        if holds and channel in field.channels:
            standing[field.id] = field
    return tuple(standing.values())


def quote(definition: FormDefinition, values: Mapping[str, object], channel: Channel) -> Quote:
    """The fee of these answers; a count that is not answered yet costs nothing yet."""
    lines = []
    standing = {field.id for field in asked(definition, values, channel)}
    for fee in definition.fees:
        count = values.get(fee.times) if fee.times in standing else None
        if fee.channel == channel and isinstance(count, int) and not isinstance(count, bool):
            lines.append(FeeLine(fee.label, count, fee.unit))
    return Quote(tuple(lines))
