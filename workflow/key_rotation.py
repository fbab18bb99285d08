"""A new key for this workstation: every case learns it, signed by old and new; then it takes its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casedb.checkpointing import Signer
from casedb.keys import next_key, take_next_key, workstation_public
from casedb.registry import known_cases
from image.errors import CaseError
from image.times import Clock
from workflow.case_opening import write_closed_case
from workflow.trusted_keys import remember_key


@dataclass(frozen=True)
class RotatedCase:
    """One case: the entry that replaces the key (None: it was replaced before), or why it could not be."""

    folder: Path
    entry: int | None = None
    problem: str | None = None


@dataclass(frozen=True)
class KeyRotation:
    """What became of a rotation; without `kept`, where the old key lies now, it goes on with the next try."""

    new_public: str
    cases: tuple[RotatedCase, ...]
    kept: str | None


def rotate_key(
    folders: Sequence[Path], clock: Clock, environment: Mapping[str, str], *, leave_out: bool = False
) -> KeyRotation:
    """Replace the key in these cases and in all that this workstation knows.

    `leave_out` does so without those out of reach, to which the new key is then another workstation's.

    Raises:
        CaseError: a key cannot be made or used.
    """
    new = next_key(environment)
    known = [item.folder for item in known_cases(environment)]
    everywhere = dict.fromkeys(path.resolve() for path in (*folders, *known))
    cases = tuple(_rotated(folder, new, clock) for folder in everywhere)
    if any(case.problem for case in cases) and not leave_out:
        return KeyRotation(new.key.public, cases, None)
    old = workstation_public(environment).public
    remember_key(old, f"this workstation's until {clock.now().utc}", environment)
    return KeyRotation(new.key.public, cases, take_next_key(environment))


def _rotated(folder: Path, new: Signer, clock: Clock) -> RotatedCase:
    """One case, told of the new key."""
    try:
        with write_closed_case(folder, clock) as store:
            return RotatedCase(folder, store.rotate_key(new))
    except CaseError as error:
        return RotatedCase(folder, problem=error.what)
