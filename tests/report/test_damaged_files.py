"""The section about files with unread sectors: there only where they were looked for, whole or counted."""

from dataclasses import replace

from casedb.records import SectorRange, VerificationResult
from diskwitness.files_answer import MAXIMUM_LINES, files_json, files_lines
from report.limits import LOG, PAGES, Limits
from report.log import render_log
from report.sections.damaged_files import damaged_files_facts, damaged_files_section
from report.text import render_sections
from tests.report.samples import damaged_manifest, verified
from verify.files.located import (
    AffectedFile,
    AffectedStructure,
    DamagedFiles,
    DamagedPart,
    Holding,
    NotWalked,
    WalkedPartition,
)

MANIFEST = damaged_manifest(12, 9)


def affected(number: int) -> AffectedFile:
    sectors = SectorRange(4096 + 8 * number, 8)
    part = DamagedPart(Holding.CONTENT, sectors, offset_bytes=0)
    return AffectedFile(2, (f"/home/letter-{number}.odt",), 100 + number, "file", 9000, "allocated", 0, 8, (part,))


def found(count: int, *left_out: NotWalked) -> DamagedFiles:
    partition = WalkedPartition(2, "Linux (0x83)", SectorRange(2048, 100_000), "ext4", 0, 8 * count)
    table = AffectedStructure(2, "inode table", "inodes 1 to 16", 0, 8, (SectorRange(3000, 8),))
    files = tuple(affected(number) for number in range(count))
    return DamagedFiles(0, 8 * count + 8, (partition,), files, count, (table,), left_out, "The Sleuth Kit 4.15.0")


def result(files: DamagedFiles | None) -> VerificationResult:
    return replace(verified(MANIFEST), files=files)


def printed(files: DamagedFiles | None, limits: Limits = PAGES) -> str:
    section = damaged_files_section(result(files), limits)
    return "\n".join(render_sections((section,))) if section is not None else ""


def test_the_number_of_files_is_said_first_and_each_is_listed() -> None:
    text = printed(found(37))
    assert "Files that hold unread sectors" in text
    assert "37 files contain unread sectors." in text
    assert all(f"partition 2: /home/letter-{number}.odt" in text for number in range(37))
    assert "inode table (inodes 1 to 16)" in text


def test_a_long_list_is_cut_and_counted() -> None:
    assert "200 of 450 files are printed here" in printed(found(450))
    assert "letter-449" in printed(found(450), LOG)


def test_what_was_not_looked_at_is_told() -> None:
    text = printed(found(1, NotWalked("partition 3 (Linux LVM)", "Cannot determine file system type")))
    assert "1 file contains unread sectors. Not all of the medium could be looked at." in text
    assert "partition 3 (Linux LVM)" in text


def test_no_section_stands_where_nobody_looked() -> None:
    assert printed(None) == ""
    assert damaged_files_facts(None) == ()
    assert damaged_files_facts(result(DamagedFiles(0, 0, (), (), 0, (), (), ""))) == ()


def test_the_log_of_the_image_names_the_files() -> None:
    text = render_log(MANIFEST, result(found(3)))
    assert text.count("3 files contain unread sectors.") == 2
    assert "/home/letter-2.odt" in text


def test_the_screen_shows_a_short_table() -> None:
    lines = files_lines(found(40))
    assert lines[0] == "  40 files hold damaged or unread sectors:"
    assert sum("/home/" in line for line in lines) == MAXIMUM_LINES
    assert f"    and {40 - MAXIMUM_LINES} more files; --json lists them" in lines
    assert files_lines(None) == []


def test_the_json_holds_every_part() -> None:
    told = files_json(found(1, NotWalked("a", "b")))
    assert isinstance(told, dict)
    assert {"partitions", "affected", "structures", "not_walked", "affected_count"} <= told.keys()
    assert told["not_walked"] == [{"where": "a", "reason": "b"}]
