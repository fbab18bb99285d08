"""A workstation of their own for the scenario tests of the command line, and two ways to run the program."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from diskwitness.cli import cli
from tests.sim.time_authority import TimeAuthority

LONG_BYTES = 64 * 1024**3
PROGRAM = Path(sys.executable).with_name("diskwitness")


def manifest_of(stem: Path) -> dict[str, Any]:
    """The manifest of an image, named without extension."""
    found = json.loads(stem.with_name(f"{stem.name}.manifest.json").read_text())
    assert isinstance(found, dict)
    return found


def kinds_of_events(record: dict[str, Any]) -> list[str]:
    """The kinds of the events of a manifest or journal; the passes of a rescue are left out."""
    return [event["kind"] for event in record["read"]["events"] if event["kind"] != "rescue pass"]


@dataclass(frozen=True)
class Workstation:
    """A machine with nothing configured; the program runs inside this process or as one of its own."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: object) -> Result:
        """Run the command line in this process."""
        result = CliRunner(env=self.environment).invoke(cli, [str(word) for word in words], prog_name="diskwitness")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def run_json(self, *words: object) -> dict[str, Any]:
        """Run the command line with --json, and give its one object."""
        result = self.run(*words, "--json")
        answer = json.loads(result.stdout)
        assert isinstance(answer, dict)
        assert answer["exit_code"] == result.exit_code
        return answer

    def start(self, *words: object, **settings: Any) -> "subprocess.Popen[str]":
        """Start the installed program as a process of its own."""
        return subprocess.Popen(
            [str(PROGRAM), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=os.environ | self.environment,
            **settings,
        )

    def begin_case(self, folder: str = "matter", *facts: object) -> Path:
        """A case in this folder with the exhibit JB1, of which these options tell more."""
        words = ("--number", "2026-17", "--examiner", "A. Doe")
        assert self.run("case", "create", folder, *words).exit_code == 0
        words = ("--description", "a laptop disk", "--case", folder)
        assert self.run("exhibit", "add", "JB1", *words, *facts).exit_code == 0
        return self.folder / folder

    def seize(self, case: Path) -> None:
        """One event more in the case."""
        event = ("--kind", "seize", "--received-by", "A. Doe", "--to-place", "store")
        assert self.run("custody", "add", "JB1", *event, "--case", case).exit_code == 0

    def manifest(self, name: str = "JB1") -> dict[str, Any]:
        """The manifest of an image here."""
        return manifest_of(self.folder / name)

    def name_authority(self, authority: TimeAuthority, *more: str) -> None:
        """Let the lab configuration name this time-stamping authority."""
        lines = ("[timestamps]", f'url = "{authority.url}"', f'authority = "{authority.roots}"', *more)
        self.configure("\n".join(lines) + "\n")

    def configure(self, text: str) -> Path:
        """Write the lab configuration."""
        path = Path(self.environment["XDG_CONFIG_HOME"]) / "diskwitness" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workstation:
    """A workstation whose home, configuration and current folder are new and empty."""
    for name in ("DISKWITNESS_CASE", "DISKWITNESS_KEY", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    home, current = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    current.mkdir()
    monkeypatch.chdir(current)
    environment = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Workstation(current, environment)


@pytest.fixture
def configure(station: Workstation) -> Callable[[str], Path]:
    """Write the lab configuration."""
    return station.configure


@pytest.fixture
def source(station: Workstation) -> Path:
    """A source file of 1 MiB: a third text, a third noise, a third zeros."""
    path = station.folder / "disk.img"
    third = 1024 * 1024 // 3
    noise = random.Random(7).randbytes(third)
    text = (b"the quick brown fox jumps over the lazy dog\n" * 10000)[:third]
    path.write_bytes((text + noise).ljust(1024 * 1024, b"\0"))
    return path


@pytest.fixture
def case(station: Workstation, source: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with one exhibit, imaged and verified; its folder is the current one."""
    folder = station.begin_case()
    words = ("--exhibit", "JB1", "--case", folder, "--no-second-opinion")
    assert station.run("acquire", source, *words).exit_code == 0
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def long_source(station: Workstation) -> Path:
    """A sparse file that takes a minute to read."""
    path = station.folder / "long.raw"
    with path.open("wb") as file:
        file.truncate(LONG_BYTES)
    return path
