"""Whether a certificate is believed at a moment: by the roots that were named, and by what the file itself brings.

A timestamp that is believed moves the moment back: a signature that it covers is looked at as of then, so that an
expired certificate does no harm to what was signed before (ETSI EN 319 102-1, 5.6.2, in its simplest form).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from report.signing.values import Trust

_TRUST: dict[AdESSubIndic, Trust] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Trust.UNKNOWN,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: Trust.UNKNOWN,
    AdESIndeterminate.REVOKED_NO_POE: Trust.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Trust.REVOKED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Trust.EXPIRED,
}


@dataclass(frozen=True)
class Beliefs:
    """What is believed, at `moment`: certificates, and beside them what says which are revoked."""

    moment: datetime
    roots: tuple[x509.Certificate, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    def at(self, moment: datetime) -> "Beliefs":
        """The same at another moment."""
        return replace(self, moment=moment)

    def with_store(self, reader: PdfFileReader) -> "Beliefs":
        """With what the PDF's own store holds (ISO 32000-2, 12.8.4.3); nothing in it is believed by itself."""
        try:
            store = DocumentSecurityStore.read_dss(reader)
            ocsps = [ocsp.OCSPResponse.load(stream.get_object().data) for stream in _streams(store.ocsps)]
            crls = [crl.CertificateList.load(stream.get_object().data) for stream in _streams(store.crls)]
            return replace(
                self,
                certificates=(*self.certificates, *store.load_certs()),
                crls=(*self.crls, *crls),
                ocsps=(*self.ocsps, *ocsps),
            )
        except (NoDSSFoundError, PdfError, ValueError, TypeError, KeyError, AttributeError):
            return self

    def context(self, revocation: str = "soft-fail") -> ValidationContext:
        """The same as pyHanko wants it. What is revoked later than the moment is no harm; nothing is fetched.

        With "require" every certificate must be on no list of its authority, which must be there; otherwise lists
        are looked at only where a certificate names a place for them.
        """
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.certificates),
            crls=list(self.crls),
            ocsps=list(self.ocsps),
            moment=self.moment,
            allow_fetching=False,
            revocation_mode=revocation,
            retroactive_revinfo=True,
        )

    def knows_revocations_of(self, certificate: x509.Certificate) -> bool:
        """Whether a list of the certificate's own authority is there."""
        return any(item.issuer == certificate.issuer for item in self.crls) or _answered(self.ocsps, certificate)


def _streams(found: object) -> list[generic.IndirectObject]:
    """The references in a part of the store, which pyHanko keeps as a list or by number."""
    return list(found.values()) if isinstance(found, dict) else list(found or ())  # type: ignore[call-overload]


def _answered(answers: Iterable[ocsp.OCSPResponse], certificate: x509.Certificate) -> bool:
    """Whether one of these answers is about the certificate."""
    for answer in answers:
        data = answer.response_data
        for item in data["responses"] if data is not None else ():
            if item["cert_id"]["serial_number"].native == certificate.serial_number:
                return True
    return False


def trust_of(status: SignatureStatus, certificate: x509.Certificate, moment: datetime) -> Trust:
    """What pyHanko's word comes to; it calls one not yet valid a general failure, so that is asked first."""
    validity = certificate["tbs_certificate"]["validity"]
    if moment < validity["not_before"].native:
        return Trust.NOT_YET_VALID
    if status.trust_problem_indic is None:
        return Trust.TRUSTED
    return _TRUST.get(status.trust_problem_indic, Trust.UNFIT)
