"""What is mounted above a path, and which file systems two machines can write to."""

from pathlib import Path

import pytest

from image.mounts import NETWORK_FILE_SYSTEMS, Mount, decode_mount, mount_above, read_mounts

MOUNTINFO = r"""22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
40 22 0:44 / /mnt/share rw,relatime shared:5 - cifs //server/share rw
41 22 0:45 / /mnt/two\040words rw - nfs4 server:/export rw
42 22 8:17 / /mnt/disk rw shared:9 master:1 - fuseblk /dev/sdb1 rw
43 42 0:50 / /mnt/disk/inner rw - fuse.sshfs user@host:/ rw
44 22 0:51 / /mnt/twice rw - nfs server:/a rw
45 22 254:2 / /mnt/twice rw - xfs /dev/vda2 rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/home/lab/case", "ext4"),
        ("/mnt/share", "cifs"),
        ("/mnt/share/cases/1", "cifs"),
        ("/mnt/shared-by-name-only", "ext4"),
        ("/mnt/two words/case", "nfs4"),
        ("/mnt/disk/case", "fuseblk"),
        ("/mnt/disk/inner/case", "fuse.sshfs"),
        ("/mnt/twice/case", "xfs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount_above(tmp_path: Path, path: str, kind: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTINFO)
    mount = mount_above(Path(path), read_mounts(table))
    assert mount is not None
    assert mount.file_system == kind


def test_no_table_of_mounts_tells_nothing(tmp_path: Path) -> None:
    assert mount_above(Path("/case"), read_mounts(tmp_path / "absent")) is None


def test_a_mount_point_with_blanks_and_newlines_is_read_as_it_is() -> None:
    line = r"36 35 98:0 /mnt1 /mnt/a\040b\012c rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
    assert decode_mount(line) == Mount(98, 0, "/mnt/a b\nc", "ext3", "/dev/root")


@pytest.mark.parametrize("line", ["", "x", "1 2 3 4 5 6", "1 2 x:y / / rw - ext4 s rw", "1 2 8:1 / / rw ext4 s"])
def test_a_line_that_is_no_mount_is_passed_over(line: str) -> None:
    assert decode_mount(line) is None


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb2", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs"])
def test_shares_are_known_as_such(kind: str) -> None:
    assert kind in NETWORK_FILE_SYSTEMS


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk", "exfat", "vfat", "zfs"])
def test_local_disks_are_not_taken_for_shares(kind: str) -> None:
    assert kind not in NETWORK_FILE_SYSTEMS


def test_this_machine_tells_where_a_folder_lies(tmp_path: Path) -> None:
    assert mount_above(tmp_path, read_mounts()) is not None
