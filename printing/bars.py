"""Bars that a hand scanner reads, as black and white before they have a size."""

import barcode


def code128(text: str) -> str:
    """The modules of a Code 128, "1" for black."""
    return str(barcode.get("code128", text).build()[0])


def page_code(number: str, page: int, pages: int) -> str:
    """What the bars of one sheet say: the paper's number, and which of several sheets it is."""
    return number if pages == 1 else f"{number}-{page}"
