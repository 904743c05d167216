"""What a broker was told so far, and every return of this database from a backup."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "told",
        sa.Column("broker", sa.String(64), primary_key=True),
        sa.Column("place", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "restoration",
        sa.Column("place", counted, primary_key=True, autoincrement=True),
        sa.Column("mark", sa.String(8), nullable=False, unique=True),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("arrival", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("restoration", "told"):
        op.drop_table(table)
