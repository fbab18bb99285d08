"""A small text that is attached to a PDF of strangers: read within bounds, and nothing else of the PDF."""

import io
import zlib

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError, Stream

MAXIMUM_PDF_BYTES = 256 * 1024 * 1024


def attached_text(data: bytes, name: str, maximum_bytes: int) -> bytes:
    """The one attached file of this name, unpacked to at most so many bytes.

    Raises:
        ValueError: no PDF, none or several of this name, packed in another way than ours, or larger.
    """
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            found = [item for key, item in pdf.attachments.items() if key == name]
            if len(found) != 1:
                raise ValueError(f"the PDF has {len(found) or 'no'} attachments called {name}")
            return _unpacked(found[0].obj.EF.F, name, maximum_bytes)
    except (PdfError, AttributeError, KeyError, TypeError, RecursionError, zlib.error) as error:
        raise ValueError(f"the PDF cannot be read ({' '.join(str(error).split())[:200]})") from error


def _unpacked(stream: Object, name: str, maximum_bytes: int) -> bytes:
    """The content of a stream; a few bytes that claim to be gigabytes are not believed.

    Raises:
        ValueError: larger than allowed, or packed in another way than ours.
        TypeError: no stream.
    """
    if not isinstance(stream, Stream):
        raise TypeError("an attachment has no content")
    packing = stream.get("/Filter")
    if isinstance(packing, Array) and len(packing) <= 1:
        packing = packing[0] if len(packing) else None
    parameters = stream.get("/DecodeParms")
    if packing not in (None, Name.FlateDecode) or isinstance(parameters, Dictionary):
        raise ValueError(f"the attachment {name} is packed in a way that is not read")
    raw = stream.read_raw_bytes()
    content = zlib.decompressobj().decompress(raw, maximum_bytes + 1) if packing is not None else raw
    if len(content) > maximum_bytes:
        raise ValueError(f"the attachment {name} is larger than {maximum_bytes} bytes")
    return bytes(content)
