"""`diskwitness hash`: the digests of a drive or file without imaging it."""

from typing import Any

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import progress_option
from diskwitness.exit_codes import ExitCode
from diskwitness.fact_lines import digest_facts, fact_lines, range_lines
from diskwitness.image_options import digests_option
from diskwitness.progress_display import progress_display
from diskwitness.source_options import SourceChoice, source_options
from diskwitness.stop_signals import stop_requests
from image.sectors import count_sectors
from report.phrases import bytes_text
from workflow.clock import SystemClock
from workflow.hash_source import HashOrder, SourceDigests, hash_source
from workflow.pace import Pace


@click.command("hash")
@click.argument("source", type=click.Path(readable=False), metavar="SOURCE")
@digests_option("Which digests.")
@source_options
@progress_option
@answering
def command(answer: Answer, /, names: tuple[str, ...], progress: str, **given: Any) -> None:  # noqa: ANN401  # click's
    """Read SOURCE, a block device or a file, and print its digests; nothing is kept."""
    choice = SourceChoice(**given)
    order = HashOrder(choice.source, names, choice.opening, choice.reading(), choice.start, choice.sectors)
    clock = SystemClock()
    with stop_requests() as stop, progress_display(progress) as listener:
        result = hash_source(order, clock, Pace(listener, clock), stop)
    answer.facts |= _facts(result)
    for line in _lines(result):
        answer.say(line)
    if result.unreadable:
        answer.apply(ExitCode.UNREADABLE_SECTORS)


def _facts(result: SourceDigests) -> dict[str, object]:
    """The fields of the JSON answer."""
    return {
        "source": {
            "path": result.source.path,
            "size": result.source.size_bytes,
            "sector_size": result.source.sector_size_bytes,
            "start_sector": result.sectors.first_sector,
            "sector_count": result.sectors.sector_count,
            "padded_bytes": result.padded_bytes,
        },
        "digests": result.digests,
        "bad_sectors": json_value(result.unreadable),
        "started": str(result.started),
        "finished": str(result.finished),
    }


def _lines(result: SourceDigests) -> list[str]:
    """The answer for a person."""
    count = result.sectors.sector_count
    read = (
        f"{count} sectors from {result.sectors.first_sector}, {bytes_text(count * result.source.sector_size_bytes)}"
    )
    facts: list[tuple[str, object]] = [("Source", result.source.path), ("Read", read)]
    facts += digest_facts(result.digests)
    lines = fact_lines(facts)
    if result.padded_bytes:
        lines.append(f"{result.padded_bytes} zero bytes were added to complete the last sector.")
    if result.unreadable:
        lines.append(f"{count_sectors(result.unreadable)} sectors could not be read and count as zeros:")
        lines += range_lines(result.unreadable)
    return lines
