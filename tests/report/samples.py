"""Records that the tests of the report print: a healthy one, a damaged and hostile one, one in many scripts."""

import hashlib
from dataclasses import replace

from casedb.records import (
    Acquisition,
    AcquisitionState,
    Case,
    CustodyEvent,
    CustodyKind,
    CustodyWarning,
    Exhibit,
    ExhibitRecord,
    LedgerHead,
    Person,
    Role,
    Verification,
)
from image.findings import Finding, finding
from image.job import (
    CaseFields,
    ExternalReport,
    HostFacts,
    Job,
    Parameters,
    SourceFacts,
    ToolFacts,
    WriteProtection,
)
from image.manifest import Manifest, MediaRecord, SegmentRecord
from image.read_record import (
    DriveCounter,
    JobEvent,
    ReadErrorEvent,
    ReadRecord,
    SlowArea,
    SpeedSample,
    TemperatureSample,
)
from image.sectors import SectorRange
from image.times import Instant
from report.document import Issue, Letterhead
from verify.verdict import VerificationResult

HOSTILE = (
    'WDC <b>WD10</i> <img src="file:///etc/passwd"/> &amp; \u202e\u0000\u0007 [bell]\nVerdict: PASSED\u2028'
    "\udcff\ufeff \ue000 " + "x" * 300
)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 3) -> Instant:
    """An instant in March 2026 in a zone one hour east of UTC."""
    return Instant(f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.000000Z", 60)


def digest(text: str) -> str:
    """A SHA-256 that is as good as any."""
    return hashlib.sha256(text.encode()).hexdigest()


EXAMINER = Person(
    "p1", "Dana Reyes", Role.EXAMINER, "FE-114", "Northgate Digital Forensics", "+44 20 7946 0001", None
)
OFFICER = Person("p2", "PC Imran Hale", Role.OFFICER, "4471", "Northgate Police", None, "i.hale@northgate.example")
KEEPER = Person("p3", "Maud Okafor", Role.CUSTODIAN, "ST-9", "Northgate Property Store")

CASE = Case(
    "b7c1f0de-0000-4000-8000-000000000001",
    "2026-0113",
    "Northgate Digital Forensics",
    EXAMINER,
    at(8, 0, day=1),
    "R v. Sample",
    "Seizure of a laptop computer at 4 Mill Lane.\nOnly the internal drive is in scope.",
    "Search warrant 88/2026, Northgate Magistrates' Court, 28 February 2026",
)

EXHIBIT = Exhibit(
    "JB1",
    "Internal drive of a silver laptop computer",
    at(9, 5, day=2),
    4,
    "hard disk drive",
    "Seagate",
    "ST1000LM035",
    "WL1AB2C3",
    "1 TB",
    "No visible damage; two screws missing",
    "S-220017",
    "Store room 2, shelf 14",
)

SOURCE = SourceFacts(
    "/dev/sdb",
    "block device",
    1_000_204_886_016,
    512,
    4096,
    "ST1000LM035-1RK172",
    "WL1AB2C3",
    "0x5000c500a1b2c3d4",
    "SBM2",
    "sata",
    False,
    True,
    None,
    ("gpt",),
    (ExternalReport("smartctl", "7.3", ("--json", "-x", "/dev/sdb"), '{"smart_status": {"passed": true}}'),),
)

TOOL = ToolFacts(
    "diskwitness",
    "0.1.0",
    digest("program"),
    "3.11.2",
    {"isal": "1.8.0", "msgspec": "0.20.0", "reportlab": "5.1.0"},
)

HOST = HostFacts(
    "bench-2", "dreyes", "Debian GNU/Linux 12 (bookworm)", "6.1.0-31-amd64", "synchronised (NTP), offset 0.4 ms"
)

PROTECTION = WriteProtection("/dev/sdb", False, True, True, None, 0, 0, 0, 0, "Tableau T35u, serial 000ECC11")

PARAMETERS = Parameters(
    "e01",
    "fast",
    64,
    2_097_152_000,
    ("md5", "sha1", "sha256"),
    0,
    1_953_525_168,
    2,
    1,
    "continue",
    0,
    False,
    "7d9c2c7e-18a5-4f0e-9d0b-2f9b6c1b7f10",
    ("diskwitness", "acquire", "/dev/sdb", "--exhibit", "JB1"),
)

JOB = Job(
    TOOL,
    HOST,
    SOURCE,
    PARAMETERS,
    PROTECTION,
    CaseFields("2026-0113", "JB1", "Dana Reyes", "Northgate Digital Forensics", EXHIBIT.description, None),
    at(10, 0),
)


def segments(count: int, sector_count: int, name: str = "JB1") -> tuple[SegmentRecord, ...]:
    """A segment set over this many sectors, named as raw pieces."""
    each = sector_count // count
    return tuple(
        SegmentRecord(
            f"{name}.E{number:02d}" if count < 100 else f"{name}.{number:03d}",
            2_097_100_000 + number,
            digest(f"segment {number}"),
            (number - 1) * each,
            each if number < count else sector_count - (count - 1) * each,
            digest(f"media {number}"),
        )
        for number in range(1, count + 1)
    )


def speeds(sector_count: int, count: int = 120) -> tuple[SpeedSample, ...]:
    """The speed of a rotating drive, which falls towards its end, with a slow stretch in the middle."""
    each = sector_count // count
    return tuple(
        SpeedSample(
            index * each, each, each * 512 / 1e6 / (140 - 70 * (index / count) ** 2) * (4 if index == 61 else 1)
        )
        for index in range(count)
    )


HEALTHY = Manifest(
    JOB,
    MediaRecord(
        1_000_204_886_016,
        512,
        {
            "md5": hashlib.md5(b"media", usedforsecurity=False).hexdigest(),
            "sha1": hashlib.sha1(b"media", usedforsecurity=False).hexdigest(),
            "sha256": digest("media"),
        },
    ),
    segments(24, 1_953_525_168),
    ReadRecord(
        speed=speeds(1_953_525_168),
        events=(JobEvent(at(10, 0, 2), "read-only flag", "set on /dev/sdb; it was off"),),
        zero_sectors=812_004_112,
        incompressible_sectors=401_772_800,
        temperatures=tuple(TemperatureSample(at(10, minute), 31 + minute // 8) for minute in range(1, 60)),
    ),
    at(12, 41, 17),
)


def verified(
    manifest: Manifest, findings: tuple[Finding, ...] = (), image: str = "images/JB1/JB1.E01"
) -> VerificationResult:
    """A verification of this image which computed what was recorded."""
    stored = {name: value for name, value in manifest.media.digests.items() if name != "sha256"}
    return VerificationResult(
        image,
        "ewf-e01" if manifest.job.parameters.format == "e01" else "raw",
        manifest.media.size_bytes,
        manifest.media.sector_size_bytes,
        manifest.segments,
        dict(manifest.media.digests),
        dict(stored),
        manifest.read.unreadable,
        findings,
        at(12, 41, 30),
        at(14, 2, 9),
        ("stored", "manifest"),
        digest("manifest"),
        from_medium=True,
        second_opinion="libewf 20240506 decoded the same data",
    )


CUSTODY = (
    CustodyEvent(
        5,
        "JB1",
        CustodyKind.SEIZE,
        at(7, 40, day=1),
        at(9, 6, day=2),
        None,
        OFFICER,
        None,
        "Search of 4 Mill Lane",
        "4 Mill Lane, Northgate",
        "Northgate Police Station",
        None,
        "S-220011",
        "Laptop switched off, lid closed",
    ),
    CustodyEvent(
        6,
        "JB1",
        CustodyKind.TRANSFER,
        at(9, 30, day=2),
        at(9, 31, day=2),
        OFFICER,
        EXAMINER,
        None,
        "Imaging",
        "Northgate Police Station",
        "Laboratory, bench 2",
        "S-220011",
        "S-220017",
        "Seal intact",
    ),
    CustodyEvent(
        10,
        "JB1",
        CustodyKind.TRANSFER,
        at(15, 10),
        at(15, 12),
        EXAMINER,
        KEEPER,
        None,
        "Storage",
        "Laboratory, bench 2",
        "Store room 2, shelf 14",
        None,
        "S-220018",
        None,
    ),
)

HEAD = LedgerHead(CASE.ledger_id, 10, digest("entry 10"), digest("root 10"))


def record_of(manifest: Manifest, result: VerificationResult | None) -> ExhibitRecord:
    """The record of one exhibit with one acquisition and at most one verification."""
    acquisition = Acquisition(
        7,
        "JB1",
        AcquisitionState.COMPLETE,
        ("images/JB1/JB1",),
        manifest.job,
        manifest.job.started,
        8,
        manifest.finished,
        manifest,
        digest("manifest"),
    )
    verifications = (Verification(9, "JB1", 7, at(14, 2, 10), result),) if result else ()
    return ExhibitRecord(CASE, EXHIBIT, CUSTODY, (), (acquisition,), verifications, (), HEAD)


def healthy_record() -> ExhibitRecord:
    """A drive without a fault, imaged and verified."""
    return record_of(HEALTHY, verified(HEALTHY))


def damaged_manifest(segment_count: int = 3_000, range_count: int = 5_000) -> Manifest:
    """A drive with many unreadable ranges, named by a stranger, imaged to many pieces."""
    sector_count = 31_251_759_104
    step = sector_count // (range_count + 1)
    unreadable = tuple(SectorRange(step * (index + 1), 1 + index % 7) for index in range(range_count))
    errors = tuple(
        ReadErrorEvent(at(10, 1 + index % 50), item, "EIO", 1) for index, item in enumerate(unreadable[:1000])
    )
    read = ReadRecord(
        unreadable=unreadable,
        error_count=3 * range_count,
        errors=errors,
        speed=speeds(sector_count, 2_000),
        events=(JobEvent(at(10, 5), "warning", HOSTILE),),
        kernel_messages=tuple(
            f"[{index}.0] blk_update_request: I/O error, dev sdb {HOSTILE[:60]}" for index in range(150)
        ),
        zero_sectors=5,
        slow=tuple(
            SlowArea(SectorRange(sector_count // 140 * index, 4096), 3.0 + index) for index in range(2, 130)
        ),
        counters=(
            DriveCounter("Pending sectors", 88, 91),
            DriveCounter("Power-on hours", None, 1234),
            DriveCounter("Reallocated sectors", 2000, 2000),
        ),
        reports_after=(ExternalReport("smartctl", HOSTILE, ("--json=c", "-x", "--", "/dev/sdb"), HOSTILE),),
    )
    source = replace(
        SOURCE, size_bytes=sector_count * 512, model=HOSTILE, serial="\u202eCBA", path="/dev/" + "s" * 200, wwn=None
    )
    written = replace(PROTECTION, writes_after=3, sectors_written_after=24, blocker=None)
    job = replace(
        JOB,
        source=source,
        protection=written,
        parameters=replace(PARAMETERS, format="raw", compression=None, chunk_sectors=None, padded_bytes=100),
        laboratory={"sop": HOSTILE},
    )
    media = replace(HEALTHY.media, size_bytes=sector_count * 512)
    findings = (
        finding("media-high-entropy", "99.7 % of the chunks could not be compressed"),
        finding("source-written", "3 writes, 24 sectors of 512 bytes", expected="0", found="3"),
    )
    return Manifest(job, media, segments(segment_count, sector_count), read, at(23, 59), findings)


def damaged_record(segment_count: int = 3_000, range_count: int = 5_000) -> ExhibitRecord:
    """The damaged drive in a case with hostile strings everywhere, and a verification that failed."""
    manifest = damaged_manifest(segment_count, range_count)
    findings = (
        finding(
            "segment-digest",
            "the file was changed",
            segment="JB1.017",
            offset_bytes=0,
            sectors=SectorRange(166_676_048, 10_417_253),
            expected=digest("segment 17"),
            found=digest("changed"),
        ),
        finding("segment-missing", HOSTILE, segment="JB1.2999"),
    )
    record = record_of(manifest, verified(manifest, findings, "images/JB1/JB1.001"))
    stranger = replace(OFFICER, name=HOSTILE, organisation="A" * 400)
    custody = (replace(CUSTODY[0], received_by=stranger, note=HOSTILE, to_place=HOSTILE), *CUSTODY[1:])
    return replace(
        record,
        case=replace(CASE, number=HOSTILE, description=HOSTILE, title="T" * 5_000),
        exhibit=replace(EXHIBIT, description=HOSTILE, condition=HOSTILE),
        custody=custody,
        custody_warnings=(
            CustodyWarning("custody-gap", 6, f"entry 6: released by {HOSTILE}, who did not hold it"),
        ),
    )


def many_scripts_record() -> ExhibitRecord:
    """A record of people and things written in Greek, Cyrillic, Arabic, Hebrew, Thai, Devanagari and Chinese."""
    record = healthy_record()
    officer = replace(OFFICER, name="أحمد بن علي الخطيب", organisation="شرطة المدينة (القسم 12)")
    keeper = replace(KEEPER, name="יעל כהן-לוי", organisation="מחסן ראיות")
    examiner = replace(EXAMINER, name="Ольга Щербакова", organisation="Εργαστήριο Εγκληματολογίας")
    return replace(
        record,
        case=replace(
            CASE,
            examiner=examiner,
            title="Υπόθεση Παπαδοπούλου – Дело № 113/2026",
            agency="科学警察研究所",
            description="ฮาร์ดดิสก์ภายในเครื่อง\nआंतरिक हार्ड डिस्क\n内蔵ハードディスク・하드 디스크\n\U0001f4a9 \u13a0",
        ),
        exhibit=replace(
            EXHIBIT,
            description="קרן قرص صلب داخلي (1 TB) serial WL1AB2C3 من حاسوب محمول",
            condition="Без видимых повреждений; наклейка «Собственность № 7»",
            location="保管庫２，第十四層",
        ),
        custody=(
            replace(CUSTODY[0], received_by=officer),
            replace(CUSTODY[1], released_by=officer, received_by=examiner),
            replace(CUSTODY[2], released_by=examiner, received_by=keeper),
        ),
    )


ISSUE = Issue(
    "R-2026-0113-JB1-1",
    at(16, 0),
    "Dana Reyes",
    letterhead=Letterhead(
        "Northgate Digital Forensics", ("Unit 3, Canal Wharf", "Northgate NG1 4QX"), "Example 0000"
    ),
)
