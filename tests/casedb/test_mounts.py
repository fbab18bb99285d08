"""File systems that two machines can write to are no place for a ledger."""

from pathlib import Path

import pytest

from casedb.mounts import NETWORK_FILE_SYSTEMS, file_system_of, file_system_type, is_network_file_system

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
def test_the_file_system_is_that_of_the_nearest_mount_above(path: str, kind: str) -> None:
    assert file_system_type(MOUNTINFO, path) == kind


def test_no_table_of_mounts_tells_nothing() -> None:
    assert file_system_type("", "/case") is None
    assert not is_network_file_system(None)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb2", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs"])
def test_shares_are_known_as_such(kind: str) -> None:
    assert is_network_file_system(kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk", "exfat", "vfat", "zfs"])
def test_local_disks_are_not_taken_for_shares(kind: str) -> None:
    assert kind not in NETWORK_FILE_SYSTEMS


def test_this_machine_tells_where_a_folder_lies(tmp_path: Path) -> None:
    assert file_system_of(tmp_path) is not None
