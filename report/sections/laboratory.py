"""The laboratory and its method as it states them itself; nothing is claimed that nobody entered."""

from report.document import Fact, Facts, Issue, Section
from report.entered import Place, entered_facts
from report.wording import say


def laboratory_section(issue: Issue) -> Section:
    """The section about the laboratory, where the work was done, by which method, and what departed from it."""
    head = issue.letterhead
    facts = (
        Fact(say("Laboratory"), head.agency),
        Fact(say("Address"), ", ".join(head.address) or None),
        Fact(say("Accreditation"), head.accreditation),
        *entered_facts(issue.entered, Place.LABORATORY),
    )
    return Section(say("Laboratory and method"), (Facts(facts),))
