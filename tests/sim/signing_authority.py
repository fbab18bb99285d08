"""A certification authority for tests: signers as PKCS#12, a revocation list, and a real time-stamping authority.

The authority for time is `openssl ts`; it is asked by a function, or over HTTP on the loopback.
"""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

PASSPHRASE = b"correct horse"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
SIGNING_USES = (ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING)
DAY = timedelta(days=1)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
TSA_CONFIGURATION = """
[tsa]
default_tsa = lab
[lab]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Credential:
    """A certificate with its key, and the same as PKCS#12 with the authority's certificate inside."""

    certificate: x509.Certificate
    key: Key
    p12: bytes

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the certificate, in hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


@cache
def _key(_name: str, curve: ec.EllipticCurve | None = None) -> Key:
    """A key for each name; they are slow to make, so a test run makes each once."""
    return ec.generate_private_key(curve) if curve is not None else rsa.generate_private_key(65537, 2048)


class SigningAuthority:
    """An authority that certifies whomever a test names; all keys are of one kind, RSA without a curve."""

    def __init__(self, name: str = "Test Lab CA", curve: ec.EllipticCurve | None = None) -> None:
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._curve = curve
        self.key = _key(name, curve)
        self._now = datetime.now(UTC).replace(microsecond=0)
        self.certificate = self._root()

    @property
    def pem(self) -> bytes:
        """The authority's own certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def signer(
        self,
        name: str,
        *,
        days: tuple[int, int] = (-1, 365),
        uses: tuple[ObjectIdentifier, ...] = SIGNING_USES,
        revocation_url: str | None = None,
    ) -> Credential:
        """Someone who may sign documents, from and until so many days from now."""
        builder = self._builder(name, days).add_extension(_signing_key_usage(), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        if revocation_url is not None:
            place = x509.DistributionPoint([x509.UniformResourceIdentifier(revocation_url)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        return self._credential(name, builder)

    def time_stamper(self, days: tuple[int, int] = (-1, 365)) -> Credential:
        """An authority for time."""
        builder = self._builder("Test TSA", days).add_extension(_signing_key_usage(), critical=True)
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return self._credential("Test TSA", builder.add_extension(use, critical=True))

    def revocations(self, *revoked: Credential) -> bytes:
        """A revocation list as PEM, with these on it."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(self._now - DAY).next_update(self._now + 30 * DAY)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(x509.CRLNumber(1), critical=False).add_extension(authority, critical=False)
        for item in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(item.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(self._now - DAY).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _root(self) -> x509.Certificate:
        builder = self._base(self._name, self.key, (-3000, 3650))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return builder.add_extension(_authority_key_usage(), critical=True).sign(self.key, hashes.SHA256())

    def _builder(self, name: str, days: tuple[int, int]) -> x509.CertificateBuilder:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._base(subject, _key(name, self._curve), days)
        return builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)

    def _base(self, subject: x509.Name, key: Key, days: tuple[int, int]) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(own, critical=False).add_extension(authority, critical=False)
        first, last = days
        return builder.not_valid_before(self._now + first * DAY).not_valid_after(self._now + last * DAY)

    def _credential(self, name: str, builder: x509.CertificateBuilder) -> Credential:
        certificate, key = builder.sign(self.key, hashes.SHA256()), _key(name, self._curve)
        locked = serialization.BestAvailableEncryption(PASSPHRASE)
        data = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [self.certificate], locked)
        return Credential(certificate, key, data)


class TimeAuthority:
    """`openssl ts` as an authority for time: gives the reply to a request."""

    def __init__(self, folder: Path, credential: Credential) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        key = credential.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "tsa.pem").write_bytes(credential.pem)
        (folder / "tsa.key").write_bytes(key)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(TSA_CONFIGURATION.format(folder=folder))
        self._folder = folder
        self._lock = threading.Lock()
        self.asked = 0

    def reply(self, request: bytes) -> bytes:
        """The reply to one request."""
        with self._lock:
            self.asked += 1
            (self._folder / "request.tsq").write_bytes(request)
            command = ["openssl", "ts", "-reply", "-config", str(self._folder / "tsa.cnf")]
            command += ["-queryfile", str(self._folder / "request.tsq"), "-out", str(self._folder / "reply.tsr")]
            subprocess.run(command, check=True, capture_output=True, timeout=20)
            return (self._folder / "reply.tsr").read_bytes()


@contextmanager
def served(authority: TimeAuthority) -> Iterator[str]:
    """The authority over HTTP on the loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            answer = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _signing_key_usage() -> x509.KeyUsage:
    """What a signer's key may do: sign, and stand by it."""
    return _key_usage(digital_signature=True, content_commitment=True)


def _authority_key_usage() -> x509.KeyUsage:
    """What an authority's key may do: certify and revoke."""
    return _key_usage(key_cert_sign=True, crl_sign=True)


def _key_usage(**wanted: bool) -> x509.KeyUsage:
    names: tuple[str, ...] = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
    )
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**(dict.fromkeys(names, False) | wanted))
