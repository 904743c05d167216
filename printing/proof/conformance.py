"""PDF/A-3b (ISO 19005-3) as far as a file can be held to it without veraPDF.

Stricter than the standard where our papers have no need: no transparency at all, no layers.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import IndirectObject, StreamObject, parse_pdf_date
from pyhanko.pdf_utils.metadata.model import NS, XmpArray
from pyhanko.pdf_utils.metadata.xmp_xml import parse_xmp
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from printing.proof.embedded import Program, texts, widths
from printing.proof.pdfobjects import entry, members, pages
from printing.proof.shown import Shown, gather

_HEADER = re.compile(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}")
_ACTIONS = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"),
    *("/Rendition", "/Trans", "/GoTo3DView", "/JavaScript", "/GoToR", "/GoToE", "/SubmitForm"),
    *("/URI", "/Thread"),
}
_CMYK = {b"k", b"K"}
_PRINTED, _UNSEEN = 4, 0b100011  # invisible, hidden, not viewed
_SAME = {"/Title": "dc:title", "/Creator": "xmp:CreatorTool", "/Producer": "pdf:Producer"}
_SAME_TIME = {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}


def faults(pdf: bytes) -> list[str]:
    """Every rule that this file breaks, one line each; none for a file of ours."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        things = list(_all(reader))
        return [
            *_of_file(pdf, reader),
            *_of_metadata(reader),
            *_of_colours(reader),
            *_of_attachments(reader, things),
            *(fault for thing in things for fault in _of_thing(thing)),
            *_of_contents(reader),
        ]
    except (PdfError, LookupError, ValueError, TypeError, AttributeError) as fault:
        return [f"structure: {type(fault).__name__} {fault}"]


