"""What the tests of signatures share: a small report, people who sign it, and a look at what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.asymmetric import ec

from image.times import instant_from
from report.signing.certificates import read_certificates, read_revocations
from report.signing.credentials import open_pkcs12
from report.signing.examining import examine
from report.signing.putting import Means, Wording, put_signature
from report.signing.stamping import Ask
from report.signing.trusting import Beliefs
from report.signing.values import Examination, SigningRole
from tests.sim.signing_authority import PASSPHRASE, Credential, SigningAuthority, TimeAuthority

ATTACHED = b"0 1 +\n"
AT = instant_from(datetime.now(UTC))
EXAMINER, REVIEWER, AUTHORISER = SigningRole


@cache
def small_report(text: str = "sound") -> bytes:
    """A PDF of one page that says a word, with an attached file."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(f"BT /F1 24 Tf 40 150 Td ({text}) Tj ET".encode())
    pdf.attachments["JB1.map"] = pikepdf.AttachedFileSpec(
        pdf, ATTACHED, description="", filename="JB1.map", mime_type="text/plain", creation_date="", mod_date=""
    )
    return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The PDF as bytes, in one revision."""
    file = BytesIO()
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


@dataclass(frozen=True)
class Laboratory:
    """An authority with an examiner, a reviewer and, in a folder of its own, an authority for time."""

    authority: SigningAuthority
    examiner: Credential
    reviewer: Credential
    authoriser: Credential
    clock: TimeAuthority

    def sign(
        self,
        pdf: bytes,
        role: SigningRole,
        who: Credential | None = None,
        *,
        stamped: bool = True,
        long_term: bool = True,
        crls: bytes | None = None,
    ) -> bytes:
        """The PDF with the signature of whoever has this role, or of somebody else."""
        person = who or {EXAMINER: self.examiner, REVIEWER: self.reviewer, AUTHORISER: self.authoriser}[role]
        ask: Ask | None = self.clock.reply if stamped else None
        roots = read_certificates(self.authority.pem) if long_term else ()
        means = Means(roots, read_revocations(crls) if crls else (), ask)
        return put_signature(pdf, role, open_pkcs12(person.p12, PASSPHRASE), means, Wording(at=AT))

    def look(self, pdf: bytes, *, known: bool = True, at: datetime | None = None, crls: bytes = b"") -> Examination:
        """What is seen by someone who believes the authority, or nobody."""
        roots = read_certificates(self.authority.pem) if known else ()
        moment = at or datetime.now(UTC)
        return examine(pdf, Beliefs(moment, roots, crls=read_revocations(crls) if crls else ()))


def laboratory(folder: Path, curve: ec.EllipticCurve | None = None) -> Laboratory:
    """A laboratory whose certificates are good for a year; with keys on a curve, else of RSA."""
    authority = SigningAuthority(curve=curve)
    erin, ray, ada = (authority.signer(name) for name in ("Erin Examiner", "Ray Reviewer", "Ada Authoriser"))
    return Laboratory(authority, erin, ray, ada, TimeAuthority(folder / "tsa", authority.time_stamper()))
