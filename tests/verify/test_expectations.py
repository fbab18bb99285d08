"""What other programs recorded of an image is held against what they meant: the container, or its content."""

from hashlib import md5, sha256
from pathlib import Path

import pytest

from image.errors import ImageNotReadError
from image.sectors import SectorRange
from tests.sim.foreign_programs import run_program
from tests.verify.evidence import Evidence, disk_content, make_evidence
from verify.verdict import Verdict, VerificationResult

CONTENT = disk_content(96 * 1024)
MEDIA_MD5, MEDIA_SHA256 = md5(CONTENT).hexdigest(), sha256(CONTENT).hexdigest()
WRONG = "0" * 32


@pytest.fixture
def e01(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT).writable().without_manifest()


@pytest.fixture
def raw(tmp_path: Path) -> Evidence:
    (tmp_path / "JB1.raw").write_bytes(CONTENT)
    return Evidence(tmp_path, tmp_path / "JB1.raw", CONTENT)


@pytest.fixture
def split(tmp_path: Path) -> Evidence:
    for number in range(3):
        (tmp_path / f"JB1.{number + 1:03d}").write_bytes(CONTENT[number * 32768 : (number + 1) * 32768])
    return Evidence(tmp_path, tmp_path / "JB1.001", CONTENT)


def told(result: VerificationResult) -> tuple[Verdict, list[str]]:
    codes = [finding.code for finding in result.findings if finding.code != "sparse-file"]
    return result.verdict, codes


def ftk(digest: str) -> str:
    return f"Created By AccessData FTK Imager 4\n\n[Computed Hashes]\n MD5 checksum:    {digest}\n"


def file_md5(path: Path) -> str:
    return md5(path.read_bytes()).hexdigest()


def test_md5sum_of_the_container_is_not_held_against_the_content(e01: Evidence) -> None:
    (e01.folder / "JB1.E01.md5").write_text(run_program(e01.folder, "md5sum", "JB1.E01"))
    result = e01.verify()
    assert told(result) == (Verdict.PASSED, [])
    assert result.compared_with == ("stored", "JB1.E01.md5")
    (e01.folder / "JB1.E01.md5").write_text(f"{MEDIA_MD5}  JB1.E01\n")
    assert told(e01.verify()) == (Verdict.FAILED, ["segment-digest"])


def test_ftk_s_log_is_of_the_content_and_not_of_the_container(e01: Evidence) -> None:
    (e01.folder / "JB1.E01.txt").write_text(ftk(MEDIA_MD5))
    result = e01.verify()
    assert (told(result), result.compared_with) == ((Verdict.PASSED, []), ("stored", "JB1.E01.txt"))
    (e01.folder / "JB1.E01.txt").write_text(ftk(file_md5(e01.first)))
    assert told(e01.verify()) == (Verdict.FAILED, ["expected-digest"])


@pytest.mark.parametrize("form", ["{}\n", "{}  -\n"])
@pytest.mark.parametrize("name", ["JB1.md5", "JB1.E01.md5"])
def test_a_digest_that_does_not_say_of_what_may_be_of_either(form: str, name: str, e01: Evidence) -> None:
    for digest, verdict in ((MEDIA_MD5, True), (file_md5(e01.first), True), (WRONG, False)):
        (e01.folder / name).write_text(form.format(digest))
        result = e01.verify()
        assert told(result) == ((Verdict.PASSED, []) if verdict else (Verdict.FAILED, ["expected-digest"]))
        assert name in result.compared_with


def test_the_digest_of_the_drive_is_of_the_content(e01: Evidence) -> None:
    (e01.folder / "JB1.sha256").write_text(f"{MEDIA_SHA256}  /dev/sdb\n")
    assert told(e01.verify()) == (Verdict.PASSED, [])
    (e01.folder / "JB1.sha256").write_text(f"{'0' * 64}  /dev/sdb\n")
    assert told(e01.verify()) == (Verdict.FAILED, ["expected-digest"])


