"""What logs of imaging programs say of an acquisition, whatever the locale of the machine that wrote them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image.log_facts import facts_of_logs, log_facts, normal_time

GUYMAGER = """
GUYMAGER ACQUISITION INFO FILE
==============================

Guymager
========

Version              : 0.8.12-1
Host name            : lab-3
System               : Linux lab-3 5.10.0-8-amd64

Device information
==================
Command executed: bash -c "smartctl -a /dev/sdb"
   Device Model:     ST1000LM035
   Serial Number:    WL1AB2C3
Hidden areas: none

Acquisition
===========
Linux device              : /dev/sdb
Device size               : 1000204886016 (1.0TB)
Image meta data
   Case number            : 2026-0113
   Evidence number        : JB1
   Examiner               : Dana Reyes
   Description            :
   Notes                  : WL1AB2C3
Hash calculation          : MD5

Bad sectors encountered during acquisition: 3
State: Finished successfully (with 3 bad sectors)

Acquisition started : 2021-03-15 10:11:12 (ISO format YYYY-MM-DD HH:MM:SS)
Ended               : 2021-03-15 11:02:53 (0 hours, 51 minutes and 41 seconds)
"""
FTK = """Created By AccessData\u00ae FTK\u00ae Imager 4.2.0.13

Case Information:
Case Number: 7
Evidence Number: JB1
Unique description: stick
Examiner: J. Doe
Notes:

[Drive Geometry]
 Bytes per Sector: 512
 Sector Count: {count}
[Physical Drive Information]
 Drive Model: SanDisk Cruzer
 Drive Serial Number:
 Drive Interface Type: USB
Image Information:
 Acquisition started:   Wed Jul 18 12:13:14 2018
 Acquisition finished:  Wed Jul 18 12:20:01 2018
"""


def test_guymager_s_info_file_is_read() -> None:
    found = log_facts("Guymager", GUYMAGER)
    assert found == {
        "program": "Guymager 0.8.12-1",
        "host": "lab-3",
        "system": "Linux lab-3 5.10.0-8-amd64",
        "source": "/dev/sdb",
        "size_bytes": "1000204886016",
        "model": "ST1000LM035",
        "serial": "WL1AB2C3",
        "case_number": "2026-0113",
        "exhibit_reference": "JB1",
        "examiner": "Dana Reyes",
        "notes": "WL1AB2C3",
        "hidden_areas": "none",
        "bad_sectors": "3",
        "state": "Finished successfully (with 3 bad sectors)",
        "started": "2021-03-15T10:11:12",
        "finished": "2021-03-15T11:02:53",
    }


@pytest.mark.parametrize("separator", [",", ".", " ", "\u00a0", "\u202f", "'"])
def test_ftk_s_numbers_are_read_in_any_locale(separator: str) -> None:
    found = log_facts("FTK Imager", FTK.format(count=separator.join(("7", "856", "127"))))
    assert found["sector_count"] == "7856127"
    assert (found["started"], found["finished"]) == ("2018-07-18T12:13:14", "2018-07-18T12:20:01")
    assert (found["model"], found["interface"]) == ("SanDisk Cruzer", "USB")
    assert "serial" not in found
    assert "notes" not in found


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-11-22 20:36:02 +0000", "2026-11-22T20:36:02+00:00"),
        ("2026-11-22 20:36:02 -0330", "2026-11-22T20:36:02-03:30"),
        ("Nov 22, 2026 20:36:03", "2026-11-22T20:36:03"),
        ("Sun Nov  2 08:06:03 2026", "2026-11-02T08:06:03"),
        ("2026-02-31 20:36:02", "2026-02-31 20:36:02"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_time_keeps_its_offset_or_has_none(written: str, time: str) -> None:
    assert normal_time(written) == time


@settings(deadline=None)
@given(st.sampled_from(sorted(facts_of_logs())), st.text(max_size=300))
def test_no_text_is_more_than_facts(program: str, text: str) -> None:
    assert all(isinstance(value, str) for value in log_facts(program, text).values())
