"""A real time-stamping authority on this machine: `openssl ts` behind an HTTP server, with its own certificates."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.sim.foreign_programs import run_program

POLICY, OTHER_POLICY = "1.2.3.4.1", "1.2.3.4.5"
CONFIGURATION = f"""[tsa]
default_tsa = bench
[bench]
serial = serial
signer_digest = sha256
default_policy = {POLICY}
other_policies = {OTHER_POLICY}
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclass
class TimeAuthority:
    """An authority in a folder: `roots` vouches for it; `broken` is answered instead, `status` that of HTTP."""

    folder: Path
    chain: bool = False
    broken: bytes | None = None
    status: int = 200
    asked: list[bytes] = field(default_factory=list)
    url: str = ""

    @property
    def roots(self) -> Path:
        """The file of the certificate that others believe."""
        return self.folder / "root.pem"

    def answer(self, question: bytes) -> bytes:
        """What `openssl ts` answers."""
        (self.folder / "question.tsq").write_bytes(question)
        more = ("-chain", "middle.pem") if self.chain else ()
        files = ("-queryfile", "question.tsq", "-out", "answer.tsr", "-signer", "tsa.pem", "-inkey", "tsa.key")
        run_program(self.folder, "openssl", "ts", "-reply", "-config", "tsa.cnf", *files, *more)
        return (self.folder / "answer.tsr").read_bytes()


def time_authority(folder: Path, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING) -> TimeAuthority:
    """An authority whose certificate comes from a middle one, which comes from the root."""
    folder.mkdir(parents=True)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    names = (f"Root of {folder.name}", f"Middle of {folder.name}", "Bench TSA")
    root = _certificate(names[0], keys[0], names[0], keys[0])
    middle = _certificate(names[1], keys[1], names[0], keys[0])
    leaf = _certificate(names[2], keys[2], names[1], keys[1], usage)
    (folder / "root.pem").write_bytes(_pem(root))
    (folder / "middle.pem").write_bytes(_pem(middle))
    (folder / "tsa.pem").write_bytes(_pem(leaf))
    (folder / "whole.pem").write_bytes(_pem(middle) + _pem(root))
    secret = keys[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(secret)
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    return TimeAuthority(folder, chain=True)


@contextmanager
def serving(authority: TimeAuthority) -> Iterator[TimeAuthority]:
    """The authority behind an address on the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(question)
            data = authority.answer(question) if authority.broken is None else authority.broken
            self.send_response(authority.status)
            self.send_header("Location", authority.url)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the server's own name for it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield authority
        server.shutdown()
        thread.join()


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """A certificate of the bench; one with a usage is an end, the others may issue."""
    now = dt.datetime.now(dt.UTC)
    is_authority = usage is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