def _all(reader: PdfFileReader) -> Iterator[Any]:
    """Each dictionary of the file once, streams among them."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.root]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            reference: Any = thing
            place = thing.idnum, thing.generation
            if place in seen:
                continue
            seen.add(place)
            thing = reference.get_object()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(dict.values(thing))
        elif isinstance(thing, list):
            waiting.extend(list.__iter__(thing))


def _of_file(pdf: bytes, reader: PdfFileReader) -> Iterator[str]:
    if not _HEADER.match(pdf):
        yield "header: a version up to 1.7, then four bytes above 127 in a comment"
    if not pdf.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "end: something stands behind the end"
    ids = entry(reader.trailer_view, "/ID", ())
    if [len(each.original_bytes) > 0 for each in ids] != [True, True]:
        yield "trailer: no file identifier"
    if "/Encrypt" in reader.trailer_view:
        yield "trailer: encrypted"
    root = reader.root
    if str(entry(root, "/Version", "/1.7")) > "/1.7":
        yield "catalog: a later version than 1.7"
    yield from (
        f"catalog: {key}" for key in ("/AA", "/OCProperties", "/Requirements") if key in root
    )
    yield from (f"names: {key}" for key in ("/JavaScript",) if key in entry(root, "/Names", {}))
    form = entry(root, "/AcroForm", {})
    if entry(form, "/NeedAppearances") or "/XFA" in form:
        yield "form: its look is left to the viewer"


def _of_metadata(reader: PdfFileReader) -> Iterator[str]:
    stream = entry(reader.root, "/Metadata")
    if stream is None:
        yield "metadata: none"
        return
    if "/Filter" in stream:
        yield "metadata: compressed"
    said = _said(stream.data)
    if said.get("pdfaid:part") != "3" or said.get("pdfaid:conformance") not in ("B", "U"):
        yield "metadata: does not say that it is PDF/A-3b"
    info = entry(reader.trailer_view, "/Info", {})
    for key, name in _SAME.items():
        if key in info and info[key] != said.get(name):
            yield f"metadata: {key} differs"
    for key, name in _SAME_TIME.items():
        if key in info and parse_pdf_date(info[key]).isoformat() != said.get(name):
            yield f"metadata: {key} differs"


def _said(packet: bytes) -> dict[str, object]:
    """The plain properties by their customary names; of several languages the first."""
    found: dict[str, object] = {}
    prefixes = {space: prefix for prefix, space in NS.items()}
    for part in parse_xmp(BytesIO(packet)):
        for name, said in part:
            value = said.value
            plain = value.entries[0].value if isinstance(value, XmpArray) else value
            found[f"{prefixes.get(name.ns)}:{name.local_name}"] = plain
    return found


def _of_colours(reader: PdfFileReader) -> Iterator[str]:
    intents = entry(reader.root, "/OutputIntents", ())
    ours = [each for each in members(intents) if entry(each, "/S") == "/GTS_PDFA1"]
    if len(ours) != 1:
        yield "colour: not one output intent"
        return
    profile = entry(ours[0], "/DestOutputProfile")
    data = profile.data if isinstance(profile, StreamObject) else b""
    if data[36:40] != b"acsp" or data[8:9] > b"\x04" or data[12:16] not in (b"mntr", b"prtr"):
        yield "colour: the output intent has no profile"
    elif data[16:20] != b"RGB " or profile["/N"] != 3:
        yield "colour: the output profile is not RGB"


def _of_attachments(reader: PdfFileReader, things: list[Any]) -> Iterator[str]:
    associated = members(entry(reader.root, "/AF", ()))
    for spec in (thing for thing in things if "/EF" in thing):
        for key in ("/F", "/UF", "/AFRelationship"):
            if key not in spec:
                yield f"attachment: no {key}"
        if spec not in associated:
            yield "attachment: not associated with the document"
        for key in spec["/EF"]:
            held = spec["/EF"][key]
            if "/Subtype" not in held or "/ModDate" not in entry(held, "/Params", {}):
                yield "attachment: no kind or no date"


def _of_thing(thing: Mapping[str, Any]) -> Iterator[str]:
    if entry(thing, "/S") in _ACTIONS:
        yield f"action: {thing['/S']}"
    if "/AA" in thing and entry(thing, "/Type") == "/Page":
        yield "page: /AA"
    if entry(thing, "/S") == "/Transparency":
        yield "transparency: a group"
    if any(entry(thing, key, 1) != 1 for key in ("/ca", "/CA")):
        yield "transparency: not opaque"
    if entry(thing, "/SMask", "/None") != "/None" or entry(thing, "/BM", "/Normal") != "/Normal":
        yield "transparency: a mask or a blend"
    if isinstance(thing, StreamObject):
        yield from _of_stream(thing)
    if entry(thing, "/Subtype") == "/Widget" or entry(thing, "/Type") == "/Annot":
        flags, box = int(entry(thing, "/F", 0)), [float(each) for each in thing["/Rect"]]
        if not flags & _PRINTED or flags & _UNSEEN:
            yield "annotation: seen and printed differ"
        if box[0] != box[2] and box[1] != box[3] and "/AP" not in thing:
            yield "annotation: no appearance"


def _of_stream(stream: StreamObject) -> Iterator[str]:
    filters = entry(stream, "/Filter", ())
    if "/LZWDecode" in (filters if isinstance(filters, list) else [filters]):
        yield "stream: LZW"
    if any(key in stream for key in ("/F", "/FFilter", "/FDecodeParms")):
        yield "stream: lies outside the file"
    if entry(stream, "/Subtype") == "/PS" or "/Ref" in stream or "/OPI" in stream:
        yield "stream: refers to something else"
    if entry(stream, "/Subtype") == "/Image":
        if entry(stream, "/Interpolate") or "/Alternates" in stream:
            yield "image: interpolated or with alternates"
        if entry(stream, "/ColorSpace") == "/DeviceCMYK":
            yield "colour: CMYK"


def _of_contents(reader: PdfFileReader) -> Iterator[str]:
    shown = Shown()
    for page in pages(reader.root["/Pages"]):
        contents = page["/Contents"]
        parts = members(contents) if isinstance(contents, list) else [contents]
        resources = entry(page, "/Resources", {})
        gather(b"\n".join(part.data for part in parts), resources, shown)
    if shown.operators & _CMYK:
        yield "colour: CMYK"
    if b"ID" in shown.operators:
        yield "content: a picture among the operators cannot be checked"
    for place, font in shown.fonts.items():
        yield from (
            f"font {font['/BaseFont']}: {each}" for each in _of_font(font, shown.codes[place])
        )


def _of_font(font: Mapping[str, Any], codes: set[int]) -> Iterator[str]:
    composite = font["/Subtype"] == "/Type0"
    real = font["/DescendantFonts"][0] if composite else font
    embedded = entry(entry(real, "/FontDescriptor", {}), "/FontFile2")
    if embedded is None:
        yield "not embedded"
        return
    program = Program(embedded.data)
    glyphs = (
        _glyphs(real, codes) if composite else {code: program.codes.get(code, 0) for code in codes}
    )
    declared, other = widths(font)
    if any(not 0 < glyph < program.count for glyph in glyphs.values()):
        yield "shows a character that it does not have"
    elif any(abs(declared.get(c, other) - program.width(g)) > 1 for c, g in glyphs.items()):
        yield "widths differ from those of the page"
    if "/ToUnicode" not in font or codes - texts(font["/ToUnicode"].data).keys():
        yield "characters that stand for no text"


def _glyphs(descendant: Mapping[str, Any], codes: set[int]) -> dict[int, int]:
    order = entry(descendant, "/CIDToGIDMap", "/Identity")
    if order == "/Identity":
        return {code: code for code in codes}
    return {code: int.from_bytes(order.data[2 * code : 2 * code + 2]) for code in codes}
