"""The acquisition report: critical facts on the first page, then everything else that the record holds."""

from dataclasses import replace

from report.document import Issue, Section
from report.limits import PAGES
from report.sections.amendments import amendments_section
from report.sections.attached import attached_section
from report.sections.closing import checking_section, others_section, signatures_section, statements_section
from report.sections.condition import condition_section
from report.sections.custody import custody_section, disposal_section, people_section
from report.sections.damaged_files import damaged_files_section
from report.sections.device import device_section
from report.sections.digests import digests_section
from report.sections.exhibit import authority_section, received_section
from report.sections.findings import findings_section
from report.sections.image import events_section, segments_section
from report.sections.imported import import_section, import_summary_section
from report.sections.laboratory import laboratory_section
from report.sections.limitations import limitations_section
from report.sections.method import equipment_facts, method_section, protection_section
from report.sections.origin import origin_section
from report.sections.reading import reading_section
from report.sections.summary import summary_section
from report.sections.verification import verification_section
from report.subject import Subject


def acquisition_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of the acquisition report."""
    record = subject.record
    sections = (
        _summary(subject),
        replace(received_section(subject, issue.entered), begins_page=True),
        authority_section(record.case, issue.entered),
        laboratory_section(issue),
        *_image_sections(subject, issue),
        limitations_section(subject, issue.entered),
        others_section(record, subject.others),
        attached_section(record),
        custody_section(record),
        amendments_section(record),
        disposal_section(record, issue.entered),
        people_section(record, issue.entered),
        statements_section(),
        checking_section(subject.manifest, record, issue),
        signatures_section(record, issue.entered),
    )
    return tuple(section for section in sections if section is not None)


def _summary(subject: Subject) -> Section:
    """The first page, of an image made elsewhere too."""
    if subject.imported is not None and subject.manifest is None:
        return import_summary_section(subject.imported, subject.verification)
    return summary_section(subject)


def _image_sections(subject: Subject, issue: Issue) -> tuple[Section | None, ...]:
    """The sections about the acquisition; of an unfinished one, what is known without an image."""
    manifest, acquisition = subject.manifest, subject.acquisition
    result = subject.verification.result if subject.verification else None
    imported = import_section(subject.imported) if subject.imported is not None else None
    if imported is not None and manifest is None:
        return imported, verification_section(result, subject.verifications), damaged_files_section(result, PAGES)
    if acquisition is None:
        return ()
    equipment = equipment_facts(issue.entered)
    if manifest is None:
        job = acquisition.job
        source = origin_section(job), device_section(job.source)
        return *source, method_section(job, equipment), protection_section(job.protection)
    return (
        findings_section(manifest, result),
        digests_section(manifest, result),
        verification_section(result, subject.verifications),
        reading_section(manifest, PAGES),
        damaged_files_section(result, PAGES),
        condition_section(manifest),
        protection_section(manifest.job.protection),
        origin_section(manifest.job, manifest),
        device_section(manifest.job.source),
        method_section(manifest.job, equipment),
        imported,
        events_section(manifest, PAGES),
        segments_section(manifest),
    )
