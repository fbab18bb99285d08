"""The verification: what was compared with what, when, and how it ended."""

from casedb.records import Method, Verdict, Verification, VerificationResult
from report.document import (
    Block,
    Column,
    Fact,
    Facts,
    Headline,
    Paragraph,
    Section,
    Table,
    Tone,
    in_words,
    said_headline,
)
from report.phrases import (
    bytes_text,
    compared_text,
    elapsed_text,
    format_text,
    instant_text,
    segment_files_text,
    verdict_text,
)
from report.statements import FAILED, INDETERMINATE, PASSED, PASSED_SEGMENTS, UNVERIFIED
from report.wording import english, say

_COLUMNS = (
    Column(english("Ledger entry"), 13, right=True),
    Column(english("Recorded"), 32),
    Column(english("Verdict"), 20),
    Column(english("Image"), 35),
)
_HEADLINES = {
    Verdict.PASSED: Headline(english("Verification: PASSED"), PASSED, Tone.GOOD),
    Verdict.FAILED: Headline(english("Verification: FAILED"), FAILED, Tone.BAD),
    Verdict.INDETERMINATE: Headline(english("Verification: INDETERMINATE"), INDETERMINATE, Tone.CAUTION),
}


def verdict_headline(verification: VerificationResult | None) -> Headline:
    """The verdict as the first page says it."""
    if verification is None:
        return Headline(say("Verification: NONE"), say(UNVERIFIED), Tone.CAUTION)
    if verification.method is Method.SEGMENTS and verification.verdict is Verdict.PASSED:
        return Headline(say("Verification of the segment files: PASSED"), say(PASSED_SEGMENTS), Tone.GOOD)
    return said_headline(_HEADLINES[verification.verdict])


def verification_section(result: VerificationResult | None, all_of_them: tuple[Verification, ...] = ()) -> Section:
    """The section about the latest verification, and the list of all when there was more than one."""
    if result is None:
        return Section(say("Verification"), (Paragraph(say(UNVERIFIED), Tone.CAUTION),))
    blocks: list[Block] = [verdict_headline(result), Facts(verification_facts(result))]
    if len(all_of_them) > 1:
        rows = tuple(
            (str(item.sequence), instant_text(item.recorded), verdict_text(item.result), item.result.image_path)
            for item in all_of_them
        )
        blocks.append(Table(say("All verifications of this image"), in_words(_COLUMNS), rows))
    return Section(say("Verification"), tuple(blocks))


def method_fact(result: VerificationResult) -> Fact:
    """How much was decoded; nothing, where the files alone were compared."""
    if result.method is Method.SEGMENTS:
        return Fact(say("Method"), say("segment files hashed; no data decoded"))
    return Fact(say("Data decoded"), bytes_text(result.media_size_bytes))


def verification_facts(result: VerificationResult) -> tuple[Fact, ...]:
    """What was verified, against what, and when."""
    medium = say("yes: the system's cache was passed by") if result.from_medium else say("not asked for")
    return (
        Fact(say("Image"), result.image_path, code=True),
        Fact(say("Format"), format_text(result.format)),
        method_fact(result),
        Fact(say("Files"), segment_files_text(len(result.segments))),
        Fact(say("Compared with"), compared_text(result)),
        Fact(say("Read back from the medium"), medium),
        Fact(say("Second program"), result.second_opinion),
        Fact(say("SHA-256 of the manifest"), result.manifest_sha256, code=True),
        Fact(say("Started"), instant_text(result.started)),
        Fact(say("Finished"), instant_text(result.finished)),
        Fact(say("Time between"), elapsed_text(result.started, result.finished)),
    )
