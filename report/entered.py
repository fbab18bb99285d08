"""What a person may tell for one report and the record has no place for: names, labels, where each is printed.

A laboratory tells in its configuration what is the same for every report; the command line tells the rest. All of
it is stored with the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from report.document import Fact
from report.phrases import told_text


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
    EnteredField("classification", "Classification", Place.HEAD),
    EnteredField("requester", "Requested by", Place.REQUEST),
    EnteredField("requested", "Date of the request", Place.REQUEST),
    EnteredField("purpose", "Purpose and scope", Place.REQUEST),
    EnteredField("limits", "Limits of the examination", Place.REQUEST),
    EnteredField("place-of-work", "Place of the work", Place.LABORATORY),
    EnteredField("method", "Method (procedure and version)", Place.LABORATORY),
    EnteredField("deviations", "Deviations from the method", Place.LABORATORY),
    EnteredField("standards", "Standards followed", Place.LABORATORY),
    EnteredField("external-results", "Results of others", Place.LABORATORY),
    EnteredField("host-computer", "Host computer and its clock", Place.EXHIBIT),
    EnteredField("delivery", "Delivered how", Place.EXHIBIT),
    EnteredField("workstation", "Board and memory of the workstation", Place.EQUIPMENT),
    EnteredField("blocker-test", "Test of the write blocker", Place.EQUIPMENT),
    EnteredField("destination", "Destination medium and its preparation", Place.EQUIPMENT),
    EnteredField("disposition-images", "Image and working copies", Place.DISPOSITION),
    EnteredField("qualification", "Qualification of the examiner", Place.PEOPLE),
    EnteredField("reviewer", "Technical reviewer", Place.PEOPLE),
    EnteredField("authoriser", "Authorised by", Place.PEOPLE),
)
NAMES = tuple(item.name for item in FIELDS)


def entered_facts(entered: Mapping[str, str], place: Place) -> tuple[Fact, ...]:
    """The facts of one place, all of them: what was not told prints as "Not recorded"."""
    return tuple(Fact(item.label, told_text(entered.get(item.name))) for item in FIELDS if item.place is place)
