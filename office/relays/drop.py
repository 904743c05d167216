"""Files for a consumer who takes folders: a table, and a control file behind it that says "whole".

A file is written under a name that nobody looks for; then the database notes whom it carries;
then renames show it, photos and files first. The control file's rename is the one moment that
counts: whoever dies before it leaves nothing that was seen, whoever dies after it has handed over.

Photos and files get a name that is the same in every try, and there it is always the whole file.
So nothing ever takes one away that may still go: another could be showing it at that moment.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from office.relays.along import Going, at_once, content, going_with, names_in
from office.relays.config import Attachments, Per
from office.relays.layout import Layout, RowFault, begin, row
from office.relays.port import (
    Acknowledged,
    Answer,
    Later,
    NotWhole,
    Parcel,
    Questioned,
    Reply,
    TargetAway,
    plain,
)

DONE = "done"
_END, _WITHDRAWN = ".csv.end", ".csv.withdrawn"
_ORPHANED = timedelta(minutes=10)
_STAMP = "%Y%m%d%H%M%S%f"
_STAMPED = re.compile(r"-(\d{20})-[0-9a-f]+$", re.ASCII)
_LONGEST_REASON = 4096
_LONGEST_END = 1_048_576
_MOST_ALONG, _LARGEST_ALONG = 500, 100_000_000


class Folder(Protocol):
    """A folder, here or far away; TargetAway where it cannot be used."""

    unseen: str

    def write(self, name: str, pieces: Iterable[bytes], size: int) -> None:
        """Durable and whole when this returns; never more than a piece in memory."""

    def rename(self, name: str, new: str) -> bool:
        """At once and durable; False where there is no such file."""

    def remove(self, name: str) -> bool:
        """False where there is no such file."""

    def sizes(self) -> Mapping[str, int]:
        """Every plain file in it and how large it is."""

    def read(self, name: str, most: int) -> bytes | None:
        """Its first bytes; None where there is no such file."""


def batch_name(prefix: str, now: datetime, chance: str, last: str | None = None) -> str:
    """Sorts by time, behind the last one whatever the clock says, and is nobody else's."""
    stamp, found = now.strftime(_STAMP), _STAMPED.search(last or "")
    if found:
        stamp = max(stamp, str(int(found[1]) + 1))
    return f"{prefix}-{stamp}-{chance}"


@dataclass(frozen=True)
class Written:
    """What a file carries, unseen as yet; `answers`: those who are not in it, and why."""

    answers: Mapping[str, Answer]
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Told:
    size: int
    name: str


