"""The made-up holders of practice cards, out of their files."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from devices.simulated.card.person import Holder, Misbehaviour, UnusableHolder, check_digit


def holders(file: Path) -> tuple[Holder, ...]:
    """Every person of a YAML list."""
    rows = yaml.safe_load(file.read_text("utf-8"))
    return tuple(_holder(dict(row)) for row in rows)


def _holder(row: dict[str, Any]) -> Holder:
    """As the practice cards have it: numbers nobody has come from the name of the row."""
    seed = int(sha256(str(row.get("id", row.get("name"))).encode()).hexdigest(), 16)
    eleven = f"{seed % 10**11:011d}"
    row.setdefault("number", eleven + check_digit(eleven))
    row.setdefault("serial", f"4{seed % 10**14:014d}")
    certificates = row.pop("certificates", ("auth", "sign"))
    row.setdefault("has_auth_certificate", "auth" in certificates)
    row.setdefault("has_sign_certificate", "sign" in certificates)
    if "kind" in row:
        row["token"] = row.pop("kind")
    if "attempts_left" in row:
        row["tries"] = {"text": row.pop("attempts_left"), **row.get("tries", {})}
    try:
        return Holder(**{**row, "wrong": Misbehaviour(**row.get("wrong", {}))})
    except TypeError as fault:
        raise UnusableHolder(f"{row.get('id')}: {fault}") from fault
