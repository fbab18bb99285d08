"""The verification certificate: one verification, what it compared with what, and MATCH, MISMATCH or INCOMPLETE."""

import shlex

from casedb.records import ExhibitRecord, Manifest, Method, Verdict, Verification, VerificationResult
from report.document import (
    Block,
    Commands,
    Fact,
    Facts,
    Headline,
    Issue,
    Section,
    Signatures,
    Signer,
    Tone,
    said_headline,
)
from report.kinds.nothing import NothingToReport
from report.phrases import (
    bytes_text,
    compared_text,
    image_name,
    instant_text,
    number_text,
    segment_files_text,
)
from report.sections.checkpoint import checkpoint_section
from report.sections.closing import checking_section, examiner, review_section, statements_section
from report.sections.compared import Recorded, acquired_manifest, compared_files_section, digest_table, recorded_of
from report.sections.findings import all_findings, findings_section
from report.sections.reading import unreadable_text
from report.sections.verification import method_fact, verification_facts
from report.statements import CERTIFICATE_ANNEX, CERTIFICATE_LINE, INCOMPLETE, MATCH, MATCH_SEGMENTS, MISMATCH
from report.subject import Subject
from report.wording import english, say

NAMED_FINDINGS = 4
_WORDS = {
    Verdict.PASSED: Headline(english("MATCH"), MATCH, Tone.GOOD),
    Verdict.FAILED: Headline(english("MISMATCH"), MISMATCH, Tone.BAD),
    Verdict.INDETERMINATE: Headline(english("INCOMPLETE"), INCOMPLETE, Tone.CAUTION),
}


