"""Photos and files that go along: what each is called there, and its bytes piece by piece.

The name is ours alone, for a person's own file name is text that anybody may have written.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from office.arrivals import Attached
from office.relays.port import NotWhole, Parcel

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
OTHER = "bin"
_SHORT = 12
_RECEIPT = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Going:
    """One file, under the name that it gets there."""

    name: str
    file: Attached


def going_with(parcel: Parcel, prefix: str) -> list[Going]:
    """The files of a parcel; two that begin with the same hash are told apart by all of it."""
    begun = Counter(each.sha256[:_SHORT] for each in parcel.attachments)
    return [
        Going(f"{prefix}-{_owner(parcel)}-{_told_by(each, begun)}.{_ending(each)}", each)
        for each in parcel.attachments
    ]


def content(parcel: Parcel, file: Attached) -> Iterator[bytes]:
    """Never more than a piece at a time; NotWhole where it may not go, or is not that file."""
    if not parcel.may_go():
        raise NotWhole("it may not go any more")
    made = hashlib.sha256()
    for piece in parcel.pieces(file.sha256):
        made.update(piece)
        yield piece
    if made.hexdigest() != file.sha256:
        raise NotWhole(f"{file.sha256[:_SHORT]}: not all of this file is here")


def names_in(prefix: str) -> re.Pattern[str]:
    """The names that we give; the group is the id, where one stands in the name."""
    endings = "|".join((*ENDINGS.values(), OTHER))
    owner = rf"(?:({_UUID})|{_RECEIPT.pattern})"
    hashed = rf"[0-9a-f]{{{_SHORT}}}(?:[0-9a-f]{{{64 - _SHORT}}})?"
    return re.compile(rf"{re.escape(prefix)}-{owner}-{hashed}\.(?:{endings})", re.ASCII)


def longest_name(prefix: str) -> str:
    """As long as one of ours is, but for two that begin with the same hash."""
    return f"{prefix}-{'0' * 8}-0000-0000-0000-{'0' * _SHORT}-{'0' * _SHORT}.heic"


def at_once(parcels: Sequence[Parcel], most: int, largest: int) -> int:
    """How many of these go together so that their files are not too many; never none."""
    count = size = 0
    for place, parcel in enumerate(parcels):
        count += len(parcel.attachments)
        size += sum(each.size for each in parcel.attachments)
        if place and (count > most or size > largest):
            return place
    return len(parcels)


def _owner(parcel: Parcel) -> str:
    """The receipt's number; a share has that of what it came from, and goes by its own id."""
    ours = f"{parcel.device}-{parcel.sequence:06d}" == parcel.receipt
    plain = ours and _RECEIPT.fullmatch(parcel.receipt)
    return parcel.receipt if plain and not parcel.envelope.get("purpose") else parcel.id


def _told_by(file: Attached, begun: Counter[str]) -> str:
    short = file.sha256[:_SHORT]
    return short if begun[short] == 1 else file.sha256


def _ending(file: Attached) -> str:
    return ENDINGS.get(str(file.type), OTHER)
