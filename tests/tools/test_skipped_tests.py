"""A test that was left out without need fails the run of the build machine."""

import os
from pathlib import Path

import pytest

from tools.skipped_tests import is_allowed, read_skips

RESULTS = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_one"/>
<testcase classname="tests.b" name="test_two">
<skipped type="pytest.skip" message="needs the Debian package xmount"/>
</testcase>
</testsuite></testsuites>"""


def test_a_skip_is_read_with_its_test_and_its_reason(tmp_path: Path) -> None:
    (tmp_path / "tests.xml").write_text(RESULTS)
    assert read_skips(tmp_path / "tests.xml") == [("tests.b.test_two", "needs the Debian package xmount")]


def test_a_package_that_is_not_installed_is_no_excuse() -> None:
    assert not is_allowed("needs the Debian package xmount")


def test_root_is_an_excuse_only_where_it_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert is_allowed("needs root for loop devices")
    assert not is_allowed("root may write into any folder")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not is_allowed("a mount needs root")
    assert is_allowed("root may write into any folder")
