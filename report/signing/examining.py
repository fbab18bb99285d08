"""What a PDF says of itself: its revisions, signatures, timestamps and attachments. Bytes in, values out.

The file may be anything. Whoever calls bounds time and memory, in a process of its own.
"""

import struct
import zlib
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError

from report.signing.additions import additions_problem, visible_additions
from report.signing.inside import CHECKPOINT, attachments_in, read_attachment
from report.signing.revisions import end_of_revision, tail_problem
from report.signing.signatures import SignatureWalk
from report.signing.silence import silence
from report.signing.trusting import Beliefs
from report.signing.values import AttachmentFacts, Examination

UNREADABLE = (
    PdfError,
    SignatureValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
    EOFError,
    OSError,
)
"""What pyHanko and asn1crypto raise at a file that is not what it should be."""


def examine(pdf: bytes, beliefs: Beliefs) -> Examination:
    """All that can be told of these bytes; what cannot be read is told too, and never raised."""
    silence()
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return Examination("it is encrypted")
        return _examined(pdf, reader, beliefs)
    except UNREADABLE as error:
        return Examination(f"it cannot be read as a PDF ({_words(error)})")


def _examined(pdf: bytes, reader: PdfFileReader, beliefs: Beliefs) -> Examination:
    """What can be told of a PDF that can be read."""
    embedded = sorted(reader.embedded_signatures, key=lambda item: item.signed_revision)
    signatures, stamps = SignatureWalk(pdf, reader, beliefs.with_store(reader)).take(embedded)
    attachments, problem = _attachments(reader)
    return Examination(
        first_bytes=end_of_revision(pdf, reader.xrefs.get_startxref_for_revision(0)) or 0,
        revision_count=reader.xrefs.total_revisions,
        signatures=signatures,
        stamps=stamps,
        attachments=attachments,
        attachments_problem=problem,
        checkpoint=read_attachment(reader, CHECKPOINT),
        additions=additions_problem(reader),
        tail=tail_problem(pdf, reader.last_startxref or 0),
        visible=visible_additions(reader),
    )


def _attachments(reader: PdfFileReader) -> tuple[tuple[AttachmentFacts, ...], str | None]:
    """The files inside, or why they cannot be told."""
    try:
        return attachments_in(reader), None
    except UNREADABLE as error:
        return (), _words(error)


def _words(error: BaseException) -> str:
    """An error of somebody else's in a few words."""
    return " ".join(str(error).split())[:300] or type(error).__name__
