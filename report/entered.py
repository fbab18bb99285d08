"""What a person may tell for one report and the record has no place for: names, labels, where each is printed.

A laboratory tells in its configuration what is the same for every report; the command line tells the rest. All of
it is stored with the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from report.document import Fact
from report.phrases import told_text
from report.wording import english, say


class Place(Enum):
    """The section in which an entered fact is printed."""

    HEAD = "head"
    REQUEST = "request"
    LABORATORY = "laboratory"
    EXHIBIT = "exhibit"
    EQUIPMENT = "equipment"
    DISPOSITION = "disposition"
    PEOPLE = "people"


@dataclass(frozen=True)
class EnteredField:
    """One thing that can be told: its name, its label and its place."""

    name: str
    label: str
    place: Place


FIELDS = (
    EnteredField("classification", english("Classification"), Place.HEAD),
    EnteredField("requester", english("Requested by"), Place.REQUEST),
    EnteredField("requested", english("Date of the request"), Place.REQUEST),
    EnteredField("purpose", english("Purpose and scope"), Place.REQUEST),
    EnteredField("limits", english("Limits of the examination"), Place.REQUEST),
    EnteredField("place-of-work", english("Place of the work"), Place.LABORATORY),
    EnteredField("method", english("Method (procedure and version)"), Place.LABORATORY),
    EnteredField("deviations", english("Deviations from the method"), Place.LABORATORY),
    EnteredField("standards", english("Standards followed"), Place.LABORATORY),
    EnteredField("external-results", english("Results of others"), Place.LABORATORY),
    EnteredField("host-computer", english("Host computer and its clock"), Place.EXHIBIT),
    EnteredField("delivery", english("Delivered how"), Place.EXHIBIT),
    EnteredField("workstation", english("Board and memory of the workstation"), Place.EQUIPMENT),
    EnteredField("blocker-test", english("Test of the write blocker"), Place.EQUIPMENT),
    EnteredField("destination", english("Destination medium and its preparation"), Place.EQUIPMENT),
    EnteredField("disposition-images", english("Image and working copies"), Place.DISPOSITION),
    EnteredField("qualification", english("Qualification of the examiner"), Place.PEOPLE),
    EnteredField("reviewer", english("Technical reviewer"), Place.PEOPLE),
    EnteredField("authoriser", english("Authorised by"), Place.PEOPLE),
)
NAMES = tuple(item.name for item in FIELDS)


def entered_facts(entered: Mapping[str, str], place: Place) -> tuple[Fact, ...]:
    """The facts of one place, all of them: what was not told prints as "Not recorded"."""
    return tuple(Fact(say(item.label), told_text(entered.get(item.name))) for item in FIELDS if item.place is place)
