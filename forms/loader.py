"""From YAML files to forms ready to use; a fault names the file, the line and the rule."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from forms import definition as shapes
from forms.definition import Block, FormDefinition
from forms.form import Form
from forms.questions import Broken
from forms.sources import FormFault, YamlSource, read

__all__ = ["FormFault", "definitions", "json_schema", "load", "load_all", "shaped"]

_Shape = TypeVar("_Shape")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


def load(file: Path, blocks: Sequence[Path] = ()) -> Form:
    """One procedure, checked whole before anything uses it."""
    return Form(_Shelf(*(blocks or (file.parent / "blocks",))).definition(file))


def load_all(folders: Path | Sequence[Path], cache: Path | None = None) -> dict[str, Form]:
    """Every procedure of the city, by id; a later folder's form replaces an earlier one's.

    With `cache`, definitions that were read before are taken from there as long as no file
    has changed.
    """
    places = [folders] if isinstance(folders, Path) else list(folders)
    return {name: Form(found) for name, found in definitions(places, cache).items()}


def definitions(folders: Sequence[Path], cache: Path | None = None) -> dict[str, FormDefinition]:
    """Every definition, its blocks in place."""
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml"))]
    key = _key(file for folder in folders for file in sorted(folder.rglob("*.yaml")))
    if cache is not None and (kept := _kept(cache, key)) is not None:
        return kept
    found: dict[str, FormDefinition] = {}
    for file in files:
        shelf = _Shelf(*(each / "blocks" for each in reversed(folders)))
        form = shelf.definition(file)
        found[form.id] = form
    if cache is not None:
        _keep(cache, key, found)
    return found


def json_schema() -> dict[str, dict[str, Any]]:
    """The schema of forms and of blocks, for editors."""
    found = {}
    for name, shape in (("schema.json", FormDefinition), ("block.schema.json", Block)):
        schema = msgspec.json.schema(shape)
        found[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return found


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


def _key(files: Iterable[Path]) -> str:
    """Changes with any file, with the shape of definitions, and with this loader."""
    whole = hashlib.blake2b(digest_size=20)
    for source in (Path(shapes.__file__), Path(__file__)):
        whole.update(source.read_bytes() if source.exists() else b"")
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:  # reading it as a form will say so
            content = b""
        whole.update(json.dumps([str(file), len(content)]).encode())
        whole.update(content)
    return whole.hexdigest()


_SUM = 20


def _sum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_SUM).digest()


class _Kept(msgspec.Struct):
    key: str
    forms: dict[str, FormDefinition]


def _kept(cache: Path, key: str) -> dict[str, FormDefinition] | None:
    """What was kept, if it is of these very files; a cache is never a reason to fail."""
    try:
        whole = cache.read_bytes()
        if _sum(whole[_SUM:]) != whole[:_SUM]:
            return None
        kept = msgspec.msgpack.decode(whole[_SUM:], type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
    return kept.forms if kept.key == key else None


def _keep(cache: Path, key: str, forms: dict[str, FormDefinition]) -> None:
    body = msgspec.msgpack.encode(_Kept(key, forms))
    fresh = cache.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        fresh.write_bytes(_sum(body) + body)
        fresh.replace(cache)
