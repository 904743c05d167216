"""Certificates that differ in every name, each name hard: variants, rare kanji, beyond the BMP."""

import random
from collections.abc import Iterator
from datetime import date
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import to_builtins

from printing.contents import Certificate, City, Juminhyo, Resident
from printing.letters.glyphs import find_font
from printing.proof.seal import SealKey, seal_of, sign

CITY = City(code="000000", name="書蒼市", mayor_title="書蒼市長　青山　葵")
ADDRESS = "かかない県書蒼市緑ケ丘四丁目10番地"
ISSUED = date(2026, 11, 21)
KANJI = (range(0x4E00, 0x9FD0), range(0x20000, 0x2A6D7))
PEOPLE = (("世帯主", "男"), ("妻", "女"), ("子", "女"), ("子", "男"))


@cache
def characters() -> tuple[list[str], list[str]]:
    """Every registered variant of IPAmj明朝, and every kanji of it."""
    file = find_font("IPAmjMincho").file
    variants = [
        chr(base) + chr(selector)
        for selector in sorted(file.variation_selectors)
        for base in sorted(file.variation_unicodes(selector))
    ]
    kanji = [chr(each) for each in sorted(file.unicodes) if any(each in part for part in KANJI)]
    return variants, kanji


def certificates(count: int, seed: int = 0) -> Iterator[Certificate]:
    """One household after another, each with a seal that a city's key has really signed."""
    chance = random.Random(seed)  # noqa: S311 (the same people every time)
    key = SealKey.of(ec.derive_private_key(seed + 1, ec.SECP256R1()))
    for number in range(count):
        yield _sealed(f"20261121-{number:06d}", _household(chance), key)


def _household(chance: random.Random) -> Juminhyo:
    variants, kanji = characters()
    names = [
        f"{chance.choice(variants)}{chance.choice(kanji)}　{chance.choice(kanji)}郎" for _ in PEOPLE
    ]
    residents = tuple(
        Resident(
            name=name,
            kana="ワタナベ　イチロウ",
            birth=f"{chance.randint(1930, 2020)}-01-{chance.randint(10, 28)}",
            sex=sex,
            relationship=relationship,
            became_resident=f"2019-05-{chance.randint(10, 28)}",
            domicile=ADDRESS,
            head_of_domicile=names[0],
        )
        for name, (relationship, sex) in zip(names, PEOPLE, strict=True)
    )
    address = f"{ADDRESS}　コーポみどり203"
    return Juminhyo(kind="household", address=address, head=names[0], residents=residents)


def _sealed(number: str, content: Juminhyo, key: SealKey) -> Certificate:
    words = {"number": number, "issued": ISSUED.isoformat(), **to_builtins(content)}
    seal = sign(seal_of(words, CITY.code), key)
    return Certificate(number=number, issued=ISSUED, city=CITY, content=content, seal=seal)
