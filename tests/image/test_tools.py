"""Running other people's programs: bounded in time and output, without a shell, with their version."""

import os
import time
from pathlib import Path

import pytest

from image.tools import (
    ToolError,
    ToolMissingError,
    find_tool,
    held_tool,
    require_tool,
    run_tool,
    tool_version,
)


def test_a_run_keeps_status_output_arguments_and_version() -> None:
    run = run_tool("sh", ["-c", "echo out; echo err >&2; exit 3"], timeout_seconds=10)
    assert (run.program, run.exit_status, run.stdout, run.stderr) == ("sh", 3, "out\n", "err\n")
    assert run.arguments == ("-c", "echo out; echo err >&2; exit 3")


def test_the_version_is_the_first_line_the_program_prints() -> None:
    assert "coreutils" in run_tool("cat", [], timeout_seconds=10).version


def test_a_program_that_knows_no_version_is_said_to_be_unknown(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexit 1\n")
    silent.chmod(0o755)
    assert tool_version(silent) == "unknown"


def test_arguments_reach_the_program_without_a_shell() -> None:
    hostile = "; echo planted $(id) `id` '\" *"
    assert run_tool("printf", ["%s", hostile], timeout_seconds=10).stdout == hostile


def test_the_environment_is_clean_and_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LD_PRELOAD", "/nowhere/planted.so")
    lines = run_tool("env", [], timeout_seconds=10).stdout.splitlines()
    assert sorted(line.split("=")[0] for line in lines) == ["LANG", "LC_ALL", "PATH"]
    assert "LC_ALL=C" in lines


def test_standard_input_is_what_was_given_and_empty_otherwise() -> None:
    assert run_tool("cat", [], timeout_seconds=10, stdin=b"given").stdout == "given"
    assert run_tool("cat", [], timeout_seconds=10).stdout == ""


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    assert run_tool("printf", [r"a\377b"], timeout_seconds=10).stdout == r"a\xffb"


def test_a_program_that_does_not_end_is_stopped_with_its_children() -> None:
    began = time.monotonic()
    with pytest.raises(ToolError, match=r"sh did not end within 0\.3 s"):
        run_tool("sh", ["-c", "sleep 60 & sleep 60"], timeout_seconds=0.3)
    assert time.monotonic() - began < 5


def test_endless_output_is_cut_off() -> None:
    with pytest.raises(ToolError, match="printed more than 1000 bytes"):
        run_tool("yes", [], timeout_seconds=10, maximum_output_bytes=1000)


def test_an_absent_program_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image.tools.STANDARD_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_tool("smartctl") is None
    with pytest.raises(ToolMissingError, match="Install the package smartmontools"):
        require_tool("smartctl")


def test_a_program_in_the_current_folder_is_never_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "planted-program"
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f":.:{os.environ['PATH']}")
    assert find_tool("planted-program") is None


def test_a_file_that_cannot_be_run_is_a_tool_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF no program")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match="cannot start broken"):
        run_tool(str(broken), [], timeout_seconds=5)


def test_a_held_program_runs_until_its_block_ends() -> None:
    with held_tool("cat", []) as process_id:
        assert Path(f"/proc/{process_id}").exists()
    assert not Path(f"/proc/{process_id}").exists()
