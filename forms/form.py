"""A procedure made ready to be used: its definition, its questions, what follows from answers."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from forms.definition import Field, FormDefinition
from forms.questions import Questions, Standing
from forms.scope import Occasion
from forms.verdicts import Quote, Verdicts


class Form:
    """One procedure; making one checks that the definition is sound.

    One that was found sound before is made ready to be asked when somebody asks.
    """

    def __init__(self, definition: FormDefinition, *, found_sound: bool = False) -> None:
        self.definition = definition
        if not found_sound:
            self.verdicts  # noqa: B018 (making them is the check)

    @cached_property
    def questions(self) -> Questions:
        """What is asked; two lanes that ask at once get equal ones, each of them whole."""
        return Questions(self.definition)

    @cached_property
    def verdicts(self) -> Verdicts:
        """What follows from answers."""
        return Verdicts(self.definition, self.questions)

    @property
    def id(self) -> str:
        """The procedure's name among ours."""
        return self.definition.id

    @property
    def version(self) -> str:
        """Changes whenever a question changes."""
        return self.definition.version

    @property
    def label(self) -> str:
        """Its Japanese name."""
        return self.definition.label

    @property
    def certificate(self) -> str | None:
        """The paper it yields, if any."""
        return self.definition.certificate

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field in the order it is asked, rows' fields once."""
        return self.definition.fields

    def field(self, path: str) -> Field:
        """The field of that id or path; asking for another is a mistake of ours."""
        return self.questions.field(path)

    def stand(self, values: Mapping[str, Any], occasion: Occasion) -> Standing:
        """What is asked with these answers, and which of them count."""
        return self.questions.stand(values, occasion)

    def quote(self, values: Mapping[str, Any], occasion: Occasion) -> Quote:
        """What it costs with these answers."""
        return self.verdicts.quote(self.stand(values, occasion))
