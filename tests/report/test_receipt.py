"""The receipt that is printed when an exhibit changes hands, and the one that is issued as a document."""

from dataclasses import replace

from report.document import Facts
from report.kinds.custody_form import handed_over, receipt_sections
from report.receipt import receipt_text
from report.subject import subject_of
from tests.report.samples import ISSUE, healthy_record


def test_both_tell_the_same_of_the_hand_over() -> None:
    record = healthy_record()
    event = handed_over(record, None)
    told = receipt_text(record.case, record.exhibit, event, None).splitlines()
    paper = receipt_sections(subject_of(record), replace(ISSUE, about=event.sequence))
    [facts] = [block.facts for block in paper[0].blocks if isinstance(block, Facts)]
    assert len(facts) > 10
    for fact in facts:
        assert [line.partition(":")[2].strip() for line in told if line.startswith(f"{fact.label}:")] == [
            fact.value or "Not recorded"
        ]
