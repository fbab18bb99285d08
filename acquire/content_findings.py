"""What the content of the media and the write counters give reason to say."""

from image.findings import Finding, finding
from image.job import WriteProtection
from image.read_record import ReadRecord

HIGH_ENTROPY_PERCENT = 95


def content_findings(read: ReadRecord, sector_count: int) -> tuple[Finding, ...]:
    """Notes on media that is all zeros, or incompressible in nearly all that is not zeros."""
    unreadable = sum(sectors.sector_count for sectors in read.unreadable)
    readable = sector_count - unreadable
    all_zeros = read.zero_sectors or 0
    dense = read.incompressible_sectors or 0
    if readable > 0 and all_zeros == sector_count:
        return (finding("media-all-zeros", f"all {readable} sectors that were read hold zeros"),)
    written = readable - max(0, all_zeros - unreadable)
    if dense * 100 >= HIGH_ENTROPY_PERCENT * max(1, written):
        detail = f"{dense} of the {written} sectors that hold more than zeros do not compress"
        return (finding("media-high-entropy", detail),)
    return ()


def write_findings(protection: WriteProtection) -> tuple[Finding, ...]:
    """A note where the kernel counted writes to the source during the job."""
    before, after = protection.writes_before, protection.writes_after
    if before is None or after is None or before == after:
        return ()
    detail = f"the kernel completed {after - before} writes to the source during the acquisition"
    return (finding("source-written", detail, expected=str(before), found=str(after)),)
