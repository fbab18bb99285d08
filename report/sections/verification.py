"""The verification: what was compared with what, when, and how it ended."""

from casedb.records import Method, Verdict, Verification, VerificationResult
from report.document import Block, Column, Fact, Facts, Headline, Paragraph, Section, Table, Tone
from report.phrases import bytes_text, counted, elapsed_text, format_text, instant_text
from report.statements import FAILED, INDETERMINATE, PASSED, PASSED_SEGMENTS, UNVERIFIED

_COLUMNS = (
    Column("Ledger entry", 13, right=True),
    Column("Recorded", 32),
    Column("Verdict", 20),
    Column("Image", 35),
)
_HEADLINES = {
    Verdict.PASSED: Headline("Verification: PASSED", PASSED, Tone.GOOD),
    Verdict.FAILED: Headline("Verification: FAILED", FAILED, Tone.BAD),
    Verdict.INDETERMINATE: Headline("Verification: INDETERMINATE", INDETERMINATE, Tone.CAUTION),
}


def verdict_headline(verification: VerificationResult | None) -> Headline:
    """The verdict as the first page says it."""
    if verification is None:
        return Headline("Verification: NONE", UNVERIFIED, Tone.CAUTION)
    if verification.method is Method.SEGMENTS and verification.verdict is Verdict.PASSED:
        return Headline("Verification of the segment files: PASSED", PASSED_SEGMENTS, Tone.GOOD)
    return _HEADLINES[verification.verdict]


def verification_section(result: VerificationResult | None, all_of_them: tuple[Verification, ...] = ()) -> Section:
    """The section about the latest verification, and the list of all when there was more than one."""
    if result is None:
        return Section("Verification", (Paragraph(UNVERIFIED, Tone.CAUTION),))
    blocks: list[Block] = [verdict_headline(result), Facts(verification_facts(result))]
    if len(all_of_them) > 1:
        rows = tuple(
            (str(item.sequence), instant_text(item.recorded), item.result.verdict_text, item.result.image_path)
            for item in all_of_them
        )
        blocks.append(Table("All verifications of this image", _COLUMNS, rows))
    return Section("Verification", tuple(blocks))


def _method_fact(result: VerificationResult) -> Fact:
    """How much was decoded; nothing, where the files alone were compared."""
    if result.method is Method.SEGMENTS:
        return Fact("Method", "segment files hashed; no data decoded")
    return Fact("Data decoded", bytes_text(result.media_size_bytes))


def verification_facts(result: VerificationResult) -> tuple[Fact, ...]:
    """What was verified, against what, and when."""
    medium = "yes: the system's cache was passed by" if result.from_medium else "not asked for"
    return (
        Fact("Image", result.image_path, code=True),
        Fact("Format", format_text(result.format)),
        _method_fact(result),
        Fact("Files", counted(len(result.segments), "segment file")),
        Fact("Compared with", ", ".join(result.compared_with) or None),
        Fact("Read back from the medium", medium),
        Fact("Second program", result.second_opinion),
        Fact("SHA-256 of the manifest", result.manifest_sha256, code=True),
        Fact("Started", instant_text(result.started)),
        Fact("Finished", instant_text(result.finished)),
        Fact("Time between", elapsed_text(result.started, result.finished)),
    )
