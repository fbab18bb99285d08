"""The condition of the drive while it was read: its temperature, and what it counts of its own errors."""

from casedb.records import DriveCounter, Manifest, TemperatureSample
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone
from report.phrases import counted, instant_text, number_text
from report.sections.device import reports_table
from report.statements import DRIVE_COUNTERS

_COUNTER_COLUMNS = (
    Column("Counter", 8),
    Column("Before", 3, right=True),
    Column("After", 3, right=True),
    Column("Change", 3, right=True),
)


def condition_section(manifest: Manifest) -> Section:
    """The section about the drive's temperature and its own counters, before and after."""
    read = manifest.read
    limit = manifest.job.parameters.temperature_limit_celsius
    facts = (
        Fact("Temperature while it was read", _range_text(read.temperatures)),
        Fact("Hottest", _hottest_text(read.temperatures)),
        Fact("Limit above which the reading pauses", _celsius(limit) if limit is not None else "none was set"),
        *(() if read.counters else (Fact("Counters of the drive itself", None),)),
    )
    blocks: list[Block] = [Facts(facts)]
    if read.counters:
        rows = tuple(_row(counter) for counter in read.counters)
        blocks += [
            Table("Counters of the drive itself, before and after", _COUNTER_COLUMNS, rows),
            Paragraph(DRIVE_COUNTERS, Tone.FAINT),
        ]
    if read.reports_after:
        blocks.append(reports_table("What other programs said of the source afterwards", read.reports_after))
    return Section("Condition of the drive", tuple(blocks))


def _range_text(samples: tuple[TemperatureSample, ...]) -> str | None:
    """First, last, lowest and number of the temperatures, or None where none was told."""
    if not samples:
        return None
    degrees = [sample.celsius for sample in samples]
    first_last = f"{degrees[0]} at first, {degrees[-1]} at last"
    span = f"{min(degrees)} to {max(degrees)} degrees Celsius"
    return f"{span} ({first_last}; {counted(len(samples), 'sample')} kept)"


def _hottest_text(samples: tuple[TemperatureSample, ...]) -> str | None:
    """The highest temperature and when it was first told."""
    if not samples:
        return None
    hottest = max(samples, key=lambda sample: sample.celsius)
    return f"{_celsius(hottest.celsius)} at {instant_text(hottest.at)}"


def _celsius(degrees: int) -> str:
    """A temperature."""
    return f"{degrees} degrees Celsius"


def _row(counter: DriveCounter) -> tuple[str | None, ...]:
    """One counter: before, after, and the difference where both are known."""
    before, after = counter.before, counter.after
    change = None if before is None or after is None else "none" if before == after else f"{after - before:+d}"
    return counter.name, number_text(before), number_text(after), change
