"""The numbers of papers whose fate the office does not know yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False, unique=True),
        sa.Column("fate", sa.String(12), nullable=False),
        sa.Column("remark", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("paper")
