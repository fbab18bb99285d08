"""What the journal of a stopped acquisition says of its image can be proven to the last sector."""

import threading
from pathlib import Path

import pytest

from acquire.journal import Journal
from acquire.request import JobHooks
from image.errors import DestinationError
from image.forms import RawForm
from image.manifest_file import decode_record
from image.part_proof import prove_part
from image.progress import Progress
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock

MIB = 1024 * 1024


@pytest.mark.parametrize("segment_size_bytes", [None, 3 * MIB])
def test_a_stopped_raw_image_is_proven_to_its_last_sector(tmp_path: Path, segment_size_bytes: int | None) -> None:
    journal = stop_behind_4_mib(tmp_path / "JB1", Options(raw=True, segment_size_bytes=segment_size_bytes))
    form = RawForm(16 * MIB // 512, 512, segment_size_bytes or 0)
    proven = prove_part(tmp_path / "JB1", journal.durable_part, form, ("md5", "sha256"))
    assert proven.part.next_sector == 4 * MIB // 512
    last = tmp_path / (journal.watermark.file or "")
    last.write_bytes(last.read_bytes()[:-1] + b"!")
    with pytest.raises(DestinationError, match="not what was written"):
        prove_part(tmp_path / "JB1", journal.durable_part, form, ("md5",))


def stop_behind_4_mib(output: Path, options: Options) -> Journal:
    """Stop an acquisition; its journal."""
    stop = threading.Event()

    def listen(progress: Progress) -> None:
        if progress.bytes_done >= 4 * MIB:
            stop.set()

    options.hooks = JobHooks(StillClock(), stop, listener=listen)
    acquire_disk(MemoryDisk(bytes(range(256)) * (16 * MIB // 256)), output, options=options)
    path = Sidecar.JOURNAL.beside(output)
    return decode_record(path.read_bytes(), Journal, str(path))
