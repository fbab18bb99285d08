"""Corrected facts as lines: the value that stands, the entry that corrected it, and what was said before."""

from collections.abc import Iterable, Mapping, Sequence

from casedb.records import Change, Correction
from diskwitness.fact_lines import fact_lines, text_of
from report.phrases import corrected_text, correction_text


def told_of(options: Mapping[str, str | None]) -> dict[str, str | None]:
    """What a person told as options: those left out change nothing, an empty text is "not recorded"."""
    return {name: value or None for name, value in options.items() if value is not None}


def corrected_lines(
    facts: Iterable[tuple[str, str, object]], corrections: Sequence[Correction], history: bool, indent: str = ""
) -> list[str]:
    """One line per fact (label, field, value), its corrections named; with `history` what was said before."""
    rows: list[tuple[str, object]] = []
    for label, field, value in facts:
        mark = corrected_text(corrections, field)
        rows.append((label, f"{text_of(value)} ({mark})" if mark else value))
    lines = fact_lines(rows, indent)
    return lines + [f"{indent}{line}" for line in history_lines(corrections)] if history else lines


def history_lines(corrections: Sequence[Correction]) -> list[str]:
    """Each correction: its entry, time, reason, and each field before and after."""
    lines: list[str] = []
    for item in corrections:
        lines.append(correction_text(item))
        lines += [f"  {_change(change)}" for change in item.changes]
    return lines


def _change(change: Change) -> str:
    """One field, before and after."""
    name = change.field.replace("_", " ")
    return f"{name}: {text_of(change.before)} -> {text_of(change.after)}"
