"""The office's tables."""

from sqlalchemy import ForeignKey, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """The root of the office's tables."""

    metadata = MetaData()


class DeviceTable(Table):
    """A terminal that may speak to us, and as what."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)


class SubmissionTable(Table):
    """One submission, its bytes as they came, in order of arrival."""

    __tablename__ = "submission"
    arrival: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    received: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


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
