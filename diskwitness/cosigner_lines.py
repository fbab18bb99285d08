"""The machines that have cosigned a checkpoint, in words and as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from casedb.checkpoint_check import Copy
from casedb.cosignatures import Cosigner, cosigners_of, count_unknown
from casedb.json_values import Json
from casedb.keys import signature_holds
from image.errors import CaseError


def cosigners_in(copies: Sequence[Copy], known: frozenset[str]) -> tuple[tuple[Copy, Cosigner], ...]:
    """Each known cosigner with the copy that it has cosigned.

    Raises:
        CaseError: a cosignature in the name of a known key is not its own.
    """
    found: list[tuple[Copy, Cosigner]] = []
    for copy in copies:
        try:
            found += [(copy, item) for item in cosigners_of(copy.note, known, signature_holds)]
        except ValueError as error:
            raise CaseError(
                f"a cosignature is false ({error})", copy.where, "Ask the witness for another"
            ) from error
    return tuple(found)


def cosigner_facts(
    found: Sequence[tuple[Copy, Cosigner]], copies: Sequence[Copy], known: frozenset[str]
) -> list[tuple[str, object]]:
    """Who has cosigned which state and when; how many witnesses are not known here."""
    facts: list[tuple[str, object]] = [
        ("Cosigned by", f"{item.public} (entries 1 to {copy.checkpoint.size}, seen {_moment(item)})")
        for copy, item in found
    ]
    unknown = sum(count_unknown(copy.note, known) for copy in copies)
    return [*facts, ("Cosigned by", f"{unknown} not known here: --key names a witness too")] if unknown else facts


def cosigner_json(found: Sequence[tuple[Copy, Cosigner]]) -> list[Json]:
    """The known cosigners as JSON objects."""
    return [{"public_key": item.public, "seen": _moment(item), "checkpoint": copy.where} for copy, item in found]


def _moment(item: Cosigner) -> str:
    """When a witness says that it has seen the checkpoint; a number that no calendar has stays a number."""
    try:
        return datetime.fromtimestamp(item.seen, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return f"second {item.seen} since 1970"
