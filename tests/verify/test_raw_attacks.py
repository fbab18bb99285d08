"""The law for split raw images beside what other programs recorded of them: none passes that was tampered with."""

from collections.abc import Callable
from hashlib import md5
from pathlib import Path

import pytest

from tests.sim.foreign_programs import run_program
from tests.verify.evidence import Evidence, disk_content
from tests.verify.segment_attacks import SegmentSetBytes
from tests.verify.test_segment_attacks import assert_no_attack_passes
from verify.verdict import Verdict

PART_BYTES = 20 * 1024
Record = Callable[[str, object], None]


def parts_of(content: bytes) -> tuple[bytes, ...]:
    """The content in parts of the same size, the last one shorter."""
    return tuple(content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES))


CONTENT = disk_content(3 * PART_BYTES - 5 * 1024)
FOREIGN = disk_content(3 * PART_BYTES - 5 * 1024, seed=8)


def split_set(folder: Path, content: bytes, first: int, *beside: str) -> SegmentSetBytes:
    """The content as JB1.001 ... or JB1.000 ... with what is beside it."""
    for number, data in enumerate(parts_of(content), first):
        (folder / f"JB1.{number:03d}").write_bytes(data)
    return SegmentSetBytes.read(folder / f"JB1.{first:03d}", *beside)


def with_list(folder: Path) -> SegmentSetBytes:
    split_set(folder, CONTENT, 1)
    (folder / "JB1.md5").write_text(run_program(folder, "md5sum", "JB1.001", "JB1.002", "JB1.003"))
    return split_set(folder, CONTENT, 1, "JB1.md5")


def with_a_list_for_each(folder: Path) -> SegmentSetBytes:
    for number, data in enumerate(parts_of(CONTENT), 1):
        (folder / f"JB1.{number:03d}.md5").write_text(f"{md5(data).hexdigest()}\n")
    return split_set(folder, CONTENT, 1, *(f"JB1.{number:03d}.md5" for number in range(1, 4)))


def with_ftk_s_log(folder: Path) -> SegmentSetBytes:
    text = f"Created By AccessData\n\n[Computed Hashes]\n MD5 checksum:    {md5(CONTENT).hexdigest()}\n"
    (folder / "JB1.001.txt").write_text(text)
    return split_set(folder, CONTENT, 1, "JB1.001.txt")


def with_dc3dd_s_log(folder: Path) -> SegmentSetBytes:
    (folder / "disk").write_bytes(CONTENT)
    run_program(folder, "dc3dd", "if=disk", "hofs=JB1.000", f"ofsz={PART_BYTES}", "hash=md5", "log=JB1.log")
    return SegmentSetBytes.read(folder / "JB1.000", "JB1.log")


@pytest.mark.parametrize("made", [with_list, with_a_list_for_each, with_ftk_s_log, with_dc3dd_s_log])
def test_no_segment_of_a_raw_image_can_be_tampered_with(
    made: Callable[[Path], SegmentSetBytes], tmp_path: Path, record_property: Record
) -> None:
    for name in ("made", "foreign", "tried"):
        (tmp_path / name).mkdir()
    original = made(tmp_path / "made")
    assert original.segments == parts_of(CONTENT)
    foreign = split_set(tmp_path / "foreign", FOREIGN, 1)
    assert_no_attack_passes(original, tmp_path / "tried", record_property, foreign)


@pytest.mark.parametrize("lists", [("JB1.md5",), ("JB1.001.md5", "JB1.002.md5"), ("MD5SUMS",)])
def test_the_last_segment_alone_does_not_pass_where_a_list_knows_the_first(
    lists: tuple[str, ...], tmp_path: Path
) -> None:
    lines = [f"{md5(data).hexdigest()}  JB1.00{number}\n" for number, data in enumerate(parts_of(CONTENT)[:2], 1)]
    for name, text in zip(lists, ["".join(lines)] if len(lists) == 1 else lines, strict=True):
        (tmp_path / name).write_text(text)
    (tmp_path / "JB1.002").write_bytes(parts_of(CONTENT)[1])
    result = Evidence(tmp_path, tmp_path / "JB1.002", CONTENT).verify()
    assert result.verdict is Verdict.INDETERMINATE
    assert [(item.code, item.segment) for item in result.findings][:1] == [("segment-missing", "JB1.001")]
