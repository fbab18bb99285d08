"""A drive that dies and comes back, for jobs that run as processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.lost.lost_sources import SECTORS, Job
from tests.sim.block_devices import FaultyDevice, faulty_device, numbered_image


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A disk of 8 MiB in which every sector carries its number."""
    return numbered_image(tmp_path / "disk", SECTORS)


@pytest.fixture
def device(image: Path, tmp_path: Path) -> Iterator[FaultyDevice]:
    """A block device over it that fails as it is told to."""
    with faulty_device(image, tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def no_job_stays() -> Iterator[None]:
    """End what a failed test left running."""
    yield
    while Job.running:
        with Job.running.pop() as process:
            process.kill()
