"""YAML read with care: plain data with the line of every part, and nothing that explodes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from forms.faults import FormFault

LARGEST = 400_000
DEEPEST = 30
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Composed:
    """One file: its data, and where each part of it stands."""

    file: Path
    data: Any
    node: yaml.Node

    def line_of(self, steps: list[str | int]) -> int:
        """The line of the part that these keys and numbers lead to, as far as they lead."""
        node = self.node
        line = node.start_mark.line
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return int(line) + 1

    def line_of_part(self, part: str, key: str) -> int | None:
        """The line of `key` in the mapping whose id is `part`; None where no such part is."""
        parts = [node for node in _mappings(self.node) if part in _names(node)]
        for node in parts:
            if found := _child(node, key):
                return int(found[0]) + 1
        return int(parts[0].start_mark.line) + 1 if parts else None


def composed(file: Path) -> Composed:
    """The file's data; every way in which it is no plain data is a fault with its line."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as fault:
        raise FormFault(file, "file", fault.strerror or str(fault)) from fault
    if len(raw) > LARGEST:
        raise FormFault(file, "file", f"larger than {LARGEST} bytes")
    try:
        text = raw.decode()
        _careful(file, text)
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            raise FormFault(file, "file", "is empty")
        return Composed(file, _plain(file, node), node)
    except yaml.reader.ReaderError as fault:
        raise FormFault(file, "file", f"an odd character at {fault.position}") from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = f"line {mark.line + 1}" if mark else "file"
        raise FormFault(file, where, str(fault.problem)) from fault
    except ValueError as fault:
        raise FormFault(file, "file", str(fault)) from fault


def _careful(file: Path, text: str) -> None:
    """Refuse aliases (with which ten lines become gigabytes) and what is nested without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"line {event.start_mark.line + 1}" if event.start_mark else "file"
        if isinstance(event, yaml.AliasEvent):
            raise FormFault(file, where, "aliases are not used in forms")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise FormFault(file, where, f"nested deeper than {DEEPEST}")


def _whole(text: str) -> int:
    """017 is fifteen for one reader and seventeen for another: neither is taken."""
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        raise ValueError(text)
    return int(text)


_TAGS: Mapping[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() in ("true", "yes", "on"),
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:timestamp": str,
}


def _plain(file: Path, node: yaml.Node) -> Any:
    where = f"line {node.start_mark.line + 1}"
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = f"line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise FormFault(file, line, "a key must be a word")
            name = str(key.value)  # `on:` is a word of ours, whatever YAML thinks of it
            if name in found:
                raise FormFault(file, line, f"{name!r} stands here twice")
            found[name] = _plain(file, value)
        return found
    reader = _TAGS.get(node.tag)
    if reader is None:
        raise FormFault(file, where, f"{node.value!r} is no text, whole number, date or yes/no")
    try:
        return reader(node.value)
    except ValueError as fault:
        raise FormFault(file, where, f"{node.value!r}: write numbers plainly") from fault


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key.start_mark.line, value
    return None


def _names(node: yaml.MappingNode) -> list[str]:
    """What a part is called by: its id, the form it leads to, the first relation it is about."""
    called = {key.value: value for key, value in node.value}
    found = [called.get("id"), called.get("form"), called.get("relation")]
    first = [n.value[0] if isinstance(n, yaml.SequenceNode) and n.value else n for n in found]
    return [n.value for n in first if isinstance(n, yaml.ScalarNode)]


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _mappings(each)
