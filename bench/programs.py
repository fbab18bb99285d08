"""What is measured: our commands and the peers', word for word."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Task(Enum):
    """What the programs are asked to do; the value is the heading in the table."""

    ACQUIRE_E01 = "acquire to E01"
    ACQUIRE_RAW = "acquire to raw"
    VERIFY_E01 = "verify E01"
    VERIFY_E01_ONE_DIGEST = "verify E01, one digest"
    SEGMENTS_ONLY = "verify the segment files only"
    SECOND_OPINION = "verify E01, one digest, with a second opinion"
    CONVERT_E01 = "convert E01 to E01"
    CONVERT_RAW = "convert E01 to raw"


@dataclass(frozen=True)
class Program:
    """One program at one task.

    `command` names {source}, {output} (without extension), {image} (an E01 that we made) and {split} (the same in
    segments of 128 MiB, without the extension); `version` is the command that prints its version.
    """

    name: str
    task: Task
    digests: str
    command: tuple[str, ...]
    version: tuple[str, ...]

    def is_installed(self) -> bool:
        """Whether its first word and its version's first word can be run."""
        return all(shutil.which(word) for word in (self.command[0], self.version[0]))

    def command_line(self, source: Path, output: Path, image: Path) -> tuple[str, ...]:
        """The command with its places filled in."""
        places = {"source": source, "output": output, "image": image, "split": image.with_name(SPLIT_STEM)}
        return tuple(word.format(**places) for word in self.command)


SPLIT_STEM = "split"
OURS = str(Path(sys.executable).with_name("diskwitness"))
OUR_NAME = "diskwitness"
THREE = "MD5 SHA-1 SHA-256"
ACQUIRE = (OURS, "acquire", "{source}", "--output", "{output}", "--no-verify", "--progress", "none")
EWFACQUIRE = (
    "ewfacquire",
    "-u",
    "-q",
    "-f",
    "encase6",
    "-c",
    "fast",
    "-b",
    "64",
    "-S",
    "2097152000",
    "-t",
    "{output}",
)
CONVERT = (OURS, "convert", "{image}", "--output", "{output}", "--no-verify", "--progress", "none")
EWFEXPORT_TO_E01 = (
    "printf 'encase6\\n\\n\\n' | ewfexport -q -c fast -b 64 -S 2097152000 -d sha1 -t '{output}' '{image}'"
)
"""ewfexport 20140813 writes raw whatever -f says, unless it may ask; it fails on its own SHA-256."""

PROGRAMS = (
    Program(
        OUR_NAME,
        Task.ACQUIRE_E01,
        THREE,
        (*ACQUIRE, "--format", "e01", "--compression", "fast"),
        (OURS, "--version"),
    ),
    Program(
        "ewfacquire",
        Task.ACQUIRE_E01,
        THREE,
        (*EWFACQUIRE, "-d", "sha1,sha256", "{source}"),
        ("ewfacquire", "-V"),
    ),
    Program(OUR_NAME, Task.ACQUIRE_RAW, THREE, (*ACQUIRE, "--format", "raw"), (OURS, "--version")),
    Program(
        "dc3dd",
        Task.ACQUIRE_RAW,
        THREE,
        ("dc3dd", "if={source}", "of={output}.raw", "hash=md5", "hash=sha1", "hash=sha256"),
        ("dc3dd", "--version"),
    ),
    Program(
        "dcfldd",
        Task.ACQUIRE_RAW,
        THREE,
        ("dcfldd", "if={source}", "of={output}.raw", "bs=1M", "hash=md5,sha1,sha256"),
        ("dcfldd", "--version"),
    ),
    Program(
        "dd | tee | sha256sum",
        Task.ACQUIRE_RAW,
        "SHA-256",
        ("bash", "-o", "pipefail", "-c", "dd if='{source}' bs=1M status=none | tee '{output}.raw' | sha256sum"),
        ("dd", "--version"),
    ),
    Program(
        OUR_NAME, Task.VERIFY_E01, THREE, (OURS, "verify", "{image}", "--progress", "none"), (OURS, "--version")
    ),
    Program(
        "ewfverify",
        Task.VERIFY_E01,
        THREE,
        ("ewfverify", "-q", "-d", "sha1,sha256", "{image}"),
        ("ewfverify", "-V"),
    ),
    Program(
        OUR_NAME,
        Task.VERIFY_E01_ONE_DIGEST,
        "SHA-256",
        (OURS, "verify", "{image}", "--hash", "sha256", "--progress", "none"),
        (OURS, "--version"),
    ),
    Program("ewfverify", Task.VERIFY_E01_ONE_DIGEST, "MD5", ("ewfverify", "-q", "{image}"), ("ewfverify", "-V")),
    Program(
        OUR_NAME,
        Task.SEGMENTS_ONLY,
        "SHA-256",
        (OURS, "verify", "{split}.E01", "--segments-only", "--progress", "none"),
        (OURS, "--version"),
    ),
    Program(
        "hashlib, every core",
        Task.SEGMENTS_ONLY,
        "SHA-256",
        (sys.executable, str(Path(__file__).with_name("hash_files.py")), "{split}"),
        (sys.executable, "--version"),
    ),
    Program(
        "sha256sum, every core",
        Task.SEGMENTS_ONLY,
        "SHA-256",
        ("bash", "-o", "pipefail", "-c", "printf '%s\\n' '{split}'.E* | xargs -n1 -P$(nproc) sha256sum"),
        ("sha256sum", "--version"),
    ),
    Program(
        OUR_NAME,
        Task.SECOND_OPINION,
        "SHA-256",
        (OURS, "verify", "{image}", "--hash", "sha256", "--second-opinion", "--progress", "none"),
        (OURS, "--version"),
    ),
    Program(
        "the same, without",
        Task.SECOND_OPINION,
        "SHA-256",
        (OURS, "verify", "{image}", "--hash", "sha256", "--progress", "none"),
        (OURS, "--version"),
    ),
    Program(
        OUR_NAME,
        Task.CONVERT_E01,
        THREE,
        (*CONVERT, "--format", "e01", "--compression", "fast"),
        (OURS, "--version"),
    ),
    Program(
        "ewfexport",
        Task.CONVERT_E01,
        "MD5 SHA-1",
        ("bash", "-o", "pipefail", "-c", EWFEXPORT_TO_E01),
        ("ewfexport", "-V"),
    ),
    Program(OUR_NAME, Task.CONVERT_RAW, THREE, (*CONVERT, "--format", "raw"), (OURS, "--version")),
    Program(
        "ewfexport",
        Task.CONVERT_RAW,
        "MD5",
        ("ewfexport", "-u", "-q", "-f", "raw", "-S", "0", "-t", "{output}", "{image}"),
        ("ewfexport", "-V"),
    ),
)


def version_of(program: Program) -> str:
    """The first line that its version command prints."""
    run = subprocess.run(program.version, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    lines = (run.stdout + run.stderr).strip().splitlines()
    return lines[0] if lines else "version unknown"
