"""Checksum files in the forms of the programs that write them."""

import time
from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.checksum_entries import ChecksumEntry, Subject
from image.checksum_files import MAXIMUM_BYTES, parse_checksums, read_checksum_file
from image.errors import ImageNotReadError
from image.foreign_text import MAXIMUM_LINE, decode_text, lines_of
from tests.sim.foreign_programs import run_program

MD5, SHA1, SHA256 = "a" * 32, "b" * 40, "c" * 64


def of_file(algorithm: str, digest: str, name: str) -> ChecksumEntry:
    return ChecksumEntry(algorithm, digest, Subject.FILE, name)


FORMS = [
    (f"{SHA256}  JB1.raw\n", of_file("sha256", SHA256, "JB1.raw")),
    (f"{MD5} *folder/JB1.E01\n", of_file("md5", MD5, "folder/JB1.E01")),
    (f"{MD5}\tC:\\images\\JB1.E01\r\n", of_file("md5", MD5, "C:\\images\\JB1.E01")),
    (f"\\{MD5}  a\\nb\\\\c\n", of_file("md5", MD5, "a\nb\\c")),
    (f"SHA1 (JB1.raw) = {SHA1}\n", of_file("sha1", SHA1, "JB1.raw")),
    (f"\\MD5 (a\\nb) = {MD5}\n", of_file("md5", MD5, "a\nb")),
    (f"SHA2-256(JB1.raw)= {SHA256.upper()}\n", of_file("sha256", SHA256, "JB1.raw")),
    (f"SHA256          {SHA256.upper()}       C:\\JB1.raw \n", of_file("sha256", SHA256, "C:\\JB1.raw")),
    (f"%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n## $ x\n12,{MD5},/a/b,c\n", of_file("md5", MD5, "/a/b,c")),
    (f"\ufeff{MD5}\r\n", ChecksumEntry("md5", MD5, Subject.UNSAID)),
    (f"{MD5}  -\n", ChecksumEntry("md5", MD5, Subject.UNSAID, "-")),
    (f"(stdin)= {SHA1}\n", ChecksumEntry("sha1", SHA1, Subject.UNSAID, "stdin")),
    (f"{MD5}  /dev/sdb\n", ChecksumEntry("md5", MD5, Subject.MEDIA, "/dev/sdb")),
]


@pytest.mark.parametrize(("text", "entry"), FORMS)
def test_each_form_is_read(text: str, entry: ChecksumEntry) -> None:
    assert tuple(parse_checksums(text.removeprefix("\ufeff"))) == (entry,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        f"{'a' * 33}  x\n",
        "MD5 hash verified source : --\n",
        "%%%% \n",
        f"SHA3-256 (x) = {SHA256}\n",
        f"BLAKE2b (x) = {'d' * 128}\n",
        f"SHA512/256 (x) = {SHA256}\n",
        f"RMD160(x)= {SHA1}\n",
        f"MD5 (x) = {SHA1}\n",
        f"%%%% size,tiger,sha3,filename\n1,{SHA1},{SHA256},x\n",
        f"{MD5} {'x' * MAXIMUM_LINE}\n",
    ],
)
def test_other_lines_are_passed_over(text: str) -> None:
    assert tuple(parse_checksums(text)) == ()


def test_several_digests_of_a_row_are_all_read() -> None:
    rows = parse_checksums(f"%%%% size,md5,sha256,filename\n5,{MD5},{SHA256},x\n")
    assert [row.algorithm for row in rows] == ["md5", "sha256"]


@pytest.mark.parametrize("name", ["JB1.b2", "JB1.b2sum", "B2SUMS", "JB1.sha3-256", "JB1.rmd160"])
def test_a_digest_of_the_same_length_is_not_taken_for_another(name: str) -> None:
    assert tuple(parse_checksums(f"{SHA256}  JB1.raw\n", name)) == ()
    assert len(tuple(parse_checksums(f"SHA256 (JB1.raw) = {SHA256}\n", name))) == 1


@pytest.mark.parametrize("name", ["JB2.sha256", "b2.sha256", "tiger.sha3.sha256", "whirlpool.txt", "list"])
def test_the_name_of_the_exhibit_is_no_algorithm(name: str) -> None:
    assert len(tuple(parse_checksums(f"{SHA256}  JB2.raw\n", name))) == 1


def test_a_file_too_large_to_be_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "JB1.md5"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(ImageNotReadError, match="too large"):
        read_checksum_file(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_windows_is_read(encoding: str, tmp_path: Path) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    (tmp_path / "JB1.md5").write_bytes(mark + f"{MD5} *J\u00e4B1.raw\r\n".encode(encoding))
    assert tuple(read_checksum_file(tmp_path / "JB1.md5")) == (of_file("md5", MD5, "J\u00e4B1.raw"),)


@pytest.mark.parametrize("text", ["\n", "\r", f"{'a' * 33}\n", "MD5 (((((((((\n", f"{'a' * 32}  x\n"])
def test_a_file_full_of_lines_is_read_in_a_moment(text: str) -> None:
    started = time.process_time()
    entries = sum(1 for _ in parse_checksums(text * (2 * 1024 * 1024 // len(text))))
    assert entries in (0, 2 * 1024 * 1024 // len(text))
    assert time.process_time() - started < 5


@given(st.binary(max_size=600))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    lines = tuple(lines_of(decode_text(data)))
    assert all(len(line) <= MAXIMUM_LINE for line in lines)
    assert all(item.hex_digest.isalnum() for item in parse_checksums(decode_text(data)))


NAMES = ("JB1.raw", "a b (1) = c.raw")
ESCAPED = "line\nend\\.raw"
"""Neither openssl nor md5sum -z can escape it."""
RUNS = [
    *((("md5sum", *options), name) for options in ((), ("--binary",), ("--tag",)) for name in (*NAMES, ESCAPED)),
    *((("cksum", "-a", "md5"), name) for name in (*NAMES, ESCAPED)),
    *((run, name) for run in (("md5sum", "-z"), ("openssl", "md5"), ("openssl", "md5", "-r")) for name in NAMES),
]


@pytest.mark.parametrize(("run", "name"), RUNS)
def test_what_the_programs_print_is_read(run: tuple[str, ...], name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"evidence")
    text = run_program(tmp_path, *run, name)
    (entry,) = parse_checksums(decode_text(text.encode()))
    assert entry == of_file("md5", md5(b"evidence").hexdigest(), name)
