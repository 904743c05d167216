"""Every failure has an apology, and the book of failures says what the code says."""

from pathlib import Path

from devices.faults import DeviceFault, LastTry, MalformedPin, WrongPin
from kiosk.errors import WorldFault, code_of
from kiosk.ui.apologies import APOLOGIES, book
from kiosk.ui.texts import load_texts

ROOT = Path(__file__).parents[2]
TEXTS = load_texts(ROOT / "resources" / "texts")
BOOK = ROOT / "docs" / "failures.md"
ASKED_AGAIN = {WrongPin, LastTry, MalformedPin}


def leaves(root: type[Exception]) -> set[type[Exception]]:
    """The classes below that nobody derives from."""
    below = root.__subclasses__()
    return {root} if not below else set().union(*(leaves(cls) for cls in below))


def test_every_fault_of_the_world_has_one_apology_under_its_own_code():
    told = {row.fault: row.code for row in APOLOGIES if row.fault}
    ours = {f for f in leaves(WorldFault) | leaves(DeviceFault) if f.__module__[:5] != "tests"}
    assert set(told) == ours - ASKED_AGAIN
    assert all(code == code_of(fault.__new__(fault)) for fault, code in told.items())
    assert len({row.code for row in APOLOGIES}) == len(APOLOGIES)


def test_every_apology_says_what_happened_and_what_to_do_in_every_language():
    for texts in TEXTS.values():
        for row in APOLOGIES:
            assert texts(f"apology.{row.code}")
            assert texts(f"apology.{row.code}.do")


def test_the_book_of_failures_is_what_the_rows_say():
    assert BOOK.read_text("utf-8") == book(TEXTS["ja"]), "run python -m tests.unit.test_failures"


if __name__ == "__main__":
    BOOK.write_text(book(TEXTS["ja"]), "utf-8")
