"""Papers held up to the light: whole, altered, false, photographed badly, and made to hurt."""

import json
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import rfc8785
import zxingcpp
from PIL import Image, ImageFilter
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from office.sealing import SealingKeys
from printing.faults import MissingGlyph
from printing.proof import seal
from printing.proof.archive import archived
from printing.proof.comparison import differences
from printing.proof.finding import SPECIMEN, WORDS, Finding
from printing.proof.look import looked
from printing.proof.seal import SealKey
from printing.proof.signature import electronic
from printing.proof.verify import verify
from tests.fakes.sealed_paper import CITY, DATA, keys_in, press, sealed

A4 = 1654, 2339  # at 200 dpi
QUICK = 60.0  # seconds, on a machine that does other things too


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SealingKeys:
    return keys_in(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def data(keys: SealingKeys) -> dict[str, Any]:
    return sealed(keys)


@pytest.fixture(scope="module")
def copy(keys: SealingKeys, data: dict[str, Any]) -> bytes:
    return electronic(press(data), data, keys.signer())


@pytest.fixture(scope="module")
def scan(data: dict[str, Any]) -> Image.Image:
    page = pdfium.PdfDocument(press(data))[0]
    return page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def _file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    held = BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def _checked(finding: Finding) -> tuple[str, str, str]:
    return finding.checked["code"], finding.checked["signature"], finding.checked["text"]


# Electronic copies


def test_an_untouched_copy_is_whole(keys: SealingKeys, copy: bytes) -> None:
    finding = verify(copy, keys.trust(), press)
    assert finding.kind == "signed-pdf"
    assert _checked(finding) == ("good", "good", "good")
    assert finding.checked["issue"] == "not-checked"
    assert finding.authentic
    assert finding.words[0] == "発行したままの、本物の証明書です。"
    assert finding.seal is not None
    assert (finding.seal.city, finding.seal.number) == (CITY, DATA["number"])


def test_without_the_press_the_page_is_not_called_whole(keys: SealingKeys, copy: bytes) -> None:
    finding = verify(copy, keys.trust())
    assert _checked(finding) == ("good", "good", "not-checked")
    assert WORDS["data-only"] in finding.words


def test_a_copy_of_before_the_keys_were_changed_stays_whole(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    old = sealed(keys)
    copy = electronic(press(old), old, keys.signer())
    keys.rotate()
    assert seal.read(sealed(keys)["seal"], keys.trust().seals)
    assert _checked(verify(copy, keys.trust(), press)) == ("good", "good", "good")


def test_one_changed_digit_on_the_page_is_found_and_pointed_at(
    keys: SealingKeys, data: dict[str, Any]
) -> None:
    forged = press({**data, "birth": "昭和55年2月18日"})
    finding = verify(electronic(forged, data, keys.signer()), keys.trust(), press)
    assert _checked(finding) == ("good", "good", "bad")
    assert not finding.authentic
    assert {place.page for place in finding.places} == {1, 2}
    (place,) = (place for place in finding.places if place.page == 1)
    assert 50 < place.left < place.right < 55  # the tenth letter of a line that begins at 25 mm
    assert 55 < place.top < place.bottom < 62  # its baseline is 60 mm from the top
    assert any(word.startswith("1ページ目、左から5") for word in finding.words)


def test_a_stroke_drawn_over_a_signed_copy_breaks_signature_and_text(
    keys: SealingKeys, copy: bytes
) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(copy))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    line = writer.add_object(generic.StreamObject(stream_data=b"q 2 w 71 620 m 130 620 l S Q"))
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), line])
    writer.update_container(page)
    held = BytesIO()
    writer.write(held)
    finding = verify(held.getvalue(), keys.trust(), press)
    assert _checked(finding) == ("good", "bad", "bad")
    assert WORDS["signature-bad"] in finding.words


def _attached(data: dict[str, Any]) -> bytes:
    """An archived copy that nobody signed."""
    made = datetime(2026, 11, 21, tzinfo=UTC)
    return archived(press(data), made, rfc8785.dumps(data))


