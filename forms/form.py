"""A procedure made ready to be used: its definition, its questions, what follows from answers."""

from collections.abc import Mapping
from typing import Any

from forms.definition import Field, FormDefinition
from forms.questions import Questions, Standing
from forms.scope import Occasion
from forms.verdicts import Quote, Verdicts


class Form:
    """One procedure; making one checks that the definition is sound."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.questions = Questions(definition)
        self.verdicts = Verdicts(definition, self.questions)

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
