"""The workstation and the program as facts."""

import re

import pytest

from workflow.clock import SystemClock
from workflow.station import host_facts, operator, tool_facts


def test_the_program_tells_its_version_digest_and_libraries() -> None:
    facts = tool_facts()
    assert facts.name == "diskwitness"
    assert re.fullmatch("[0-9a-f]{64}", facts.program_sha256)
    assert facts == tool_facts()
    assert {"isal", "sqlite", "openssl", "reportlab"} <= set(facts.libraries)


def test_the_host_tells_its_name_and_system() -> None:
    facts = host_facts("synchronised")
    assert all((facts.hostname, facts.operator, facts.system, facts.kernel))
    assert facts.clock == "synchronised"


def test_behind_sudo_both_accounts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setenv("SUDO_USER", "doe")
    assert operator() == "root (sudo by doe)"


def test_the_clock_tells_time_with_an_offset_and_never_goes_back() -> None:
    clock = SystemClock()
    first = clock.monotonic()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", str(clock.now()))
    assert clock.monotonic() >= first