class Drop:
    """One folder, one layout, and perhaps a folder in which the consumer answers."""

    def __init__(
        self,
        folder: Folder,
        layout: Layout,
        prefix: str,
        ack: Folder | None,
        per: Per,
        attachments: Attachments = Attachments.NAMES,
    ) -> None:
        self._folder, self._layout, self._ack, self._per = folder, layout, ack, per
        self._prefix, self._along = prefix, attachments is Attachments.ALONG
        self._names = names_in(prefix)
        self._ours = re.compile(rf"({re.escape(prefix)}-(\d{{20}})-[0-9a-f]+)(\..+)")
        self._mark = f".{prefix}"
        self._seen: set[_Told] = set()

    def fits(self, parcels: Sequence[Parcel]) -> int:
        """How many of them go into one file."""
        return at_once(parcels, _MOST_ALONG, _LARGEST_ALONG) if self._along else len(parcels)

    def write(self, batch: str, parcels: Sequence[Parcel]) -> Written:
        """Files, table and control file, unseen; a row that cannot be written stays out."""
        rows: list[bytes] = []
        along: dict[str, tuple[Parcel, Going]] = {}
        answers: dict[str, Answer] = {}
        for parcel in parcels:
            going = going_with(parcel, self._prefix) if self._along else []
            line = self._row(parcel, going)
            try:
                if isinstance(line, bytes):
                    self._write_along(batch, parcel, going)
            except NotWhole as fault:
                line = Later(str(fault))
            if isinstance(line, bytes):
                rows.append(line)
                along |= {each.name: (parcel, each) for each in going}
            else:
                answers[parcel.id] = line
        if rows:
            table = begin(self._layout) + b"".join(rows)
            told = _control(batch, table, rows, along.values() if self._along else None)
            for name, whole in ((f"{batch}.csv", table), (f"{batch}{_END}", told)):
                self._folder.write(f"{name}{self._folder.unseen}", (whole,), len(whole))
        return Written(answers, tuple(along))

    def publish(self, batch: str, files: Iterable[str] = ()) -> bool:
        """What goes along first, then the table, the control file last."""
        shown = [(f"{batch}.{name}", name) for name in files]
        shown += [(f"{batch}{ending}", f"{batch}{ending}") for ending in (".csv", _END)]
        return all(self._folder.rename(f"{old}{self._folder.unseen}", new) for old, new in shown)

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
        self._folder.write(self._mark, (), 0)

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

    def shares(self) -> Mapping[str, Sequence[str]]:
        """The files that lie here under a submission's id, by that id."""
        found: dict[str, list[str]] = {}
        for name in self._folder.sizes() if self._along else ():
            if (ours := self._names.fullmatch(name)) and ours[1]:
                found.setdefault(ours[1], []).append(name)
        return found

    def remove(self, names: Iterable[str]) -> None:
        """These are to be seen by nobody."""
        for name in names:
            self._folder.remove(name)

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
            pair = f"{reply.batch}.csv", f"{reply.batch}{_END}"
            for name in (*self._done_with(reply), *pair):
                self._folder.rename(name, f"{DONE}/{name}")
        self._ack.rename(reply.name, f"{DONE}/{reply.name}")

    def _row(self, parcel: Parcel, going: Sequence[Going]) -> bytes | Answer:
        names = [each.name for each in going]
        try:
            return row(self._layout, {**parcel.envelope, "attachments": names})
        except RowFault as fault:
            return Questioned(str(fault))
        except Exception as fault:  # noqa: BLE001 what one row breaks does not stop the others
            return Questioned(f"cannot be written ({type(fault).__name__})")

    def _write_along(self, batch: str, parcel: Parcel, going: Sequence[Going]) -> None:
        unseen = [f"{batch}.{each.name}{self._folder.unseen}" for each in going]
        try:
            for name, each in zip(unseen, going, strict=True):
                self._folder.write(name, content(parcel, each.file), each.file.size)
        except NotWhole:
            self.remove(unseen)
            raise

    def _done_with(self, reply: Reply) -> Iterator[str]:
        """What went along with a file that they took over: that never goes again."""
        if not self._along or not isinstance(reply.answer, Acknowledged):
            return
        raw = self._folder.read(f"{reply.batch}{_END}", _LONGEST_END) or b""
        with suppress(
            ValueError, KeyError, TypeError, RecursionError
        ):  # the consumer may write here too
            for told in json.loads(raw)["attachments"]:
                if self._names.fullmatch(told["file"]):
                    yield told["file"]

    def _reply(self, name: str) -> Reply | None:
        about, _, ending = name.rpartition(".")
        if ending.lower() not in ("ok", "ng") or not about or self._ack is None:
            return None
        if not about.isprintable():
            return None  # a name in another encoding, which is none of ours
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


def _control(
    batch: str,
    table: bytes,
    rows: Sequence[bytes],
    along: Iterable[tuple[Parcel, Going]] | None,
) -> bytes:
    said: dict[str, object] = {
        "file": f"{batch}.csv",
        "sha256": hashlib.sha256(table).hexdigest(),
        "rows": len(rows),
        "bytes": len(table),
    }
    if along is not None:
        said["attachments"] = [
            {
                "file": going.name,
                "sha256": going.file.sha256,
                "bytes": going.file.size,
                "receipt": parcel.receipt,
            }
            for parcel, going in along
        ]
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
        return plain(text)[:400] or "no reason was given"
    return "the reason given cannot be read"
