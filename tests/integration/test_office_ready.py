"""Whether the office can store is asked of it for years, by every terminal."""

from itertools import pairwise

from sqlalchemy import Engine, text

from office.readiness import Readiness

LARGEST = 2**31 - 1  # what the column holds


def test_no_number_of_proofs_is_too_many(engine: Engine) -> None:
    readiness = Readiness(engine, iter(range(0, 100, 2)).__next__)
    readiness.prove()
    with engine.begin() as base:
        base.execute(text("UPDATE serial SET last = :last WHERE name = 'ready'"), {"last": LARGEST})
    for _ in range(3):
        readiness.prove()


def test_every_proof_changes_the_row(engine: Engine) -> None:
    seen = []
    readiness = Readiness(engine, iter(range(0, 100, 2)).__next__)
    for _ in range(4):
        readiness.prove()
        with engine.connect() as look:
            asked = text("SELECT last FROM serial WHERE name = 'ready'")
            seen.append(look.execute(asked).scalar_one())
    assert all(before != after for before, after in pairwise(seen))