def test_a_list_of_other_files_is_a_note_beside_the_image_and_a_gap_when_it_is_named(e01: Evidence) -> None:
    path = e01.folder / "JB1.md5"
    path.write_text(f"{WRONG}  JB2.E01\n{WRONG}  JB1.dd\n")
    assert told(e01.verify()) == (Verdict.PASSED, ["checksum-file-unrelated"])
    assert told(e01.verify(checksum_files=(path,))) == (Verdict.INDETERMINATE, ["checksum-file"])


def test_a_list_that_contradicts_itself_is_not_believed(raw: Evidence) -> None:
    (raw.folder / "JB1.md5").write_text(f"{MEDIA_MD5}  a/JB1.raw\n{WRONG}  b/JB1.raw\n")
    assert told(raw.verify()) == (
        Verdict.INDETERMINATE,
        ["checksum-file", "checksum-file-unrelated", "nothing-to-compare"],
    )


def test_a_checksum_file_without_any_digest_leaves_the_verdict_open(e01: Evidence) -> None:
    (e01.folder / "JB1.md5").write_text("no digest\n")
    assert told(e01.verify()) == (Verdict.INDETERMINATE, ["checksum-file"])


@pytest.mark.parametrize("name", ["JB1.txt", "JB1.log", "JB1.info"])
def test_a_text_that_is_no_log_of_a_known_program_is_no_promise(name: str, e01: Evidence) -> None:
    (e01.folder / name).write_text(f"Notes: MD5 {WRONG}\n{WRONG}\n")
    assert told(e01.verify()) == (Verdict.PASSED, [])


def test_a_log_too_large_to_be_read_is_a_gap_and_any_other_large_text_is_nothing(e01: Evidence) -> None:
    for name, start in (("JB1.log", b"\ndc3dd 7.2.646 started at now\n"), ("JB1.txt", b"notes")):
        with (e01.folder / name).open("wb") as file:
            file.write(start.ljust(8192, b"x"))
            file.truncate(2**26)
    assert told(e01.verify()) == (Verdict.INDETERMINATE, ["checksum-file"])


def test_a_list_of_the_folder_is_found(split: Evidence) -> None:
    text = run_program(split.folder, "sha256sum", "JB1.001", "JB1.002", "JB1.003")
    (split.folder / "SHA256SUMS").write_text(f"{text}{'0' * 64}  other.txt\n")
    result = split.verify()
    assert (told(result), result.compared_with) == ((Verdict.PASSED, []), ("SHA256SUMS",))


def test_each_segment_may_have_a_file_of_its_own(split: Evidence) -> None:
    for path in split.segments:
        (split.folder / f"{path.name}.md5").write_text(f"{file_md5(path)}\n")
    assert told(split.verify()) == (Verdict.PASSED, [])
    (split.folder / "JB1.002.md5").write_text(f"{WRONG}\n")
    assert told(split.verify()) == (Verdict.FAILED, ["expected-digest"])


def test_a_segment_that_no_digest_speaks_of_leaves_the_verdict_open(split: Evidence) -> None:
    (split.folder / "JB1.md5").write_text(run_program(split.folder, "md5sum", "JB1.001", "JB1.002"))
    result = split.verify()
    assert told(result) == (Verdict.INDETERMINATE, ["nothing-to-compare"])
    assert result.findings[-1].segment == "JB1.003"


def test_a_listed_segment_that_is_gone_is_missing_though_it_was_the_last(split: Evidence) -> None:
    (split.folder / "JB1.md5").write_text(run_program(split.folder, "md5sum", "JB1.001", "JB1.002", "JB1.003"))
    (split.folder / "JB1.003").unlink()
    result = split.verify()
    assert (result.verdict, result.findings[0].code) == (Verdict.INDETERMINATE, "segment-missing")
    assert result.findings[0].segment == "JB1.003"


def test_a_list_made_on_windows_names_the_same_files(e01: Evidence) -> None:
    (e01.folder / "JB1.md5").write_bytes(f"{file_md5(e01.first).upper()} *X:\\IMAGES\\jb1.e01\r\n".encode("utf-16"))
    result = e01.verify()
    assert (told(result), result.compared_with) == ((Verdict.PASSED, []), ("stored", "JB1.md5"))


