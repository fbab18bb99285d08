"""The end-of-job hook."""

from pathlib import Path

from workflow.hook import JobOutcome, run_hook
from workflow.laboratory import Hook

OUTCOME = JobOutcome("acquire", 5, "PASSED", "/x/JB1.E01", exhibit="JB1")


def _script(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "hook"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o700)
    return (str(path), "one argument")


def test_it_gets_the_answer_on_stdin_and_the_outcome_in_its_environment(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f'{{ cat; echo "$DISKWITNESS_COMMAND|$DISKWITNESS_EXIT_CODE|$DISKWITNESS_VERDICT|$1"; }} >> {told}'
    assert run_hook(Hook(_script(tmp_path, script)), OUTCOME, b'{"a": 1}\n') is None
    assert told.read_text() == '{"a": 1}\nacquire|5|PASSED|one argument\n'


def test_its_failure_is_told(tmp_path: Path) -> None:
    complaint = run_hook(Hook(_script(tmp_path, "echo no mail >&2; exit 3")), OUTCOME, b"")
    assert complaint is not None
    assert "exit status 3: no mail" in complaint


def test_one_that_hangs_is_ended(tmp_path: Path) -> None:
    complaint = run_hook(Hook(_script(tmp_path, "sleep 60"), timeout_seconds=1), OUTCOME, b"")
    assert complaint is not None
    assert "1 s" in complaint


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    complaint = run_hook(Hook((str(tmp_path / "absent"),)), OUTCOME, b"")
    assert complaint is not None
    assert "no such program" in complaint


def test_without_one_nothing_happens() -> None:
    assert run_hook(Hook(), OUTCOME, b"") is None
