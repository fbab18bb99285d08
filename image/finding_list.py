"""Findings as they are made, in order, with a bound: a hostile image can have millions of defects."""

from array import array
from collections import Counter
from collections.abc import Iterable
from typing import Unpack

from image.findings import Finding, Seen, Severity, finding
from image.sectors import SectorRange, SectorRanges

MAXIMUM_OF_A_CODE = 1000
MAXIMUM_DOUBTED_RANGES = 2_000_000
DOUBTS_NO_DATA = frozenset(
    {
        "chunk-block-length",
        "media-range-digest",
        "second-opinion",
        "sectors-not-tried",
        "source-unread",
        "table-disagreement",
        "table-section",
        "unreadable-ranges",
    }
)
"""Findings whose sectors are not damaged as such: they tell where to look, or what was never read."""


class FindingBound:
    """Bounds how many findings of one code are kept.

    Of one code and not of all together: many harmless findings must not hide the one that decides.
    """

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()

    def admits(self, code: str) -> bool:
        """Count a finding of this code; whether it is to be kept."""
        self._made[code] += 1
        return self._made[code] <= MAXIMUM_OF_A_CODE

    def as_finding(self) -> Finding | None:
        """What says how many were left out, or None where none was."""
        left_out = sum(max(0, count - MAXIMUM_OF_A_CODE) for count in self._made.values())
        return finding("findings-capped", f"{left_out} more findings were left out") if left_out else None


class FindingList:
    """Takes findings from one thread; behind so many of one code it only counts."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._bound = FindingBound()
        self._doubted = array("Q"), array("Q")

    def add(self, code: str, detail: str, **seen: Unpack[Seen]) -> None:
        """Make a finding; the arguments are those of `findings.finding`."""
        self._keep(finding(code, detail, **seen))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take in findings that were made elsewhere."""
        for item in findings:
            self._keep(item)

    def has_doubts(self) -> bool:
        """Whether any finding is more than a note."""
        return any(item.severity is not Severity.NOTE for item in self._findings)

    def _keep(self, item: Finding) -> None:
        """Keep a finding, or count it where there are too many of its code."""
        if item.sectors is not None and item.severity is not Severity.NOTE and item.code not in DOUBTS_NO_DATA:
            self._doubt(item.sectors)
        if self._bound.admits(item.code):
            self._findings.append(item)

    def _doubt(self, sectors: SectorRange) -> None:
        """Remember sectors whose data is in doubt, also where their finding is only counted."""
        firsts, counts = self._doubted
        if firsts and firsts[-1] <= sectors.first_sector <= firsts[-1] + counts[-1]:
            counts[-1] = max(counts[-1], sectors.end_sector - firsts[-1])
        elif len(firsts) < MAXIMUM_DOUBTED_RANGES:
            firsts.append(sectors.first_sector)
            counts.append(sectors.sector_count)

    def doubted_sectors(self) -> SectorRanges:
        """Every sector whose data a finding calls damaged, missing or different, two million ranges at most."""
        return SectorRanges(*self._doubted).merged()

    def as_tuple(self) -> tuple[Finding, ...]:
        """Every finding in order; the last one says how many were left out."""
        rest = self._bound.as_finding()
        return tuple(self._findings) if rest is None else (*self._findings, rest)


class SegmentFindings:
    """Makes findings about one segment file; offsets are bytes in it."""

    def __init__(self, findings: FindingList, segment: str) -> None:
        self._findings = findings
        self._segment = segment

    def add(
        self,
        code: str,
        detail: str,
        offset_bytes: int,
        expected: str | None = None,
        found: str | None = None,
        sectors: SectorRange | None = None,
    ) -> None:
        """Make a finding at a place in the segment."""
        self._findings.add(
            code,
            detail,
            segment=self._segment,
            offset_bytes=offset_bytes,
            sectors=sectors,
            expected=expected,
            found=found,
        )
