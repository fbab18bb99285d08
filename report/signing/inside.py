"""The files attached to a PDF, as the catalog and its name tree list them (ISO 32000-2, 7.11.4 and 14.13)."""

import hashlib
import zlib
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from report.signing.objects import dictionaries, entry, items
from report.signing.unpacking import Allowance, unpacked
from report.signing.values import AttachmentFacts

CHECKPOINT = "checkpoint.txt"
"""The attachment that holds the ledger's checkpoint."""

MAXIMUM_ATTACHMENTS = 1000
MAXIMUM_NODES = 2000
MAXIMUM_CHECKPOINT_BYTES = 64 * 1024
MAXIMUM_UNPACKED_BYTES = 256 * 1024 * 1024
"""Of all attached files together; ours have at most 32 MiB each, and there are few."""


def attachments_in(reader: PdfFileReader) -> tuple[AttachmentFacts, ...]:
    """The attached files, in the order of the name tree and then of the catalog's list.

    Raises:
        PdfReadError: more of them than are read, or not in the form they should have; KeyError, TypeError too.
    """
    allowance = Allowance(MAXIMUM_UNPACKED_BYTES)
    return tuple(_facts(specification, allowance) for specification in _specifications(reader))


def read_attachment(reader: PdfFileReader, name: str) -> str | None:
    """The text of an attached file of this name; None where there is none, two, or one that is no text."""
    try:
        found = [item for item in _specifications(reader) if _name(item) == name]
        if len(found) != 1:
            return None
        data = b"".join(unpacked(_stream(found[0]), Allowance(MAXIMUM_CHECKPOINT_BYTES)))
        return data.decode("utf-8") if data else None
    except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return None


def _specifications(reader: PdfFileReader) -> list[generic.DictionaryObject]:
    """The file specifications, each once."""
    root = reader.root
    found: dict[object, generic.DictionaryObject] = {}
    for raw in (*_named(root), *_raw(items(root, "/AF"))):
        item = raw.get_object()
        if not isinstance(item, generic.DictionaryObject):
            raise PdfReadError("an attachment is no dictionary")
        key = raw.reference if isinstance(raw, generic.IndirectObject) else id(item)
        found[key] = item
        if len(found) > MAXIMUM_ATTACHMENTS:
            raise PdfReadError(f"more than {MAXIMUM_ATTACHMENTS} attachments")
    return list(found.values())


def _named(root: generic.DictionaryObject) -> Iterator[generic.PdfObject]:
    """The values of the name tree of embedded files; a tree that leads into itself ends by its bound."""
    top = entry(entry(root, "/Names"), "/EmbeddedFiles")
    waiting = [top] if isinstance(top, generic.DictionaryObject) else []
    for _ in range(MAXIMUM_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        yield from _raw(items(node, "/Names"))[1::2]
        waiting += dictionaries(items(node, "/Kids"))
    raise PdfReadError("the list of attachments has no end")


def _raw(array: generic.ArrayObject) -> list[generic.PdfObject]:
    """The items of an array, references left as they are."""
    return [array.raw_get(index) for index in range(len(array))]


def _facts(specification: generic.DictionaryObject, allowance: Allowance) -> AttachmentFacts:
    """One attached file, read to its end."""
    stream = _stream(specification)
    sha256, md5, size_bytes = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    for piece in unpacked(stream, allowance):
        sha256.update(piece)
        md5.update(piece)
        size_bytes += len(piece)
    relationship, media_type = entry(specification, "/AFRelationship"), entry(stream, "/Subtype")
    return AttachmentFacts(
        name=_name(specification),
        media_type=str(media_type)[1:] if media_type is not None else None,
        relationship=str(relationship)[1:] if relationship is not None else None,
        size_bytes=size_bytes,
        sha256=sha256.hexdigest(),
        problem=_problem(stream, size_bytes, md5.digest()),
    )


def _stream(specification: generic.DictionaryObject) -> generic.StreamObject:
    """The stream of an attached file."""
    stream = specification["/EF"]["/F"]
    if not isinstance(stream, generic.StreamObject):
        raise PdfReadError("an attachment has no content")
    return stream


def _name(specification: generic.DictionaryObject) -> str:
    """The name of an attached file."""
    return str(entry(specification, "/UF") or entry(specification, "/F") or "")


def _problem(stream: generic.StreamObject, size_bytes: int, md5: bytes) -> str | None:
    """Whether the content is what the PDF itself says of it: size, and MD5 (ISO 32000-1, table 46)."""
    parameters = entry(stream, "/Params")
    size, checksum = entry(parameters, "/Size"), entry(parameters, "/CheckSum")
    if size is not None and str(size) != str(size_bytes):
        return f"its size is stated as {size}"
    if checksum is None:
        return None
    stated = getattr(checksum, "original_bytes", b"")
    return None if stated == md5 else "its checksum is stated as another"
