"""The laboratory and its method as it states them itself; nothing is claimed that nobody entered."""

from report.document import Fact, Facts, Issue, Section
from report.entered import Place, entered_facts


def laboratory_section(issue: Issue) -> Section:
    """The section about the laboratory, where the work was done, by which method, and what departed from it."""
    head = issue.letterhead
    facts = (
        Fact("Laboratory", head.agency),
        Fact("Address", ", ".join(head.address) or None),
        Fact("Accreditation", head.accreditation),
        *entered_facts(issue.entered, Place.LABORATORY),
    )
    return Section("Laboratory and method", (Facts(facts),))
