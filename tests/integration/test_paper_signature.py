"""The electronic copy as others see it: poppler its signature, qpdf its form, we its rules."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import rfc8785
from PIL import Image, ImageChops
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from office.sealing import SealingKeys
from printing.proof.archive import ATTACHMENT, archived
from printing.proof.conformance import faults
from printing.proof.signature import electronic
from tests.fakes.sealed_paper import DATA, keys_in, press, sealed

ISSUED = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SealingKeys:
    return keys_in(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def data(keys: SealingKeys) -> dict[str, Any]:
    return sealed(keys)


@pytest.fixture(scope="module")
def copy(keys: SealingKeys, data: dict[str, Any]) -> bytes:
    return electronic(press(data), data, keys.signer())


def _told(pdf: bytes, folder: Path, *command: str) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    run = subprocess.run([*command, file], capture_output=True, check=True)
    assert run.stderr == b""
    return run.stdout.decode(errors="replace")


def _pixels(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=2).to_pil().convert("RGB") for page in pdfium.PdfDocument(pdf)]


def test_poppler_says_that_the_signature_is_valid(copy: bytes, tmp_path: Path) -> None:
    told = _told(copy, tmp_path, "pdfsig", "-nocert")
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert "Signing Hash Algorithm: SHA-256" in told
    assert "CN=書蒼市,O=書蒼市,C=JP" in told


def test_poppler_says_that_a_changed_copy_is_not(copy: bytes, tmp_path: Path) -> None:
    place = copy.index(b"stream\n") + 40
    changed = copy[:place] + bytes([copy[place] ^ 1]) + copy[place + 1 :]
    file = tmp_path / "paper.pdf"
    file.write_bytes(changed)
    run = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True)
    assert "Digest Mismatch" in run.stdout


def test_qpdf_finds_nothing_to_complain_of(copy: bytes, tmp_path: Path) -> None:
    told = _told(copy, tmp_path, "qpdf", "--check")
    assert "PDF Version: 1.7" in told
    assert "No syntax or stream encoding errors found" in told


def test_the_copy_keeps_the_rules_of_pdf_a(copy: bytes) -> None:
    assert faults(copy) == []


def test_the_copy_looks_like_the_paper_to_the_pixel(copy: bytes, data: dict[str, Any]) -> None:
    pairs = list(zip(_pixels(copy), _pixels(press(data)), strict=True))
    assert len(pairs) == DATA["pages"]
    for found, wanted in pairs:
        assert ImageChops.difference(found, wanted).getbbox() is None


def test_the_words_can_still_be_copied_out(copy: bytes) -> None:
    words = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=copy, capture_output=True, check=True
    )
    assert "渡邉" in words.stdout.decode()


def test_every_font_lies_inside(copy: bytes, tmp_path: Path) -> None:
    fonts = _told(copy, tmp_path, "pdffonts").splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes yes yes +\d+ +0$", font) for font in fonts)
    assert "Helvetica" not in str(fonts)


def test_the_colours_are_described_without_the_time_of_day(copy: bytes) -> None:
    intent = PdfFileReader(BytesIO(copy)).root["/OutputIntents"][0]
    made = intent["/DestOutputProfile"].data[24:36]
    assert made == bytes.fromhex("07e400010001000000000000")


def test_nothing_may_be_added_to_a_certified_copy(copy: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(copy)).embedded_regular_signatures
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_data_and_their_seal_are_inside(
    copy: bytes, data: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(copy)
    out = tmp_path / ATTACHMENT
    subprocess.run(["pdfdetach", "-savefile", ATTACHMENT, "-o", out, file], check=True)
    assert out.read_bytes() == rfc8785.dumps(data)
    assert json.loads(out.read_bytes()) == data


def test_everything_before_the_signature_is_the_same_each_time(
    keys: SealingKeys, data: dict[str, Any], copy: bytes
) -> None:
    again = electronic(press(data), data, keys.signer())
    end = copy.index(b"%%EOF")
    assert again[:end] == copy[:end]
    assert again != copy


def test_a_copy_is_small_and_soon_made(copy: bytes, data: dict[str, Any]) -> None:
    added = len(copy) - len(press(data))
    print(f"{len(press(data))} bytes on paper, {len(copy)} signed")
    assert added < 15_000


# Planted faults: each breaks one rule in a file that keeps all others.


def _edited(pdf: bytes, edit: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """A later revision of the file, as any program could write one."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    edit(writer)
    writer.update_root()
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def _named(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def _root(key: str, value: Any) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name(key)] = value

    return edit


def _without(key: str) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[key]

    return edit


def _page(writer: IncrementalPdfFileWriter) -> Any:
    page = writer.root["/Pages"]["/Kids"][0]
    writer.update_container(page)
    return page


def _state(**entries: Any) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        resources = _page(writer)["/Resources"]
        resources[pdf_name("/ExtGState")] = _named(G=_named(**entries))

    return edit


def _on_page(key: str, value: Any) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        _page(writer)[pdf_name(key)] = value

    return edit


def _drawn(content: bytes) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer)
        more = writer.add_object(generic.StreamObject(stream_data=content))
        page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), more])

    return edit


def _font(key: str, change: Callable[[Any], Any]) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        fonts = _page(writer)["/Resources"]["/Font"]
        for name in fonts:
            font = fonts[name]
            font[pdf_name(key)] = change(font[key])
            writer.update_container(font)

    return edit


def _wider(widths: Any) -> Any:
    return generic.ArrayObject([generic.NumberObject(int(each) + 5) for each in widths])


def _bare(descriptor: Any) -> Any:
    kept = {key: descriptor.raw_get(key) for key in descriptor if key != "/FontFile2"}
    return generic.DictionaryObject(kept)


