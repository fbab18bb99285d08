"""Which kinds of entries can lose their payload by order of a court."""

from casedb.entry import EntryKind

REDACTABLE = frozenset(
    {
        EntryKind.CASE_CREATED,
        EntryKind.PERSON_ADDED,
        EntryKind.EXHIBIT_ADDED,
        EntryKind.CUSTODY_RECORDED,
        EntryKind.CORRECTED,
        EntryKind.ACQUISITION_STARTED,
        EntryKind.ACQUISITION_FINISHED,
        EntryKind.ACQUISITION_STOPPED,
        EntryKind.ACQUISITION_RESUMED,
        EntryKind.VERIFICATION_RECORDED,
        EntryKind.IMAGE_IMPORTED,
        EntryKind.IMAGE_RELOCATED,
        EntryKind.FILE_ATTACHED,
        EntryKind.REPORT_ISSUED,
        EntryKind.REPORT_SIGNED,
    }
)
"""Entries that tell of people and things; who reads their facts must do without. The others hold the record."""
