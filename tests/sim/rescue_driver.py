"""Carries a rescue plan out on a simulated disk, request by request, as its protocol says."""

from collections.abc import Callable
from dataclasses import dataclass, field

from acquire.media import ReadFailure
from acquire.rescue_passes import RescueStep
from acquire.rescue_plan import RescuePlan
from image.sectors import SectorRange
from tests.sim.faulty_disk import FaultyDisk, Request

Seconds = Callable[[SectorRange], float]


def no_time(request: SectorRange) -> float:
    """Reads that take no time."""
    return 0.0


@dataclass
class Rescue:
    """A plan on a disk. Every step comes to its end unless `at_most` requests are allowed in one."""

    plan: RescuePlan
    disk: FaultyDisk
    seconds: Seconds = no_time
    at_most: int | None = None
    steps: list[RescueStep] = field(default_factory=list)

    def run(self, step_count: int | None = None) -> None:
        """Carry out so many steps, or all."""
        while (step_count is None or len(self.steps) < step_count) and (step := self.plan.next_step()) is not None:
            self.steps.append(step)
            self._carry_out(step)

    def _carry_out(self, step: RescueStep) -> None:
        spent, read = 0.0, []
        for request in step.requests():
            seconds = self.seconds(request)
            if not self._reads(request):
                self.plan.failed(step, request, spent + seconds, spent)
                return
            spent += seconds
            read.append(request)
            if len(read) == self.at_most:
                break
        first = min(item.first_sector for item in read)
        self.plan.succeeded(step, spent, SectorRange(first, max(item.end_sector for item in read) - first))

    def _reads(self, request: SectorRange) -> bool:
        view = memoryview(bytearray(request.sector_count * self.disk.sector_size_bytes))
        try:
            self.disk.read_into(view, request.first_sector)
        except ReadFailure:
            return False
        return True

    def requests_with(self, sectors: frozenset[int]) -> list[Request]:
        """The requests that held any of these sectors."""
        return [
            item
            for item in self.disk.requests
            if not sectors.isdisjoint(range(item.sectors.first_sector, item.sectors.end_sector))
        ]
