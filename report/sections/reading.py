"""How the reading went: what could not be read, what went wrong, how fast it was."""

from collections.abc import Sequence
from dataclasses import replace

from casedb.records import Manifest, ReadErrorEvent, ReadRecord, SectorRange, SlowArea
from report.document import (
    Block,
    Column,
    Fact,
    Facts,
    Paragraph,
    Section,
    SectorMap,
    SpeedCurve,
    Table,
    Tone,
    in_words,
)
from report.limits import Limits
from report.phrases import (
    bytes_text,
    instant_text,
    number_text,
    percent_text,
    sectors_number,
    sectors_text,
    short_size,
)
from report.statements import SECTOR_NUMBERS, SLOW_AREAS, SOURCE_FILL, ZERO_FILL
from report.wording import english, say, say_number

NOT_TRIED = "sectors-not-tried"
_RANGE_COLUMNS = (
    Column(english("Sectors of the image"), 4),
    Column(english("Count"), 2, right=True),
    Column(english("First byte in the image"), 3, right=True),
)
_ON_SOURCE = Column(english("Sectors of the source"), 4)
_SLOW_COLUMNS = (
    Column(english("Sectors of the image"), 4),
    Column(english("Count"), 2, right=True),
    Column(english("Seconds"), 2, right=True),
    Column(english("Bytes per second"), 3, right=True),
)
_ERROR_COLUMNS = (
    Column(english("Time"), 5),
    Column(english("Sectors of the image"), 5),
    Column(english("Error"), 3),
    Column(english("Attempt"), 2, right=True),
)

_NOT_ALL_TRIED = english("Sectors that are called unreadable here may have been readable; some were not tried.")
_AT_MOST_READABLE = english(
    "Of the sectors that are called unreadable here at most {count} may have been readable."
)


def unreadable_count(manifest: Manifest) -> int:
    """How many sectors could not be read."""
    return sum(item.sector_count for item in manifest.read.unreadable)


def sector_count_of(manifest: Manifest) -> int:
    """How many sectors the image holds; none where its sector size is nonsense."""
    size_bytes = manifest.media.sector_size_bytes
    return manifest.media.size_bytes // size_bytes if size_bytes > 0 else 0


def unreadable_text(manifest: Manifest) -> str:
    """The unreadable sectors in one line."""
    sectors = unreadable_count(manifest)
    if not sectors:
        return say("None: every sector was read")
    size_bytes = sectors * manifest.media.sector_size_bytes
    share = percent_text(size_bytes, manifest.media.size_bytes)
    return say_number(
        "{sectors} in {count} range: {size}, {share} of the medium",
        "{sectors} in {count} ranges: {size}, {share} of the medium",
        len(manifest.read.unreadable),
        sectors=sectors_number(sectors),
        size=bytes_text(size_bytes),
        share=share,
    )


def given_up_text(manifest: Manifest) -> str | None:
    """How many readable sectors a coarse error granularity may have given up, or None where it gave up none.

    In each granule that was given up one sector at least was unreadable, or none of it would have been; that is
    not so where sectors were not tried to the end.
    """
    granularity, ranges = manifest.job.parameters.error_granularity_sectors, manifest.read.unreadable
    if granularity <= 1 or not ranges:
        return None
    gave_up = say(
        "One failed read gave up {sectors} together, as the error granularity asked for.",
        sectors=sectors_number(granularity),
    )
    if any(item.code == NOT_TRIED for item in manifest.findings):
        return f"{gave_up} {say(_NOT_ALL_TRIED)}"
    at_most = max(0, unreadable_count(manifest) - _granules_hit(ranges, granularity))
    return f"{gave_up} {say(_AT_MOST_READABLE, count=at_most)}"