def test_a_copy_without_a_signature_is_compared_all_the_same(
    keys: SealingKeys, data: dict[str, Any]
) -> None:
    finding = verify(_attached(data), keys.trust(), press)
    assert finding.kind == "pdf"
    assert _checked(finding) == ("good", "not-checked", "good")


@pytest.mark.parametrize("kind", ["/Square", "/Widget"])
def test_a_note_or_a_field_laid_over_the_page_is_seen(
    keys: SealingKeys, data: dict[str, Any], kind: str
) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(_attached(data)))
    box = generic.ArrayObject([generic.NumberObject(each) for each in (70, 610, 200, 640)])
    look = generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form")},
        stream_data=b"1 1 1 rg 70 610 130 30 re f",
    )
    look[pdf_name("/BBox")] = box
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name(kind),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string("over"),
            pdf_name("/Rect"): box,
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)}),
        }
    )
    fields = generic.ArrayObject([writer.add_object(note)])
    writer.root[pdf_name("/AcroForm")] = generic.DictionaryObject({pdf_name("/Fields"): fields})
    writer.update_root()
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Annots")] = fields
    writer.update_container(page)
    held = BytesIO()
    writer.write(held)
    finding = verify(held.getvalue(), keys.trust(), press)
    assert _checked(finding) == ("good", "not-checked", "bad")
    assert {place.page for place in finding.places} == {1}


def test_changed_data_no_longer_fit_the_code(keys: SealingKeys, data: dict[str, Any]) -> None:
    changed = {**data, "name": "渡邉　二郎"}
    finding = verify(electronic(press(changed), changed, keys.signer()), keys.trust(), press)
    assert _checked(finding) == ("good", "good", "bad")
    assert WORDS["data-bad"] in finding.words


def test_the_signature_of_another_authority_is_unknown(
    keys: SealingKeys, data: dict[str, Any], tmp_path: Path
) -> None:
    stranger = keys_in(tmp_path)
    finding = verify(electronic(press(data), data, stranger.signer()), keys.trust(), press)
    assert _checked(finding) == ("good", "unknown", "good")
    assert not finding.authentic


def test_a_copy_whose_bytes_were_changed_is_bad(keys: SealingKeys, copy: bytes) -> None:
    place = copy.index(b"/CreationDate (D") + 20
    changed = copy[:place] + b"1" + copy[place + 1 :]
    assert changed != copy
    assert verify(changed, keys.trust(), press).checked["signature"] == "bad"


def test_a_page_left_out_is_missed(keys: SealingKeys, data: dict[str, Any]) -> None:
    short = press({**data, "pages": 1})
    finding = verify(electronic(short, data, keys.signer()), keys.trust(), press)
    assert finding.checked["text"] == "bad"
    assert finding.places[-1].page == 2


def test_a_page_that_the_press_cannot_make_anew_is_unknown(keys: SealingKeys, copy: bytes) -> None:
    def broken(_: object) -> bytes:
        raise MissingGlyph(("鱻",))

    finding = verify(copy, keys.trust(), broken)
    assert _checked(finding) == ("good", "good", "unknown")
    assert not finding.authentic


def test_the_plain_print_file_is_ours_but_its_words_are_not_vouched_for(
    keys: SealingKeys, data: dict[str, Any]
) -> None:
    finding = verify(press(data), keys.trust(), press)
    assert finding.kind == "pdf"
    assert _checked(finding) == ("good", "not-checked", "not-checked")
    assert WORDS["text-not-checked"] in finding.words


# Seals


def test_a_specimen_is_never_a_paper(keys: SealingKeys) -> None:
    data = sealed(keys, specimen=True)
    finding = verify(electronic(press(data), data, keys.signer()), keys.trust(), press)
    assert _checked(finding) == ("good", "good", "good")
    assert not finding.authentic
    assert finding.words[0] == SPECIMEN


def _with(text: str) -> bytes:
    return press({**DATA, "seal": text})


def test_papers_of_a_class_are_known_for_practice(keys: SealingKeys) -> None:
    text = seal.sign(seal.seal_of(DATA, CITY), SealKey.practice())
    finding = verify(_with(text), keys.trust())
    assert finding.checked["code"] == "unknown"
    assert WORDS["practice-code"] in finding.words
    assert not finding.authentic


