"""YAML of a city's letterhead, read with care: plain data, and the line of every part of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST = 100_000
DEEPEST = 12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Steps = Sequence[str | int]


class LetterheadFault(Exception):
    """A letterhead that cannot be used: which file, which line, and what is wrong with it."""

    def __init__(self, file: Path, line: int | None, rule: str) -> None:
        super().__init__(f"{file}: {f'line {line}: ' if line else ''}{rule}")
        self.file, self.line, self.rule = file, line, rule


@dataclass(frozen=True)
class PaperSource:
    """One file: its data, and where each part of it stands."""

    file: Path
    data: Any
    node: yaml.Node

    def fault(self, steps: Steps, rule: str) -> LetterheadFault:
        """What is wrong with the part that these keys and numbers lead to."""
        node, line = self.node, self.node.start_mark.line
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return LetterheadFault(self.file, int(line) + 1, rule)


def read(file: Path) -> PaperSource:
    """The file's data; every way in which it is no plain data is a fault with its line."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as fault:
        raise LetterheadFault(file, None, fault.strerror or str(fault)) from fault
    if len(raw) > LARGEST:
        raise LetterheadFault(file, None, f"larger than {LARGEST} bytes")
    try:
        text = raw.decode()
        _check_shape(file, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else None
        raise LetterheadFault(file, line, str(fault.problem)) from fault
    except (UnicodeDecodeError, yaml.YAMLError) as fault:
        raise LetterheadFault(file, None, "is no text in UTF-8") from fault
    if node is None:
        raise LetterheadFault(file, None, "is empty")
    return PaperSource(file, _plain(file, node), node)


def _check_shape(file: Path, text: str) -> None:
    """No aliases, with which ten lines become gigabytes, and nothing nested without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            raise LetterheadFault(file, line, "aliases are not used here")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise LetterheadFault(file, line, f"nested deeper than {DEEPEST}")


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", text):
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,6}\.[0-9]{1,6}", text):
        raise ValueError(text)
    return float(text)


_TAGS: Mapping[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:bool": lambda text: text.lower() in ("true", "yes", "on"),
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:float": _decimal,
}


def _plain(file: Path, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node)
    line = node.start_mark.line + 1
    reader = _TAGS.get(node.tag)
    if reader is None:
        raise LetterheadFault(file, line, f"{node.value!r} is no text, number or yes/no")
    try:
        return reader(node.value)
    except ValueError as fault:
        raise LetterheadFault(file, line, f"{node.value!r}: write numbers plainly") from fault


def _mapping(file: Path, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise LetterheadFault(file, line, "a key must be a word")
        if key.value in found:
            raise LetterheadFault(file, line, f"{key.value!r} stands here twice")
        found[str(key.value)] = _plain(file, value)
    return found


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key.start_mark.line, value
    return None
