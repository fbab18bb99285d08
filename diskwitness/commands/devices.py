"""`diskwitness devices`: what is attached, and what may be imaged."""

import click

from acquire.devices import Device
from casedb.json_values import Json, json_value
from diskwitness.answer import Answer, answering
from diskwitness.fact_lines import fact_lines
from report.phrases import bytes_text
from workflow.show_devices import show_devices


@click.command("devices")
@click.option("--all", "with_empty", is_flag=True, help="Also devices without a medium, such as free loop devices.")
@answering
def command(answer: Answer, with_empty: bool) -> None:
    """List every block device: identity, size, sector sizes, bus, read-only state, who uses it, partitions."""
    devices = [device for device in show_devices() if with_empty or device.size_bytes]
    answer.facts["devices"] = [device_json(device) for device in devices]
    if not devices:
        answer.say("No block devices with a medium; --all lists the empty ones.")
    for device in devices:
        for line in device_lines(device):
            answer.say(line)
        answer.say()


def device_json(device: Device) -> Json:
    """A device as a JSON object; sizes in bytes."""
    identity = device.identity
    return {
        "path": device.path,
        "model": identity.model,
        "serial": identity.serial,
        "wwn": identity.wwn,
        "firmware": identity.firmware,
        "bus": identity.bus,
        "size": device.size_bytes,
        "logical_sector_size": device.sector_size_bytes,
        "physical_sector_size": device.physical_sector_size_bytes,
        "read_only": device.read_only,
        "removable": device.removable,
        "rotational": device.rotational,
        "file_system": device.file_system,
        "mounted": json_value(device.usage.mounted),
        "swap": json_value(device.usage.swap),
        "held": json_value(device.usage.held),
        "partition_of": device.partition_of,
        "start_sector": device.start_sector,
        "partitions": [device_json(partition) for partition in device.partitions],
        "disagreements": json_value(device.disagreements),
    }


def device_lines(device: Device) -> list[str]:
    """A device as a person reads it, its partitions below it."""
    identity = device.identity
    facts: list[tuple[str, object]] = [
        ("Model", identity.model),
        ("Serial", identity.serial),
        ("Bus", identity.bus),
        ("Size", bytes_text(device.size_bytes)),
        ("Sectors", f"{device.sector_size_bytes} logical, {device.physical_sector_size_bytes} physical"),
        ("Read-only", device.read_only),
        ("In use", "; ".join(device.usage.all) or "no"),
    ]
    facts += [("Identity", f"disagrees: {text}") for text in device.disagreements]
    return [device.path, *fact_lines(facts, "  "), *(_partition_line(item) for item in device.partitions)]


def _partition_line(partition: Device) -> str:
    """A partition in one line."""
    words = [partition.path, bytes_text(partition.size_bytes), partition.file_system, *partition.usage.all]
    return "  " + "  ".join(word for word in words if word)
