"""Programs of other people, run in a folder to make what a test reads; a test whose program is absent skips."""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = {
    "b2sum": "coreutils",
    "cksum": "coreutils",
    "dc3dd": "dc3dd",
    "dcfldd": "dcfldd",
    "ddrescue": "gddrescue",
    "ewfacquire": "ewf-tools",
    "ewfexport": "ewf-tools",
    "ewfverify": "ewf-tools",
    "hashdeep": "hashdeep",
    "md5sum": "coreutils",
    "openssl": "openssl",
    "pdftoppm": "poppler-utils",
    "sha256sum": "coreutils",
    "softhsm2-util": "softhsm2",
    "pdftotext": "poppler-utils",
    "split": "coreutils",
    "strace": "strace",
    "zbarimg": "zbar-tools",
}


def run_program(folder: Path, program: str, *arguments: str) -> str:
    """What a program prints when it is run in this folder and succeeds."""
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: Debian package {PACKAGES[program]}")
    run = subprocess.run([program, *arguments], cwd=folder, capture_output=True, check=False, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
