"""The table of rights in docs/devices.md, and the routes that an application really has."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROLES = ("anybody", "kiosk", "counter", "backoffice")
_FILE = Path(__file__).resolve().parents[2] / "docs" / "devices.md"
_ROW = re.compile(r"\| `([A-Z]+ \S+)` \|(.*)\|")


def rights() -> dict[str, set[str]]:
    """Who may make each call, as the document says."""
    found = (_ROW.fullmatch(line) for line in _FILE.read_text("utf-8").splitlines())
    return {
        row[1]: {
            role for role, mark in zip(ROLES, row[2].split("|"), strict=True) if mark.strip() == "○"
        }
        for row in found
        if row
    }


def calls(routes: Iterable[Any]) -> Iterator[str]:
    """Every method and path, those of included routers too, in the document or not."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from calls(route.original_router.routes)
        else:
            yield from (
                f"{method} {route.path_format}" for method in sorted(route.methods - {"HEAD"})
            )
