"""The way to the laboratory's time-stamping authority, for signatures."""

from typing import TYPE_CHECKING

from image.errors import UsageError
from workflow.laboratory import Laboratory
from workflow.time_authority import SCHEMES, post, within

if TYPE_CHECKING:
    from report.signing.stamping import Ask


def way_to_authority(laboratory: Laboratory) -> "Ask | None":
    """What asks the configured authority for a timestamp; None where none is configured.

    Raises:
        UsageError: its address is none of http or https.
    """
    settings = laboratory.timestamps
    url = settings.url
    if url is None:
        return None
    if not url.startswith(SCHEMES):
        raise UsageError("the time-stamping authority has no http or https address", url, "Set timestamps.url")

    def ask(request: bytes) -> bytes:
        patience = settings.timeout_seconds
        return within(patience, lambda: post(url, request, patience))

    return ask
