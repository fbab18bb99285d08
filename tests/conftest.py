"""Prints what the torture runs counted, once, at the end of a test run."""

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
"""How long an example takes is the machine's affair: one that is busy or held still must fail no test."""

FIGURES = "figures of "
SEED = "TORTURE_SEED"


def pytest_terminal_summary(terminalreporter: "TerminalReporter") -> None:
    """Add up the figures of all tests that told some, and print a line for each kind of run."""
    totals: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, figures in report.user_properties if isinstance(report, pytest.TestReport) else ():
            if name.startswith(FIGURES) and isinstance(figures, dict):
                totals.setdefault(name, Counter()).update(figures)
    if totals:
        terminalreporter.write_line(f"torture runs, seeds from {os.environ.get(SEED, '1')} (set {SEED} for others)")
    for name, counted in totals.items():
        text = ", ".join(f"{number} {what}" for what, number in counted.items())
        terminalreporter.write_line(f"{name.removeprefix(FIGURES)}: {text}")
