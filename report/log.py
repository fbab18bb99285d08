"""The log that lies beside an image, `JB1.txt`: what a person reads who has the image and no case."""

from dataclasses import replace

from casedb.records import Manifest, VerificationResult
from report.document import Block, Fact, Facts, Paragraph, Section
from report.limits import LOG
from report.phrases import image_name, instant_text, told_text
from report.sections.closing import checking_section
from report.sections.condition import condition_section
from report.sections.damaged_files import damaged_files_facts, damaged_files_section
from report.sections.device import device_section
from report.sections.digests import digests_section, zero_fill_paragraph
from report.sections.findings import findings_section, notes_of
from report.sections.image import events_section, image_facts, segments_section
from report.sections.method import method_section, protection_section, protection_text, timing_facts
from report.sections.origin import origin_section
from report.sections.reading import reading_section, unreadable_text
from report.sections.verification import verdict_headline, verification_section
from report.statements import ABSENT, GLYPHS, TIMES
from report.text import render_sections, underlined
from report.wording import english, say


def render_log(manifest: Manifest, verification: VerificationResult | None) -> str:
    """Print what the manifest says, and the verification where there was one, as plain text.

    Every unreadable range is listed up to 10,000; the mapfile and the manifest hold the rest.
    """
    image = image_name(manifest) or say("(no segment)")
    kind = english("Acquisition log of image {image}")
    if manifest.job.converted_from is not None:
        kind = english("Conversion log of image {image}")
    sections = (
        _summary(manifest, verification),
        findings_section(manifest, verification),
        digests_section(manifest, verification),
        verification_section(verification),
        reading_section(manifest, LOG),
        *filter(None, (damaged_files_section(verification, LOG),)),
        condition_section(manifest),
        protection_section(manifest.job.protection),
        *filter(None, (origin_section(manifest.job, manifest),)),
        device_section(manifest.job.source),
        method_section(manifest.job),
        events_section(manifest, LOG),
        segments_section(manifest),
        replace(checking_section(manifest, None), title=say("How to check this image")),
        Section(say("About this log"), tuple(Paragraph(say(text)) for text in (ABSENT, TIMES, GLYPHS))),
    )
    return (
        "\n".join([*underlined(say(kind, image=image), "="), *render_sections(sections), say("END OF LOG")]) + "\n"
    )


def _summary(manifest: Manifest, verification: VerificationResult | None) -> Section:
    """The section that says the most important things first."""
    job = manifest.job
    facts = (
        Fact(say("Case number"), job.case.case_number),
        Fact(say("Exhibit reference"), job.case.exhibit_reference),
        Fact(say("Examiner"), job.case.examiner),
        Fact(say("Agency"), job.case.agency),
        Fact(say("Description"), told_text(job.case.description)),
        Fact(say("Notes"), told_text(job.case.notes)),
        *image_facts(manifest),
        *timing_facts(manifest),
        Fact(say("Verified"), instant_text(verification.finished) if verification else None),
        Fact(say("Unreadable sectors"), unreadable_text(manifest)),
        *damaged_files_facts(verification),
        Fact(say("Write protection"), protection_text(job.protection)),
    )
    told: tuple[Block, ...] = (*notes_of(manifest, verification), Facts(facts), zero_fill_paragraph(manifest))
    return Section(say("Summary"), (verdict_headline(verification), *told))
