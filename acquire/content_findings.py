"""What the content of the media and the write counters give reason to say."""

from image.findings import Finding, finding
from image.manifest import ReadRecord, WriteProtection

HIGH_ENTROPY_PERCENT = 95


def content_findings(read: ReadRecord, sector_count: int) -> tuple[Finding, ...]:
    """Notes on media that is all zeros, or nearly all incompressible."""
    unreadable = sum(sectors.sector_count for sectors in read.unreadable)
    readable = sector_count - unreadable
    zeros = (read.zero_sectors or 0) - unreadable
    dense = read.incompressible_sectors or 0
    if readable > 0 and (read.zero_sectors or 0) == sector_count:
        return (finding("media-all-zeros", f"all {readable} sectors that were read hold zeros"),)
    if dense * 100 >= HIGH_ENTROPY_PERCENT * max(1, readable - max(0, zeros)):
        return (finding("media-high-entropy", f"{dense} of {readable} sectors do not compress"),)
    return ()


def write_findings(protection: WriteProtection) -> tuple[Finding, ...]:
    """A note where the kernel counted writes to the source during the job."""
    before, after = protection.writes_before, protection.writes_after
    if before is None or after is None or before == after:
        return ()
    detail = f"the kernel completed {after - before} writes to the source during the acquisition"
    return (finding("source-written", detail, expected=str(before), found=str(after)),)
