"""Checksum files in the forms of the programs that write them."""

from pathlib import Path

import pytest

from image.checksum_files import MAXIMUM_BYTES, ChecksumEntry, parse_checksums, read_checksum_file
from image.errors import ImageNotReadError

MD5, SHA1, SHA256 = "a" * 32, "b" * 40, "c" * 64

FORMS = [
    (f"{SHA256}  JB1.raw\n", ChecksumEntry("sha256", SHA256, "JB1.raw")),
    (f"{MD5} *folder/JB1.E01\n", ChecksumEntry("md5", MD5, "folder/JB1.E01")),
    (f"\\{MD5}  a\\nb\\\\c\n", ChecksumEntry("md5", MD5, "a\nb\\c")),
    (f"SHA1 (JB1.raw) = {SHA1}\n", ChecksumEntry("sha1", SHA1, "JB1.raw")),
    (f"SHA2-256(JB1.raw)= {SHA256.upper()}\n", ChecksumEntry("sha256", SHA256, "JB1.raw")),
    (f"\ufeff{MD5}\r\n", ChecksumEntry("md5", MD5, None)),
    (f"MD5 hash                   : {MD5}\n", ChecksumEntry("md5", MD5, None)),
    (f" SHA1 checksum:   {SHA1} : verified\n", ChecksumEntry("sha1", SHA1, None)),
    (f"SHA256 hash calculated over data:\t\t{SHA256}\n", ChecksumEntry("sha256", SHA256, None)),
    (f"%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n## $ x\n12,{MD5},/a/b,c\n", ChecksumEntry("md5", MD5, "/a/b,c")),
]


@pytest.mark.parametrize(("text", "entry"), FORMS)
def test_each_form_is_read(text: str, entry: ChecksumEntry) -> None:
    assert parse_checksums(text) == (entry,)


@pytest.mark.parametrize("text", ["", "hello\n", f"{'a' * 33}  x\n", "MD5 hash verified source : --\n", "%%%% \n"])
def test_other_lines_are_passed_over(text: str) -> None:
    assert parse_checksums(text) == ()


def test_several_digests_of_a_row_are_all_read() -> None:
    rows = parse_checksums(f"%%%% size,md5,sha256,filename\n5,{MD5},{SHA256},x\n")
    assert [row.algorithm for row in rows] == ["md5", "sha256"]


def test_a_file_too_large_to_be_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "JB1.md5"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(ImageNotReadError, match="too large"):
        read_checksum_file(path)
