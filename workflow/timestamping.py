"""The newest checkpoint of a case, signed by the time-stamping authority of the laboratory, and recorded."""

import base64
from dataclasses import dataclass
from pathlib import Path

from casedb.records import Timestamp
from casedb.timestamp_check import MAXIMUM_SKEW_SECONDS, seconds_between
from casedb.timestamps import NONCE_BYTES, TimestampRecorded, imprint_of
from image.errors import CaseError, DiskwitnessError
from image.times import Clock
from workflow.case_opening import read_case, write_closed_case
from workflow.laboratory import Timestamps
from workflow.time_authority import ask_authority


@dataclass(frozen=True)
class Stamping:
    """What became of an attempt: the timestamp, or why there is none; neither where nothing waited."""

    timestamp: Timestamp | None = None
    problem: DiskwitnessError | None = None


def stamp_case(folder: Path, settings: Timestamps, clock: Clock) -> Timestamp | None:
    """Get and record a timestamp for the newest checkpoint; None where it has one.

    Raises:
        UsageError: the configuration names no usable authority.
        CaseError: the case cannot be used, or no answer came that can be believed; then nothing is recorded.
    """
    with read_case(folder) as store:
        waiting = store.waiting_checkpoint()
    if waiting is None:
        return None
    stamped = ask_authority(settings, imprint_of(waiting.note))
    skew = seconds_between(clock.now().utc, stamped.stamped.utc)
    if abs(skew) > MAXIMUM_SKEW_SECONDS:
        what = f"the timestamp is not recorded: the clocks of workstation and authority differ by {skew:+.0f} s"
        raise CaseError(what, stamped.authority, "Set the workstation's clock, then: diskwitness ledger timestamp")
    facts = TimestampRecorded(
        checkpoint_size=waiting.size,
        token=base64.b64encode(stamped.answer).decode(),
        nonce=f"{stamped.nonce:0{2 * NONCE_BYTES}x}",
        stamped=stamped.stamped,
        stamping_authority=stamped.authority,
    )
    with write_closed_case(folder, clock) as store:
        sequence = store.record_timestamp(facts)
    return Timestamp(sequence, waiting.size, stamped.stamped, stamped.authority)


def try_to_stamp(folder: Path, settings: Timestamps, clock: Clock) -> Stamping:
    """What `stamp_case` does, for the end of a job: nothing where none is configured, and what fails is told."""
    if settings.url is None:
        return Stamping()
    try:
        return Stamping(stamp_case(folder, settings, clock))
    except DiskwitnessError as error:
        return Stamping(problem=error)
