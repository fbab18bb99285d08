"""What the kernel answers about an open block device: ioctl numbers and their typed forms.

Numbers: Linux kernel, include/uapi/linux/fs.h. All but BLKROSET only ask.
"""

import fcntl
import struct

BLKROSET = 0x125D
BLKROGET = 0x125E
BLKSSZGET = 0x1268
BLKPBSZGET = 0x127B
BLKGETSIZE64 = 0x80081272


def device_size_bytes(descriptor: int) -> int:
    """The size of an open block device in bytes; 0 once the drive is gone.

    Raises:
        OSError: not a block device, or it no longer answers.
    """
    answer = fcntl.ioctl(descriptor, BLKGETSIZE64, bytes(8))
    return int(struct.unpack("=Q", answer)[0])


def logical_sector_size_bytes(descriptor: int) -> int:
    """The smallest unit the device reads, in bytes.

    Raises:
        OSError: not a block device, or it no longer answers.
    """
    return _ask_integer(descriptor, BLKSSZGET)


def physical_sector_size_bytes(descriptor: int) -> int:
    """The unit the device says it stores, in bytes.

    Raises:
        OSError: not a block device, or it no longer answers.
    """
    return _ask_integer(descriptor, BLKPBSZGET)


def read_only_flag(descriptor: int) -> bool:
    """The kernel's read-only flag of the device.

    Raises:
        OSError: not a block device, or it no longer answers.
    """
    return _ask_integer(descriptor, BLKROGET) != 0


def set_read_only_flag(descriptor: int, read_only: bool) -> None:
    """Set or clear the kernel's read-only flag; works through a descriptor opened for reading.

    Raises:
        OSError: EACCES or EPERM without CAP_SYS_ADMIN.
    """
    fcntl.ioctl(descriptor, BLKROSET, struct.pack("=i", int(read_only)))


def _ask_integer(descriptor: int, request: int) -> int:
    """The C int that a request answers."""
    return int(struct.unpack("=i", fcntl.ioctl(descriptor, request, bytes(4)))[0])
