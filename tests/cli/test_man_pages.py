"""The man pages: one for the program, each group and each command."""

import subprocess
import sys
from pathlib import Path

import pytest

from diskwitness.cli import COMMANDS, GROUPS
from diskwitness.exit_codes import MEANINGS
from image.tools import find_tool


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all pages."""
    folder = tmp_path_factory.mktemp("man")
    subprocess.run([sys.executable, "-m", "tools.man_pages", str(folder)], check=True)
    return folder


def test_every_command_has_a_page_with_its_options_and_exit_codes(pages: Path) -> None:
    names = {f"diskwitness-{name.replace(' ', '-')}.1" for name in (*COMMANDS, *GROUPS)}
    assert {page.name for page in pages.iterdir()} == names | {"diskwitness.1"}
    text = (pages / "diskwitness-acquire.1").read_text()
    assert "\\-\\-force\\-mounted" in text
    assert all(f".B {int(code)}\n" in text for code in MEANINGS)


@pytest.mark.skipif(find_tool("groff") is None, reason="groff is not installed: Debian package groff-base")
def test_the_formatter_takes_every_page_without_a_warning(pages: Path) -> None:
    words = ["groff", "-man", "-ww", "-Tutf8", *map(str, sorted(pages.iterdir()))]
    shown = subprocess.run(words, capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    assert all(f"DISKWITNESS-{name.upper().replace(' ', '-')}(1)" in shown.stdout for name in COMMANDS)
