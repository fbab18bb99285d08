"""Small rescues for tests: a request carried out on a simulated source."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from acquire.media import Source
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_image import rescue_image
from acquire.rescue_passes import RescueSettings
from acquire.rescue_state import RescueState, start_rescue
from acquire.result import AcquisitionResult
from tests.sim.acquisitions import Options, request_for
from tests.sim.still_clock import StillClock

Starting = Callable[[AcquisitionRequest, JobHooks], RescueState]


@dataclass
class RescueOptions:
    """What a test varies; the rest is ordinary."""

    image: Options = field(default_factory=Options)
    settings: RescueSettings = field(default_factory=RescueSettings)
    keep_file: bool = False
    hooks: JobHooks = field(default_factory=lambda: JobHooks(StillClock(), threading.Event()))
    starting: Starting = start_rescue


def rescue_disk(disk: Source, *outputs: Path, options: RescueOptions | None = None) -> AcquisitionResult:
    """Rescue a simulated disk to these outputs."""
    chosen = options or RescueOptions()
    request = request_for(disk, outputs, chosen.image)
    state = chosen.starting(request, chosen.hooks)
    return rescue_image(request, disk, chosen.settings, chosen.hooks, state, keep_file=chosen.keep_file)
