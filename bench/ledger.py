"""What a long ledger costs: `python -m bench.ledger [--entries N] [--exhibits N] [--measured N] [--folder DIR]`.

A case is filled with custody events up to `--entries`, spread over `--exhibits`; then further ones are recorded one
by one as the product does it, with full sync: entries alone (`Ledger.append`), and events of exhibits that have
few and many (`add_custody`, which also reads what happened before and looks for warnings). Then the whole of it
is verified, the copies of its checkpoints included, and proofs are made and checked.

The folder must lie on a local disk: on tmpfs a sync costs nothing. Figures are of the wall clock; CPU seconds stand
beside them.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casedb.checkpoint_copies import keep_copy
from casedb.entry import EntryKind
from casedb.ledger import Ledger
from casedb.ledger_check import check_ledger
from casedb.merkle import consistency_path, inclusion_path, is_consistent, is_included, leaf_hash, root_of
from casedb.records import CustodyKind, Role
from casedb.store import CaseStore, create_case, open_case
from casedb.submissions import Actor, NewCase, NewCustodyEvent, NewExhibit, NewPerson
from casedb.tree_nodes import nodes_in
from image.job import ClockFacts
from image.times import Instant
from workflow.clock import SystemClock

ACTOR = Actor(None, "bench", Role.EXAMINER, "bench", "0.1.0", "ab" * 32)
AT = Instant("2026-11-22T10:00:00.000000Z", 60)
CLOCK = ClockFacts(synchronised=True, maximum_error_us=1200, service="chrony", service_state="active")
MANY_EVENTS = 200
BUSY = "JB-busy"
PEOPLE = 20
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
    parser.add_argument("--entries", type=int, default=100_000, help="entries before the measured ones")
    parser.add_argument("--exhibits", type=int, default=5000, help="exhibits that the events are spread over")
    parser.add_argument("--measured", type=int, default=500, help="how many of each kind are measured one by one")
    parser.add_argument("--folder", type=Path, default=Path("build"), help="a folder on a local disk")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="ledger-bench-") as name:
        measure(Path(name), given.entries, given.exhibits, given.measured)


def measure(folder: Path, entries: int, exhibits: int, measured: int) -> None:
    """One case from its first entry to its last proof."""
    case, environment = folder / "case", {"DISKWITNESS_KEY": str(folder / "key.pem")}
    facts = NewCase("bench", NewPerson("B. Ench", Role.EXAMINER))
    create_case(case, facts, ACTOR, SystemClock(), environment).close()
    filling, verifying = Stopwatch(), Stopwatch()
    with open_case(case, actor=ACTOR, clock=SystemClock(), environment=environment) as store:
        with filling.running():
            fill(store, entries, exhibits)
        print(f"filled without sync          {filling}, load {os.getloadavg()[0]:.1f}")
        print_appends(store, exhibits, entries // max(exhibits, 1), measured)
    with verifying.running():
        check = check_ledger(case)
    assert check.is_sound, check.findings
    megabytes = (case / "case.db").stat().st_size / 1e6
    print(f"ledger verify                {verifying}: {check.entry_count} entries, {megabytes:.0f} MB,", end=" ")
    print(f"{len(check.confirmed)} copies of checkpoints, load {os.getloadavg()[0]:.1f}")
    with open_case(case, read_only=True) as store:
        print_proofs(store, check.entry_count)


def fill(store: CaseStore, entries: int, exhibits: int) -> None:
    """Entries in few transactions, without waiting for the disk: only their number matters."""
    store._connection.execute("PRAGMA synchronous = OFF")  # noqa: SLF001  # the product never does
    with store._recording("people and exhibits") as ledger:  # noqa: SLF001
        for number in range(PEOPLE):
            ledger.append(EntryKind.PERSON_ADDED, NewPerson(f"Person {number}", Role.CUSTODIAN))
        for reference in (BUSY, *map(reference_of, range(exhibits))):
            ledger.append(EntryKind.EXHIBIT_ADDED, NewExhibit(reference, "a drive"), reference)
        for number in range(MANY_EVENTS):
            append(ledger, event_of(BUSY, number), store.folder)
    size = store.head().size
    for first in range(size, entries, BATCH):
        with store._recording("events") as ledger:  # noqa: SLF001
            for number in range(first, min(first + BATCH, entries)):
                append(ledger, event_of(reference_of(number % exhibits), number // exhibits), store.folder)
    store._connection.execute("PRAGMA synchronous = EXTRA")  # noqa: SLF001


def append(ledger: Ledger, event: NewCustodyEvent, folder: Path) -> None:
    """One event, and the copy of its checkpoint that lies in the folder of every case."""
    ledger.append(EntryKind.CUSTODY_RECORDED, event, event.exhibit)
    if (made := ledger.take_made()) is not None:
        keep_copy(folder, made)


def reference_of(number: int) -> str:
    """One of the exhibits."""
    return f"JB{number}"


def event_of(exhibit: str, number: int) -> NewCustodyEvent:
    """An event in the custody of an exhibit: it is received, then sealed and opened again and again."""
    note = f"event {number} of a long custody"
    if number == 0:
        return NewCustodyEvent(exhibit, CustodyKind.RECEIVE, AT, received_by="P4", note=note, clock=CLOCK)
    if number % 2:
        return NewCustodyEvent(exhibit, CustodyKind.SEAL, AT, seal_in=f"S{number}", note=note, clock=CLOCK)
    seal = f"S{number - 1}"
    return NewCustodyEvent(exhibit, CustodyKind.UNSEAL, AT, seal_out=seal, note=note, clock=CLOCK)


def print_appends(store: CaseStore, exhibits: int, few: int, measured: int) -> None:
    """What recording one more event costs: its entry alone, and all that belongs to it."""

    def entry_alone(number: int) -> None:
        with store._recording("an event") as ledger:  # noqa: SLF001
            ledger.append(EntryKind.CUSTODY_RECORDED, event_of("JB0", number), "JB0")

    def event_of_few(number: int) -> None:
        store.add_custody(event_of(reference_of(1 + number % (exhibits - 1)), number))

    def event_of_many(number: int) -> None:
        store.add_custody(event_of(BUSY, number))

    for name, action, count in (
        ("Ledger.append", entry_alone, measured),
        (f"add_custody, {few} events", event_of_few, measured),
        (f"add_custody, {MANY_EVENTS} events", event_of_many, measured // 10),
    ):
        seconds = [timed(action, number) for number in range(MANY_EVENTS, MANY_EVENTS + count)]
        print(f"{name:29}median {median(seconds)}, p95 {p95(seconds)}, with full sync")


def timed(action: Callable[[int], object], number: int) -> float:
    """The seconds an action takes."""
    begun = time.perf_counter()
    action(number)
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
    print(f"proofs                       at most {max(lengths)} hashes, both in {median(seconds)}")


if __name__ == "__main__":
    main()