def _nothing(_: Any) -> Any:
    return generic.StreamObject(stream_data=b"")


def _note(**entries: Any) -> Callable[[IncrementalPdfFileWriter], None]:
    box = generic.ArrayObject([generic.NumberObject(each) for each in (0, 0, 9, 9)])
    note = _named(Type=pdf_name("/Annot"), Subtype=pdf_name("/Square"), Rect=box, **entries)
    return _on_page("/Annots", generic.ArrayObject([note]))


_SCRIPT = _named(S=pdf_name("/JavaScript"), JS=generic.pdf_string("app.alert(1)"))
_ELSEWHERE = _named(S=pdf_name("/URI"), URI=generic.pdf_string("https://example.org"))
_LOOSE = _named(Type=pdf_name("/Filespec"), EF=_named(F=_named(Type=pdf_name("/EmbeddedFile"))))

PLANTED: Mapping[str, Callable[[IncrementalPdfFileWriter], None]] = {
    "action: /JavaScript": _root("/OpenAction", _SCRIPT),
    "action: /URI": _root("/OpenAction", _ELSEWHERE),
    "catalog: /AA": _root("/AA", _named(WC=_SCRIPT)),
    "catalog: /OCProperties": _root("/OCProperties", _named()),
    "catalog: a later version than 1.7": _root("/Version", pdf_name("/2.0")),
    "names: /JavaScript": _root("/Names", _named(JavaScript=_named())),
    "form: its look is left": _root("/AcroForm", _named(XFA=generic.pdf_string("x"))),
    "colour: not one output intent": _without("/OutputIntents"),
    "colour: the output intent has no profile": _root(
        "/OutputIntents", generic.ArrayObject([_named(S=pdf_name("/GTS_PDFA1"))])
    ),
    "attachment: not associated": _without("/AF"),
    "attachment: no /AFRelationship": _root("/AF", generic.ArrayObject([_LOOSE])),
    "transparency: not opaque": _state(ca=generic.FloatObject("0.5")),
    "transparency: a mask or a blend": _state(BM=pdf_name("/Multiply")),
    "transparency: a group": _on_page("/Group", _named(S=pdf_name("/Transparency"))),
    "page: /AA": _on_page("/AA", _named(O=_SCRIPT)),
    "colour: CMYK": _drawn(b"0 0 0 1 k"),
    "content: a picture among": _drawn(b"BI /W 1 /H 1 ID x EI"),
    "widths differ": _font("/Widths", _wider),
    "not embedded": _font("/FontDescriptor", _bare),
    "stand for no text": _font("/ToUnicode", _nothing),
    "shows a character that it does not have": _drawn(b"BT /F2+0 9 Tf (\\376\\377) Tj ET"),
    "annotation: seen and printed differ": _note(F=generic.NumberObject(2)),
    "annotation: no appearance": _note(F=generic.NumberObject(4)),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_named(rule: str, data: dict[str, Any]) -> None:
    whole = archived(press(data), ISSUED, b"{}")
    assert faults(whole) == []
    found = faults(_edited(whole, PLANTED[rule]))
    assert any(rule in fault for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", b"%PDF-1.7\n%abcd", "header"),
        (b"%PDF-1.7", b"%PDF-2.0", "header"),
        (b"<pdfaid:part>3<", b"<pdfaid:part>1<", "metadata: does not say"),
        (b"<xmp:CreatorTool>kakanai<", b"<xmp:CreatorTool>someone<", "metadata: /Creator differs"),
        (b"2026-11-21T00:00:00", b"2026-11-21T00:00:01", "metadata: /CreationDate differs"),
        (b"/ID [", b"/XX [", "trailer: no file identifier"),
        (b"%%EOF\n", b"%%EOF\nmore", "end"),
    ],
)
def test_a_fault_in_the_frame_is_named(
    old: bytes, new: bytes, rule: str, data: dict[str, Any]
) -> None:
    whole = archived(press(data), ISSUED, b"{}")
    assert old in whole
    assert any(fault.startswith(rule) for fault in faults(whole.replace(old, new))), rule


def test_a_page_straight_from_reportlab_is_no_archive(data: dict[str, Any]) -> None:
    assert {"metadata: none", "colour: not one output intent"} <= {*faults(press(data))}


def test_a_font_that_is_not_embedded_is_noticed_only_where_it_writes(keys: SealingKeys) -> None:
    held = BytesIO()
    canvas = Canvas(held, pagesize=(100 * mm, 100 * mm), invariant=1)
    canvas.drawString(9, 9, "not embedded")
    canvas.save()
    found = faults(archived(held.getvalue(), ISSUED, b"{}"))
    assert found == ["font /Helvetica: not embedded"]


def test_an_encrypted_file_is_no_archive(copy: bytes, tmp_path: Path) -> None:
    file, locked = tmp_path / "paper.pdf", tmp_path / "locked.pdf"
    file.write_bytes(copy)
    subprocess.run(["qpdf", "--encrypt", "", "x", "256", "--", file, locked], check=True)
    assert faults(locked.read_bytes()) != []


def test_what_is_no_pdf_is_said_to_be_broken() -> None:
    for junk in (b"", b"%PDF-1.7\n", b"GIF89a", bytes(999)):
        assert faults(junk)[0].startswith("structure")


def test_names_longer_than_a_line_make_no_difference(keys: SealingKeys) -> None:
    data = sealed(keys, title="住民票の写し（" + "<&>" * 30 + "）")
    copy = electronic(press(data), data, keys.signer())
    assert faults(copy) == []
    info = PdfFileReader(BytesIO(copy)).trailer_view["/Info"]
    assert re.match(r"住民票の写し（(<&>)+）", info["/Title"])
