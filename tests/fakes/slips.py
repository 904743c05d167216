"""Slips with spare codes, as terminals print them, and every way in which one may stand."""

import os
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import ec

from forms.reseed import read, write
from forms.sealing import Symbol, join
from kiosk.domain.reseeding import Reseeding, SlipFound, SlipTaken

LONGEST = "K01-7QX-000042"
KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
SLIP, OTHER = (write(os.urandom(1200), b"c" * 32, KEY, bytes(12)) for _ in range(2))
SEALED = join(map(read, SLIP))


def symbol(number: int, of: int = 3, name: str = "ABCDEFGH") -> Symbol:
    return Symbol(number, of, name, "A" * 8)


def found(**more) -> SlipFound:
    return SlipFound("01930000-0000-7000-8000-000000000001", LONGEST, "risai", **more)


def every_stand() -> dict[str, Reseeding]:
    """A name and a state for everything that the page can say."""
    empty = Reseeding("守")
    some = replace(empty, symbols=(symbol(1), symbol(3)))
    whole = replace(empty, symbols=tuple(map(symbol, (1, 2, 3))), sealed=b"sealed")
    asked = replace(whole, found=found(photos=3))
    wrongs = (
        "no-code", "mixed", "damaged", "not-ours", "another-key", "unknown-device",
        "another-body", "conflict", "not-allowed", "picture", "store-unusable", "some-day",
    )  # fmt: skip
    return {
        "empty": empty,
        "deaf": replace(empty, scans=False, wrong="another-body"),
        **{f"wrong-{each}": replace(empty, wrong=each) for each in wrongs},
        "some": some,
        "some-wrong": replace(some, wrong="mixed", scans=False),
        "four": replace(empty, symbols=(symbol(2, 4),)),
        "pictures": replace(some, pictures=("slip.png",)),
        "looking": whole,
        "away": replace(whole, away=True),
        "asked": asked,
        "taking": replace(asked, taking=True),
        "unsure": replace(asked, away=True),
        "taken": replace(asked, taken=SlipTaken(fresh=True)),
        "taken-twice": replace(asked, taken=SlipTaken(fresh=False)),
        "there": replace(whole, found=found(there=True)),
        "here": replace(whole, found=found(here=True)),
        "other-form": replace(whole, found=replace(found(), form="gone")),
    }
