"""Looking at what is attached to this machine."""

from acquire.devices import Device, list_devices


def show_devices() -> tuple[Device, ...]:
    """Every block device, in the order of its path, with partitions and users; nothing is opened for writing."""
    return list_devices()
