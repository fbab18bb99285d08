"""What a verification opens and runs, seen from outside: the image's own files, and the system's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.acquisitions import Options
from tests.sim.block_devices import needs_program
from tests.verify.evidence import Evidence, disk_content, make_evidence

PROGRAM = Path(sys.executable).with_name("diskwitness")
OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"[^)]*\) = \d')
STARTED = re.compile(r"(?:execve|connect)\(.*")
CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/proc/",
    "/dev/",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
    "/etc/ld.so",
    "/usr/",
    "/lib",
    "/etc/ssl/openssl",
    "/etc/localtime",
)


def opened_by(evidence: Evidence, folder: Path, *words: str) -> tuple[set[str], list[str]]:
    """The files that a verification and its children open and get, and what they start or connect to."""
    log = folder / "calls"
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,execve,connect", "-o", str(log)]
    words = (str(PROGRAM), "verify", str(evidence.first), "--progress", "none", *words)
    subprocess.run([*command, *words], cwd=folder, capture_output=True, check=False)
    text = log.read_text(errors="replace")
    return set(OPENED.findall(text)), STARTED.findall(text)


def strange(paths: set[str], folder: Path) -> list[str]:
    """Those that are neither the image's nor the interpreter's nor the system's."""
    own = (str(folder), str(CHECKOUT), sys.prefix, sys.base_prefix, *SYSTEM)
    return sorted(path for path in paths if path.startswith("/") and not path.startswith(own))


@needs_program("strace")
def test_a_verification_with_libewf_opens_the_images_own_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    evidence = make_evidence(folder, disk_content(2 * 1024 * 1024), Options(segment_size_bytes=512 * 1024))
    paths, started = opened_by(evidence, tmp_path, "--second-opinion")
    assert {str(path) for path in evidence.segments} <= paths
    assert strange(paths, folder) == []
    assert not [call for call in started if "connect" in call]
    programs = {call.partition('"')[2].partition('"')[0] for call in started if " = 0" in call}
    assert {Path(name).resolve() for name in programs} <= {PROGRAM, Path(sys.executable).resolve()}


@pytest.mark.parametrize("words", [("--second-opinion",), ("--files",)])
def test_modules_that_lie_among_the_evidence_are_never_run(tmp_path: Path, words: tuple[str, ...]) -> None:
    evidence = make_evidence(tmp_path, disk_content(64 * 1024)).writable()
    if "--files" in words:
        with evidence.segments[0].open("r+b") as file:
            file.seek(5000)
            file.write(b"changed")
    for name in ("multiprocessing", "pickle", "struct", "pyewf", "pytsk3", "image", "verify", "os"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n")
    command = [str(PROGRAM), "verify", str(evidence.first), "--progress", "none", *words]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not (tmp_path / "run").exists()
    assert "second-opinion-missing" not in told.stdout
    assert told.stdout.startswith(("PASSED", "FAILED")), told.stderr
