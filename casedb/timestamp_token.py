"""Requests to a time-stamping authority and its answers (RFC 3161), as bytes and back; nothing is sent here.

An answer is believed when a certificate of the authority, or one that leads to it, signed it, and when that
certificate is for timestamps alone (RFC 3161 section 2.3). Certificates that come with it only lead the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from image.times import Instant, instant_from

SHA256_OID = "2.16.840.1.101.3.4.2.1"
GRANTED = 0

UNUSABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    RecursionError,
    VerificationError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the libraries raise at bytes that are no answer."""


UNKNOWN = ("unable to get local issuer certificate", "unable to get issuer certificate", "self-signed certificate")
"""How OpenSSL says that a chain of certificates ends at none that it was given."""


Certificates = tuple[x509.Certificate, ...]


class UnknownAuthorityError(ValueError):
    """The authority that signed is none of those named, nor one that they vouch for."""


@dataclass(frozen=True)
class TokenContent:
    """What an answer says: over which SHA-256, when, by whom, and with which number of the question."""

    imprint: bytes
    stamped: Instant
    nonce: int | None
    authority: str


def token_request(imprint: bytes, nonce: int, policy: str | None = None) -> bytes:
    """The question to an authority over a SHA-256, in DER (RFC 3161 section 2.4.1).

    Raises:
        ValueError: a policy that is no object identifier.
    """
    algorithm = {"algorithm": "sha256", "parameters": core.Null()}
    question = {
        "version": 1,
        "message_imprint": {"hash_algorithm": algorithm, "hashed_message": imprint},
        "nonce": nonce,
        "cert_req": True,
    }
    if policy is not None:
        question["req_policy"] = policy
    return bytes(tsp.TimeStampReq(question).dump())


def read_token(answer: bytes) -> TokenContent:
    """What an answer says; whether it is to be believed is another question.

    Raises:
        ValueError: not an answer, a refusal, or over something that is no SHA-256.
    """
    return _content(_decoded(answer))


def read_certificates(pem: bytes) -> Certificates:
    """The certificates in a text of PEM.

    Raises:
        ValueError: none are in it, or one is none.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except UNUSABLE as error:
        raise ValueError(f"no certificates in PEM ({_first_line(error)})") from error


def require_signed(answer: bytes, certificates: Sequence[x509.Certificate], policy: str | None = None) -> None:
    """See that one of these authorities, or one they vouch for, signed the answer, at a time when it might.

    Raises:
        UnknownAuthorityError: none of them, and it says nothing of whether the answer is a good one.
        ValueError: the signature is not good; says why.
    """
    found = _decoded(answer)
    imprint = found.tst_info.message_imprint.message
    if not certificates:
        raise UnknownAuthorityError("no authority is named")
    wanted = x509.ObjectIdentifier(policy) if policy is not None else None
    try:
        VerifierBuilder(roots=list(certificates), policy_id=wanted).build().verify(found, imprint)
    except UNUSABLE as error:
        family = UnknownAuthorityError if any(text in str(error) for text in UNKNOWN) else ValueError
        raise family(_first_line(error)) from error


def _decoded(answer: bytes) -> TimeStampResponse:
    """The answer, granted.

    Raises:
        ValueError: not an answer, or a refusal.
    """
    try:
        found = decode_timestamp_response(_in_der_order(answer))
        status = found.status
    except UNUSABLE as error:
        raise ValueError(f"not an answer of a time-stamping authority ({_first_line(error)})") from error
    if status != GRANTED:
        told = "; ".join(found.status_string) or f"status {status}"
        raise ValueError(f"the authority refuses ({told[:200]})")
    return found


def _in_der_order(answer: bytes) -> bytes:
    """The same answer with its certificates in the order that DER wants; many authorities send them as a chain.

    Raises:
        ValueError: not an answer.
    """
    try:
        whole = tsp.TimeStampResp.load(answer, strict=True)
        token = whole["time_stamp_token"]
        if not isinstance(token, cms.ContentInfo):
            return answer
        signed = token["content"]
        sent = [item.dump() for item in signed["certificates"]]
        if sent == sorted(sent):
            return answer
        signed["certificates"] = cms.CertificateSet([cms.CertificateChoices.load(item) for item in sorted(sent)])
        return bytes(whole.dump())
    except UNUSABLE as error:
        raise ValueError(_first_line(error)) from error


def _content(found: TimeStampResponse) -> TokenContent:
    """What is in the signed part.

    Raises:
        ValueError: no signed part, or over something that is no SHA-256.
    """
    try:
        info, signers = found.tst_info, found.signed_data.signer_infos
        algorithm = info.message_imprint.hash_algorithm.dotted_string
        authority = ", ".join(sorted(_name_of(found, item.issuer, item.serial_number) for item in signers))
        stamped = instant_from(info.gen_time.astimezone(UTC))
        imprint, nonce = info.message_imprint.message, info.nonce
    except UNUSABLE as error:
        raise ValueError(f"not an answer of a time-stamping authority ({_first_line(error)})") from error
    if algorithm != SHA256_OID:
        raise ValueError(f"a timestamp over another digest than SHA-256 ({algorithm})")
    return TokenContent(imprint, stamped, nonce, authority)


def _name_of(found: TimeStampResponse, issuer: x509.Name, serial: int) -> str:
    """The subject of the certificate that a signature names; where it was not sent, its issuer and number."""
    for data in found.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(data)
        if (certificate.issuer, certificate.serial_number) == (issuer, serial):
            return certificate.subject.rfc4514_string()
    return f"{issuer.rfc4514_string()} no. {serial}"


def _first_line(error: Exception) -> str:
    """An error in one line of bounded length."""
    return " ".join(str(error).split())[:300]
