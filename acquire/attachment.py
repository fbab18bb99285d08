"""A source that may be lost and come back: which devices can be it, and opening it again with every care.

A device can be the lost one if it never went away (the kernel's sequence number of its disk is the old one) or was
attached after the job began, has the size and sector size recorded, and contradicts neither serial number nor WWN.
It is the lost one if the sectors read before read as before; where none was read yet, serial number or WWN agree.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from acquire.dead_drive import spread
from acquire.devices import Device, describe_device
from acquire.media import Source, read_sector
from acquire.same_drive import agrees, contradicts, identity_differences
from acquire.sample_comparison import compare_samples
from acquire.sector_samples import SectorSamples
from acquire.source import OpenedSource, open_source, release
from acquire.source_options import SourceOptions
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, list_disks, partitions_of
from image.errors import SourceError, StoppedError
from image.job import SourceFacts

Appearance = tuple[str, int | None]
"""A disk as it was attached once: its path and the kernel's sequence number, which no other disk gets."""

PROOF_READS = 8


@dataclass(frozen=True)
class Returned:
    """A source that is back, and how it was attached `before`; `is_as_left`: the kernel never let go of it."""

    opened: OpenedSource
    before: OpenedSource
    is_as_left: bool
    compared_sectors: int


class Attachment:
    """The source of a job, open until it is let go of; `opened` is how it was attached last.

    What is opened anew is closed by `closing`. `refusals` say which devices were not taken for it, and why.
    """

    def __init__(
        self, opened: OpenedSource, closing: ExitStack, options: SourceOptions, paths: SystemPaths = LIVE_SYSTEM
    ) -> None:
        self.opened = opened
        self.refusals: list[str] = []
        self._closing = closing
        self._options = options
        self._paths = paths
        self._there_before = {_appearance(disk) for disk in list_disks(paths)}
        self._refused: set[Appearance] = set()

    def let_go(self) -> None:
        """Close the source, so that it can be opened anew."""
        release(self.opened)

    def look(self, samples: SectorSamples) -> Returned | None:
        """The source opened again, if it is back by now."""
        for path, appearance in self._candidates():
            if appearance is None or appearance not in self._refused:
                returned = self._tried(path, appearance, samples)
                if returned is not None:
                    return returned
        return None

    def _tried(self, path: str, appearance: Appearance | None, samples: SectorSamples) -> Returned | None:
        """The source opened at this path, if it is the lost one."""
        with ExitStack() as closing:
            try:
                opened = closing.enter_context(open_source(path, self._options, self._paths))
                compared = self._compared(opened, appearance, samples)
            except SourceError as error:
                self._refuse(str(error), None)
                return None
            except StoppedError:
                return None
            if compared is None:
                return None
            self._closing.push(closing.pop_all())
        is_as_left = appearance is not None and appearance == self._appeared_as()
        before, self.opened = self.opened, opened
        return Returned(opened, before, is_as_left, compared)

    def _compared(self, opened: OpenedSource, appearance: Appearance | None, samples: SectorSamples) -> int | None:
        """How many sectors prove that this is the lost source; None where it is another, or nothing proves it.

        Raises:
            StoppedError: it cannot be read.
        """
        differences = identity_differences(self.opened.facts, opened.facts)
        comparison = compare_samples(opened.media, samples)
        if comparison.differing_sector is not None:
            differences = (f"sector {comparison.differing_sector} reads otherwise than before",)
        if differences:
            path = opened.facts.path
            self._refuse(f"{path} is another drive, or was changed: {differences[0]}", appearance)
            return None
        if len(samples):
            return comparison.equal or None
        return 0 if self._is_named_alike(opened, appearance) and _reads_somewhere(opened.media) else None

    def _candidates(self) -> Iterator[tuple[str, Appearance | None]]:
        """The devices, or the file, that can be the source, by their facts alone."""
        facts = self.opened.facts
        if self.opened.device is None:
            if _is_file_of(facts):
                yield facts.path, None
            return
        for disk in list_disks(self._paths):
            appearance = _appearance(disk)
            if appearance != self._appeared_as() and appearance in self._there_before:
                continue
            for node in (disk, *partitions_of(disk)):
                device = describe_device(node.number, self._paths, ask_tools=False)
                if device is None or not device.size_bytes:
                    continue
                if _can_be(device, self.opened.device, facts):
                    yield device.path, appearance
                elif device.path == facts.path:
                    self._refuse(f"{device.path} is another drive now: {_described(device)}", appearance)

    def _appeared_as(self) -> Appearance | None:
        """The disk as it was when the source was opened last."""
        device = self.opened.device
        return None if device is None else (device.partition_of or device.path, device.sequence)

    def _is_named_alike(self, opened: OpenedSource, appearance: Appearance | None) -> bool:
        """Whether names prove what no sector can: the same attachment, serial number or WWN; or the same file."""
        if appearance is None or appearance == self._appeared_as():
            return True
        return agrees(opened.facts, self.opened.facts)

    def _refuse(self, why: str, appearance: Appearance | None) -> None:
        """Keep why a device was not taken, each reason once; another drive is not looked at again."""
        if why not in self.refusals:
            self.refusals.append(why)
        if appearance is not None:
            self._refused.add(appearance)


def _appearance(disk: BlockNode) -> Appearance:
    return disk.device_path, disk.integer("diskseq")


def _can_be(device: Device, then: Device, facts: SourceFacts) -> bool:
    """Whether a device contradicts nothing that is recorded of the source."""
    size_bytes = -(-device.size_bytes // facts.sector_size_bytes) * facts.sector_size_bytes
    now = (size_bytes, device.sector_size_bytes, device.start_sector)
    is_as_large = now == (facts.size_bytes, then.sector_size_bytes, then.start_sector)
    return is_as_large and not contradicts(device.identity, facts)


def _described(device: Device) -> str:
    """A device in a few words."""
    return f"{device.size_bytes} bytes, serial number {device.identity.serial or 'not known'}"


def _reads_somewhere(media: Source) -> bool:
    """Whether a source of which nothing was read yet gives any of a few sectors far apart."""
    places = spread(media.size_bytes // media.sector_size_bytes, PROOF_READS)
    return any(read_sector(media, sector) is not None for sector in places)


def _is_file_of(facts: SourceFacts) -> bool:
    """Whether a file of at least this size stands where the source was."""
    try:
        found = Path(facts.path).stat()
    except (OSError, ValueError):
        return False
    rounded = -(-found.st_size // facts.sector_size_bytes) * facts.sector_size_bytes
    return stat.S_ISREG(found.st_mode) and rounded == facts.size_bytes and os.access(facts.path, os.R_OK)
