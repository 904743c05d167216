"""The office's tables."""

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_Counted = BigInteger().with_variant(Integer, "sqlite")  # there an integer has no end


class Table(DeclarativeBase):
    """The root of the office's tables."""

    metadata = MetaData()


class DeviceTable(Table):
    """A terminal that may speak to us, and as what."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    public_key: Mapped[str | None] = mapped_column(String(200))
    generation: Mapped[int] = mapped_column(default=0)
    enrolled: Mapped[str | None] = mapped_column(String(40))
    revoked: Mapped[str | None] = mapped_column(String(40))
    seen: Mapped[str | None] = mapped_column(String(40))
    report: Mapped[str | None] = mapped_column(Text)


class PairingTable(Table):
    """A code that lets one device in, once, until it expires."""

    __tablename__ = "pairing"
    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(12))
    expires: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[str | None] = mapped_column(String(40))


class SubmissionTable(Table):
    """One submission, its bytes as they came, in order of arrival.

    `missing`: so many of its photos and files are still on their way.
    `purpose` and `person`: what it may be used for, and whose consent that hangs on.
    """

    __tablename__ = "submission"
    arrival: Mapped[int] = mapped_column(_Counted, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    received: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    missing: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[str | None] = mapped_column(String(64), index=True)


class HistoryTable(Table):
    """What became of a submission, step by step."""

    __tablename__ = "history"
    place: Mapped[int] = mapped_column(_Counted, primary_key=True, autoincrement=True)
    submission: Mapped[str] = mapped_column(String(36), index=True)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(400), default="")


class AttachmentTable(Table):
    """A photo or file of a submission; `have` bytes of it are here."""

    __tablename__ = "attachment"
    submission: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    have: Mapped[int] = mapped_column(default=0)
    whole: Mapped[str | None] = mapped_column(String(40))


class PieceTable(Table):
    """A piece of an attachment, from `start` on."""

    __tablename__ = "piece"
    submission: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class HandoverTable(Table):
    """One submission on its way to one back-office system; times in milliseconds since 1970.

    `chain`: what it belongs to; corrections never overtake what they correct. `batch`: the file
    that it was written into.
    """

    __tablename__ = "handover"
    place: Mapped[int] = mapped_column(_Counted, primary_key=True, autoincrement=True)
    submission: Mapped[str] = mapped_column(String(36))
    chain: Mapped[str] = mapped_column(String(36))
    target: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    due: Mapped[int] = mapped_column(BigInteger, default=0)
    claimed: Mapped[int | None] = mapped_column(BigInteger)
    batch: Mapped[str | None] = mapped_column(String(100))
    last_at: Mapped[str | None] = mapped_column(String(40))
    last_answer: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (
        Index("handover_once", "submission", "target", unique=True),
        Index("handover_next", "target", "state", "place"),
        Index("handover_chain", "target", "chain", "place"),
        Index("handover_batch", "batch"),
    )


class ConsentTable(Table):
    """What a person agreed to or took back: only ever added to; the last word counts.

    `at` is the terminal's clock, `received` ours: nobody said anything after we heard it.
    """

    __tablename__ = "consent"
    place: Mapped[int] = mapped_column(_Counted, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    notice: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[str] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(40))
    received: Mapped[str] = mapped_column(String(40))


class AnchorTable(Table):
    """The end of a device's journal as it was told: what was there cannot vanish unseen.

    A `line` after the first begins with entry 0, and `why` staff let the journal begin anew.
    """

    __tablename__ = "anchor"
    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(String(200))


class SecretTable(Table):
    """Which secret these rows were begun with, by its hash: an office with another is refused."""

    __tablename__ = "secret"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


class RestorationTable(Table):
    """A return from a backup: `arrival` was the last that the backup knew."""

    __tablename__ = "restoration"
    place: Mapped[int] = mapped_column(_Counted, primary_key=True, autoincrement=True)
    mark: Mapped[str] = mapped_column(String(8), unique=True)
    since: Mapped[str] = mapped_column(String(40))
    at: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(String(200))
    arrival: Mapped[int] = mapped_column(BigInteger)


class NoticeTable(Table):
    """What the city tells everybody: an alert, a closure, a notice."""

    __tablename__ = "notice"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    begins: Mapped[str | None] = mapped_column(String(40))
    ends: Mapped[str | None] = mapped_column(String(40))
    modified: Mapped[str] = mapped_column(String(40))
    received: Mapped[str] = mapped_column(String(40))


class ToldTable(Table):
    """How far a broker has heard what became of submissions: a line of history.

    `broker`: a hash of where it is and of what it is told; told anew where that is another.
    """

    __tablename__ = "told"
    broker: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger)


class SerialTable(Table):
    """The last serial that was given out: one row, locked while a certificate is issued.

    Not the database's own sequence, which leaves a gap where a transaction fails: every number
    that is missing would have to be explained.
    """

    __tablename__ = "serial"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


class OrderTable(Table):
    """One order under its first serial; `answer`, the personal part, goes with an outcome."""

    __tablename__ = "certificate_order"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(20))
    day: Mapped[str] = mapped_column(String(10), index=True)
    issued: Mapped[str] = mapped_column(String(40))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class CertificateTable(Table):
    """One issue number, on one sheet set, and what became of it.

    `digest` is what its seal says of its words: a paper with other words is told from this one.
    """

    __tablename__ = "certificate"
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(ForeignKey("certificate_order.id"), index=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    digest: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(12))
    told: Mapped[str | None] = mapped_column(String(40))
    revoked: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    remark: Mapped[str | None] = mapped_column(String(200))