def test_a_checksum_file_is_read_wherever_it_is_named(raw: Evidence, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "list.any"
    path.parent.mkdir()
    path.write_text(f"SHA512 ({raw.first}) = {'0' * 128}\n")
    assert told(raw.verify(checksum_files=(path,))) == (Verdict.FAILED, ["segment-digest"])
    with pytest.raises(ImageNotReadError):
        raw.verify(checksum_files=(tmp_path / "absent",))


def test_a_log_that_a_person_names_is_compared_in_its_own_algorithm(raw: Evidence, tmp_path: Path) -> None:
    path = tmp_path / "ftk.log"
    path.write_text(ftk(MEDIA_MD5))
    result = raw.verify(checksum_files=(path,), algorithms=("sha256",))
    assert (told(result), set(result.digests)) == ((Verdict.PASSED, []), {"md5", "sha256"})


def test_a_digest_of_another_algorithm_is_never_taken_for_ours(raw: Evidence) -> None:
    (raw.folder / "JB1.sha256").write_text(f"SHA3-256 (JB1.raw) = {'0' * 64}\nSHA256 (JB1.raw) = {MEDIA_SHA256}\n")
    assert told(raw.verify()) == (Verdict.PASSED, [])


def test_what_dc3dd_and_ewfacquire_log_of_this_disk_passes(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(CONTENT)
    run_program(tmp_path, "dc3dd", "if=disk.raw", "hofs=A.000", "ofsz=32K", "hash=md5", "log=A.log")
    run_program(tmp_path, "ewfacquire", "-q", "-u", "-d", "sha256", "-t", "B", "-l", "B.log", "disk.raw")
    for name, logged in (("A.000", ("A.log",)), ("B.E01", ("stored", "B.log"))):
        result = Evidence(tmp_path, tmp_path / name, CONTENT).verify()
        assert (told(result), result.compared_with) == ((Verdict.PASSED, []), logged)


MAP = """# Mapfile. Created by GNU ddrescue version 1.27
0x00000000     +               1
0x00000000  0x00001000  +
0x00001000  0x00000400  -
0x00001400  0x00016C00  +
"""


@pytest.mark.parametrize("name", ["JB1.map", "JB1.mapfile", "JB1.raw.map", "JB1.raw.mapfile", "JB1.log"])
def test_a_map_of_ddrescue_is_found_beside_a_raw_image(name: str, raw: Evidence) -> None:
    (raw.folder / name).write_text(MAP)
    result = raw.verify()
    assert tuple(result.bad_sectors) == (SectorRange(8, 2),)
    assert told(result) == (Verdict.INDETERMINATE, ["nothing-to-compare"])


def test_an_e01_does_not_answer_for_the_map_of_a_raw_copy(e01: Evidence) -> None:
    (e01.folder / "JB1.mapfile").write_text(MAP)
    (e01.folder / "JB1.log").write_text(MAP)
    assert told(e01.verify()) == (Verdict.PASSED, [])
    result = e01.verify(bad_sector_map=e01.folder / "JB1.mapfile")
    assert told(result) == (Verdict.FAILED, ["unreadable-ranges"])


def test_a_map_is_read_under_any_name_that_is_given(raw: Evidence, tmp_path: Path) -> None:
    (tmp_path / "any name").write_text(MAP.replace("0x00000400  -", "0x00000400  /"))
    result = raw.verify(bad_sector_map=tmp_path / "any name")
    assert told(result) == (Verdict.INDETERMINATE, ["nothing-to-compare", "acquisition-incomplete"])
    with pytest.raises(ImageNotReadError):
        raw.verify(bad_sector_map=raw.first)


def test_a_map_that_ddrescue_makes_here_is_read(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(CONTENT)
    run_program(tmp_path, "ddrescue", "-q", "disk", "JB1.dd", "JB1.dd.map")
    run_program(tmp_path, "split", "-b", "32K", "-a", "3", "--numeric-suffixes=1", "JB1.dd", "JB1.dd.")
    (tmp_path / "JB1.md5").write_text(f"{MEDIA_MD5}\n")
    result = Evidence(tmp_path, tmp_path / "JB1.dd.001", CONTENT).verify()
    assert (told(result), result.compared_with) == ((Verdict.PASSED, []), ("JB1.md5",))
