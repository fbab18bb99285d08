"""What happens to an error that nobody foresaw: one line for the person, the traceback for a developer's file."""

import os
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from diskwitness.answer import Answer
from diskwitness.cli import called_command
from image.errors import DiskwitnessError
from image.user_folders import state_folder


def report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell a bug of ours in one line and keep its traceback; the interpreter then exits with code 1."""
    text = "".join(traceback.format_exception(kind, error, trace))
    place = _write_log(text)
    kept = f"The traceback is in {place}; please send it to us" if place else "The traceback could not be kept"
    answer = Answer(called_command(sys.argv[1:]), "--json" in sys.argv)
    summary = " ".join(str(error).split())[:200]
    answer.fail(DiskwitnessError(f"a bug of diskwitness ({kind.__name__}: {summary})", do=kept))
    answer.finish()


def _write_log(text: str) -> Path | None:
    """Keep the traceback in the XDG state folder, else in the temporary one; the path, or None."""
    name = f"bug-{datetime.now().astimezone():%Y%m%dT%H%M%S}-{os.getpid()}.log"
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path
    return None


def _folders() -> Iterator[Path]:
    """Where a traceback may be kept, the best place first."""
    yield state_folder(os.environ)
    import tempfile

    yield Path(tempfile.gettempdir())
