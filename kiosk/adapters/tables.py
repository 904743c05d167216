"""The terminal's tables."""

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """The root of the terminal's tables."""

    metadata = MetaData()


class OutboxTable(Table):
    """One submission: frozen bytes, and what became of them so far.

    `parent`: never sent before this one, which it corrects or came from. `due`: not before this
    moment, in milliseconds since 1970. `doubtful`: a try may have arrived though its answer did
    not. `purpose` and `person`: sent only while this person's consent to this purpose stands.
    """

    __tablename__ = "outbox"
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    receipt: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[str | None] = mapped_column(String(40))
    last_answer: Mapped[str | None] = mapped_column(String(400))
    due: Mapped[int] = mapped_column(BigInteger, default=0)
    doubtful: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[str | None] = mapped_column(String(64))
    parent: Mapped[str | None] = mapped_column(String(36))
    kept_at: Mapped[str] = mapped_column(String(40), default="")
    settled_at: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        Index("outbox_due", "state", "sequence"),
        Index("ix_outbox_person", "person", sqlite_where=text("person IS NOT NULL")),
    )


class AttachmentTable(Table):
    """A photo or file of a submission, sealed; `sent` bytes of it lie at the office."""

    __tablename__ = "attachment"
    submission: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    sent: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class JournalTable(Table):
    """Who did what, each entry chained to the one before; nothing personal.

    Triggers of the migration refuse every change and every removal.
    """

    __tablename__ = "journal"
    place: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(80))
    more: Mapped[str] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64))


class ConsentTable(Table):
    """What a person agreed to or took back: only ever added to; the last word counts.

    `told_at`: when the office was last told; unknown where an earlier version told it.
    """

    __tablename__ = "consent"
    place: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    notice: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[str] = mapped_column(String(40))
    told: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[str | None] = mapped_column(String(40))


class MemoTable(Table):
    """Small things a terminal remembers between starts; nothing personal."""

    __tablename__ = "memo"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


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
