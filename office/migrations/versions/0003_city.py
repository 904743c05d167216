"""Devices with keys, what becomes of submissions, where they go, consents, anchors, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("device") as device:
        device.drop_column("token_sha256")  # devices of before are paired anew
        device.add_column(sa.Column("public_key", sa.String(200)))
        device.add_column(sa.Column("generation", sa.Integer, nullable=False, server_default="0"))
        device.add_column(sa.Column("enrolled", sa.String(40)))
        device.add_column(sa.Column("revoked", sa.String(40)))
        device.add_column(sa.Column("seen", sa.String(40)))
        device.add_column(sa.Column("report", sa.Text))
    with op.batch_alter_table("submission") as submission:
        submission.add_column(sa.Column("missing", sa.Integer, nullable=False, server_default="0"))
        submission.add_column(sa.Column("purpose", sa.String(40)))
        submission.add_column(sa.Column("person", sa.String(64)))
    _count_arrivals(sa.BigInteger(), "bigint")
    op.create_index("ix_submission_person", "submission", ["person"])
    op.create_table(
        "pairing",
        sa.Column("code_sha256", sa.String(64), primary_key=True),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used", sa.String(40)),
    )
    op.create_table(
        "history",
        sa.Column("place", _counted, primary_key=True, autoincrement=True),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("words", sa.String(400), nullable=False),
    )
    op.create_index("ix_history_submission", "history", ["submission"])
    op.create_table(
        "attachment",
        sa.Column("submission", sa.String(36), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("have", sa.Integer, nullable=False),
        sa.Column("whole", sa.String(40)),
    )
    op.create_table(
        "piece",
        sa.Column("submission", sa.String(36), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "handover",
        sa.Column("place", _counted, primary_key=True, autoincrement=True),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("chain", sa.String(36), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("claimed", sa.BigInteger),
        sa.Column("batch", sa.String(100)),
        sa.Column("last_at", sa.String(40)),
        sa.Column("last_answer", sa.String(400)),
    )
    op.create_index("handover_once", "handover", ["submission", "target"], unique=True)
    op.create_index("handover_next", "handover", ["target", "state", "place"])
    op.create_index("handover_chain", "handover", ["target", "chain", "place"])
    op.create_index("handover_batch", "handover", ["batch"])
    op.create_table(
        "consent",
        sa.Column("place", _counted, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("received", sa.String(40), nullable=False),
    )
    op.create_index("ix_consent_person", "consent", ["person"])
    op.create_table(
        "anchor",
        sa.Column("device", sa.String(40), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("why", sa.String(200)),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("begins", sa.String(40)),
        sa.Column("ends", sa.String(40)),
        sa.Column("modified", sa.String(40), nullable=False),
        sa.Column("received", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "notice",
        "secret",
        "anchor",
        "consent",
        "handover",
        "piece",
        "attachment",
        "history",
    ):
        op.drop_table(table)
    op.drop_table("pairing")
    _count_arrivals(sa.Integer(), "integer")
    op.drop_index("ix_submission_person", "submission")
    with op.batch_alter_table("submission") as submission:
        for column in ("missing", "purpose", "person"):
            submission.drop_column(column)
    op.execute("DELETE FROM device")  # a key is no token: they are enrolled anew
    with op.batch_alter_table("device") as device:
        for column in ("public_key", "generation", "enrolled", "revoked", "seen", "report"):
            device.drop_column(column)
        device.add_column(sa.Column("token_sha256", sa.String(64), nullable=False))
        device.create_unique_constraint("device_token", ["token_sha256"])


def _count_arrivals(kind: sa.Integer, name: str) -> None:
    """PostgreSQL's integers end at 2^31, and each repeated call takes a number too."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("submission", "arrival", type_=kind)
        op.execute(f"ALTER SEQUENCE submission_arrival_seq AS {name}")
