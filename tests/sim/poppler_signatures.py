"""What poppler's pdfsig says of signatures, with a database of Mozilla's NSS of whom it believes."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sim.signing_authority import SigningAuthority


def nss_database(folder: Path, authority: SigningAuthority) -> Path:
    """A new database that believes this authority; skips where a program is absent."""
    for program, package in (("certutil", "libnss3-tools"), ("pdfsig", "poppler-utils")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian package {package})")
    made = folder / "nss"
    made.mkdir()
    (folder / "root.pem").write_bytes(authority.pem)
    database = f"sql:{made}"
    subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
    add = ["certutil", "-A", "-d", database, "-n", "root", "-t", "CT,CT,CT", "-i", str(folder / "root.pem")]
    subprocess.run(add, check=True)
    return made


def pdfsig(nss: Path, pdf: bytes) -> str:
    """What pdfsig says of the signatures of a PDF."""
    path = nss.parent / "signed.pdf"
    path.write_bytes(pdf)
    words = ["pdfsig", "-nssdir", f"sql:{nss}", str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout
