"""A form's words in every language: Japanese is its labels, the rest is data beside it."""

from collections.abc import Mapping

from forms.definition import Field, FormDefinition

JAPANESE = "ja"
LANGUAGES = (JAPANESE, "ja_easy", "en")


class FormWords:
    """The words of one form."""

    def __init__(self, definition: FormDefinition, words: Mapping[str, Mapping[str, str]]) -> None:
        self._words = words
        self._labels = labels(definition)

    def say(self, key: str, language: str) -> str | None:
        """The words of a key; Japanese falls back to the label; None where there are none."""
        found = self._words.get(key, {}).get(language)
        if found is None and language == JAPANESE:
            found = self._labels.get(key)
        return found

    def question(self, field: Field, language: str) -> str:
        """What a resident is asked."""
        asked = self.say(f"ask.{field.id}", language) or self.say(f"field.{field.id}", language)
        return asked or field.label

    def name(self, key: str, language: str) -> str:
        """The words of a key that must be there; the label rather than nothing."""
        return self.say(key, language) or self._labels.get(key) or key

    def help(self, field: Field, language: str) -> str | None:
        """One line of help, where there is one."""
        return self.say(f"why.{field.id}", language)

    def as_mapping(self) -> Mapping[str, Mapping[str, str]]:
        """Everything, for the phone page; Japanese labels included."""
        keys = {*self._words, *self._labels}
        return {key: {**_ja(self._labels.get(key)), **self._words.get(key, {})} for key in keys}


def labels(definition: FormDefinition) -> dict[str, str]:
    """The Japanese words of a form by key."""
    found = {"title": definition.label}
    for section in definition.sections:
        found[f"section.{section.id}"] = section.label
        for item in section.fields:
            found[f"field.{item.id}"] = item.label
            for option in item.options:
                found[f"option.{item.id}.{option.value}"] = option.label
    found |= {f"rule.{rule.id}": rule.label for rule in definition.rules}
    found |= {f"paper.{paper.id}": paper.label for paper in definition.papers}
    found |= {f"fee.{fee.id}": fee.label for fee in definition.fees}
    found |= {f"waiver.{waiver.id}": waiver.label for waiver in definition.waivers}
    found |= {f"who.{each.relation[0]}": each.label for each in definition.who}
    for followup in definition.followups:
        found[f"followup.{followup.form}"] = followup.label
        found[f"because.{followup.form}"] = followup.because
    return found


def _ja(label: str | None) -> dict[str, str]:
    return {} if label is None else {JAPANESE: label}
