"""The wheel keeps to itself: beside a foreign `acquire`, from a folder of planted modules, the main job runs."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import PRODUCT, ROOT

PLANTED = ("acquire", "casedb", "image", "report", "verify", "workflow")
BETRAYAL = "import sys\nsys.exit('a planted module ran')\n"
MIB = 2**20


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script of a fresh environment: our wheel, a foreign `acquire`, the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    fresh = folder / "bin" / "python"
    install = ("-m", "pip", "--python", str(fresh), "install", "--quiet", "--no-index", "--no-deps")
    python(*install, str(published_acquire(folder) or foreign_acquire(folder)), str(wheel))
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "diskwitness"


def python(*arguments: str) -> None:
    """Run this interpreter with the words given, and show what it printed when it fails."""
    run = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def published_acquire(folder: Path) -> Path | None:
    """The forensic tool of that name as its authors publish it, where a package index can be reached."""
    download = ("-m", "pip", "--quiet", "--timeout", "5", "--retries", "0", "download", "--no-deps", "--dest")
    command = [sys.executable, *download, str(folder), "--only-binary", ":all:", "acquire"]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=30)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return next(folder.glob("acquire-*.whl"))


def foreign_acquire(folder: Path) -> Path:
    """A stand-in for it that also brings a package `report`."""
    path = folder / "acquire-3.18-py3-none-any.whl"
    info = "acquire-3.18.dist-info"
    files = {
        "acquire/__init__.py": BETRAYAL,
        "acquire/acquire.py": BETRAYAL,
        "report/__init__.py": BETRAYAL,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: acquire\nVersion: 3.18\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={record_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            archive.writestr(name, text)
    return path


def record_digest(text: str) -> str:
    """A digest as a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder that holds somebody else's modules by our names."""
    folder = tmp_path / "exhibits"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(BETRAYAL)
    return folder


def answer(program: Path, folder: Path, *words: str) -> dict[str, object]:
    """The JSON object of a command that is run in this folder."""
    own = {"XDG_CONFIG_HOME": str(folder / "settings"), "XDG_STATE_HOME": str(folder / "settings")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DISKWITNESS"))}
    run = subprocess.run(
        [program, *words, "--json"], cwd=folder, env=kept | own, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found: dict[str, object] = json.loads(run.stdout)
    return found


def test_the_wheel_gives_site_packages_one_name(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"diskwitness"}


def test_the_wheel_holds_every_file_of_every_package(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PRODUCT
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not {path for path in ours if path not in packed and f"diskwitness/_app/{path}" not in packed}


def test_the_main_job_runs_beside_a_foreign_acquire_in_a_folder_of_planted_modules(
    program: Path, planted: Path
) -> None:
    (planted / "disk.raw").write_bytes(b"sector 0".ljust(512, b".") * (MIB // 512))
    answer(program, planted, "case", "create", "case", "--number", "1", "--agency", "A", "--examiner", "E")
    answer(program, planted, "exhibit", "add", "JB1", "--description", "a disk", "--case", "case")
    image = answer(program, planted, "acquire", "disk.raw", "--exhibit", "JB1", "--case", "case")
    assert image["verdict"] == "PASSED"
    verified = answer(program, planted, "verify", "case/images/JB1/JB1.E01")
    assert verified["digests"] == image["digests"]
    answer(program, planted, "report", "issue", "JB1", "--output", "report.pdf", "--case", "case")
    assert (planted / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_foreign_package_that_came_first_is_refused_by_name(program: Path, tmp_path: Path) -> None:
    (tmp_path / "acquire.py").write_text("tools = 1\n")
    start = [str(program.with_name("python")), "-c", "import acquire, diskwitness"]
    run = subprocess.run(start, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert f"acquire is not ours: {tmp_path}" in run.stderr
