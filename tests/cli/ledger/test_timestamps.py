"""Timestamps through the command line: a real authority behind HTTP, one that is away, and ones that lie."""

import time
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.time_authority import OTHER_POLICY, TimeAuthority, serving, time_authority
from workflow.time_authority import within


def test_a_job_is_time_stamped_when_it_ends_and_what_waited_is_covered(
    case: Path, station: Workstation, authority: TimeAuthority, source: Path
) -> None:
    assert station.run_json("case", "show", "--case", case)["timestamps"]["last"] is None
    station.name_authority(authority)
    answer = station.run_json("acquire", source, "--exhibit", "JB1", "--case", case)
    assert (answer["exit_code"], len(authority.asked)) == (0, 1)
    assert not [text for text in answer["warnings"] if "time-stamped" in text]
    check = station.run_json("ledger", "verify", case)
    assert (check["verdict"], check["waiting_since"]) == ("SOUND", None)
    assert (
        check["timestamps"][0]["checkpoint_size"] == check["entries"] - 1 == answer["timestamp"]["checkpoint_size"]
    )
    shown = station.run("case", "show", "--case", case).stdout
    assert f"Time-stamped:    entries 1 to {check['entries'] - 1}, " in shown
    assert "not yet" not in shown
    again = station.run_json("ledger", "timestamp", case)
    assert (again["exit_code"], again["cases"][0]["timestamp"], len(authority.asked)) == (0, None, 1)


def test_an_authority_that_is_away_delays_nothing_and_is_asked_later(
    case: Path, station: Workstation, authority: TimeAuthority
) -> None:
    away = TimeAuthority(authority.folder, url="http://127.0.0.1:9/tsr")
    station.name_authority(away)
    event = ("--kind", "seal", "--seal-in", "S1")
    answer = station.run_json("custody", "add", "JB1", *event, "--case", case)
    assert (answer["exit_code"], "not yet time-stamped: no timestamp" in answer["warnings"][0]) == (0, True)
    assert "Time-stamped: not yet (since " in station.run("ledger", "verify", case).stdout
    assert station.run_json("ledger", "timestamp", case)["exit_code"] == 8
    station.name_authority(authority)
    assert station.run_json("ledger", "timestamp", "--all")["cases"][0]["timestamp"]["checkpoint_size"] == 6
    assert station.run_json("ledger", "verify", case)["verdict"] == "SOUND"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"broken": b""}, "not an answer"),
        ({"broken": b"\x30\x03\x02\x01\x00"}, "not an answer"),
        ({"broken": b"x" * 300_000}, "too long"),
        ({"broken": b"\x30\x84\x7f\xff\xff\xff"}, "not an answer"),
        ({"status": 500}, "HTTP 500"),
        ({"status": 302}, "HTTP 302"),
    ],
)
def test_what_is_no_answer_is_told_and_nothing_is_recorded(
    case: Path, station: Workstation, authority: TimeAuthority, setting: dict[str, object], told: str
) -> None:
    station.name_authority(authority)
    for name, value in setting.items():
        setattr(authority, name, value)
    entries = station.run_json("ledger", "verify", case)["entries"]
    result = station.run("ledger", "timestamp", case)
    assert (result.exit_code, told in result.stderr, result.stderr.count("\n")) == (8, True, 1)
    assert station.run_json("ledger", "verify", case)["entries"] == entries


def test_an_answer_of_another_authority_or_to_another_question_is_refused(
    case: Path, station: Workstation, authority: TimeAuthority, tmp_path: Path
) -> None:
    station.name_authority(authority)
    station.seize(case)
    authority.broken = authority.answer(authority.asked[0])
    result = station.run("custody", "add", "JB1", "--kind", "seal", "--seal-in", "S1", "--case", case)
    assert (result.exit_code, "the answer is to another question" in result.stderr) == (0, True)
    with serving(time_authority(tmp_path / "other")) as other:
        authority.broken, authority.url = None, other.url
        station.name_authority(authority)
        result = station.run("ledger", "timestamp", case)
    assert (result.exit_code, "certificate" in result.stderr) == (8, True)


def test_the_policy_that_was_asked_for_is_the_one_in_the_token(
    case: Path, station: Workstation, authority: TimeAuthority
) -> None:
    station.name_authority(authority, f'policy = "{OTHER_POLICY}"')
    assert station.run_json("ledger", "timestamp", case)["exit_code"] == 0
    station.seize(case)
    station.name_authority(authority, 'policy = "1.9.9"')
    refused = station.run("ledger", "timestamp", case)
    assert (refused.exit_code, "refuses" in refused.stderr) == (8, True) or "nothing waits" in refused.stdout


def test_elsewhere_the_authority_is_unknown_until_its_certificates_are_named(
    case: Path, station: Workstation, authority: TimeAuthority
) -> None:
    station.name_authority(authority)
    station.seize(case)
    Path(station.environment["XDG_CONFIG_HOME"], "diskwitness", "config.toml").unlink()
    answer = station.run_json("ledger", "verify", case)
    assert (answer["exit_code"], answer["verdict"], answer["sound"]) == (7, "AUTHORITY UNKNOWN", True)
    named = station.run_json("ledger", "verify", case, "--authority", authority.roots)
    assert (named["exit_code"], named["verdict"]) == (0, "SOUND")
    assert station.run("ledger", "verify", case, "--authority", case / "case.db").exit_code == 2


@pytest.mark.parametrize("line", ['url = "file:///etc/passwd"', 'url = "ftp://a/b"', ""])
def test_without_a_usable_authority_nothing_is_sent(case: Path, station: Workstation, line: str) -> None:
    path = Path(station.environment["XDG_CONFIG_HOME"], "diskwitness", "config.toml")
    path.write_text(f'[timestamps]\n{line}\nauthority = "nowhere.pem"\n')
    result = station.run("ledger", "timestamp", case)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_nobody_waits_longer_than_the_limit() -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        within(0.05, lambda: time.sleep(2))
    assert time.monotonic() - begun < 1


def test_a_closed_case_is_time_stamped_and_stays_closed(
    case: Path, station: Workstation, authority: TimeAuthority
) -> None:
    station.name_authority(authority)
    closed = station.run_json("case", "close", case)
    assert (closed["exit_code"], closed["timestamp"]["checkpoint_size"]) == (0, closed["closing"]["sequence"])
    check = station.run_json("ledger", "verify", case)
    assert (check["verdict"], check["waiting_since"]) == ("SOUND", None)
    assert station.run("exhibit", "add", "JB2", "--description", "x", "--case", case).exit_code == 8
