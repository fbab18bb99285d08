"""The signatures and timestamps of a PDF, from the last to the first, each as of the moment proven for it."""

from dataclasses import dataclass, replace

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, read_certification_data
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)

from casedb.records import instant_from
from report.signing.certificates import certificate_facts, names_revocation
from report.signing.strict_form import form_problem
from report.signing.trusting import Beliefs, trust_of
from report.signing.values import Changes, DocumentStamp, SignatureFacts, StampFacts, Trust

STAMP = "/DocTimeStamp"
WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


@dataclass
class SignatureWalk:
    """Each timestamp that is believed moves the moment back at which the signatures before it are looked at."""

    pdf: bytes
    reader: PdfFileReader
    beliefs: Beliefs

    def take(
        self, embedded: list[EmbeddedPdfSignature]
    ) -> tuple[tuple[SignatureFacts, ...], tuple[DocumentStamp, ...]]:
        """Signatures and timestamps, given in the order of the file, and told in it.

        Raises:
            PdfError, SignatureValidationError, ValueError: one is not in a form that can be read.
        """
        signatures: list[SignatureFacts] = []
        stamps: list[DocumentStamp] = []
        for item in reversed(embedded):
            if item.sig_object_type == STAMP:
                stamps.insert(0, self._stamp(item))
            else:
                signatures.insert(0, self._signature(item))
        return tuple(signatures), tuple(stamps)

    def _stamp(self, item: EmbeddedPdfSignature) -> DocumentStamp:
        """A timestamp over the file up to it."""
        item.compute_integrity_info()
        facts = self._stamp_facts(validate_pdf_timestamp(item, self.beliefs.context(), skip_diff=True))
        if _covering_problem(item, self.pdf) is not None:
            facts = replace(facts, holds=False)
        made = DocumentStamp(str(item.field_name), item.signed_revision, _reach(item), facts, _changes(item))
        if facts.holds and facts.trust is Trust.TRUSTED and made.changes is not Changes.FORBIDDEN:
            self.beliefs = self.beliefs.at(facts.at.as_datetime())
        return made

    def _stamp_facts(self, status: TimestampSignatureStatus) -> StampFacts:
        """What there is to tell of a timestamp."""
        trust = trust_of(status, status.signing_cert, self.beliefs.moment)
        return StampFacts(
            at=instant_from(status.timestamp),
            certificate=certificate_facts(status.signing_cert),
            holds=status.intact and status.valid,
            trust=trust,
        )

    def _signature(self, item: EmbeddedPdfSignature) -> SignatureFacts:
        """A signature, at the time of its own timestamp where that is believed."""
        item.compute_integrity_info()
        beliefs, stamp = self.beliefs, None
        status = validate_pdf_signature(item, beliefs.context(), skip_diff=True)
        if status.timestamp_validity is not None:
            stamp = self._stamp_facts(status.timestamp_validity)
            if stamp.holds and stamp.trust is Trust.TRUSTED:
                beliefs = beliefs.at(stamp.at.as_datetime())
                status = validate_pdf_signature(item, beliefs.context(), self.beliefs.context(), skip_diff=True)
        return self._facts(item, status, stamp, beliefs)

    def _facts(
        self, item: EmbeddedPdfSignature, status: PdfSignatureStatus, stamp: StampFacts | None, beliefs: Beliefs
    ) -> SignatureFacts:
        """What there is to tell of a signature."""
        certificate, changes = item.signer_cert, _changes(item)
        problem = _problem(status) or _covering_problem(item, self.pdf)
        trust, checked = self._trust(item, status, beliefs)
        return SignatureFacts(
            field=str(item.field_name),
            revision=item.signed_revision,
            covered_bytes=_reach(item),
            certifies=self._certifies(item),
            certificate=certificate_facts(certificate),
            holds=problem is None,
            problem=problem,
            trust=trust,
            changes=changes,
            detail=str(item.diff_result)[:500] if changes is Changes.FORBIDDEN else None,
            claimed_at=instant_from(status.signer_reported_dt) if status.signer_reported_dt else None,
            stamp=stamp,
            revocation_checked=checked,
            revocation_named=names_revocation(certificate),
        )

    def _trust(
        self, item: EmbeddedPdfSignature, status: PdfSignatureStatus, beliefs: Beliefs
    ) -> tuple[Trust, bool]:
        """Whether the signer is believed, and whether lists of revoked certificates were looked at for that."""
        certificate = item.signer_cert
        trust = trust_of(status, certificate, beliefs.moment)
        if trust is not Trust.TRUSTED or not beliefs.knows_revocations_of(certificate):
            return trust, False
        context = beliefs.context("require")
        strict = trust_of(validate_pdf_signature(item, context, skip_diff=True), certificate, beliefs.moment)
        return (Trust.REVOKED, True) if strict is Trust.REVOKED else (trust, strict is Trust.TRUSTED)

    def _certifies(self, item: EmbeddedPdfSignature) -> bool:
        """Whether the catalog names this signature as the one that certifies."""
        found = read_certification_data(self.reader)
        return found is not None and found.author_sig.container_ref == item.sig_object.container_ref


def _problem(status: PdfSignatureStatus) -> str | None:
    """Why the signature is not over these bytes, by this key."""
    if not status.intact:
        return "the bytes that it covers are not those that were signed"
    return None if status.valid else "the signature is not by the key of its certificate"


def _covering_problem(item: EmbeddedPdfSignature, pdf: bytes) -> str | None:
    """Why the signature does not cover the file up to it, from the first byte on and without a gap."""
    coverage: SignatureCoverageLevel | None = item.coverage
    if coverage not in WHOLE:
        return "it does not cover the file as it was when it was signed"
    return form_problem(item, pdf)


def _reach(item: EmbeddedPdfSignature) -> int:
    """How far, in bytes, the signature reaches into the file."""
    ranges = item.byte_range
    return int(ranges[2] + ranges[3]) if len(ranges) == 4 else 0


def _changes(item: EmbeddedPdfSignature) -> Changes:
    """What came behind it."""
    found: DiffResult | SuspiciousModification | None = item.diff_result
    coverage: SignatureCoverageLevel | None = item.coverage
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Changes.NONE
    if found is None or isinstance(found, SuspiciousModification) or not _is_allowed(item):
        return Changes.FORBIDDEN
    return Changes.NONE if found.modification_level is ModificationLevel.NONE else Changes.ALLOWED


def _is_allowed(item: EmbeddedPdfSignature) -> bool:
    """Whether what came behind it is what it allows."""
    return bool(item.summarise_integrity_info()["docmdp_ok"])
