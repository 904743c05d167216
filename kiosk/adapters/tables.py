"""The terminal's tables."""

from sqlalchemy import Index, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """The root of the terminal's tables."""

    metadata = MetaData()


class OutboxTable(Table):
    """One submission: frozen bytes, and what became of them so far."""

    __tablename__ = "outbox"
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    receipt: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[str | None] = mapped_column(String(40))
    last_answer: Mapped[str | None] = mapped_column(String(400))
    __table_args__ = (Index("outbox_due", "state", "sequence"),)


class ClerkTable(Table):
    """Who may sign in at the counter."""

    __tablename__ = "clerk"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class PaperTable(Table):
    """A numbered paper whose fate the office does not know yet; nothing personal."""

    __tablename__ = "paper"
    place: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    fate: Mapped[str] = mapped_column(String(12))
    remark: Mapped[str] = mapped_column(String(200))
