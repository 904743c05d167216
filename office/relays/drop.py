"""Files for a consumer who takes folders: a table, and a control file behind it that says "whole".

A file is written under a name that nobody looks for; then the database notes whom it carries;
then two renames show it. The control file's rename is the one moment that counts: whoever dies
before it leaves nothing that was seen, whoever dies after it has handed over.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from office.relays.config import Per
from office.relays.layout import Layout, RowFault, begin, row
from office.relays.port import Acknowledged, Parcel, Questioned, Reply, TargetAway

DONE = "done"
_END, _WITHDRAWN = ".csv.end", ".csv.withdrawn"
_ORPHANED = timedelta(minutes=10)
_STAMP = "%Y%m%d%H%M%S%f"
_LONGEST_REASON = 4096


class Folder(Protocol):
    """A folder, here or far away; TargetAway where it cannot be used."""

    unseen: str

    def write(self, name: str, content: bytes) -> None:
        """Durable and whole when this returns."""

    def rename(self, name: str, new: str) -> bool:
        """At once and durable; False where there is no such file."""

    def remove(self, name: str) -> bool:
        """False where there is no such file."""

    def sizes(self) -> Mapping[str, int]:
        """Every plain file in it and how large it is."""

    def read(self, name: str, most: int) -> bytes | None:
        """Its first bytes; None where there is no such file."""


def batch_name(prefix: str, now: datetime, chance: str) -> str:
    """Sorts by time, and is nobody else's."""
    return f"{prefix}-{now.strftime(_STAMP)}-{chance}"


@dataclass(frozen=True)
class _Told:
    size: int
    name: str


class Drop:
    """One folder, one layout, and perhaps a folder in which the consumer answers."""

    def __init__(
        self, folder: Folder, layout: Layout, prefix: str, ack: Folder | None, per: Per
    ) -> None:
        self._folder, self._layout, self._ack, self._per = folder, layout, ack, per
        self._ours = re.compile(rf"({re.escape(prefix)}-(\d{{20}})-[0-9a-f]+)(\..+)")
        self._mark = f".{prefix}"
        self._seen: set[_Told] = set()

    def write(self, batch: str, parcels: Sequence[Parcel]) -> dict[str, Questioned]:
        """The table and its control file, unseen; a row that cannot be written stays out."""
        rows: list[bytes] = []
        set_aside: dict[str, Questioned] = {}
        for parcel in parcels:
            try:
                rows.append(row(self._layout, parcel.envelope))
            except RowFault as fault:
                set_aside[parcel.id] = Questioned(str(fault))
            except Exception as fault:  # noqa: BLE001 what one row breaks does not stop the others
                set_aside[parcel.id] = Questioned(f"cannot be written ({type(fault).__name__})")
        if rows:
            content = begin(self._layout) + b"".join(rows)
            self._folder.write(f"{batch}.csv{self._folder.unseen}", content)
            self._folder.write(
                f"{batch}{_END}{self._folder.unseen}", _control(batch, content, rows)
            )
        return set_aside

    def publish(self, batch: str) -> bool:
        """Table first, control file last."""
        unseen = self._folder.unseen
        return self._folder.rename(f"{batch}.csv{unseen}", f"{batch}.csv") and self._folder.rename(
            f"{batch}{_END}{unseen}", f"{batch}{_END}"
        )

    def withdraw(self, batch: str) -> bool:
        """Take the control file away before it was seen; a mark stays until that is noted."""
        unseen, mark = self._folder.unseen, f"{batch}{_WITHDRAWN}"
        taken = self._folder.rename(f"{batch}{_END}{unseen}", mark)
        if not taken and mark not in self._folder.sizes():
            self.must_be_ours()
            return False
        self._folder.remove(f"{batch}.csv{unseen}")  # before the other: it cannot turn up again
        self._folder.remove(f"{batch}.csv")
        return True

    def begin(self) -> None:
        """Leave the mark by which we know the folder again."""
        self._folder.write(self._mark, b"")

    def must_be_ours(self) -> None:
        """A folder that is not mounted looks as if everything had been fetched from it."""
        if self._folder.read(self._mark, 1) is None:
            raise TargetAway(f"not the folder we wrote to: {self._mark} is not in it (mounted?)")

    def batches(self, before: datetime) -> set[str]:
        """The files of which something is left that is not to be seen, and that are old."""
        limit = (before - _ORPHANED).strftime(_STAMP)
        found = (self._ours.fullmatch(name) for name in self._folder.sizes())
        return {f[1] for f in found if f and f[2] < limit and self._is_unseen(f[3])}

    def sweep(self, batches: Collection[str]) -> int:
        """Remove all that is unseen of these."""
        found = [self._ours.fullmatch(name) for name in self._folder.sizes()]
        orphans = [f[0] for f in found if f and f[1] in batches and self._is_unseen(f[3])]
        return sum(self._folder.remove(name) for name in orphans)

    def replies(self) -> Sequence[Reply]:
        """What lies in the consumer's folder as it did when we last looked: it is whole."""
        if self._ack is None:
            return ()
        now = {_Told(size, name) for name, size in self._ack.sizes().items()}
        still, self._seen = self._seen & now, now
        found = (self._reply(told.name) for told in sorted(still, key=_refusals_last))
        return tuple(reply for reply in found if reply)

    def settle(self, reply: Reply) -> None:
        """Answer and files are moved aside, where they still are."""
        if self._ack is None:
            return
        if reply.batch:
            for name in (f"{reply.batch}.csv", f"{reply.batch}{_END}"):
                self._folder.rename(name, f"{DONE}/{name}")
        self._ack.rename(reply.name, f"{DONE}/{reply.name}")

    def _reply(self, name: str) -> Reply | None:
        about, _, ending = name.rpartition(".")
        if ending.lower() not in ("ok", "ng") or not about or self._ack is None:
            return None
        answer: Acknowledged | Questioned = Acknowledged()
        if ending.lower() == "ng":
            raw = self._ack.read(name, _LONGEST_REASON)
            if raw is None:
                return None
            answer = Questioned(_reason(raw))
        if self._per is Per.ROW:
            return Reply(name, answer, receipt=about)
        return Reply(name, answer, batch=about.removesuffix(".csv"))

    def _is_unseen(self, ending: str) -> bool:
        return ending.endswith((self._folder.unseen, _WITHDRAWN))


def _control(batch: str, content: bytes, rows: Sequence[bytes]) -> bytes:
    said = {
        "file": f"{batch}.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(rows),
        "bytes": len(content),
    }
    return json.dumps(said).encode() + b"\n"


def _refusals_last(told: _Told) -> tuple[bool, str]:
    """Where a consumer says yes and no of the same, staff looks."""
    return told.name.lower().endswith(".ng"), told.name


def _reason(raw: bytes) -> str:
    """The consumer's words, in whichever of the two encodings they are."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text[:400] or "no reason was given"
    return "the reason given cannot be read"
