"""The bound on findings: many of one kind must not hide one of another."""

from image.finding_list import MAXIMUM_OF_A_CODE, FindingList
from image.findings import Severity


def test_a_failure_behind_thousands_of_notes_is_kept() -> None:
    findings = FindingList()
    for number in range(MAXIMUM_OF_A_CODE + 500):
        findings.add("source-unreadable", f"number {number}")
    findings.add("manifest-digest", "not that of the manifest")
    made = findings.as_tuple()
    assert [item.code for item in made[-2:]] == ["manifest-digest", "findings-capped"]
    assert made[-2].severity is Severity.FAILURE
    assert made[-1].detail.startswith("500 more")
    assert len(made) == MAXIMUM_OF_A_CODE + 2


def test_as_many_as_are_kept_need_no_word_about_the_rest() -> None:
    findings = FindingList()
    for number in range(MAXIMUM_OF_A_CODE):
        findings.add("unowned-bytes", f"number {number}")
    assert {item.code for item in findings.as_tuple()} == {"unowned-bytes"}