def test_false_codes_are_told_apart(
    keys: SealingKeys, data: dict[str, Any], tmp_path: Path
) -> None:
    thief = SealKey(keys.key().kid, SealKey.practice().private)
    forged = seal.sign(seal.seal_of(DATA, CITY), thief)
    for text, state, reason in (
        (forged, "bad", "forged-code"),
        (sealed(keys_in(tmp_path))["seal"], "unknown", "unknown-code"),
        (data["seal"][:-3] + "000", "bad", "forged-code"),
        (data["seal"][:-6], "bad", "damaged-code"),
        ("https://example.org/", "not-checked", "other-code"),
    ):
        finding = verify(_with(text), keys.trust())
        assert finding.checked["code"] == state, reason
        assert WORDS[reason] in finding.words
        assert not finding.authentic
        assert finding.seal is None


def test_two_different_seals_in_one_picture_are_not_one_paper(
    keys: SealingKeys, scan: Image.Image
) -> None:
    other = pdfium.PdfDocument(press(sealed(keys, number="R8-000124")))[0]
    beside = other.render(scale=200 / 72).to_pil().convert("L")
    both = Image.new("L", (2 * A4[0], A4[1]), 255)
    both.paste(scan, (0, 0))
    both.paste(beside, (A4[0], 0))
    finding = verify(_file(both), keys.trust())
    assert finding.checked["code"] == "bad"
    assert WORDS["several-codes"] in finding.words


# The office's answer


def _record(data: dict[str, Any], **changed: Any) -> dict[str, Any]:
    answer = {"digest": seal.digest(data).hex(), "type": data["type"], "issued": data["issued"]}
    return {**answer, "state": "printed", "stands": True, **changed}


def test_the_office_has_the_last_word(keys: SealingKeys, data: dict[str, Any], copy: bytes) -> None:
    finding = verify(copy, keys.trust(), press)
    for record, state, reason in (
        (_record(data), "good", "issue-good"),
        (_record(data, state="issued"), "good", "issue-good"),
        ({"state": "printed", "stands": True}, "good", "issue-good"),
        (None, "bad", "issue-missing"),
        (_record(data, digest="00" * 16), "bad", "issue-other"),
        (_record(data, type="koseki"), "bad", "issue-other"),
        (_record(data, issued="2026-11-20"), "bad", "issue-other"),
        (_record(data, state="spoiled", stands=False), "bad", "issue-spoiled"),
        (_record(data, state="abandoned", stands=False), "bad", "issue-abandoned"),
        (_record(data, state="revoked", stands=False), "bad", "issue-revoked"),
        (_record(data, state="what a later office says", stands=False), "bad", "issue-fallen"),
    ):
        answered = finding.answered(record)
        assert answered.checked["issue"] == state, reason
        assert answered.authentic is (state == "good")
        assert WORDS[reason] in answered.words
    assert not finding.unanswered().authentic
    assert finding.unanswered().checked["issue"] == "unknown"


def test_the_answer_as_json_holds_what_a_program_needs(keys: SealingKeys, copy: bytes) -> None:
    told = verify(copy, keys.trust(), press).told()
    assert told["authentic"] is True
    assert told["seal"]["number"] == DATA["number"]
    assert told["checked"].keys() == {"code", "signature", "text", "issue"}
    assert verify(b"", keys.trust()).told()["seal"] is None


# Scans and photos


