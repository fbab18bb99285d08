"""The condition of the drive while it was read: its temperature, and what it counts of its own errors."""

from casedb.records import DriveCounter, Manifest, TemperatureSample
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, Tone, in_words
from report.phrases import instant_text, number_text
from report.sections.device import reports_table
from report.statements import DRIVE_COUNTERS
from report.wording import english, say, say_number

_COUNTER_COLUMNS = (
    Column(english("Counter"), 8),
    Column(english("Before"), 3, right=True),
    Column(english("After"), 3, right=True),
    Column(english("Change"), 3, right=True),
)


def condition_section(manifest: Manifest) -> Section:
    """The section about the drive's temperature and its own counters, before and after."""
    read = manifest.read
    limit = manifest.job.parameters.temperature_limit_celsius
    facts = (
        Fact(say("Temperature while it was read"), _range_text(read.temperatures)),
        Fact(say("Hottest"), _hottest_text(read.temperatures)),
        Fact(
            say("Limit above which the reading pauses"),
            _celsius(limit) if limit is not None else say(say("none was set")),
        ),
        *(() if read.counters else (Fact(say("Counters of the drive itself"), None),)),
    )
    blocks: list[Block] = [Facts(facts)]
    if read.counters:
        rows = tuple(_row(counter) for counter in read.counters)
        blocks += [
            Table(say("Counters of the drive itself, before and after"), in_words(_COUNTER_COLUMNS), rows),
            Paragraph(say(DRIVE_COUNTERS), Tone.FAINT),
        ]
    if read.reports_after:
        blocks.append(reports_table(say("What other programs said of the source afterwards"), read.reports_after))
    return Section(say("Condition of the drive"), tuple(blocks))


def _range_text(samples: tuple[TemperatureSample, ...]) -> str | None:
    """First, last, lowest and number of the temperatures, or None where none was told."""
    if not samples:
        return None
    degrees = [sample.celsius for sample in samples]
    return say_number(
        "{lowest} to {highest} degrees Celsius ({first} at first, {last} at last; {count} sample kept)",
        "{lowest} to {highest} degrees Celsius ({first} at first, {last} at last; {count} samples kept)",
        len(samples),
        lowest=min(degrees),
        highest=max(degrees),
        first=degrees[0],
        last=degrees[-1],
    )


def _hottest_text(samples: tuple[TemperatureSample, ...]) -> str | None:
    """The highest temperature and when it was first told."""
    if not samples:
        return None
    hottest = max(samples, key=lambda sample: sample.celsius)
    return say("{degrees} at {time}", degrees=_celsius(hottest.celsius), time=instant_text(hottest.at))


def _celsius(degrees: int) -> str:
    """A temperature."""
    return say("{degrees} degrees Celsius", degrees=degrees)


def _row(counter: DriveCounter) -> tuple[str | None, ...]:
    """One counter: before, after, and the difference where both are known."""
    before, after = counter.before, counter.after
    change = None if before is None or after is None else say("none") if before == after else f"{after - before:+d}"
    return counter.name, number_text(before), number_text(after), change
