"""Keeps the source of a job readable: watched while silent, waited for and protected again when it was lost."""

from dataclasses import dataclass, replace

from acquire.answer_watch import AnswerWatch
from acquire.attachment import Attachment, Returned
from acquire.devices import Device
from acquire.kernel_log import KernelLogWatch
from acquire.media import Source
from acquire.protection import plan_protection, restore_protection
from acquire.source_range import SourceRange
from acquire.source_wait import RegainingReader, SourceWait
from acquire.sysfs import find_node
from image.job import WriteProtection
from image.sectors import SectorRange


@dataclass(frozen=True)
class SourceKeeping:
    """The source of one job: how it is attached, who watches its answers and its kernel messages, which sectors are
    wanted, and how many seconds it is waited for when it is lost."""

    attachment: Attachment
    answers: AnswerWatch
    sectors: SectorRange
    wait_seconds: int
    log: KernelLogWatch | None

    def source(self) -> Source:
        """The wanted sectors of the source as it is attached now."""
        return self._stretch(self.attachment.opened.media)

    def partitions(self) -> tuple[Device, ...]:
        """The partitions of the source that the kernel knows."""
        device = self.attachment.opened.device
        return device.partitions if device is not None else ()

    def waiting(self, reader: RegainingReader) -> SourceWait | None:
        """How the source is waited for when this reader loses it, or None where that is not wished."""
        if not self.wait_seconds:
            return None
        return SourceWait(self.wait_seconds, self.attachment, reader, self._stretch, self._plan_again)

    def unprotect(self, recorded: WriteProtection) -> WriteProtection:
        """Put the read-only flag of the source back to what it was."""
        return restore_protection(recorded, self.attachment.opened.facts)

    def _stretch(self, media: Source) -> Source:
        return SourceRange(self.answers.over(media), self.sectors)

    def _plan_again(self, returned: Returned, recorded: WriteProtection) -> WriteProtection:
        """How a source that is back is protected; the device it was before gets its flag back if it is there."""
        if returned.is_as_left:
            return recorded
        restore_protection(recorded, returned.before.facts)
        device = returned.opened.device
        node = find_node(device.number) if device is not None else None
        if self.log is not None and node is not None:
            self.log.follow(node)
        return replace(plan_protection(returned.opened), blocker=recorded.blocker)
