"""The kernel's read-only flag: set, read back, put back; and its write counters."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from acquire.content_findings import write_findings
from acquire.ioctls import read_only_flag, set_read_only_flag
from acquire.protection import (
    apply_protection,
    plan_protection,
    read_counters,
    restore_protection,
)
from acquire.source import open_node, open_source
from acquire.source_options import SourceOptions
from acquire.sysfs import DeviceNumber, find_node
from image.job import WriteProtection
from tests.sim.block_devices import (
    loop_device,
    mounted,
    needs_program,
    needs_root,
    numbered_image,
    partitioned_loop,
    tool,
)
from tests.sim.sysfs_tree import TreeDisk, build_system

QUIET = SourceOptions(ask_tools=False)
FORCED = SourceOptions(forced=True, ask_tools=False)


def flag_of(path: str) -> bool:
    """The read-only flag of a device now."""
    with open_node(path) as descriptor:
        return read_only_flag(descriptor)


def can_write(path: str) -> bool:
    """Whether a write to the device is let through."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        return os.pwrite(descriptor, bytes(512), 0) == 512
    except PermissionError:
        return False
    finally:
        os.close(descriptor)


def two_partitions(path: Path) -> Path:
    """A disk image with two partitions, the first with a file system."""
    image = numbered_image(path, 32768)
    table = "label: gpt\\nstart=2048, size=8192\\nstart=10240, size=8192\\n"
    tool("sh", "-c", f"printf '{table}' | sfdisk --quiet '{image}'")
    return image


@pytest.mark.root
@needs_root
@needs_program("losetup", "blockdev")
class TestOnDevices:
    """What needs a kernel."""

    def test_the_flag_is_planned_set_and_put_back(self, tmp_path: Path) -> None:
        with (
            loop_device(numbered_image(tmp_path / "disk", 64)) as path,
            open_source(path, QUIET) as opened,
        ):
            plan = plan_protection(opened)
            assert (plan.flag_target, plan.flag_before, plan.flag_during) == (path, False, None)
            assert not flag_of(path)
            applied = apply_protection(plan)
            assert (applied.flag_during, applied.reason_not_set) == (True, None)
            assert not can_write(path)
            restored = restore_protection(applied, opened.facts)
            assert restored.flag_after is False
            assert can_write(path)

    def test_a_flag_that_was_set_before_stays_set(self, tmp_path: Path) -> None:
        with loop_device(numbered_image(tmp_path / "disk", 64)) as path:
            with open_node(path) as descriptor:
                set_read_only_flag(descriptor, read_only=True)
            with open_source(path, QUIET) as opened:
                applied = apply_protection(plan_protection(opened))
                restored = restore_protection(applied, opened.facts)
            assert (restored.flag_before, restored.flag_during, restored.flag_after) == (True, True, True)

    def test_the_journal_alone_is_enough_to_put_the_flag_back(self, tmp_path: Path) -> None:
        with loop_device(numbered_image(tmp_path / "disk", 64)) as path:
            with open_source(path, QUIET) as opened:
                journalled = plan_protection(opened)
                facts = opened.facts
                apply_protection(journalled)
            assert flag_of(path)
            assert restore_protection(journalled, facts).flag_after is False
            assert not flag_of(path)

    def test_the_flag_of_another_drive_under_the_same_name_is_left_alone(self, tmp_path: Path) -> None:
        with loop_device(numbered_image(tmp_path / "disk", 64)) as path:
            with open_source(path, QUIET) as opened:
                applied = apply_protection(plan_protection(opened))
                smaller = replace(opened.facts, size_bytes=opened.facts.size_bytes - 512)
            assert restore_protection(applied, smaller) == applied
            assert flag_of(path)

    def test_a_drive_that_was_pulled_out_gets_its_flag_back(self, tmp_path: Path) -> None:
        disk = numbered_image(tmp_path / "disk", 64)
        with loop_device(disk) as path:
            with open_source(path, QUIET) as opened:
                applied = apply_protection(plan_protection(opened))
                disk.write_bytes(b"")
                tool("losetup", "--set-capacity", path)
                assert restore_protection(applied, opened.facts).flag_after is False
            assert not flag_of(path)

    @needs_program("sfdisk", "partx", "mkfs.ext4", "mount")
    def test_only_the_partition_is_flagged_while_its_neighbour_is_in_use(self, tmp_path: Path) -> None:
        with partitioned_loop(two_partitions(tmp_path / "disk")) as path:
            tool("mkfs.ext4", "-q", "-F", f"{path}p1")
            with mounted(f"{path}p1", tmp_path / "mnt"), open_source(f"{path}p2", QUIET) as opened:
                applied = apply_protection(plan_protection(opened))
                assert (applied.flag_target, applied.flag_during) == (f"{path}p2", True)
                assert (flag_of(path), flag_of(f"{path}p1")) == (False, False)
                assert restore_protection(applied, opened.facts).flag_after is False
            with open_source(f"{path}p2", QUIET) as opened:
                assert plan_protection(opened).flag_target == path

    @needs_program("mkfs.ext4", "mount")
    def test_a_source_in_use_is_not_flagged_and_says_why(self, tmp_path: Path) -> None:
        image = numbered_image(tmp_path / "disk", 8192)
        tool("mkfs.ext4", "-q", "-F", str(image))
        with (
            loop_device(image) as path,
            mounted(path, tmp_path / "mnt") as folder,
            open_source(path, FORCED) as opened,
        ):
            applied = apply_protection(plan_protection(opened))
            assert applied.flag_target is None
            assert applied.reason_not_set == f"in use: {Path(path).name} mounted at {folder}"
            assert not flag_of(path)

    def test_a_write_during_the_job_is_noted(self, tmp_path: Path) -> None:
        with (
            loop_device(numbered_image(tmp_path / "disk", 64)) as path,
            open_source(path, FORCED) as opened,
        ):
            plan = plan_protection(opened)
            descriptor = os.open(path, os.O_RDWR | os.O_SYNC)
            os.pwrite(descriptor, bytes(4096), 0)
            os.close(descriptor)
            (found,) = write_findings(restore_protection(plan, opened.facts))
            sectors_after = restore_protection(plan, opened.facts).sectors_written_after
        assert found.code == "source-written"
        assert sectors_after == (plan.sectors_written_before or 0) + 8

    def test_reading_alone_leaves_the_counters_as_they_were(self, tmp_path: Path) -> None:
        with (
            loop_device(numbered_image(tmp_path / "disk", 64)) as path,
            open_source(path, QUIET) as opened,
        ):
            applied = apply_protection(plan_protection(opened))
            restored = restore_protection(applied, opened.facts)
        assert restored.writes_before is not None
        assert (restored.writes_before, restored.sectors_written_before) == (
            restored.writes_after,
            restored.sectors_written_after,
        )
        assert write_findings(restored) == ()

    def test_a_device_that_is_read_only_by_itself_needs_no_flag(self, tmp_path: Path) -> None:
        image = numbered_image(tmp_path / "disk", 64)
        with loop_device(image, "--read-only") as path, open_source(path, QUIET) as opened:
            applied = apply_protection(plan_protection(opened))
            assert (applied.flag_before, applied.flag_during) == (True, True)


