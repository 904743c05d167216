"""A file that somebody picks: its bytes are taken at once, and named by their fingerprint."""

import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from forms.kinds.attached import LARGEST, Attachment

_TYPES = {".heic": "image/heic", ".webp": "image/webp"}


@dataclass(frozen=True)
class Picked:
    """What a form says of a file, and the bytes as they were at that moment."""

    told: dict[str, object]
    attachment: Attachment = field(repr=False)


def pick(path: Path) -> Picked:
    """The file as it is now: whatever becomes of it later changes nothing that was picked."""
    with path.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if not 0 < len(content) <= LARGEST:
        raise OSError("empty or too large")
    kind = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    sha256 = hashlib.sha256(content).hexdigest()
    told: dict[str, object] = {
        "name": path.name,
        "type": kind or "application/octet-stream",
        "size": len(content),
        "sha256": sha256,
    }
    return Picked(told, Attachment(sha256, content))
