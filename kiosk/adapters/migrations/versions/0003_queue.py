"""The queue's own words, photos, the journal, consents, and small things to remember."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAMED = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
_FROZEN = """
CREATE TRIGGER journal_no_{verb} BEFORE {verb} ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
"""


def upgrade() -> None:
    with op.batch_alter_table("outbox", naming_convention=_NAMED) as outbox:
        outbox.drop_constraint("uq_outbox_receipt")  # it holds the number, which is the key
        outbox.add_column(sa.Column("due", sa.BigInteger, nullable=False, server_default="0"))
        outbox.add_column(sa.Column("doubtful", sa.Boolean, nullable=False, server_default="0"))
        outbox.add_column(sa.Column("purpose", sa.String(40)))
        outbox.add_column(sa.Column("person", sa.String(64)))
        outbox.add_column(sa.Column("parent", sa.String(36)))
        outbox.add_column(sa.Column("kept_at", sa.String(40), nullable=False, server_default=""))
        outbox.add_column(sa.Column("settled_at", sa.String(40)))
    op.execute(
        "UPDATE outbox SET settled_at = coalesce(last_at, '') "
        "WHERE state IN ('delivered', 'refused', 'set-aside')"
    )
    told = sa.text("person IS NOT NULL")
    op.create_index("ix_outbox_person", "outbox", ["person"], sqlite_where=told)
    op.create_table(
        "attachment",
        sa.Column("submission", sa.String(36), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("more", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(_FROZEN.format(verb=verb))
    op.create_table(
        "consent",
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
    )
    op.create_index("ix_consent_person", "consent", ["person"])
    op.create_table(
        "memo",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("memo", "consent", "journal", "attachment"):
        op.drop_table(table)
    op.drop_index("ix_outbox_person", "outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.create_unique_constraint("uq_outbox_receipt", ["receipt"])
        for column in ("due", "doubtful", "purpose", "person", "parent", "kept_at", "settled_at"):
            outbox.drop_column(column)