def test_a_file_has_no_flag_and_says_so(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk.raw", 8)
    with open_source(str(image)) as opened:
        plan = plan_protection(opened)
        assert plan == WriteProtection(reason_not_set="the source is no device of this kernel")
        assert restore_protection(apply_protection(plan), opened.facts) == plan


def test_a_target_that_is_gone_is_recorded_not_raised(tmp_path: Path) -> None:
    plan = WriteProtection(flag_target=str(tmp_path / "gone"), flag_before=False)
    applied = apply_protection(plan)
    assert applied.flag_during is False
    assert applied.reason_not_set is not None
    assert applied.reason_not_set.startswith("there is no such source")


@pytest.mark.parametrize(
    ("stat", "counters"),
    [
        ("54 0 2112 125 3 0 24 7 0 100 125 0 0 0 0 0 0", (3, 24)),
        ("54 0 2112 125 3 0 24", (3, 24)),
        ("54 0 2112", (None, None)),
        ("54 0 2112 125 -3 0 24", (None, None)),
        ("", (None, None)),
    ],
)
def test_the_write_counters_are_the_fifth_and_seventh_of_stat(
    tmp_path: Path, stat: str, counters: tuple[int | None, int | None]
) -> None:
    paths = build_system(tmp_path, [TreeDisk("ata1/block/sda", "8:0", {"stat": stat})])
    node = find_node(DeviceNumber(8, 0), paths)
    assert node is not None
    found = read_counters(node)
    assert (found.writes, found.sectors_written) == counters


@pytest.mark.parametrize(
    ("before", "after"), [((5, 40), (5, 40)), ((None, None), (5, 40)), ((5, 40), (None, None))]
)
def test_counters_that_agree_or_are_not_known_are_no_finding(
    before: tuple[int | None, int | None], after: tuple[int | None, int | None]
) -> None:
    protection = WriteProtection(
        writes_before=before[0],
        sectors_written_before=before[1],
        writes_after=after[0],
        sectors_written_after=after[1],
    )
    assert write_findings(protection) == ()
