"""The tutorial runs as it stands: each line as a newcomer would type it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "tutorial" / "first-image.md"
PREPARED = ("make setup", "export PATH")
DAMAGED = "diskwitness verify JB1.E01"


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("ewfverify"), reason="needs the Debian package ewf-tools")
def test_every_line_of_the_tutorial_does_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    lines = [
        line
        for line in re.findall(r"^    \$ (.+)$", PAGE.read_text(), re.MULTILINE)
        if not line.startswith(PREPARED)
    ]
    script = "".join(f'{line}\nstatus=$?; echo "== $status"; (exit $status)\n' for line in lines)
    settings = {"XDG_CONFIG_HOME": str(tmp_path / "settings"), "XDG_STATE_HOME": str(tmp_path / "settings")}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    run = subprocess.run(
        ["bash"],
        input=script,
        cwd=tmp_path,
        env=os.environ | settings | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    statuses = [int(found) for found in re.findall(r"^== (\d+)$", run.stdout, re.MULTILINE)]
    assert dict(zip(lines, statuses, strict=True)) == {line: 6 if line == DAMAGED else 0 for line in lines}, (
        run.stderr
    )
    assert len(list((tmp_path / "build" / "first" / "harbour" / "reports").glob("*.pdf"))) == 2
