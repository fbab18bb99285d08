"""The table puts ratios beside absolute figures and says why a figure is not there."""

from bench.floor import Floor, Part
from bench.measure import Usage
from bench.programs import Task
from bench.results import GrowthRow, Results, Row
from bench.table import FLOOR_OF, render

GIB = 2**30


def results(ours: Usage | None, failure: str | None = None) -> Results:
    """Our acquisition, a peer's at half its speed, and a floor of one second."""
    names = {name for parts in FLOOR_OF.values() for name in parts}
    floor = Floor(1, GIB, 0.4, tuple(Part(name, 1 / len(names), 1.0) for name in sorted(names)))
    task = Task.ACQUIRE_E01.value
    rows = (
        Row(task, "diskwitness", "1", "MD5", "diskwitness acquire", ours, failure),
        Row(task, "peer", "peer 2", "MD5", "peer -x SOURCE", Usage(4.0, 4.0, GIB)),
    )
    growth = (GrowthRow(GIB, Usage(2.0, 3.0, GIB // 8), Usage(1.0, 2.0, GIB // 16)),)
    return Results(GIB, 3, 0.0, floor, rows, growth)


def lines_of(text: str, first_word: str) -> list[list[str]]:
    """The words of each line that begins with this one."""
    return [line.split() for line in text.splitlines() if line.startswith(first_word)]


def test_a_peer_stands_beside_us_in_figures_and_as_a_ratio() -> None:
    text = render(results(Usage(2.0, 3.5, GIB // 8)))
    assert lines_of(text, "diskwitness")[0] == ["diskwitness", "MD5", "537", "1.00", "2.00", "3.5", "128"]
    assert lines_of(text, "peer")[0] == ["peer", "MD5", "268", "0.50", "4.00", "4.0", "1024"]
    assert "    peer -x SOURCE" in text


def test_a_program_that_failed_says_why() -> None:
    text = render(results(None, "exit 4: no space left"))
    assert lines_of(text, "diskwitness")[0] == ["diskwitness", "MD5", "exit", "4:", "no", "space", "left"]


def test_a_machine_that_is_not_idle_is_said_to_be() -> None:
    quiet = results(Usage(2.0, 3.5, GIB))
    busy = Results(quiet.size_bytes, quiet.runs, 1.5, quiet.floor, quiet.rows, quiet.growth)
    assert "not idle" in render(busy)
    assert "not idle" not in render(quiet)
