"""The key and certificate that somebody signs with: a PKCS#12 file (RFC 7292)."""

from asn1crypto import x509
from pyhanko.sign.signers import Signer as Signer
from pyhanko.sign.signers import SimpleSigner

from casedb.records import Instant
from report.signing.certificates import certificate_facts
from report.signing.errors import SigningError
from report.signing.values import CertificateFacts

MAXIMUM_P12_BYTES = 1024 * 1024
SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})


def open_pkcs12(data: bytes, passphrase: bytes | None) -> Signer:
    """The signer in a PKCS#12 file.

    Raises:
        SigningError: no such file, a wrong passphrase, or no key and certificate in it.
    """
    try:
        signer: Signer = SimpleSigner.load_pkcs12_data(data, [], passphrase)
    except (ValueError, TypeError, AttributeError, RuntimeError) as error:
        advice = "Give a PKCS#12 file (.p12, .pfx) with key and certificate, and its passphrase"
        raise SigningError("no key can be taken from it: a wrong passphrase, or no PKCS#12", advice) from error
    return signer


def signer_certificate(signer: Signer) -> x509.Certificate:
    """The certificate of a signer.

    Raises:
        SigningError: it has none.
    """
    if signer.signing_cert is None:
        raise SigningError("there is no certificate for this key", "Put the certificate beside the key")
    return signer.signing_cert


def require_usable(certificate: x509.Certificate, now: Instant) -> CertificateFacts:
    """What the certificate says, where one may sign with it at this moment.

    Raises:
        SigningError: expired, not yet valid, or made for something else.
    """
    facts = certificate_facts(certificate)
    moment = now.as_datetime()
    if moment > facts.not_after.as_datetime():
        raise SigningError(f"the certificate of {facts.subject} expired at {facts.not_after}", "Ask for a new one")
    if moment < facts.not_before.as_datetime():
        advice = "Look at the clock of this computer"
        raise SigningError(f"the certificate of {facts.subject} is not valid before {facts.not_before}", advice)
    uses = certificate.key_usage_value
    if uses is not None and not SIGNING_USES & uses.native:
        advice = "Ask for one with the key usage digitalSignature or nonRepudiation"
        raise SigningError(f"the certificate of {facts.subject} may not sign documents", advice)
    return facts
