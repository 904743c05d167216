"""A form's words in every language: Japanese is its labels, the rest is data beside it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forms.definition import Channel, Field, FormDefinition, Rule
from forms.sources import FormFault, read

JAPANESE = "ja"
LANGUAGES = (JAPANESE, "ja_easy", "en")
RESIDENTS = (Channel.KIOSK, Channel.WEB)


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


def load_words(
    folder: Path, forms: Mapping[str, FormDefinition], more: Path | None = None
) -> dict[str, FormWords]:
    """The words of every form, its blocks' words included; a city's own folder comes first."""
    files: dict[str, Mapping[str, Mapping[str, str]]] = {}

    def words_of(name: str) -> Mapping[str, Mapping[str, str]]:
        if name not in files:
            places = [place / f"{name}.yaml" for place in (more, folder) if place]
            found = next((place for place in places if place.exists()), None)
            files[name] = words_in(found) if found else {}
        return files[name]

    return {name: _words(form, words_of) for name, form in forms.items()}


def missing(
    definition: FormDefinition, words: FormWords, languages: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What a resident may see that is not said in every language: key and language."""
    for key in _seen_by_residents(definition):
        for language in languages:
            if words.say(key, language) is None:
                yield key, language
    for item in definition.fields:
        for key in (f"ask.{item.id}", f"why.{item.id}"):
            said = [language for language in languages if words.say(key, language) is not None]
            if said:
                yield from ((key, each) for each in languages if each not in said)


def _words(definition: FormDefinition, words_of: Any) -> FormWords:
    whole: dict[str, Mapping[str, str]] = {}
    for name in (*definition.begins, *definition.ends, definition.id):
        whole |= words_of(name)
    return FormWords(definition, whole)


def words_in(file: Path) -> Mapping[str, Mapping[str, str]]:
    """The words of one file: by key, then by language."""
    source = read(file)
    if not isinstance(source.data, dict):
        raise FormFault(file, "line 1", "must be a mapping of keys to languages")
    for key, said in source.data.items():
        plain = isinstance(said, dict) and all(isinstance(each, str) for each in said.values())
        if not plain:
            raise FormFault(file, f"line {source.line_of([key])}", f"{key}: language to words")
    words: Mapping[str, Mapping[str, str]] = source.data
    return words


def _ja(label: str | None) -> dict[str, str]:
    return {} if label is None else {JAPANESE: label}


def _seen_by_residents(definition: FormDefinition) -> Iterator[str]:
    """Keys of everything shown on a channel where residents fill in by themselves."""
    if not any(channel in definition.channels for channel in RESIDENTS):
        return
    shown = {item.id for item in definition.fields if _for_residents(definition, item.channels)}
    yield "title"
    for section in definition.sections:
        if any(item.id in shown for item in section.fields):
            yield f"section.{section.id}"
        for item in (item for item in section.fields if item.id in shown and item.value is None):
            yield f"field.{item.id}"
            yield from (f"option.{item.id}.{option.value}" for option in item.options)
    repeated = {section.id for section in definition.sections if section.repeat}
    for rule in definition.rules:
        if _told_to_residents(rule, shown | repeated):
            yield f"rule.{rule.id}"
    yield from (f"paper.{paper.id}" for paper in definition.papers)
    for fee in definition.fees:
        if _for_residents(definition, fee.channels):
            yield f"fee.{fee.id}"
    yield from (f"waiver.{waiver.id}" for waiver in definition.waivers)
    for followup in definition.followups:
        yield from (f"followup.{followup.form}", f"because.{followup.form}")


def _for_residents(definition: FormDefinition, channels: tuple[Channel, ...]) -> bool:
    return any(each in channels and each in definition.channels for each in RESIDENTS)


def _told_to_residents(rule: Rule, shown: set[str]) -> bool:
    return rule.at is None or rule.at in shown
