"""From YAML files to forms ready to use; a fault names the file, the line and the rule."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from forms.definition import Block, FormDefinition
from forms.form import Form
from forms.kept import OnDemand, kept
from forms.questions import Broken
from forms.sources import FormFault, YamlSource, read

__all__ = ["FormFault", "definitions", "files_of", "json_schema", "load", "load_all", "shaped"]

_Shape = TypeVar("_Shape")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


def load(file: Path, blocks: Sequence[Path] = ()) -> Form:
    """One procedure, checked whole before anything uses it."""
    return Form(_Shelf(*(blocks or (file.parent / "blocks",))).definition(file))


def load_all(folders: Path | Sequence[Path], cache: Path | None = None) -> Mapping[str, Form]:
    """Every procedure of the city, by id; a later folder's form replaces an earlier one's.

    With `cache`, definitions that were read and found sound before are taken from there as long
    as no file has changed. Each is unpacked when it is first asked for.
    """
    places = [folders] if isinstance(folders, Path) else list(folders)
    packed = _packed(places, cache)
    return OnDemand({name: partial(_ready, found) for name, found in packed.items()})


def definitions(folders: Sequence[Path], cache: Path | None = None) -> dict[str, FormDefinition]:
    """Every definition, its blocks in place."""
    return {name: _unpacked(found) for name, found in _packed(folders, cache).items()}


def files_of(folders: Sequence[Path]) -> list[Path]:
    """Everything that the procedures of these folders are made from."""
    return [
        file
        for folder in folders
        for place in (folder, folder / "blocks")
        for file in sorted(place.glob("*.yaml"))
    ]


def json_schema() -> dict[str, dict[str, Any]]:
    """The schema of forms and of blocks, for editors."""
    found = {}
    for name, shape in (("schema.json", FormDefinition), ("block.schema.json", Block)):
        schema = msgspec.json.schema(shape)
        found[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return found


def _packed(folders: Sequence[Path], cache: Path | None) -> dict[str, bytes]:
    """The definitions as bytes; from the cache, or read and found sound now."""
    return kept(cache, files_of(folders), lambda: _read(folders))


def _read(folders: Sequence[Path]) -> dict[str, bytes]:
    shelf = _Shelf(*(each / "blocks" for each in reversed(folders)))
    files = (file for folder in folders for file in sorted(folder.glob("*.yaml")))
    found = (shelf.definition(file) for file in files)
    return {form.id: msgspec.msgpack.encode(form) for form in found}


def _unpacked(packed: bytes) -> FormDefinition:
    return msgspec.msgpack.decode(packed, type=FormDefinition)


def _ready(packed: bytes) -> Form:
    return Form(_unpacked(packed), found_sound=True)


class _Shelf:
    """The files of one form: its own and the blocks it begins and ends with."""

    def __init__(self, *blocks: Path) -> None:
        self._folders = blocks

    def definition(self, file: Path) -> FormDefinition:
        source = read(file)
        form = shaped(source, FormDefinition)
        if form.id != file.stem:
            raise FormFault(file, _line(source, ["id"]), f"{form.id!r} must be the file's name too")
        sources = {name: self._block(source, name) for name in (*form.begins, *form.ends)}
        blocks = {name: shaped(each, Block) for name, each in sources.items()}
        try:
            whole = _spliced(form, blocks)
            Form(whole)
        except Broken as fault:
            raise _placed(fault, [source, *sources.values()]) from fault
        return whole

    def _block(self, source: YamlSource, name: str) -> YamlSource:
        for folder in self._folders:
            if (file := folder / f"{name}.yaml").exists():
                return read(file)
        key = "begins" if name in str(source.data.get("begins")) else "ends"
        raise FormFault(source.file, _line(source, [key]), f"there is no block {name!r}")


def _spliced(form: FormDefinition, blocks: Mapping[str, Block]) -> FormDefinition:
    """The form with its blocks in place, less the fields it does without."""
    first, last = ([blocks[name] for name in names] for names in (form.begins, form.ends))
    around = [*first, *last]
    shared = {item.id for block in around for section in block.sections for item in section.fields}
    for name in form.without:
        if name not in shared:
            raise Broken(form.id, "without", f"{name!r} is in none of the blocks")
    sections = [
        *(section for block in first for section in block.sections),
        *form.sections,
        *(section for block in last for section in block.sections),
    ]
    kept = [
        msgspec.structs.replace(
            section, fields=tuple(f for f in section.fields if f.id not in form.without)
        )
        for section in sections
    ]
    return msgspec.structs.replace(
        form,
        sections=tuple(section for section in kept if section.fields),
        rules=(*(rule for block in around for rule in block.rules), *form.rules),
        papers=(*(paper for block in around for paper in block.papers), *form.papers),
    )


def shaped(source: YamlSource, shape: type[_Shape]) -> _Shape:
    """The data of a file as what it has to be; where it is not, the fault names the line."""
    try:
        return msgspec.convert(source.data, shape, strict=False)
    except msgspec.ValidationError as fault:
        rule, _, path = str(fault).partition(" - at `$")
        steps = _STEP.findall(path.rstrip("`"))
        where = _line(source, [key or int(number) for key, number in steps])
        place = f" ({path[1:-1]})" if path else ""
        raise FormFault(source.file, where, rule + place) from fault


def _line(source: YamlSource, steps: list[str | int]) -> str:
    return f"line {source.line_of(steps)}"


def _placed(fault: Broken, sources: Iterable[YamlSource]) -> FormFault:
    places = ((each.file, each.line_of_part(fault.part, fault.key)) for each in sources)
    file, line = next((file, line) for file, line in places if line)
    return FormFault(file, f"line {line}", f"{fault.part}.{fault.key}: {fault.rule}")
