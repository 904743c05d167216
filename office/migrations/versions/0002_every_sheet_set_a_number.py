"""Orders apart from their numbers: every sheet set has one, and a fate with its time."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "serial",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "certificate_order",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("issued", sa.String(40), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=True),
    )
    op.create_index("ix_certificate_order_day", "certificate_order", ["day"])
    op.rename_table("certificate", "certificate_before")
    op.create_table(
        "certificate",
        sa.Column("serial", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("order_id", sa.Integer, sa.ForeignKey("certificate_order.id"), nullable=False),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("digest", sa.String(32), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("told", sa.String(40), nullable=True),
        sa.Column("revoked", sa.String(40), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("remark", sa.String(200), nullable=True),
    )
    op.create_index("ix_certificate_order_id", "certificate", ["order_id"])
    _carry_over()
    op.drop_table("certificate_before")


def downgrade() -> None:
    op.drop_index("ix_certificate_order_id", "certificate")
    op.rename_table("certificate", "certificate_after")
    op.create_table(
        "certificate",
        sa.Column("serial", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(120), nullable=False, unique=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
    )
    _carry_back()
    op.drop_table("certificate_after")
    op.drop_index("ix_certificate_order_day", "certificate_order")
    op.drop_table("certificate_order")
    op.drop_table("serial")


def _carry_over() -> None:
    """Each old row is an order with one number; a time that was not kept stays unknown."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT * FROM certificate_before ORDER BY serial"))
    last = 0
    for row in rows.mappings().all():
        answer = json.loads(row["answer"])
        last = row["serial"]
        connection.execute(
            sa.text(
                "INSERT INTO certificate_order "
                "(id, key, request_sha256, device, type, day, issued, answer) "
                "VALUES (:id, :key, :sha, :device, :type, :day, :issued, :answer)"
            ),
            {
                "id": last,
                "key": row["key"],
                "sha": row["request_sha256"],
                "device": row["key"].partition(":")[0],
                "type": answer["content"]["type"],
                "day": answer["issued"],
                "issued": f"{answer['issued']}T00:00:00+09:00",
                "answer": _answer(row["number"], answer) if row["outcome"] == "issued" else None,
            },
        )
        connection.execute(
            sa.text(
                "INSERT INTO certificate (serial, order_id, number, outcome) "
                "VALUES (:serial, :serial, :number, :outcome)"
            ),
            {key: row[key] for key in ("serial", "number", "outcome")},
        )
    connection.execute(sa.text("INSERT INTO serial VALUES ('certificate', :last)"), {"last": last})


def _answer(number: str, told: dict[str, Any]) -> bytes | None:
    """What is answered from now on to an order that is repeated; None for one we shortened."""
    if "city" not in told:
        return None
    numbers = [number]
    papers = [{"content": told["content"], "numbers": numbers}]
    more = {"type": told["content"]["type"], "numbers": numbers, "papers": papers}
    return json.dumps({**told, **more}, ensure_ascii=False).encode()


def _carry_back() -> None:
    """One row for each number; the order's key stays with its first."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT c.serial, c.number, c.outcome, c.order_id, "
            "o.key, o.request_sha256, o.type, o.day, o.answer "
            "FROM certificate_after c JOIN certificate_order o ON o.id = c.order_id "
            "ORDER BY c.serial"
        )
    )
    keys: set[str] = set()
    for row in rows.mappings().all():
        short = {"issued": row["day"], "number": row["number"], "content": {"type": row["type"]}}
        connection.execute(
            sa.text(
                "INSERT INTO certificate (serial, key, request_sha256, number, answer, outcome) "
                "VALUES (:serial, :key, :request_sha256, :number, :answer, :outcome)"
            ),
            {
                **{name: row[name] for name in ("serial", "request_sha256", "number", "outcome")},
                "key": f"{row['key']}#{row['number']}" if row["key"] in keys else row["key"],
                "answer": row["answer"] or json.dumps(short).encode(),
            },
        )
        keys.add(row["key"])
