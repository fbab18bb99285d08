"""The documents: which sections each kind has, in which order, the critical ones first."""

from collections.abc import Callable
from dataclasses import replace

from casedb.records import ExhibitRecord
from report.document import Fact, Facts, Issue, Report, ReportKind, Running, Section
from report.limits import PAGES
from report.sections.closing import (
    checking_section,
    issue_facts,
    others_section,
    signatures_section,
    statements_section,
)
from report.sections.condition import condition_section
from report.sections.custody import custody_section, disposal_section, hand_over_section, people_section
from report.sections.damaged_files import damaged_files_section
from report.sections.device import device_section
from report.sections.digests import digests_section
from report.sections.exhibit import authority_section, exhibit_section
from report.sections.findings import findings_section
from report.sections.image import events_section, segments_section
from report.sections.method import method_section, protection_section
from report.sections.origin import origin_section
from report.sections.reading import reading_section
from report.sections.summary import custody_summary_section, summary_section
from report.sections.verification import verification_section
from report.subject import Subject, subject_of


def build_report(kind: ReportKind, record: ExhibitRecord, issue: Issue) -> Report:
    """Build the document of this kind about the exhibit, from nothing but its record."""
    title, sections_of = _KINDS[kind]
    subject = subject_of(record)
    running = Running(record.case.number, record.exhibit.reference, record.head.size, record.head.last_entry_sha256)
    return Report(kind, title, issue, running, Facts(_head(record, issue)), sections_of(subject))


def _acquisition_sections(subject: Subject) -> tuple[Section, ...]:
    """The sections of the acquisition report."""
    record = subject.record
    source = subject.acquisition.job.source if subject.acquisition else None
    sections = (
        summary_section(subject),
        replace(exhibit_section(record.exhibit, source), begins_page=True),
        authority_section(record.case),
        *_image_sections(subject),
        others_section(record, subject.others),
        custody_section(record),
        disposal_section(record),
        people_section(record),
        statements_section(),
        checking_section(subject.manifest, record),
        signatures_section(record),
    )
    return tuple(section for section in sections if section is not None)


def _image_sections(subject: Subject) -> tuple[Section | None, ...]:
    """The sections about the acquisition; of an unfinished one, what is known without an image."""
    manifest, acquisition = subject.manifest, subject.acquisition
    result = subject.verification.result if subject.verification else None
    if acquisition is None:
        return ()
    if manifest is None:
        job = acquisition.job
        source = origin_section(job), device_section(job.source)
        return *source, method_section(job), protection_section(job.protection)
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
        method_section(manifest.job),
        events_section(manifest, PAGES),
        segments_section(manifest),
    )


def _custody_sections(subject: Subject) -> tuple[Section, ...]:
    """The sections of the chain-of-custody form."""
    record = subject.record
    return (
        custody_summary_section(subject),
        exhibit_section(record.exhibit),
        custody_section(record),
        disposal_section(record),
        people_section(record),
        hand_over_section(record),
        statements_section(),
        checking_section(None, record),
    )


def _head(record: ExhibitRecord, issue: Issue) -> tuple[Fact, ...]:
    """What stands under the title."""
    return (
        Fact("Case", record.case.number),
        Fact("Exhibit", record.exhibit.reference),
        *issue_facts(issue),
    )


_KINDS: dict[ReportKind, tuple[str, Callable[[Subject], tuple[Section, ...]]]] = {
    ReportKind.ACQUISITION: ("Acquisition report", _acquisition_sections),
    ReportKind.CUSTODY: ("Chain of custody", _custody_sections),
}
