"""Progress on stderr: a bar for a person, one JSON object a line for a program, or nothing."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from image.progress import Listener, Progress, ignore_progress
from image.repeating import Repeating

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 0.25
MODES = ("auto", "rich", "json", "none")
ORDINARY_STATES = frozenset({"running", "reading"})


@contextmanager
def progress_display(mode: str) -> Iterator[Listener]:
    """Show progress in this mode (`auto`, `rich`, `json`, `none`) for as long as the context lasts."""
    with chosen_display(mode) as display:
        yield display.show if display is not None else ignore_progress


@contextmanager
def chosen_display(mode: str) -> Iterator["JsonLines | RichBars | None"]:
    """The display of this mode for as long as the context lasts; None where nothing is shown."""
    if mode == "none" or (mode == "auto" and not sys.stderr.isatty()):
        yield None
        return
    display = JsonLines() if mode == "json" else RichBars()
    with display:
        yield display


class JsonLines(Repeating):
    """One JSON object per line, at most four a second; what no later progress follows soon is always told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_seconds = float("-inf")
        self._pending: Progress | None = None
        super().__init__(self._tell_later, SECONDS_BETWEEN_LINES, "progress")

    def show(self, progress: Progress) -> None:
        """Print the progress, or keep it where the last line is too recent."""
        with self._lock:
            self._pending = progress
            self._print_when_due()

    def _tell_later(self) -> None:
        """Print what was kept when its time has come: the next progress may be minutes away."""
        with self._lock:
            self._print_when_due()

    def _print_when_due(self) -> None:
        """Print what is pending unless the last line is too recent; the lock is held."""
        if time.monotonic() - self._last_seconds >= SECONDS_BETWEEN_LINES:
            self._print()

    def _print(self) -> None:
        """Print what is pending; the lock is held."""
        if self._pending:
            import json

            click.echo(json.dumps(progress_facts(self._pending), ensure_ascii=True), err=True)
            self._pending, self._last_seconds = None, time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._tell_pending()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Tell what is pending, since nothing is told for the length of a `with` block."""
        self._tell_pending()
        yield

    def _tell_pending(self) -> None:
        """Print the last progress when its time has come."""
        with self._lock:
            if self._pending:
                time.sleep(max(0.0, self._last_seconds + SECONDS_BETWEEN_LINES - time.monotonic()))
                self._print()


def progress_facts(progress: Progress) -> dict[str, object]:
    """The fields of one JSON line; bytes, seconds and sectors."""
    speed, remaining = progress.bytes_per_second, progress.eta_seconds
    return {
        "stage": progress.stage,
        "state": progress.state,
        "bytes_done": progress.bytes_done,
        "bytes_total": progress.bytes_total,
        "bytes_per_second": None if speed is None else round(speed),
        "eta_seconds": None if remaining is None else round(remaining, 1),
        "bad_sectors": progress.bad_sectors,
        "untried_bytes": progress.untried_bytes,
    }


class RichBars:
    """One bar per stage, with speed, remaining time and the count of bad sectors."""

    def __init__(self) -> None:
        self._bars = _make_bars()
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def show(self, progress: Progress) -> None:
        """Move the bar of this stage."""
        with self._lock:
            if progress.stage not in self._tasks:
                self._tasks[progress.stage] = self._bars.add_task(
                    progress.stage, total=progress.bytes_total, facts=""
                )
            task = self._bars.tasks[self._tasks[progress.stage]].id
        self._bars.update(
            task, completed=progress.bytes_done, total=progress.bytes_total, facts=bar_facts(progress)
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Show no bars, and the cursor, for the length of a `with` block."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()


def bar_facts(progress: Progress) -> str:
    """The words beside a bar: `412 MB/s, 0:12:30 left, 3 bad sectors`."""
    words = []
    if progress.bytes_per_second is not None:
        words.append(f"{progress.bytes_per_second / 1e6:.0f} MB/s")
    if progress.eta_seconds is not None:
        minutes, seconds = divmod(round(progress.eta_seconds), 60)
        words.append(f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d} left")
    if progress.untried_bytes:
        words.append(f"{progress.untried_bytes / 1e6:.0f} MB to try")
    if progress.bad_sectors:
        words.append(f"{progress.bad_sectors} bad sectors")
    if progress.state not in ORDINARY_STATES:
        words.append(progress.state)
    return ", ".join(words)


def _make_bars() -> "Bars":
    """The bars of rich on stderr, which is imported here and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[facts]}", markup=False),
    )
    return Bars(*columns, console=Console(stderr=True), expand=True)
