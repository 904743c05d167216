"""A paper as PDF/A-3b: a copy that opens the same in thirty years, its data inside."""

import hashlib
import re
from base64 import a85decode
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_date, pdf_name, pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.pdf_utils.xref import write_xref_table

from printing.proof.pdfobjects import entry, pages
from printing.proof.shown import Shown, gather

ATTACHMENT = "certificate.json"
CREATOR = "kakanai"
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FIRST_FONT = re.compile(rb"BT (/F\d+) 12 Tf 14\.4 TL ET\s?")
_ICC_DATE = slice(24, 36)
_number: Any = generic.NumberObject  # pyHanko's constructors have no types
_mapping: Any = generic.DictionaryObject
_reference: Any = generic.IndirectObject
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <xmp:CreatorTool>{creator}</xmp:CreatorTool>
   <xmp:CreateDate>{made}</xmp:CreateDate>
   <xmp:ModifyDate>{made}</xmp:ModifyDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def archived(pdf: bytes, made: datetime, attachment: bytes) -> bytes:
    """The press's sheets made to last; the same arguments give the same bytes."""
    source = PdfFileReader(BytesIO(pdf))
    title = str(entry(entry(source.trailer_view, "/Info", {}), "/Title", ""))
    draft = copy_into_new_writer(source)
    _drop_first_font(draft)
    writer = copy_into_new_writer(draft)  # without what nobody points to any more
    writer.objects.update({place: _bare(each) for place, each in writer.objects.items()})
    root = writer.root
    profile = writer.add_object(_profile())
    spec = writer.add_object(_file(writer, attachment, made))
    root.update(
        _dictionary(
            OutputIntents=generic.ArrayObject([_output_intent(profile)]),
            AF=generic.ArrayObject([spec]),
            Names=_dictionary(
                EmbeddedFiles=_dictionary(Names=generic.ArrayObject([pdf_string(ATTACHMENT), spec]))
            ),
            Metadata=writer.add_object(_metadata(title, made)),
        )
    )
    info = writer.add_object(_information(title, made))
    return _laid_out(writer, info, hashlib.sha256(pdf + attachment).digest()[:16])


def _drop_first_font(draft: PdfFileWriter) -> None:
    """Reportlab begins with a font that is not embedded, which we write nothing in."""
    found, shown = list(pages(draft.root["/Pages"])), Shown()
    for page in found:
        gather(page["/Contents"].data, page["/Resources"], shown)
    for page in found:
        page.pop("/Trans", None)
        fonts = entry(page["/Resources"], "/Font", {})
        first = _FIRST_FONT.search(page["/Contents"].data)
        if first and not any(
            entry(fonts, first[1].decode()) is each for each in shown.fonts.values()
        ):
            rest = _FIRST_FONT.sub(b"", page["/Contents"].data, count=1)
            page["/Contents"] = draft.add_object(_stream(rest))
            fonts.pop(first[1].decode(), None)


def _stream(plain: bytes, **entries: Any) -> generic.StreamObject:
    stream: Any = generic.StreamObject(_dictionary(**entries), plain)
    stream.compress()
    made: generic.StreamObject = stream
    return made


def _bare(thing: generic.PdfObject) -> generic.PdfObject:
    """Reportlab writes compressed bytes as text, a quarter longer than they are."""
    wrapped = ["/ASCII85Decode", "/FlateDecode"]
    if not isinstance(thing, generic.StreamObject) or entry(thing, "/Filter") != wrapped:
        return thing
    raw = a85decode(b"<~" + thing.encoded_data.strip(), adobe=True)
    kept = {key: value for key, value in thing.items() if key not in ("/Filter", "/Length")}
    bare = generic.StreamObject(kept, encoded_data=raw)
    bare["/Filter"] = pdf_name("/FlateDecode")
    return bare


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    made: generic.DictionaryObject = _mapping(
        {pdf_name(f"/{key}"): each for key, each in entries.items()}
    )
    return made


def _profile() -> generic.StreamObject:
    """The sRGB of Little CMS, without the time of day that it writes into it."""
    colours = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    colours[_ICC_DATE] = bytes.fromhex("07e4 0001 0001 0000 0000 0000")
    return _stream(bytes(colours), N=_number(3))


def _output_intent(profile: generic.IndirectObject) -> generic.DictionaryObject:
    return _dictionary(
        Type=pdf_name("/OutputIntent"),
        S=pdf_name("/GTS_PDFA1"),
        OutputConditionIdentifier=pdf_string("sRGB"),
        Info=pdf_string("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )


def _file(writer: PdfFileWriter, attachment: bytes, made: datetime) -> generic.DictionaryObject:
    """What the sheet says, for machines."""
    parameters = _dictionary(Size=_number(len(attachment)), ModDate=pdf_date(made))
    stream = _stream(
        attachment,
        Type=pdf_name("/EmbeddedFile"),
        Subtype=pdf_name("/application/json"),
        Params=parameters,
    )
    held = writer.add_object(stream)
    return _dictionary(
        Type=pdf_name("/Filespec"),
        F=pdf_string(ATTACHMENT),
        UF=pdf_string(ATTACHMENT),
        Desc=pdf_string("the data of this certificate and its seal"),
        AFRelationship=pdf_name("/Data"),
        EF=_dictionary(F=held, UF=held),
    )


def _metadata(title: str, made: datetime) -> generic.StreamObject:
    """Never compressed: an archive looks for it without knowing PDF."""
    words = _XMP.format(title=escape(title), creator=CREATOR, made=made.isoformat("T", "seconds"))
    entries = _dictionary(Type=pdf_name("/Metadata"), Subtype=pdf_name("/XML"))
    return generic.StreamObject(entries, words.encode())


def _information(title: str, made: datetime) -> generic.DictionaryObject:
    """The same facts as the metadata, in the older place."""
    return _dictionary(
        Title=generic.TextStringObject(title),
        Creator=pdf_string(CREATOR),
        CreationDate=pdf_date(made),
        ModDate=pdf_date(made),
    )


def _laid_out(writer: PdfFileWriter, info: generic.IndirectObject, name: bytes) -> bytes:
    """Our own last step, for pyHanko's writes the time of day and a random id."""
    file, places = BytesIO(), {}
    file.write(_HEADER)
    for (generation, number), thing in sorted(writer.objects.items()):
        places[generation, number] = file.tell()
        file.write(b"%d %d obj\n" % (number, generation))
        thing.write_to_stream(file, None)
        file.write(b"\nendobj\n")
    table = write_xref_table(file, places)
    ids = generic.ArrayObject([generic.ByteStringObject(name)] * 2)
    size = _number(max(number for _, number in places) + 1)
    file.write(b"trailer\n")
    root = _reference(writer.root_ref.idnum, writer.root_ref.generation, writer)
    _dictionary(Root=root, Info=info, ID=ids, Size=size).write_to_stream(file, None)
    file.write(b"\nstartxref\n%d\n%%%%EOF\n" % table)
    return file.getvalue()
