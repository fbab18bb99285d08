"""Drives as they are shown: what they say of themselves may be hostile."""

import json
from dataclasses import replace

import pytest

from acquire.devices import Device
from acquire.identity import Identity
from acquire.in_use import Usage
from acquire.sysfs import DeviceNumber
from diskwitness.answer import Answer
from diskwitness.commands.devices import device_json, device_lines

HOSTILE = "WD\x1b]0;owned\x07\u202e\x9b31m\udcff\nSerial: forged"

DRIVE = Device(
    path="/dev/sda",
    name="sda",
    number=DeviceNumber(8, 0),
    size_bytes=4_000_787_030_016,
    sector_size_bytes=512,
    physical_sector_size_bytes=4096,
    identity=Identity(model="ST4000", serial="Z1", bus="sata"),
    read_only=True,
    removable=False,
    rotational=True,
    usage=Usage(mounted=("sda1 mounted at /mnt",)),
)


def _printed(device: Device, capsys: pytest.CaptureFixture[str]) -> str:
    answer = Answer("devices", as_json=False)
    for line in device_lines(device):
        answer.say(line)
    return capsys.readouterr().out


def test_a_drive_is_shown_with_all_that_matters(capsys: pytest.CaptureFixture[str]) -> None:
    partition = replace(DRIVE, path="/dev/sda1", size_bytes=512, file_system="ext4", partition_of="/dev/sda")
    shown = _printed(replace(DRIVE, partitions=(partition,)), capsys)
    assert "4000787030016 bytes (4.00 TB)" in shown
    assert "512 logical, 4096 physical" in shown
    assert "Read-only: yes" in shown
    assert "sda1 mounted at /mnt" in shown
    assert "  /dev/sda1  512 bytes  ext4" in shown


def test_hostile_strings_of_a_drive_are_shown_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = replace(DRIVE, identity=Identity(model=HOSTILE, serial=HOSTILE), usage=Usage(mounted=(HOSTILE,)))
    shown = _printed(hostile, capsys)
    assert not set("\x1b\x07\u202e\x9b\udcff") & set(shown)
    assert len(shown.splitlines()) == len(_printed(DRIVE, capsys).splitlines())


def test_hostile_strings_stay_exact_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer("devices", as_json=True)
    answer.facts["devices"] = [device_json(replace(DRIVE, identity=Identity(model=HOSTILE)))]
    answer.finish()
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed)["devices"][0]["model"] == HOSTILE