def _tilted(scan: Image.Image) -> Image.Image:
    return scan.rotate(3, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _from_the_side(scan: Image.Image) -> Image.Image:
    wide, tall = scan.size
    corners = (-150, -60, -20, tall + 40, wide + 40, tall - 30, wide + 200, 90)
    return scan.transform(
        scan.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255
    )


def _blurred(scan: Image.Image) -> Image.Image:
    return scan.filter(ImageFilter.GaussianBlur(1.2))


def _noisy(scan: Image.Image) -> Image.Image:
    return Image.blend(scan, Image.effect_noise(scan.size, 90), 0.35)


def _pale(scan: Image.Image) -> Image.Image:
    return scan.point(lambda value: 140 + value // 8)


def _small_in_a_large_photo(scan: Image.Image) -> Image.Image:
    desk = Image.new("L", (4000, 3000), 90)
    desk.paste(scan.resize((1300, 1838), Image.Resampling.LANCZOS), (1800, 900))
    return desk


def _all_at_once(scan: Image.Image) -> Image.Image:
    return _noisy(_from_the_side(_tilted(scan)).filter(ImageFilter.GaussianBlur(0.6)))


def _upside_down(scan: Image.Image) -> Image.Image:
    return scan.rotate(180)


def _askew(scan: Image.Image) -> Image.Image:
    return scan.rotate(40, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _at_100_dpi(scan: Image.Image) -> Image.Image:
    return scan.resize((A4[0] // 2, A4[1] // 2), Image.Resampling.LANCZOS)


SPOILT = (
    *(_tilted, _from_the_side, _blurred, _noisy, _pale, _small_in_a_large_photo, _all_at_once),
    *(_upside_down, _askew, _at_100_dpi),
)


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_bad_picture_of_a_paper_is_still_read(
    keys: SealingKeys,
    scan: Image.Image,
    spoil: Callable[[Image.Image], Image.Image],
    kind: str,
) -> None:
    finding = verify(_file(spoil(scan), kind), keys.trust())
    assert finding.kind == "picture"
    assert _checked(finding) == ("good", "not-checked", "not-checked")
    assert finding.authentic
    assert finding.words[0] == "コードは本物です。紙面の文字は、確かめていません。"


def test_a_picture_from_the_web_is_read_too(keys: SealingKeys, scan: Image.Image) -> None:
    assert verify(_file(_tilted(scan), "WEBP"), keys.trust()).authentic


def test_every_reader_reads_the_code_at_200_dpi(
    data: dict[str, Any], scan: Image.Image, tmp_path: Path
) -> None:
    assert [found.text for found in zxingcpp.read_barcodes(scan)] == [data["seal"]]
    scan.save(tmp_path / "scan.png")
    command = ["zbarimg", "-q", "--raw", tmp_path / "scan.png"]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert read.stdout.strip() == data["seal"]


def test_a_scan_in_a_pdf_is_read_like_a_scan(keys: SealingKeys, scan: Image.Image) -> None:
    finding = verify(_file(_tilted(scan), "PDF", resolution=200), keys.trust(), press)
    assert finding.kind == "pdf"
    assert _checked(finding) == ("good", "not-checked", "not-checked")
    assert finding.authentic


def test_a_transparent_picture_lies_on_white(keys: SealingKeys, scan: Image.Image) -> None:
    ink = Image.new("RGBA", scan.size)
    ink.putalpha(scan.point(lambda value: 255 - value))
    assert verify(_file(ink), keys.trust()).checked["code"] == "good"


# Files made to hurt


def _pages(count: int, box: str = "0 0 595 842", content: bytes = b"", more: str = "") -> bytes:
    """A PDF by hand: as many pages as wanted, over one compressed content."""
    packed = zlib.compress(content, 9)
    kids = "4 0 R " * count
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [ {kids}] /Count {count} >>".encode(),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        f"<< /Type /Page /Parent 2 0 R /MediaBox [ {box} ] /Contents 3 0 R {more} >>".encode(),
    ]
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(pdf)
    pdf += b"xref\n0 5\n0000000000 65535 f \n"
    pdf += b"".join(b"%010d 00000 n \n" % place for place in places)
    return pdf + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table


def _large_picture() -> bytes:
    return _file(Image.new("1", (10_000, 10_000), 1))


def _claimed_picture() -> bytes:
    """A header that promises two billion pixels, over nothing."""
    body = b"IHDR" + (60_000).to_bytes(4) + (40_000).to_bytes(4) + b"\x08\x02\x00\x00\x00"
    start = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return start + (9).to_bytes(4) + b"IDAT" + bytes(13)


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "an empty file": (lambda: b"", {"empty"}),
    "a text": ("証明書です".encode, {"not-a-paper"}),
    "another kind of picture": (lambda: _file(Image.new("L", (9, 9)), "GIF"), {"not-a-paper"}),
    "a broken PDF": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 9, {"broken"}),
    "a PDF without pages": (lambda: _pages(0), {"broken"}),
    "many pages": (lambda: _pages(50_000), {"too-many-pages"}),
    "a huge page": (lambda: _pages(1, "0 0 900000 900000"), {"page-too-large"}),
    "an endless band": (lambda: _pages(1, "0 0 0.001 14000"), {"no-code", "broken"}),
    "a bomb": (
        lambda: _pages(20, content=b"0 0 m 1 1 l S " * 40_000_000),
        {"broken", "too-long", "no-code"},
    ),
    "a truncated picture": (
        lambda: _file(Image.effect_noise((900, 900), 50))[:5000],
        {"broken"},
    ),
    "a hundred megapixels": (_large_picture, {"picture-too-large"}),
    "a picture that lies": (_claimed_picture, {"picture-too-large"}),
    "a picture of nothing": (lambda: _file(Image.new("L", (1, 1))), {"no-code"}),
    "a picture of noise": (lambda: _file(Image.effect_noise((3000, 3000), 120)), {"no-code"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_one_sentence(name: str, tmp_path: Path) -> None:
    _, reasons = HOSTILE[name]
    began = time.monotonic()
    words, authentic, peak = _weighed(name, tmp_path)
    assert {WORDS[each] for each in reasons} & {*words}
    assert not authentic
    assert time.monotonic() - began < QUICK * 2
    assert peak < 2.2 * 2**20  # KiB


def _weighed(name: str, folder: Path) -> tuple[list[str], bool, int]:
    """In a program of its own: what a child took is kept with the children of all other tests."""
    script = f"import runpy; runpy.run_path({__file__!r})['weigh']({name!r}, {str(folder)!r})"
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    words, authentic, peak = json.loads(run.stdout)
    return words, authentic, peak


def weigh(name: str, folder: str) -> None:
    """What a hostile file came to, and the most that looking at it took."""
    make, _ = HOSTILE[name]
    found = verify(make(), keys_in(Path(folder)).trust(), press)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([found.words, found.authentic, peak]))


def test_a_maze_of_strokes_is_left_after_a_while() -> None:
    maze = _pages(1, content=b"0 0 500 500 re f " * 3_000_000)
    began = time.monotonic()
    assert looked(maze, "", seconds=3).trouble == "too-long"
    assert time.monotonic() - began < 30


def test_a_truncated_copy_is_never_called_whole(keys: SealingKeys, copy: bytes) -> None:
    for part in (0.1, 0.5, 0.9, 0.99):
        assert not verify(copy[: int(len(copy) * part)], keys.trust(), press).authentic


def test_a_locked_pdf_is_said_to_be_unreadable(
    keys: SealingKeys, copy: bytes, tmp_path: Path
) -> None:
    file, locked = tmp_path / "paper.pdf", tmp_path / "locked.pdf"
    file.write_bytes(copy)
    subprocess.run(["qpdf", "--encrypt", "secret", "x", "256", "--", file, locked], check=True)
    assert WORDS["broken"] in verify(locked.read_bytes(), keys.trust(), press).words


# Comparing


def _page(*boxes: tuple[int, int, int, int]) -> Image.Image:
    page = Image.new("RGB", (827, 1169), "white")
    for box in boxes:
        page.paste((0, 0, 0), box)
    return page


def test_what_differs_is_named_in_millimetres() -> None:
    (place,) = differences([_page((100, 200, 110, 220))], [_page()], 100)
    assert (place.page, place.left, place.top) == (1, pytest.approx(25.4), pytest.approx(50.8))
    assert (place.right, place.bottom) == (pytest.approx(27.94), pytest.approx(55.88))


def test_differences_far_apart_are_two_places() -> None:
    page = _page((100, 200, 110, 220), (600, 900, 640, 910))
    assert len(differences([page], [_page()], 100)) == 2


def test_a_colour_that_changes_is_a_difference() -> None:
    red = Image.new("RGB", (827, 1169), "white")
    red.paste((255, 200, 200), (100, 100, 140, 140))
    assert len(differences([red], [_page()], 100)) == 1


def test_equal_pages_have_no_places() -> None:
    assert differences([_page((1, 2, 3, 4))] * 2, [_page((1, 2, 3, 4))] * 2, 100) == ()
