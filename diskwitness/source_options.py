"""Options of every command that reads a source, and the values they become."""

from collections.abc import Callable
from dataclasses import dataclass

import click

from acquire.reader import ReadSettings
from acquire.source_options import SourceOptions
from diskwitness.option_groups import Command, with_options
from image.sectors import SECTOR_SIZES_BYTES


def sector_size_option(whose: str) -> Callable[[Command], Command]:
    """`--sector-size`, for media of this kind."""
    told = f"Bytes of a sector, for {whose}. Default: 512."
    return click.option("--sector-size", type=click.Choice([str(size) for size in SECTOR_SIZES_BYTES]), help=told)


def pad_option(command: Command) -> Command:
    """Add `--pad-last-sector`."""
    told = "Fill an incomplete last sector with zeros, and say so."
    return click.option("--pad-last-sector", is_flag=True, help=told)(command)


SOURCE_OPTIONS = (
    click.option(
        "--start", type=click.IntRange(min=0), default=0, metavar="SECTOR", help="The first sector to read."
    ),
    click.option("--sectors", type=click.IntRange(min=1), metavar="N", help="How many; default: to the end."),
    sector_size_option("a source that is a file"),
    click.option(
        "--source-format",
        type=click.Choice(("auto", "raw")),
        default="auto",
        show_default=True,
        help="Whether of a virtual disk its media is read, or as raw the bytes of its file.",
    ),
    pad_option,
    click.option(
        "--retries", type=click.IntRange(0, 1000), metavar="N", help="Tries after a failed read. Default: 2."
    ),
    click.option(
        "--error-granularity",
        type=click.IntRange(1, 65536),
        default=1,
        show_default=True,
        metavar="SECTORS",
        help="Sectors given up together when one of them cannot be read.",
    ),
    click.option(
        "--on-error",
        type=click.Choice(("continue", "abort")),
        default="continue",
        show_default=True,
        help="Whether the first unreadable sector ends the job.",
    ),
    click.option("--force-mounted", is_flag=True, help="Read a source that is in use; it may change meanwhile."),
)


def source_options(command: Command) -> Command:
    """Add every option that says what of a source is read and how."""
    return with_options(command, SOURCE_OPTIONS)


@dataclass(frozen=True, kw_only=True)
class SourceChoice:
    """What was given of these options; names are theirs."""

    source: str
    start: int
    sectors: int | None
    sector_size: str | None
    source_format: str
    pad_last_sector: bool
    retries: int | None
    error_granularity: int
    on_error: str
    force_mounted: bool

    @property
    def opening(self) -> SourceOptions:
        """How the source is opened."""
        size_bytes = int(self.sector_size) if self.sector_size else None
        as_stored = self.source_format == "raw"
        return SourceOptions(self.force_mounted, self.pad_last_sector, size_bytes, as_stored=as_stored)

    def reading(self, default_retries: int | None = None) -> ReadSettings:
        """How its errors are met."""
        preset = ReadSettings().retries if default_retries is None else default_retries
        retries = preset if self.retries is None else self.retries
        return ReadSettings(retries, self.error_granularity, self.on_error == "abort")
