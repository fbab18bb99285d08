"""Certificates and revocation lists of a laboratory, PEM or DER, and what a certificate says of itself."""

from asn1crypto import crl, pem, x509

from casedb.records import instant_from
from report.signing.values import CertificateFacts

MAXIMUM_NAME_CHARACTERS = 500


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a file, one as DER or any number as PEM.

    Raises:
        ValueError: there is none, or one that cannot be read.
    """
    blocks = _blocks(data, "CERTIFICATE")
    certificates = tuple(x509.Certificate.load(block, strict=True) for block in blocks)
    for certificate in certificates:
        certificate_facts(certificate)
    return certificates


def read_revocations(data: bytes) -> tuple[crl.CertificateList, ...]:
    """The revocation lists in a file, one as DER or any number as PEM.

    Raises:
        ValueError: there is none, or one that cannot be read.
    """
    lists = tuple(crl.CertificateList.load(block, strict=True) for block in _blocks(data, "X509 CRL"))
    for item in lists:
        item.issuer.human_friendly  # noqa: B018  # asn1crypto reads when it is asked, and then raises
    return lists


def _blocks(data: bytes, label: str) -> list[bytes]:
    """The DER blocks of a file.

    Raises:
        ValueError: none of this kind.
    """
    if not pem.detect(data):
        return [data]
    found = [block for name, _, block in pem.unarmor(data, multiple=True) if name == label]
    if not found:
        raise ValueError(f"no {label} in it")
    return found


def certificate_facts(certificate: x509.Certificate) -> CertificateFacts:
    """What a certificate says of itself.

    Raises:
        ValueError: it cannot be read.
    """
    validity = certificate["tbs_certificate"]["validity"]
    return CertificateFacts(
        subject=certificate.subject.human_friendly[:MAXIMUM_NAME_CHARACTERS],
        issuer=certificate.issuer.human_friendly[:MAXIMUM_NAME_CHARACTERS],
        serial=f"{certificate.serial_number:x}",
        sha256=certificate.sha256.hex(),
        not_before=instant_from(validity["not_before"].native),
        not_after=instant_from(validity["not_after"].native),
    )


def names_revocation(certificate: x509.Certificate) -> bool:
    """Whether a certificate says where to ask if it was revoked."""
    return bool(certificate.crl_distribution_points or certificate.ocsp_urls)
