"""Whether two records are of the same drive: by serial number and WWN as far as both are known, and by its size."""

from typing import Protocol

from image.job import SourceFacts


class Named(Protocol):
    """What has the names of a drive; None is a name that is not known."""

    @property
    def serial(self) -> str | None:
        """The serial number."""
        ...

    @property
    def wwn(self) -> str | None:
        """The World Wide Name."""
        ...


def contradicts(one: Named, other: Named) -> bool:
    """Whether serial number or WWN say that these are two drives."""
    return any(first != second for first, second in _known_pairs(one, other))


def agrees(one: Named, other: Named) -> bool:
    """Whether serial number or WWN say that these are one drive."""
    return any(first == second for first, second in _known_pairs(one, other))


def identity_differences(then: SourceFacts, now: SourceFacts) -> tuple[str, ...]:
    """What shows that another source is there: capacity, sector size, serial and WWN, as far as both are known."""
    facts = (
        ("capacity in bytes", then.size_bytes, now.size_bytes),
        ("sector size", then.sector_size_bytes, now.sector_size_bytes),
        ("serial number", then.serial, now.serial),
        ("WWN", then.wwn, now.wwn),
    )
    return tuple(
        f"{name} was {before} and is {after}"
        for name, before, after in facts
        if before is not None and after is not None and before != after
    )


def _known_pairs(one: Named, other: Named) -> list[tuple[str, str]]:
    """The names that both have."""
    pairs = ((one.serial, other.serial), (one.wwn, other.wwn))
    return [(first, second) for first, second in pairs if first is not None and second is not None]
