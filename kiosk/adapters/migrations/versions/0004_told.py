"""When a word on consent was told: an office that comes back from a backup may forget it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("consent", sa.Column("told_at", sa.String(40)))


def downgrade() -> None:
    with op.batch_alter_table("consent") as consent:
        consent.drop_column("told_at")