def _granules_hit(ranges: Sequence[SectorRange], granularity: int) -> int:
    """How many granules, counted from the beginning of the image, the ranges lie in; ranges are in order."""
    count, next_granule = 0, 0
    for item in ranges:
        last = (item.first_sector + item.sector_count - 1) // granularity
        first = max(next_granule, item.first_sector // granularity)
        count += max(0, last - first + 1)
        next_granule = max(next_granule, last + 1)
    return count


def fill_statement(manifest: Manifest) -> str:
    """What stands in the place of unreadable sectors."""
    return say(ZERO_FILL) if manifest.job.converted_from is None else say(SOURCE_FILL)


def reading_section(manifest: Manifest, limits: Limits) -> Section:
    """The section about the reading of the source."""
    blocks: list[Block] = [Facts(_counts(manifest))]
    if manifest.read.unreadable:
        blocks.append(Paragraph(fill_statement(manifest)))
    given_up = given_up_text(manifest)
    if given_up is not None:
        blocks.append(Paragraph(given_up, Tone.CAUTION))
    blocks += _pictures(manifest)
    if manifest.read.unreadable:
        blocks += [Paragraph(say(SECTOR_NUMBERS)), _range_table(manifest, limits)]
    if manifest.read.errors:
        blocks.append(_error_table(manifest.read, limits))
    if manifest.read.slow:
        blocks += [Paragraph(say(SLOW_AREAS)), _slow_table(manifest, limits)]
    return Section(say("Reading of the source"), tuple(blocks))


def _counts(manifest: Manifest) -> tuple[Fact, ...]:
    """The numbers of the reading."""
    read, sector_count = manifest.read, sector_count_of(manifest)
    bad = unreadable_count(manifest)
    return (
        Fact(say("Sectors in the image"), str(sector_count)),
        Fact(say("Sectors read"), str(sector_count - bad)),
        Fact(say("Unreadable sectors"), unreadable_text(manifest), tone=Tone.CAUTION if bad else Tone.PLAIN),
        Fact(say("Failed reads"), str(read.error_count)),
        Fact(say("Slow areas"), _slow_text(read.slow)),
        Fact(say("Filled with"), say("zeros") if bad else say("nothing had to be filled")),
        Fact(say("Sectors that hold only zeros"), _zeros_text(read.zero_sectors, sector_count, filled=bad > 0)),
        Fact(say("Sectors in incompressible chunks"), number_text(read.incompressible_sectors)),
    )


def _zeros_text(count: int | None, sector_count: int, *, filled: bool) -> str | None:
    """How many sectors of the image hold zeros, those that were filled with them included."""
    if count is None:
        return None
    share = percent_text(count, sector_count)
    if filled:
        return say("{count} ({share} of the image, those that were filled included)", count=count, share=share)
    return say("{count} ({share} of the image)", count=count, share=share)


def _pictures(manifest: Manifest) -> list[Block]:
    """The map of the medium and the curve of the speed, with their text alternatives."""
    sector_size, sector_count = manifest.media.sector_size_bytes, sector_count_of(manifest)
    if not sector_count:
        return []
    about = say(
        "Map of the medium, sectors 0 to {last}. Unreadable: {unreadable}.",
        last=sector_count - 1,
        unreadable=unreadable_text(manifest),
    )
    drawn: list[Block] = [
        SectorMap(say("Map of the medium"), about, sector_count, sector_size, manifest.read.unreadable)
    ]
    speed = speed_text(manifest)
    if speed is not None:
        about = say(
            "Reading speed over the medium, sectors 0 to {last}. {speed}.", last=sector_count - 1, speed=speed
        )
        slow = tuple(area.sectors for area in manifest.read.slow)
        drawn.append(SpeedCurve(say("Reading speed"), about, sector_count, sector_size, manifest.read.speed, slow))
    return drawn


def speed_text(manifest: Manifest) -> str | None:
    """Average, slowest and fastest stretch of the reading, or None where no speed was taken."""
    samples = [item for item in manifest.read.speed if item.seconds > 0]
    if not samples:
        return None
    sector_size = manifest.media.sector_size_bytes
    speeds = [item.sector_count * sector_size / item.seconds for item in samples]
    total_bytes = sum(item.sector_count for item in samples) * sector_size
    average = round(total_bytes / sum(item.seconds for item in samples))
    slowest, fastest = short_size(round(min(speeds))), short_size(round(max(speeds)))
    return say(
        "Average {average}/s, slowest stretch {slowest}/s, fastest stretch {fastest}/s",
        average=short_size(average),
        slowest=slowest,
        fastest=fastest,
    )


def _range_table(manifest: Manifest, limits: Limits) -> Table:
    """The unreadable ranges, as many as are printed; on the source too where it was not read from its start."""
    ranges, start = manifest.read.unreadable, manifest.job.parameters.start_sector
    printed, sector_size = ranges[: limits.unreadable_ranges], manifest.media.sector_size_bytes
    rows = tuple(_range_row(item, start, sector_size) for item in printed)
    where = say("the mapfile and the manifest beside the image hold them all")
    columns = in_words((*_RANGE_COLUMNS, _ON_SOURCE) if start else _RANGE_COLUMNS)
    every = say_number("{count} range", "{count} ranges", len(ranges))
    return Table(say("Unreadable sectors"), columns, rows, left_out_text(len(rows), len(ranges), every, where))


def _range_row(item: SectorRange, start_sector: int, sector_size_bytes: int) -> tuple[str | None, ...]:
    """One unreadable range: in the image, its length, its place in bytes, and on the source."""
    row = (sectors_text(item), str(item.sector_count), str(item.first_sector * sector_size_bytes))
    if not start_sector:
        return row
    return (*row, sectors_text(replace(item, first_sector=item.first_sector + start_sector)))


def _error_table(read: ReadRecord, limits: Limits) -> Table:
    """The failed reads, as many as are printed."""
    rows = tuple(_error_row(item) for item in read.errors[: limits.read_errors])
    where = say("the manifest beside the image keeps them up to a limit of its own")
    every = say_number("{count} failed read", "{count} failed reads", read.error_count)
    return Table(
        say("Failed reads"),
        in_words(_ERROR_COLUMNS),
        rows,
        left_out_text(len(rows), read.error_count, every, where),
    )


def _error_row(event: ReadErrorEvent) -> tuple[str | None, ...]:
    """One failed read."""
    return instant_text(event.at), sectors_text(event.sectors), event.error, str(event.attempt)


def _slow_text(areas: tuple[SlowArea, ...]) -> str:
    """The slow areas in one line."""
    if not areas:
        return say("none found")
    sectors = sum(area.sectors.sector_count for area in areas)
    seconds = sum(area.seconds for area in areas)
    return say_number(
        "{count} area of together {sectors}, read in {seconds} s",
        "{count} areas of together {sectors}, read in {seconds} s",
        len(areas),
        sectors=sectors_number(sectors),
        seconds=f"{seconds:.1f}",
    )


def _slow_table(manifest: Manifest, limits: Limits) -> Table:
    """The slow areas, as many as are printed."""
    areas, sector_size = manifest.read.slow, manifest.media.sector_size_bytes
    rows = tuple(_slow_row(area, sector_size) for area in areas[: limits.slow_areas])
    where = say("the manifest beside the image holds the 1,000 slowest")
    every = say_number("{count} area", "{count} areas", len(areas))
    return Table(
        say("Slow areas"), in_words(_SLOW_COLUMNS), rows, left_out_text(len(rows), len(areas), every, where)
    )


def _slow_row(area: SlowArea, sector_size_bytes: int) -> tuple[str | None, ...]:
    """One slow area: its sectors, its time and its speed."""
    size_bytes = area.sectors.sector_count * sector_size_bytes
    speed = None if area.seconds <= 0 else str(round(size_bytes / area.seconds))
    return sectors_text(area.sectors), str(area.sectors.sector_count), f"{area.seconds:.1f}", speed


def left_out_text(printed: int, total: int, every: str, where: str) -> str | None:
    """The line under a list that was cut, or None under a whole one; `every` is the total with its noun."""
    if printed >= total:
        return None
    return say("{printed} of {every} are printed here; {where}.", printed=printed, every=every, where=where)
