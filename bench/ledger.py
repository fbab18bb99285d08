"""What a long ledger costs: `python -m bench.ledger [--entries N] [--measured N] [--folder DIR]`.

A case is filled with custody events up to `--entries`, the last `--measured` of them one by one as the product does
it, with full sync; then the whole of it is verified, and proofs are made and checked. The folder must lie on a
local disk: on tmpfs a sync costs nothing. Figures are of the wall clock; CPU seconds stand beside them.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from casedb.entry import EntryKind
from casedb.ledger_check import check_ledger
from casedb.merkle import consistency_path, inclusion_path, is_consistent, is_included, leaf_hash, root_of
from casedb.records import CustodyKind, Role
from casedb.store import CaseStore, create_case, open_case
from casedb.submissions import Actor, NewCase, NewCustodyEvent, NewExhibit, NewPerson
from casedb.tree_nodes import nodes_in
from image.times import Instant
from workflow.clock import SystemClock

ACTOR = Actor(None, "bench", Role.EXAMINER, "bench", "0.1.0", "ab" * 32)
EXHIBITS = 500
BATCH = 2000
PROOFS = 200


@dataclass
class Stopwatch:
    """Seconds of the wall clock and of this process's CPU."""

    wall: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what happens meanwhile."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall, self.cpu = time.perf_counter() - wall, time.process_time() - cpu

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s ({self.cpu:.2f} s CPU)"


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description="Measure a long ledger.")
    parser.add_argument("--entries", type=int, default=100_000, help="entries in the ledger at the end")
    parser.add_argument("--measured", type=int, default=1000, help="how many of them are measured one by one")
    parser.add_argument("--folder", type=Path, default=Path("build"), help="a folder on a local disk")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="ledger-bench-") as name:
        measure(Path(name), given.entries, given.measured)


def measure(folder: Path, entries: int, measured: int) -> None:
    """One case from its first entry to its last proof."""
    case, environment = folder / "case", {"DISKWITNESS_KEY": str(folder / "key.pem")}
    facts = NewCase("bench", NewPerson("B. Ench", Role.EXAMINER))
    create_case(case, facts, ACTOR, SystemClock(), environment).close()
    filling, verifying = Stopwatch(), Stopwatch()
    with open_case(case, actor=ACTOR, clock=SystemClock(), environment=environment) as store:
        with filling.running():
            fill(store, entries - measured)
        seconds = [timed(lambda number=number: append(store, number)) for number in range(measured)]  # type: ignore[misc]
    with verifying.running():
        check = check_ledger(case)
    assert check.is_sound, check.findings
    megabytes = (case / "case.db").stat().st_size / 1e6
    print(f"{check.entry_count} entries, {megabytes:.0f} MB, load {os.getloadavg()[0]:.1f}")
    print(f"filled without sync    {filling}")
    print(f"append with full sync  median {median(seconds)}, p95 {p95(seconds)}")
    print(f"ledger verify          {verifying}")
    with open_case(case, read_only=True) as store:
        print_proofs(store, check.entry_count)


def fill(store: CaseStore, entries: int) -> None:
    """Entries in few transactions, without waiting for the disk: only their number matters."""
    store._connection.execute("PRAGMA synchronous = OFF")  # noqa: SLF001  # the product never does
    with store._recording("exhibits") as ledger:  # noqa: SLF001
        for number in range(EXHIBITS):
            ledger.append(EntryKind.EXHIBIT_ADDED, NewExhibit(f"JB{number}", "a drive"), f"JB{number}")
    left = entries - store.head().size
    while left > 0:
        with store._recording("events") as ledger:  # noqa: SLF001
            for number in range(min(left, BATCH)):
                event = event_of(left + number)
                ledger.append(EntryKind.CUSTODY_RECORDED, event, event.exhibit)
        left -= BATCH
    store._connection.execute("PRAGMA synchronous = EXTRA")  # noqa: SLF001


def event_of(number: int) -> NewCustodyEvent:
    """A custody event of one of the exhibits."""
    at = Instant("2026-11-22T10:00:00.000000Z", 60)
    return NewCustodyEvent(f"JB{number % EXHIBITS}", CustodyKind.SEAL, at, seal_in=f"S{number}", note="measured")


def append(store: CaseStore, number: int) -> None:
    """One event as a person records it."""
    store.add_custody(replace(event_of(number), reason="one by one"))


def timed(action: Callable[[], object]) -> float:
    """The seconds an action takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def median(seconds: list[float]) -> str:
    """What half of them stay below."""
    return f"{statistics.median(seconds) * 1000:.2f} ms"


def p95(seconds: list[float]) -> str:
    """What 95 of 100 stay below."""
    return f"{sorted(seconds)[int(len(seconds) * 0.95)] * 1000:.2f} ms"


def print_proofs(store: CaseStore, size: int) -> None:
    """Proofs of inclusion and consistency: how long they are, and what making and checking one costs."""
    connection = store._connection  # noqa: SLF001
    node_at = nodes_in(connection)
    root, lengths, seconds = root_of(size, node_at), [], []
    for index in range(0, size, max(size // PROOFS, 1)):
        (data,) = connection.execute("SELECT entry FROM entries WHERE sequence = ?", (index + 1,)).fetchone()
        begun = time.perf_counter()
        included, consistent = inclusion_path(index, size, node_at), consistency_path(index + 1, size, node_at)
        assert is_included(leaf_hash(data), index, size, included, root)
        assert is_consistent(index + 1, size, consistent, root_of(index + 1, node_at), root)
        seconds.append(time.perf_counter() - begun)
        lengths += [len(included), len(consistent)]
    print(f"proofs                 at most {max(lengths)} hashes, both in {median(seconds)}")


if __name__ == "__main__":
    main()
