"""What can happen during a job that is worth telling: the kinds of its events, one word or two for each.

They stand in the journal, the manifest, the log and the report; docs/reference/events.md says what each means.
"""

from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event, as it is printed and kept."""

    STOPPED = "stopped"
    RESUMED = "resumed"
    PAUSED = "paused"
    CONTINUED = "continued"
    SOURCE_LOST = "source lost"
    SOURCE_BACK = "source back"
    SOURCE_REFUSED = "source refused"
    OUTPUT_LOST = "output lost"
    NEXT_FOLDER = "next folder"
    SPACE_SHORT = "space short"
    RESCUE = "rescue pass"
    TIME_LIMIT = "pass limit"
    TAKEN_OVER = "taken over"
    EARLIER_IMAGE = "earlier image"
    CLOCK_JUMPED = "clock jumped"
    SOURCE_COMPARED = "source compared"
