"""Findings as they are made, in order, with a bound: a hostile image can have millions of defects."""

from collections.abc import Iterable

from image.findings import Finding, Severity, finding
from image.sectors import SectorRange

MAXIMUM_FINDINGS = 1000


class FindingList:
    """Takes findings from one thread; behind `MAXIMUM_FINDINGS` it only counts."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._left_out = 0

    def add(
        self,
        code: str,
        detail: str,
        *,
        segment: str | None = None,
        offset_bytes: int | None = None,
        sectors: SectorRange | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        """Make a finding; the arguments are those of `findings.finding`."""
        self._keep(
            finding(
                code,
                detail,
                segment=segment,
                offset_bytes=offset_bytes,
                sectors=sectors,
                expected=expected,
                found=found,
            )
        )

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take in findings that were made elsewhere."""
        for item in findings:
            self._keep(item)

    def has_doubts(self) -> bool:
        """Whether any finding is more than a note."""
        return any(item.severity is not Severity.NOTE for item in self._findings)

    def _keep(self, item: Finding) -> None:
        """Keep a finding, or count it where there are too many."""
        if len(self._findings) < MAXIMUM_FINDINGS:
            self._findings.append(item)
        else:
            self._left_out += 1

    def as_tuple(self) -> tuple[Finding, ...]:
        """Every finding in order; the last one says how many were left out."""
        if not self._left_out:
            return tuple(self._findings)
        rest = finding("findings-capped", f"{self._left_out} more findings were left out")
        return (*self._findings, rest)


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
