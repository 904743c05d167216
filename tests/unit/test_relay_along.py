"""What a photo is called where it goes: by us, whatever it was called where it came from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.kinds.attached import DOCUMENTS
from office.arrivals import Attached
from office.relays.along import ENDINGS, at_once, content, going_with, longest_name, names_in
from office.relays.port import NotWhole, Parcel
from tests.fakes.photos import sha256

ID = "01930000-0000-7000-8000-000000000001"


def parcel(*files, receipt="K01-000001", device="K01", **envelope):
    return Parcel(ID, 1, device, receipt, "0" * 64, b"", envelope, tuple(files))


def names(made, prefix="p"):
    return [each.name for each in going_with(made, prefix)]


def file(sha="ab" * 32, kind="image/jpeg", name="a.exe", size=1):
    return Attached(name, kind, size, sha)


def test_every_kind_of_file_that_a_form_takes_has_its_ending():
    assert set(ENDINGS) == set(DOCUMENTS)


@given(st.text(), st.one_of(st.text(), st.lists(st.text()), st.none()), st.text(), st.text())
def test_nothing_that_a_person_or_a_terminal_wrote_leaves_the_folder(name, kind, receipt, device):
    made = parcel(file(name=name, kind=kind), receipt=receipt, device=device)
    (found,) = names(made)
    assert re.fullmatch(r"p-[A-Za-z0-9_-]+-abababababab\.(bin|jpg|png|heic|webp|pdf)", found)
    assert names_in("p").fullmatch(found)


def test_a_receipt_that_is_not_the_terminals_own_gives_no_name():
    assert names(parcel(file())) == ["p-K01-000001-abababababab.jpg"]
    assert names(parcel(file(), receipt="K02-000001")) == [f"p-{ID}-abababababab.jpg"]
    assert names(parcel(file(), device="../x", receipt="../x-000001")) == [
        f"p-{ID}-abababababab.jpg"
    ]
    assert names(parcel(file(), purpose="care")) == [f"p-{ID}-abababababab.jpg"]
    assert len(longest_name("p")) == len(f"p-{ID}-abababababab.heic")


def test_two_hashes_that_begin_alike_are_written_out():
    alike = [file("ab" * 32), file("ab" * 31 + "00"), file("cd" * 32)]
    assert names(parcel(*alike)) == [
        f"p-K01-000001-{'ab' * 32}.jpg",
        f"p-K01-000001-{'ab' * 31}00.jpg",
        "p-K01-000001-cdcdcdcdcdcd.jpg",
    ]


def test_the_id_is_found_in_the_name_of_a_share_alone():
    ours = names_in("p")
    assert ours.fullmatch(f"p-{ID}-abababababab.jpg")[1] == ID
    assert ours.fullmatch("p-K01-000001-abababababab.jpg")[1] is None
    for other in ("q-K01-000001-abababababab.jpg", "p-K01-abababababab.exe", "p-a/b-c.jpg"):
        assert not ours.fullmatch(other)


def test_one_that_is_too_much_by_itself_goes_alone_and_the_others_wait():
    large, small = parcel(file(size=100)), parcel(file(size=1))
    assert at_once([large, small], 10, 50) == 1
    assert at_once([small, small, large], 10, 50) == 2
    assert at_once([small] * 5, 3, 50) == 3
    assert at_once([parcel()] * 5, 3, 50) == 5


def test_bytes_of_another_file_are_told_at_its_end():
    made = Parcel(ID, 1, "K01", "r", "", b"", {}, pieces=lambda _: iter([b"a", b"b"]))
    assert list(content(made, file(sha256(b"ab")))) == [b"a", b"b"]
    with pytest.raises(NotWhole):
        list(content(made, file(sha256(b"abc"))))
