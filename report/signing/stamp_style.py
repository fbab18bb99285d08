"""The look of a visible signature, as pyHanko puts it into a field."""

from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from casedb.records import Instant
from report.pdf.signature_appearance import signature_appearance
from report.signing.objects import dictionaries, entry, items
from report.signing.values import CertificateFacts
from report.wording import say

DIGITS = 16
"""How many hex digits of the certificate's SHA-256 are shown."""

IMPORTED = "/Signature"

FILLING = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN, Margins(0, 0, 0, 0))


class PageContent(PdfContent):
    """The only page of a PDF as the content of a stamp."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        super().__init__()

    def render(self) -> bytes:
        """Take the page into the document that is being written."""
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject[IMPORTED] = page
        left, low, right, high = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(high - low))
        return f"{IMPORTED} Do".encode()


def stamp_style(
    certificate: x509.Certificate, facts: CertificateFacts, at: Instant, size: tuple[float, float]
) -> StaticStampStyle:
    """Name, time and the beginning of the certificate's digest, in a field of this width and height in points."""
    name = certificate.subject.native.get("common_name")
    shown = name if isinstance(name, str) else facts.subject
    lines = (
        say("Signed electronically {at}", at=at),
        say("Certificate SHA-256 {digits}...", digits=facts.sha256[:DIGITS]),
    )
    page = PageContent(signature_appearance(shown, lines, *size))
    return StaticStampStyle(background=page, background_layout=FILLING, border_width=0)


def language_in(reader: PdfFileReader) -> str:
    """The language that a document says it is in (ISO 32000-1, 14.9.2); nothing where it says none."""
    return str(entry(reader.root, "/Lang") or "")


def field_size(reader: PdfFileReader, name: str) -> tuple[float, float] | None:
    """Width and height of a field in points; None where there is none, or it is not to be seen."""
    for field in dictionaries(items(entry(reader.root, "/AcroForm"), "/Fields")):
        if str(entry(field, "/T") or "") == name:
            numbers = [float(number) for number in items(field, "/Rect")]
            width, height = (
                (abs(numbers[2] - numbers[0]), abs(numbers[3] - numbers[1])) if len(numbers) == 4 else (0, 0)
            )
            return (width, height) if width and height else None
    return None
