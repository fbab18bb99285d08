"""Cases for tests: who writes, what was acquired and verified, and a case with a bit of everything."""

import hashlib
import lzma
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from casedb.records import CustodyKind, Role
from casedb.store import CaseStore, create_case, open_case
from casedb.submissions import Actor, NewCase, NewCustodyEvent, NewExhibit, NewPerson, NewReport
from image.findings import finding
from image.job import (
    CaseFields,
    HostFacts,
    Job,
    Parameters,
    SourceFacts,
    ToolFacts,
    WriteProtection,
)
from image.manifest import Manifest, MediaRecord, SegmentRecord
from image.read_record import ReadRecord, SpeedSample
from image.sectors import SectorRange
from image.times import Instant
from tests.sim.still_clock import NOON, StillClock
from verify.verdict import VerificationResult

ACTOR = Actor(None, "dreyes", Role.EXAMINER, "bench-2", "0.1.0", "ab" * 32)
EXAMINER = NewPerson("Dana Reyes", Role.EXAMINER, "FE-114")
NEW_CASE = NewCase("2026-0113", EXAMINER, agency="Northgate Digital Forensics", title="R v. Sample")
FULL_SIZE = 14
OLD_CASE = Path(__file__).parents[1] / "data" / "cases" / "structure-2.db.xz"
HOSTILE = 'WD <b>x</b> \u202e\x00\x07\n\udcff\ue000 "quoted" \\ \U0001f50e ' + "y" * 300


def at(hour: int, minute: int = 0) -> Instant:
    """An instant of the day, before the clock of the tests stands still at noon."""
    return Instant(f"2026-11-22T{hour:02d}:{minute:02d}:00.000000Z", 60)


def digest(text: str) -> str:
    """A SHA-256 that is as good as any."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def job(model: str = "ST1000LM035", parameters_format: str = "e01") -> Job:
    """An acquisition before its first sector."""
    return Job(
        tool=ToolFacts("diskwitness", "0.1.0", digest("program"), "3.11.2", {"isal": "1.8.0"}),
        host=HostFacts("bench-2", "dreyes", "Debian GNU/Linux 12", "6.1.0"),
        source=SourceFacts("/dev/sdb", "block device", 1_048_576, 512, 4096, model, "WL1AB2C3"),
        parameters=Parameters(
            parameters_format, "fast", 64, 2_097_152_000, ("md5", "sha1", "sha256"), 0, 2048, 2, 1, "continue"
        ),
        protection=WriteProtection("/dev/sdb", False, True),
        case=CaseFields("2026-0113", "JB1", "Dana Reyes"),
        started=at(9),
    )


def manifest(of: Job, unreadable: Sequence[SectorRange] = (SectorRange(7, 2),)) -> Manifest:
    """What that acquisition came to."""
    return Manifest(
        job=of,
        media=MediaRecord(1_048_576, 512, {"md5": "0" * 32, "sha256": digest("media")}),
        segments=(SegmentRecord("JB1.E01", 524_288, digest("segment"), 0, 2048, digest("media")),),
        read=ReadRecord(unreadable=tuple(unreadable), speed=(SpeedSample(0, 2048, 0.25),)),
        finished=at(10),
    )


def verification(path: str, *codes: str) -> VerificationResult:
    """A verification with these findings."""
    return VerificationResult(
        image_path=path,
        format="ewf-e01",
        media_size_bytes=1_048_576,
        sector_size_bytes=512,
        segments=(),
        digests={"sha256": digest("media")},
        stored_digests={"md5": "0" * 32, "sha1": None},
        bad_sectors=(),
        findings=tuple(finding(code, "seen in a test") for code in codes),
        started=at(10),
        finished=at(11),
    )


def new_case(folder: Path, facts: NewCase = NEW_CASE) -> CaseStore:
    """A case in this folder, its key beside it."""
    return create_case(folder, facts, ACTOR, StillClock(), key_environment(folder))


def key_environment(folder: Path) -> dict[str, str]:
    """Where the key of the test's workstation lies."""
    return {"DISKWITNESS_KEY": str(folder.parent / "workstation.pem")}


def reopened(folder: Path) -> CaseStore:
    """The same case, to be written to."""
    return open_case(folder, actor=ACTOR, clock=StillClock(), environment=key_environment(folder))


def fill(store: CaseStore) -> None:
    """Entries 4 to 14: two people, an exhibit, its custody, an image, its verification and a report."""
    officer = store.add_person(NewPerson("Imran Hale", Role.OFFICER))
    store.add_person(NewPerson("Maud Okafor", Role.CUSTODIAN, organisation="Property Store"))
    store.add_exhibit(NewExhibit("JB1", "Internal drive", serial="WL1AB2C3"))
    store.add_custody(NewCustodyEvent("JB1", CustodyKind.SEIZE, at(7), received_by=officer.person_id))
    transfer = NewCustodyEvent("JB1", CustodyKind.TRANSFER, at(8), "Imran Hale", "Dana Reyes", reason="examination")
    store.add_custody(transfer)
    image = store.next_image_path("JB1")
    link = store.start_acquisition(job(), "JB1", (str(image),))
    finished = store.finish_acquisition(link, manifest(job()), digest("manifest"), (str(image),))
    store.record_verification(verification(f"{image}.E01"), "JB1", finished.started_sequence)
    stopped = store.start_acquisition(job(), None, ("/evidence/loose",))
    store.stop_acquisition(stopped, "stopped by the operator")
    store.record_report(
        NewReport("JB1-R1", "acquisition", "JB1", NOON, "reports/JB1-R1.pdf", digest("pdf"), store.head().size)
    )


def full_case(folder: Path) -> Path:
    """A closed case with a bit of everything in it."""
    with new_case(folder) as store:
        fill(store)
    return folder


def copied(whole: Path, folder: Path) -> Path:
    """A copy of a case in this folder, its key beside it."""
    folder.mkdir(exist_ok=True)
    shutil.copy(whole.parent / "workstation.pem", folder)
    return Path(shutil.copytree(whole, folder / "case"))


def old_case(folder: Path) -> Path:
    """`full_case` as the program made it before there were copies and checkpoints, at commit fb12b64."""
    folder.mkdir()
    (folder / "case.db").write_bytes(lzma.decompress(OLD_CASE.read_bytes()))
    return folder


@contextmanager
def behind_our_back(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file of a case with its triggers out of the way; they are put back."""
    with closing(sqlite3.connect(folder / "case.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


def attack(folder: Path, *statements: str) -> None:
    """Carry out statements on the file behind our back."""
    with behind_our_back(folder) as connection:
        for statement in statements:
            connection.execute(statement)
