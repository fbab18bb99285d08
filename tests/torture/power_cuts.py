"""Every moment of a recorded acquisition at which the power may go: what is left then, and what becomes of it."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acquire.journal import Journal, is_intact
from image.manifest import MANIFEST_KIND, Manifest
from image.manifest_file import decode_record
from image.read_record import JobEvent
from image.sidecars import Sidecar
from image.tools import find_tool
from tests.cli.conftest import Workstation
from tests.sim.block_devices import tool
from tests.sim.power_cut import FolderModel, Left, Loss, Operation, lay_out
from tests.torture.simulated_source import SimulatedSource
from tests.torture.truth import check_not_whole, check_whole

NAME = "JB1"
ONE_OUTPUT = (NAME,)
JOURNAL = Sidecar.JOURNAL.beside(Path(NAME)).name
FINAL_MANIFEST = f'"kind": "{MANIFEST_KIND}"'.encode()
DONE = {0, 5}
FROM_THE_MAP = "with the map as it was saved"


@dataclass(frozen=True)
class Cut:
    """The power goes before operation `at` (counted from 0), with this loss."""

    at: int
    loss: Loss
    left: Left = field(repr=False)


def cuts_of(operations: Sequence[Operation], start: Left | None = None) -> Iterator[Cut]:
    """Every cut of a recording with every loss, in order; `start` is what was there before."""
    model = FolderModel(start)
    for at in range(len(operations) + 1):
        for loss in Loss:
            yield Cut(at, loss, model.after_power_cut(loss, seed=at))
        model.apply(operations[at : at + 1])


@dataclass
class CutRun:
    """Carries cuts on to the whole image, and counts; equal states are carried on once.

    `names` are the outputs inside the folder, `words` further options of the command that resumes.
    """

    station: Workstation
    source: SimulatedSource
    media: bytes
    unreadable: frozenset[int]
    folder: Path
    names: tuple[str, ...] = ONE_OUTPUT
    words: tuple[object, ...] = ()
    figures: Counter[str] = field(default_factory=Counter)
    _promised: tuple[int, int] = (0, 0)
    _seen: set[str] = field(default_factory=set)
    _sets_verified: set[str] = field(default_factory=set)

    def carry_on(self, cut: Cut) -> None:
        """See that what is left tells no lie, resume it, and see that the image is what it would have been."""
        self.figures["cuts"] += 1
        self._check_promise(cut)
        digest = _digest(cut.left)
        if digest in self._seen:
            return
        self._seen.add(digest)
        self.figures["different_states"] += 1
        lay_out(cut.left, self.folder)
        self._check_left()
        journal = str(Sidecar.JOURNAL.beside(Path(self.names[0])))
        self.resume(journal_in(cut.left, journal) if len(self.names) == 1 else None)
        shutil.rmtree(self.folder)

    def _check_promise(self, cut: Cut) -> None:
        """See that what is durable lags behind what was journalled by one journal at most."""
        standing = standing_sectors(cut.left, len(self.media))
        if cut.loss is Loss.NOTHING and standing != self._promised[1]:
            self._promised = (self._promised[1], standing)
        if cut.loss is Loss.EVERYTHING:
            assert standing >= self._promised[0], f"cut {cut.at}: {standing} sectors are durable, {self._promised}"

    def resume(self, journal: Journal | None) -> None:
        """Resume what is in the folder, of which this was the journal."""
        answer = self.source.acquire(self.station, self._outputs, "--resume", *self.words)
        assert answer["exit_code"] in DONE, answer
        assert answer["verdict"] == "PASSED", answer
        for output in self._outputs:
            manifest = check_whole(output, self.media, self.unreadable)
            self._verify_set(output, manifest)
        if journal is not None and journal.watermark.next_sector:
            place = FROM_THE_MAP if "--rescue" in self.words else f"at sector {journal.watermark.next_sector} "
            assert _resumed(manifest.read.events, place), manifest.read.events
            self.figures["went_on_in_the_middle"] += 1

    @property
    def _outputs(self) -> tuple[Path, ...]:
        """The outputs, without extension."""
        return tuple(self.folder / name for name in self.names)

    def _check_left(self) -> None:
        """See that the image is whole where its manifest stands, and that nothing calls it whole elsewhere."""
        for output in self._outputs:
            if Sidecar.MANIFEST.beside(output).exists():
                check_whole(output, self.media, self.unreadable)
                self.figures["whole_before"] += 1
            else:
                check_not_whole(output)

    def _verify_set(self, output: Path, manifest: Manifest) -> None:
        """Let ewfverify see every set that differs from those before."""
        digest = "".join(segment.sha256 for segment in manifest.segments)
        is_new = digest not in self._sets_verified and manifest.job.parameters.format == "e01"
        if is_new and find_tool("ewfverify") is not None:
            self._sets_verified.add(digest)
            paths = [str(Path(item.folder or output.parent) / item.file) for item in manifest.segments]
            assert "ewfverify: SUCCESS" in tool("ewfverify", "-q", *paths)
            self.figures["sets_that_ewfverify_accepts"] += 1


def journal_in(left: Left, name: str = JOURNAL) -> Journal | None:
    """The journal of the only output in what was left, where it is one."""
    file = left.get(name)
    if file is None or not is_intact(file.data):
        return None
    return decode_record(file.data, Journal, "the journal")


def is_whole(left: Left) -> bool:
    """Whether the manifest of the only output has its final name."""
    return Sidecar.MANIFEST.beside(Path(NAME)).name in left


def standing_sectors(left: Left, most: int) -> int:
    """How many sectors the journal of the only output vouches for; `most` where the final manifest is there."""
    journal, file = journal_in(left), left.get(JOURNAL)
    if is_whole(left) or (file is not None and FINAL_MANIFEST in file.data):
        return most
    return journal.watermark.next_sector if journal is not None else 0


def _resumed(events: Sequence[JobEvent], place: str) -> bool:
    """Whether the events tell of a stop, and then of a resumption at this place."""
    kinds = [event.kind for event in events]
    told = [event.detail for event in events if event.kind == "resumed"]
    return "stopped" in kinds and any(detail.startswith(place) for detail in told)


def _digest(left: Left) -> str:
    """What tells two states apart: names and bytes, not permissions."""
    sums = {name: hashlib.sha256(file.data).hexdigest() if file else "" for name, file in left.items()}
    return repr(sorted(sums.items()))
