"""A signature put under a PDF as an update behind it; the bytes before stay (ETSI EN 319 142-1, PAdES)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from asn1crypto import crl, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from casedb.records import Instant
from report.signing.certificates import certificate_facts
from report.signing.errors import SigningError, StampingError
from report.signing.silence import silence
from report.signing.stamp_style import field_size, language_in, stamp_style
from report.signing.stamping import Ask, AskingStamper
from report.signing.values import SignatureLevel, SigningRole
from report.wording import speaking

ADVICE_ON_TRUST = "Name the certificate of its authority in the configuration, [signing] trust"


@dataclass(frozen=True)
class Means:
    """What a signature is made with, beside the key.

    `roots` are the certificates that are believed, `crls` what says which are revoked, `ask` the way to a
    time-stamping authority. Without roots nothing for later checks is put in.
    """

    roots: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ask: Ask | None = None

    @property
    def level(self) -> SignatureLevel:
        """The level that a signature made with these reaches."""
        if not self.roots:
            return SignatureLevel.TIMESTAMPED if self.ask else SignatureLevel.BASIC
        return SignatureLevel.ARCHIVED if self.ask else SignatureLevel.LONG_TERM


@dataclass(frozen=True)
class Wording:
    """What stands in the signature beside it: who, why, where, and when if it is to be seen; None is left out."""

    name: str | None = None
    reason: str | None = None
    place: str | None = None
    at: Instant | None = None


def put_signature(pdf: bytes, role: SigningRole, signer: Signer, means: Means, wording: Wording) -> bytes:
    """The PDF with one more signature, in the field of this role; it begins with exactly the bytes that came.

    Raises:
        SigningError: it cannot be signed in this role, or the certificate leads to none that is believed.
        StampingError: the time-stamping authority gave nothing that can be used.
    """
    with _told():
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        made = PdfSigner(
            _metadata(role, means, wording),
            signer,
            timestamper=AskingStamper(means.ask) if means.ask else None,
            stamp_style=_style(writer.prev, role, signer, wording),
        )
        signed: bytes = made.sign_pdf(writer).getvalue()
    if not signed.startswith(pdf):
        raise SigningError("the signature would have changed the report")
    return signed


def _style(reader: PdfFileReader, role: SigningRole, signer: Signer, wording: Wording) -> StaticStampStyle | None:
    """What the field of this role is to show; None where it shows nothing."""
    size, certificate = field_size(reader, role.field_name), signer.signing_cert
    if size is None or certificate is None or wording.at is None:
        return None
    with speaking(language_in(reader)):
        return stamp_style(certificate, certificate_facts(certificate), wording.at, size)


def _metadata(role: SigningRole, means: Means, wording: Wording) -> PdfSignatureMetadata:
    """How the signature is to be; a certifying one lets only forms be filled, that is, others sign."""
    return PdfSignatureMetadata(
        field_name=role.field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=role.certifies,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=bool(means.roots),
        use_pades_lta=means.level is SignatureLevel.ARCHIVED,
        validation_context=validation_context(means) if means.roots else None,
        name=wording.name,
        reason=wording.reason,
        location=wording.place,
    )


def validation_context(means: Means) -> ValidationContext:
    """What is believed when a certificate is looked at; nothing is fetched."""
    return ValidationContext(trust_roots=list(means.roots), crls=list(means.crls), allow_fetching=False)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what pyHanko says into a sentence of ours.

    Raises:
        SigningError, StampingError: instead of its errors.
    """
    silence()
    try:
        yield
    except TimestampRequestError as error:
        raise StampingError(f"the time-stamping authority refused ({error})") from error
    except (PathError, ValidationError) as error:
        raise SigningError(f"a certificate leads to none that is believed ({error})", ADVICE_ON_TRUST) from error
    except (PdfError, PyHankoSigningError) as error:
        if isinstance(error.__cause__, PathError | ValidationError):
            what = f"the certificate leads to none that is believed ({error.__cause__})"
            raise SigningError(what, ADVICE_ON_TRUST) from error
        raise SigningError(f"this PDF cannot be signed ({error})") from error
