"""The way through a PDF's objects, wherever in the file they lie."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject

_DEEPEST = 8


def pages(node: DictionaryObject, deepest: int = _DEEPEST) -> Iterator[DictionaryObject]:
    """The pages of a page tree."""
    if entry(node, "/Type") == "/Page":
        yield node
    elif deepest:
        for kid in members(node["/Kids"]):
            yield from pages(kid, deepest - 1)


def entry(thing: Mapping[str, Any], key: str, otherwise: Any = None) -> Any:
    """What a dictionary has under this key, wherever in the file it lies."""
    try:
        return thing[key]  # its `get` does not follow references
    except KeyError:
        return otherwise


def members(array: Sequence[Any]) -> list[Any]:
    """What an array has, wherever in the file it lies."""
    return [array[place] for place in range(len(array))]
