"""Logs of imaging programs: which of their digests are of the media, and which of the files they wrote."""

from hashlib import md5, sha1, sha256
from pathlib import Path

import pytest

from image.checksum_entries import ChecksumEntry, Subject
from image.checksum_files import parse_checksums, read_checksum_file
from image.imaging_logs import log_form_of
from tests.sim.foreign_programs import run_program

CONTENT = bytes(range(256)) * 8192
MD5, SHA1, SHA256 = md5(CONTENT).hexdigest(), sha1(CONTENT).hexdigest(), sha256(CONTENT).hexdigest()
OTHER = "0" * 32
MEDIA_MD5 = ChecksumEntry("md5", MD5, Subject.MEDIA)
MEDIA_SHA1 = ChecksumEntry("sha1", SHA1, Subject.MEDIA)
MEDIA_SHA256 = ChecksumEntry("sha256", SHA256, Subject.MEDIA)

GUYMAGER = f"""
GUYMAGER ACQUISITION INFO FILE
==============================

Device information
==================
Command executed: bash -c "smartctl -a /dev/sdb"
   MD5 hash                   : {OTHER}

Hash calculation        : MD5 and SHA-256
State: Finished successfully (with 3 bad sectors)

MD5 hash                   : {MD5}
MD5 hash verified source   : {OTHER}
MD5 hash verified image    : --
SHA1 hash                  : --
SHA256 hash                : {SHA256}

Generated image files and their MD5 hashes
==========================================

MD5                               Image file
{OTHER}  JB1.E01
n/a                               JB1.E02
"""
GERMAN_GUYMAGER = f"""
GUYMAGER INFO-DATEI ZUR AKQUISITION
===================================
MD5-Hash                      : {MD5}
MD5-Hash Quellmedium verifiziert: {OTHER}
"""
FRENCH_GUYMAGER = f"""
GUYMAGER FICHIER
Hash MD5               : {MD5}
Hash MD5 source v\u00e9rifi\u00e9: {OTHER}
"""
FTK = f"""Created By AccessData\u00ae FTK\u00ae Imager 4.2.0.13

Case Information:
Notes:

[Computed Hashes]
 MD5 checksum:    {MD5}
 SHA1 checksum:   {SHA1}

Image Information:
 Segment list:
  E:\\JB1.E01

Image Verification Results:
 MD5 checksum:    {OTHER} : Mismatch
 SHA1 checksum:   {SHA1} : verified
"""
TABLEAU = f"""
-----------------------------Start of TD3 Log Entry-----------------------------
Acquisition MD5:   {OTHER}
------------------------------End of TD3 Log Entry------------------------------
-----------------------------Start of TD3 Log Entry-----------------------------
Acquisition MD5:   {MD5}
Acquisition SHA-1: {SHA1}
Verification MD5:   {OTHER}
------------------------------End of TD3 Log Entry------------------------------
"""
X_WAYS = f"""08/08/2018, 14:32:43
X-Ways Forensics 19.6 SR-6 x64
Destination: C:\\JB1.e01

Hash of source data: {MD5.upper()} (MD5)
"""


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (GUYMAGER, {MEDIA_MD5, MEDIA_SHA256, ChecksumEntry("md5", OTHER, Subject.FILE, "JB1.E01")}),
        (GERMAN_GUYMAGER, {MEDIA_MD5}),
        (FRENCH_GUYMAGER, {MEDIA_MD5}),
        (FTK, {MEDIA_MD5, MEDIA_SHA1}),
        (TABLEAU, {MEDIA_MD5, MEDIA_SHA1}),
        (X_WAYS, {MEDIA_MD5}),
    ],
    ids=["Guymager", "Guymager de", "Guymager fr", "FTK", "Tableau", "X-Ways"],
)
def test_the_digests_of_the_acquisition_are_read(text: str, entries: set[ChecksumEntry]) -> None:
    assert set(parse_checksums(text)) == entries
    assert set(parse_checksums(text.replace("\n", "\r\n"))) == entries


def test_ftk_s_log_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "JB1.E01.txt").write_bytes(FTK.replace("\n", "\r\n").encode("utf-16"))
    assert set(read_checksum_file(tmp_path / "JB1.E01.txt")) == {MEDIA_MD5, MEDIA_SHA1}


def test_other_texts_are_no_logs() -> None:
    assert log_form_of(f"Notes of the examiner\nMD5 hash : {MD5}\n") is None
    assert log_form_of("x" * 5000 + "\nGUYMAGER ACQUISITION INFO FILE\n") is None


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "disk.raw"
    path.write_bytes(CONTENT)
    return path


def test_the_logs_of_ewfacquire_and_ewfverify_are_read(source: Path) -> None:
    folder = source.parent
    run_program(folder, "ewfacquire", "-q", "-u", "-d", "sha1,sha256", "-t", "JB1", "-l", "a.log", "disk.raw")
    run_program(folder, "ewfverify", "-q", "-d", "sha256", "-l", "v.log", "JB1.E01")
    assert set(read_checksum_file(folder / "a.log")) == {MEDIA_MD5, MEDIA_SHA1, MEDIA_SHA256}
    assert set(read_checksum_file(folder / "v.log")) == {MEDIA_MD5, MEDIA_SHA256}


def test_what_ewfverify_found_stored_counts_and_not_what_it_computed() -> None:
    text = f"MD5 hash stored in file:\t\t{MD5}\nMD5 hash calculated over data:\t\t{OTHER}\n"
    assert tuple(parse_checksums(text)) == (MEDIA_MD5,)


@pytest.mark.parametrize("log", ["log", "hlog", "mlog"])
def test_the_logs_of_dc3dd_are_read(log: str, source: Path) -> None:
    folder = source.parent
    run_program(folder, "dc3dd", "if=disk.raw", "hof=JB1.raw", "hash=md5", "hash=sha256", f"{log}=JB1.{log}")
    assert set(read_checksum_file(folder / f"JB1.{log}")) == {MEDIA_MD5, MEDIA_SHA256}


@pytest.mark.parametrize("log", ["log", "mlog"])
def test_the_files_that_dc3dd_wrote_are_read_by_name(log: str, source: Path) -> None:
    folder = source.parent
    run_program(folder, "dc3dd", "if=disk.raw", "hofs=JB1.000", "ofsz=1M", "hash=md5", f"{log}=JB1.{log}")
    halves = {
        ChecksumEntry("md5", md5((folder / name).read_bytes()).hexdigest(), Subject.FILE, name)
        for name in ("JB1.000", "JB1.001")
    }
    assert set(read_checksum_file(folder / f"JB1.{log}")) == {MEDIA_MD5, *halves}


def test_the_last_job_in_a_log_of_dc3dd_counts(source: Path) -> None:
    folder = source.parent
    (folder / "other.raw").write_bytes(b"another disk".ljust(512))
    for name in ("other", "disk"):
        run_program(folder, "dc3dd", f"if={name}.raw", f"of={name}.copy", "hash=md5", f"log={name}.log")
    both = (folder / "other.log").read_text() + (folder / "disk.log").read_text()
    assert tuple(parse_checksums(both)) == (MEDIA_MD5,)


def test_the_logs_of_dcfldd_are_read(source: Path) -> None:
    folder = source.parent
    run_program(
        folder, "dcfldd", "if=disk.raw", "of=JB1.raw", "hash=md5,sha256", "hashwindow=1M", "hashlog=JB1.hashlog"
    )
    assert set(read_checksum_file(folder / "JB1.hashlog")) == {MEDIA_MD5, MEDIA_SHA256}
