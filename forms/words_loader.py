"""Files of words as the words of forms, and what they leave unsaid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec.msgpack import decode, encode

from forms.definition import Channel, FormDefinition, Rule
from forms.kept import OnDemand, kept
from forms.sources import FormFault, read
from forms.words import FormWords

Words = Mapping[str, Mapping[str, str]]
RESIDENTS = (Channel.KIOSK, Channel.WEB)


def load_words(
    folder: Path,
    forms: Mapping[str, FormDefinition],
    more: Path | None = None,
    cache: Path | None = None,
    beside: Iterable[Path] = (),
) -> Mapping[str, FormWords]:
    """The words of every form, its blocks' words included; a city's own folder comes first.

    All are read and checked now, or taken from `cache` if neither they nor the files `beside`,
    which the forms are made from, have changed; they are unpacked when they are first asked for.
    """
    places = [place for place in (more, folder) if place]
    files = [*beside, *(file for place in places for file in sorted(place.glob("*.yaml")))]
    packed = kept(cache, files, lambda: _read(places, forms.values()))
    said = OnDemand({name: partial(_unpacked, found) for name, found in packed.items()})
    return OnDemand({name: partial(_words, forms, name, said) for name in forms})


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


def _read(places: Sequence[Path], forms: Iterable[FormDefinition]) -> dict[str, bytes]:
    """The words of every file that these forms need, as bytes."""
    found: dict[str, bytes] = {}
    for name in dict.fromkeys(name for form in forms for name in _named(form)):
        files = (place / f"{name}.yaml" for place in places)
        file = next((file for file in files if file.exists()), None)
        if file is not None:
            found[name] = encode(words_in(file))
    return found


def _unpacked(packed: bytes) -> Words:
    return decode(packed, type=dict[str, dict[str, str]])


def _words(forms: Mapping[str, FormDefinition], name: str, said: Mapping[str, Words]) -> FormWords:
    whole: dict[str, Mapping[str, str]] = {}
    for each in _named(forms[name]):
        whole |= said.get(each, {})
    return FormWords(forms[name], whole)


def _named(form: FormDefinition) -> tuple[str, ...]:
    """The files with a form's words; the later ones come before the earlier."""
    return (*form.begins, *form.ends, form.id)


def words_in(file: Path) -> Words:
    """The words of one file: by key, then by language."""
    source = read(file)
    if not isinstance(source.data, dict):
        raise FormFault(file, "line 1", "must be a mapping of keys to languages")
    for key, said in source.data.items():
        plain = isinstance(said, dict) and all(isinstance(each, str) for each in said.values())
        if not plain:
            raise FormFault(file, f"line {source.line_of([key])}", f"{key}: language to words")
    words: Words = source.data
    return words


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