def certificate_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of the certificate of one verification: by its entry, or the latest.

    Raises:
        NothingToReport: there is no such verification.
    """
    record = subject.record
    verification = verification_of(record, issue.about)
    manifest = acquired_manifest(record, verification)
    recorded = recorded_of(record, verification, manifest)
    result = verification.result
    annex = (
        _details(verification, manifest),
        findings_section(manifest, result),
        compared_files_section(result, recorded),
        checkpoint_section(record.head, issue),
        checking_section(manifest, record, issue),
        statements_section(),
        review_section(issue.entered),
    )
    certificate = _certificate(verification, manifest, recorded, examiner(record.case))
    return certificate, *(section for section in annex if section is not None)


def verification_of(record: ExhibitRecord, entry: int | None) -> Verification:
    """The verification of this entry, or the latest.

    Raises:
        NothingToReport: there is none.
    """
    found = [item for item in record.verifications if entry is None or item.sequence == entry]
    if not found:
        what = "no verification" if entry is None else f"entry {entry} is no verification"
        do = "Verify its image: diskwitness verify IMAGE"
        raise NothingToReport(f"{what} of exhibit {record.exhibit.reference!r} is recorded", do)
    return max(found, key=lambda item: item.sequence)


def certificate_headline(result: VerificationResult) -> Headline:
    """MATCH, MISMATCH or INCOMPLETE."""
    if result.method is Method.SEGMENTS and result.verdict is Verdict.PASSED:
        return Headline(say("MATCH of the segment files"), say(MATCH_SEGMENTS), Tone.GOOD)
    return said_headline(_WORDS[result.verdict])


def _certificate(
    verification: Verification, manifest: Manifest | None, recorded: Recorded, signer: Signer
) -> Section:
    """The first page: the result, what it rests on, who answers for it, where the rest stands."""
    name = image_name(manifest) if manifest is not None else None
    answering = _answering_facts(verification, has_files=name is not None)
    blocks: list[Block] = [
        certificate_headline(verification.result),
        Facts((*_compared_facts(verification, manifest), *answering), dense=True),
        digest_table(verification.result, recorded),
        *((Commands((_sum_command(name),)),) if name else ()),
        Signatures((signer,)),
    ]
    return Section(say("Certificate"), tuple(blocks))


def _compared_facts(verification: Verification, manifest: Manifest | None) -> tuple[Fact, ...]:
    """What was compared with what, how much of it, and what was seen."""
    result = verification.result
    files = segment_files_text(len(result.segments)), bytes_text(sum(item.size_bytes for item in result.segments))
    return (
        Fact(say("Image"), result.image_path, code=True),
        Fact(say("Files"), ", ".join(files)),
        method_fact(result),
        Fact(say("Unreadable sectors"), unreadable_text(manifest) if manifest is not None else None),
        Fact(say("Compared with"), compared_text(result)),
        Fact(say("Acquisition or import"), _entry_text(verification.acquisition)),
        Fact(say("SHA-256 of the manifest"), result.manifest_sha256, code=True),
        Fact(say("Findings"), _findings_text(result)),
    )


def _answering_facts(verification: Verification, *, has_files: bool) -> tuple[Fact, ...]:
    """When, by whom and with what; how it is checked, and where the rest stands."""
    result = verification.result
    return (
        Fact(say("Started, finished"), f"{result.started}, {result.finished}"),
        Fact(say("Operator"), verification.operator),
        Fact(say("Program"), _program_text(verification)),
        Fact(say("SHA-256 of the program"), verification.program_sha256, code=True),
        Fact(say("Recorded"), _entry_text(verification.sequence)),
        Fact(say("How to check it"), say(CERTIFICATE_LINE if has_files else CERTIFICATE_ANNEX)),
    )


def _sum_command(name: str) -> str:
    """The line that compares the files of an image with the digests beside it (GNU coreutils)."""
    return f"sha256sum -c {shlex.quote(f'{name}.sha256')}"


def _entry_text(sequence: int | None) -> str | None:
    """An entry of the ledger."""
    return None if sequence is None else say("entry {number} of the ledger", number=sequence)


def _program_text(verification: Verification) -> str | None:
    """The program that verified, with its version."""
    return f"diskwitness {verification.tool_version}" if verification.tool_version else None


def _findings_text(result: VerificationResult) -> str:
    """How many findings there are, and the codes of those that count most."""
    found = all_findings(None, result)
    codes = list(dict.fromkeys(item.code for item in found))
    more = ", ..." if len(codes) > NAMED_FINDINGS else ""
    return f"{len(found)} ({', '.join(codes[:NAMED_FINDINGS])}{more})" if codes else "0"


def _details(verification: Verification, manifest: Manifest | None) -> Section:
    """The section that begins the annex, with all that is known of the verification."""
    result = verification.result
    blocks = (
        Facts((*verification_facts(result), *_checked(result, manifest))),
        Facts(_reference(verification), say("What it was compared with")),
        Facts(_program(verification), say("By whom and with what")),
    )
    return Section(say("Annex: the verification in detail"), blocks, begins_page=True)


def _checked(result: VerificationResult, manifest: Manifest | None) -> tuple[Fact, ...]:
    """How much was read, and what the image never held."""
    total_bytes = sum(item.size_bytes for item in result.segments)
    return (
        Fact(say("Bytes of the files"), bytes_text(total_bytes)),
        Fact(say("Sector size"), bytes_text(result.sector_size_bytes)),
        Fact(say("Unreadable sectors"), unreadable_text(manifest) if manifest is not None else None),
        Fact(say("Findings"), str(len(all_findings(None, result)))),
    )


def _reference(verification: Verification) -> tuple[Fact, ...]:
    """Where the values come from that the image was compared with."""
    number = verification.acquisition
    return (
        Fact(say("Acquisition or import, entry in the ledger"), number_text(number)),
        Fact(say("SHA-256 of its manifest"), verification.result.manifest_sha256, code=True),
        Fact(say("Kinds of values"), compared_text(verification.result)),
    )


def _program(verification: Verification) -> tuple[Fact, ...]:
    """Program, computer and operator of the verification."""
    return (
        Fact(say("Program"), _program_text(verification)),
        Fact(say("SHA-256 of the program"), verification.program_sha256, code=True),
        Fact(say("Host name"), verification.host),
        Fact(say("Operator"), verification.operator),
        Fact(say("Recorded"), instant_text(verification.recorded)),
        Fact(say("Entry in the ledger"), str(verification.sequence)),
    )
