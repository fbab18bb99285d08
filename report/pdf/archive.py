"""The last hand on a document: what makes it PDF/A-3a and PDF/UA-1, and the files attached to it.

ISO 19005-3: 6.2.3 output intent, 6.6 metadata, 6.8 embedded files. All dates are that of the issue, so that the
same report gives the same bytes.
"""

import hashlib
import io
import struct
from collections.abc import Sequence
from functools import cache

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, String
from PIL import ImageCms

from report.attachments import Attachment
from report.pdf.structure import Element, SignatureField
from report.pdf.structure_tree import add_structure
from report.pdf.xmp import Metadata, xmp_packet

_PROFILE_DATE = slice(24, 36)
_PROFILE_ID = slice(84, 100)


def archived(
    drawn: bytes,
    root: Element,
    marks: Sequence[Sequence[Element]],
    fields: Sequence[SignatureField],
    metadata: Metadata,
    attachments: Sequence[Attachment],
) -> bytes:
    """The document as it is handed out: structure, colours, metadata and attachments added to the drawn pages."""
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        add_structure(pdf, root, marks, fields)
        _add_output_intent(pdf)
        moment = str(pdf.docinfo.CreationDate)
        _add_attachments(pdf, attachments, moment)
        _add_metadata(pdf, metadata)
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True, min_version="1.7", object_stream_mode=ObjectStreamMode.disable)
    return file.getvalue()


def _add_output_intent(pdf: Pdf) -> None:
    """Say which red, green and blue is meant: sRGB."""
    profile = pdf.make_stream(_srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=profile,
            )
        ]
    )


@cache
def _srgb_profile() -> bytes:
    """The profile of sRGB, without the time at which it was made (ICC.1:2010, 7.2)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_DATE] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    profile[_PROFILE_ID] = bytes(16)
    return bytes(profile)


def _add_metadata(pdf: Pdf, metadata: Metadata) -> None:
    """The metadata, the same in both places."""
    packet = xmp_packet(metadata)
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    for key in ("/Keywords", "/Trapped"):
        if key in pdf.docinfo:
            del pdf.docinfo[key]


def _add_attachments(pdf: Pdf, attachments: Sequence[Attachment], moment: str) -> None:
    """The files, found by their names and as associated with the whole document."""
    if not attachments:
        return
    names, associated = Array(), Array()
    for attachment in sorted(attachments, key=lambda item: item.name):
        specification = pdf.make_indirect(_file_specification(pdf, attachment, moment))
        names.append(String(attachment.name))
        names.append(specification)
        associated.append(specification)
    if "/Names" not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.AF = associated


def _file_specification(pdf: Pdf, attachment: Attachment, moment: str) -> Dictionary:
    """One attached file (ISO 32000-1, 7.11.3 and 7.11.4)."""
    stream = pdf.make_stream(attachment.content, Type=Name.EmbeddedFile)
    stream.Subtype = Name("/" + attachment.media_type)
    stream.Params = Dictionary(
        Size=len(attachment.content),
        ModDate=String(moment),
        CheckSum=_binary(hashlib.md5(attachment.content, usedforsecurity=False).digest()),
    )
    return Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name),
        UF=String(attachment.name),
        Desc=String(attachment.description),
        AFRelationship=Name("/" + attachment.relationship.value),
        EF=Dictionary(F=stream, UF=stream),
    )


def _binary(data: bytes) -> Object:
    """Bytes as a PDF string."""
    return String(data)
