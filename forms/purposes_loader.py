"""A city's file of purposes, and their words, as what may be asked: whatever is wrong, by line."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.msgpack import decode, encode

from forms.definition import Part
from forms.form import Form
from forms.kept import kept
from forms.loader import shaped
from forms.person import PARTS
from forms.purposes import SAID, Purpose, Purposes
from forms.sources import FormFault, read
from forms.words import LANGUAGES
from forms.words_loader import words_in


class _File(Part, frozen=True):
    purposes: tuple[Purpose, ...]


def load_purposes(file: Path) -> tuple[Purpose, ...]:
    """The purposes of the file; what is wrong in it is told with its line."""
    source = read(file)
    found = shaped(source, _File).purposes
    for place, purpose in enumerate(found):
        if any(purpose.id == other.id for other in found[:place]):
            line = source.line_of(["purposes", place])
            raise FormFault(file, f"line {line}", f"{purpose.id!r} stands here twice")
    return found


def told_purposes(
    file: Path,
    words: Path,
    forms: Mapping[str, Form],
    cache: Path | None = None,
    beside: Iterable[Path] = (),
) -> Purposes:
    """The purposes with their words, checked against the forms that they name.

    They are taken from `cache` if neither they nor the files `beside`, which the forms are made
    from, have changed since they were checked.
    """
    files = (file, words, *beside)
    packed = kept(cache, files, lambda: {"all": encode(_checked(file, words, forms))})
    return decode(packed["all"], type=Purposes)


def _checked(file: Path, words: Path, forms: Mapping[str, Form]) -> Purposes:
    every, said = load_purposes(file), words_in(words)
    source = read(file)
    for place, purpose in enumerate(every):
        for key, wrong in _wrong(purpose, forms):
            line = source.line_of(["purposes", place, key])
            raise FormFault(file, f"line {line}", f"{purpose.id}.{key}: {wrong}")
        for name in (f"{part}.{purpose.id}" for part in SAID):
            for language in LANGUAGES:
                if not said.get(name, {}).get(language):
                    raise FormFault(words, "file", f"{name}: says nothing in {language}")
    return Purposes(every, said)


def _wrong(purpose: Purpose, forms: Mapping[str, Form]) -> Iterable[tuple[str, str]]:
    for name in purpose.forms:
        if name not in forms:
            yield "forms", f"there is no form {name!r}"
        elif forms[name].definition.anonymous:
            yield "forms", f"{name!r} asks nobody who they are"
        else:
            known = {*PARTS, *(item.id for item in forms[name].fields)}
            yield from (
                ("shares", f"{name!r} has no field {each!r}")
                for each in purpose.shares
                if each not in known
            )
