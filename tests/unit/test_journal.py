"""The chain of deeds: what was written stays as it was, and says nothing of anybody."""

from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.journal import BEGINNING, Break, Deed, Linked, Why, broken, by_clerk, entry, link

AT = "2026-11-21T10:00:00+09:00"
WORDS = ("at", "who", "what", "about", "more")


def chain(length: int) -> list[Linked]:
    rows: list[Linked] = []
    previous = BEGINNING
    for place in range(1, length + 1):
        told = entry(place, AT, "kiosk", Deed.KEPT, f"K01-{place:06d}", "")
        previous = link(previous, told)
        rows.append(Linked(told, previous))
    return rows


def test_a_whole_chain_is_not_broken() -> None:
    assert broken([]) is None
    rows = chain(9)
    assert broken(rows, {4: rows[3].hash, 9: rows[8].hash}) is None


@pytest.mark.parametrize("word", WORDS)
def test_a_word_changed_later_is_found(word: str) -> None:
    rows = chain(5)
    rows[2] = Linked(replace(rows[2].entry, **{word: "x"}), rows[2].hash)
    assert broken(rows) == Break(3, Why.CHANGED)


def test_another_hash_is_found() -> None:
    rows = chain(5)
    rows[4] = Linked(rows[4].entry, rows[3].hash)
    assert broken(rows) == Break(5, Why.CHANGED)


def test_an_entry_taken_out_of_the_middle_is_found() -> None:
    rows = chain(5)
    del rows[2]
    assert broken(rows) == Break(3, Why.MISSING)


def test_an_entry_taken_out_of_the_middle_with_the_others_moved_up_is_found() -> None:
    rows = chain(5)
    rows = rows[:2] + [Linked(replace(r.entry, place=r.entry.place - 1), r.hash) for r in rows[3:]]
    assert broken(rows) == Break(3, Why.CHANGED)


def test_two_entries_that_changed_places_are_found() -> None:
    rows = chain(5)
    a, b = rows[1], rows[2]
    rows[1] = Linked(replace(b.entry, place=2), b.hash)
    rows[2] = Linked(replace(a.entry, place=3), a.hash)
    assert broken(rows) == Break(2, Why.CHANGED)


def test_an_end_that_was_cut_off_is_found_by_whoever_was_told_of_it() -> None:
    rows = chain(5)
    assert broken(rows[:3]) is None
    assert broken(rows[:3], {5: rows[4].hash}) == Break(4, Why.SHORTENED)
    assert broken([], {5: rows[4].hash}) == Break(1, Why.SHORTENED)


def test_a_chain_written_anew_is_found_by_whoever_was_told_of_the_old_one() -> None:
    old, new, previous = chain(5), [], BEGINNING
    for row in old:
        told = replace(row.entry, who="counter")
        previous = link(previous, told)
        new.append(Linked(told, previous))
    assert broken(new) is None
    assert broken(new, {3: old[2].hash}) == Break(3, Why.REPLACED)


@given(st.text(), st.text(), st.integers(0, 2**53 - 1))
def test_a_link_is_the_hash_of_canonical_bytes(who: str, about: str, place: int) -> None:
    told = replace(chain(1)[0].entry, place=place, who=who, about=about)
    body = rfc8785.dumps({**vars(told), "previous": BEGINNING})
    assert link(BEGINNING, told) == sha256(body).hexdigest()


@pytest.mark.parametrize("name", ["髙橋　花子", "タカハシ", "TARO YAMADA", "Smith", "たかはし"])
def test_a_name_has_no_place_in_it(name: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        entry(1, AT, "kiosk", Deed.KEPT, "", name)
    with pytest.raises(ValueError, match="no place"):
        entry(1, AT, name, Deed.KEPT, "", "")
    if not name.isascii() or " " in name:
        with pytest.raises(ValueError, match="no place"):
            entry(1, AT, "kiosk", Deed.KEPT, name, "")


@pytest.mark.parametrize("more", ["東京都千代田区", "1980-02-17 male", "x" * 201, "a\n"])
def test_what_is_no_code_of_ours_has_no_place_in_it(more: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        entry(1, AT, "kiosk", Deed.KEPT, "", more)


@pytest.mark.parametrize("who", ["kiosk", "clerk:k-sato", "command:root", "counter", "office"])
def test_whoever_acts_is_named_by_part_or_number(who: str) -> None:
    assert entry(1, AT, who, Deed.SIGNED_IN, "", "http-503,purpose=tax").who == who


def test_a_clerk_whose_id_is_a_name_is_only_a_mark() -> None:
    assert by_clerk("k-sato.2") == "clerk:k-sato.2"
    marks = {by_clerk(each) for each in ("守", "髙橋　花子", "a b", "x" * 61, "")}
    assert len(marks) == 5
    for who in marks:
        assert who.isascii()
        assert entry(1, AT, who, Deed.SIGNED_IN, "", "").who == who
    with pytest.raises(ValueError, match="no place"):
        entry(1, AT, "clerk:守", Deed.SIGNED_IN, "", "")
