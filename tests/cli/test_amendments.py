"""People, corrections, redactions and receipts through the command line."""

import json
from pathlib import Path

import pytest

from casedb.store import open_case
from report.content import build_report
from report.document import Issue, ReportKind
from report.text import render_text
from tests.casedb.building import at
from tests.cli.conftest import Workstation

ORDER = ("--authority", "Crown Court, 4 May 2026", "--because", "protected witness")


@pytest.fixture
def case(station: Workstation, source: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with the exhibit JB1, seized, handed over and imaged."""
    monkeypatch.chdir(station.begin_case("matter", "--serial", "S1"))
    station.run("custody", "add", "JB1", "--kind", "seize", "--to", "Officer Poe", "--seal-in", "K-1")
    handed = ("--kind", "transfer", "--from", "Officer Poe", "--to", "A. Doe", "--seal-out", "K-1")
    assert station.run("custody", "add", "JB1", *handed).exit_code == 0
    assert station.run("acquire", source, "--exhibit", "JB1", "--no-second-opinion").exit_code == 0
    return station.folder / "matter"


def entries(station: Workstation) -> dict[str, list[int]]:
    """The numbers of the ledger's entries by their type."""
    station.run("ledger", "export", "--output", station.folder / "bundle")
    found: dict[str, list[int]] = {}
    for line in (station.folder / "bundle" / "entries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(json.loads(line)["entry"])
        found.setdefault(entry["type"], []).append(entry["seq"])
    return found


def test_people_are_added_listed_and_shown_with_their_part(case: Path, station: Workstation) -> None:
    details = ("--role", "officer", "--identifier", "PC 1234", "--organisation", "Metro Police", "--phone", "999")
    added = station.run_json("person", "add", "B. Roe", *details)["person"]
    assert (added["name"], added["identifier"], added["phone"]) == ("B. Roe", "PC 1234", "999")
    listed = station.run("person", "list").stdout
    assert "Metro Police" in listed
    assert "Officer Poe" in listed
    shown = station.run("person", "show", "Officer Poe").stdout
    assert "seize of JB1: received by" in shown
    assert "transfer of JB1: released by" in shown
    assert "Examiner of the case." in station.run("person", "show", "P2").stdout
    again = station.run("person", "add", "B. Roe", "--role", "witness")
    assert "already" in again.stderr
    assert station.run("person", "show", "B. Roe").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("person", "add", "C. Lee"), ("person", "add", " ", "--role", "witness"), ("person", "show", "Nobody")],
)
def test_a_person_without_role_or_name_or_at_all_is_one_line(
    case: Path, station: Workstation, words: tuple[str, ...]
) -> None:
    result = station.run(*words)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_hand_over_prints_a_receipt_with_its_checkpoint(case: Path, station: Workstation) -> None:
    words = ("custody", "add", "JB1", "--kind", "transfer", "--from", "A. Doe", "--to", "Store \x1b[31m", "--json")
    answer = json.loads(station.run(*words).stdout)
    receipt = answer["receipt"].splitlines()
    assert receipt[0] == "RECEIPT FOR AN EXHIBIT"
    place = receipt.index(next(line for line in receipt if line.startswith("diskwitness.local/ledger/")))
    assert receipt[place + 1] == str(answer["event"]["sequence"])
    assert "\x1b" not in answer["receipt"]
    note = station.folder / "receipt.txt"
    note.write_text("\n".join(receipt[place:]) + "\n", encoding="utf-8")
    assert station.run("ledger", "verify", "--checkpoint", note).exit_code == 0


def test_a_re_hash_at_a_hand_over_is_the_verdict_of_the_verification_it_names(
    case: Path, station: Workstation
) -> None:
    (verified,) = entries(station)["verification-recorded"]
    handed = ("--kind", "transfer", "--from", "A. Doe", "--to", "Store")
    wrong = station.run("custody", "add", "JB1", *handed, "--rehash", "mismatch", "--verification", verified)
    assert wrong.exit_code == 2
    answer = station.run_json("custody", "add", "JB1", *handed, "--verification", verified)
    assert (answer["event"]["rehash"], answer["event"]["verification"]) == ("match", verified)
    alone = station.run_json("custody", "add", "JB1", "--kind", "seal", "--by", "Store", "--rehash", "match")
    assert [item["code"] for item in alone["custody_warnings"]] == ["custody-rehash-unproven"]


def test_who_told_it_stands_beside_who_did_it(case: Path, station: Workstation) -> None:
    answer = station.run_json("custody", "add", "JB1", "--kind", "seal", "--by", "A. Doe", "--seal-in", "K-2")
    assert answer["event"]["performed_by"]["name"] == "A. Doe"
    assert answer["event"]["recorded_by"] not in (None, "A. Doe")
    assert f"by {answer['event']['recorded_by']}" in station.run("custody", "show", "JB1").stdout


def test_a_refused_event_adds_nobody(case: Path, station: Workstation) -> None:
    refused = station.run("custody", "add", "JB1", "--kind", "transfer", "--from", "New Face", "--to", "New Face")
    assert refused.exit_code == 2
    assert "New Face" not in station.run("person", "list").stdout


def test_a_corrected_exhibit_shows_both_values_on_request(case: Path, station: Workstation) -> None:
    answer = station.run_json("exhibit", "correct", "JB1", "--serial", "S2", "--make", "", "--because", "misread")
    assert answer["exhibit"]["serial"] == "S2"
    shown = station.run("exhibit", "show", "JB1").stdout
    assert f"S2 (corrected, entry {answer['correction']})" in shown
    assert "S1" not in shown
    history = station.run("exhibit", "show", "JB1", "--history").stdout
    assert "serial: S1 -> S2" in history
    assert "because: misread" in history


def test_a_corrected_or_withdrawn_event_stays_to_be_seen(case: Path, station: Workstation) -> None:
    seize, transfer = entries(station)["custody-recorded"]
    told = station.run_json("custody", "correct", seize, "--to", "Officer Qi", "--because", "it was Qi")
    assert "custody-released-by-other" in [item["code"] for item in told["custody_warnings"]]
    withdrawn = station.run("custody", "correct", transfer, "--withdraw", "--because", "another exhibit")
    assert withdrawn.exit_code == 0
    shown = station.run("custody", "show", "JB1", "--history").stdout
    assert "WITHDRAWN" in shown
    assert "received by: Officer Poe (P5) -> Officer Qi" in shown
    assert station.run_json("custody", "show", "JB1")["standing"]["keeper"]["name"] == "Officer Qi"


def test_the_case_and_its_examiner_are_corrected(case: Path, station: Workstation) -> None:
    words = ("case", "correct", "--examiner", "B. Roe", "--title", "R v. X", "--because", "handed on")
    assert station.run_json(*words)["case"]["examiner"]["name"] == "B. Roe"
    shown = station.run("case", "show", "--history").stdout
    assert "A. Doe (P2) -> B. Roe" in shown
    assert station.run("ledger", "verify").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("exhibit", "correct", "JB1", "--because", "x"),
        ("exhibit", "correct", "JB1", "--serial", "S1", "--because", "x"),
        ("exhibit", "correct", "JB9", "--serial", "S1", "--because", "x"),
        ("custody", "correct", "1", "--note", "n", "--because", "x"),
        ("custody", "correct", "999", "--note", "n", "--because", "x"),
        ("case", "correct", "--number", "", "--because", "x"),
        ("person", "correct", "Nobody", "--name", "S", "--because", "x"),
        ("ledger", "redact", "1", *ORDER),
        ("ledger", "redact", "999", *ORDER),
        ("ledger", "redact", "2"),
        ("ledger", "redact", "2", "--authority", "x", "--because", " "),
    ],
)
def test_what_cannot_be_amended_is_one_line_and_changes_nothing(
    case: Path, station: Workstation, words: tuple[str, ...]
) -> None:
    before = (case / "case.db").read_bytes()
    result = station.run(*words)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert (case / "case.db").read_bytes() == before


def test_a_dry_run_tells_what_would_go_and_where_else_it_stands(case: Path, station: Workstation) -> None:
    before = (case / "case.db").read_bytes()
    found = entries(station)
    answer = station.run_json("ledger", "redact", 2, "--dry-run")
    assert answer["entries"] == [{"entry": 2, "type": "person-added", "exhibit": None}]
    assert set(answer["also_held_by"]) >= {*found["acquisition-started"], *found["acquisition-finished"]}
    assert (case / "case.db").read_bytes() == before


def test_what_a_redaction_does_not_reach_is_named(case: Path, station: Workstation) -> None:
    answer = station.run_json("ledger", "redact", 2, *ORDER)
    told = " ".join(answer["not_reached"])
    for word in ("images/", "bundles", "backups", "receipts", "free space"):
        assert word in told


COMMANDS = [
    ("case", "show", "--history"),
    ("case", "list"),
    ("exhibit", "list"),
    ("exhibit", "show", "JB1", "--history"),
    ("custody", "show", "JB1", "--history"),
    ("person", "list"),
    ("person", "show", "P2"),
    ("ledger", "checkpoint"),
    ("ledger", "verify"),
    ("ledger", "export", "--output", "after"),
    ("report", "issue", "JB1"),
    ("report", "issue", "JB1", "--kind", "custody"),
    ("custody", "add", "JB1", "--kind", "seal", "--by", "P2"),
    ("exhibit", "add", "JB2", "--description", "another"),
    ("exhibit", "correct", "JB1", "--description", "a drive", "--because", "what may be said"),
    ("case", "close"),
]


@pytest.mark.parametrize(
    "what", ["person-added", "exhibit-added", "custody-recorded", "case-created", "everything"]
)
def test_every_command_works_after_a_redaction(case: Path, station: Workstation, what: str) -> None:
    found = entries(station)
    kept = {"ledger-opened", "redacted", "schema-migrated"}
    gone = [number for kind, numbers in found.items() if kind not in kept for number in numbers]
    chosen = gone if what == "everything" else found[what]
    assert station.run("ledger", "redact", *chosen, *ORDER).exit_code == 0
    for words in COMMANDS:
        result = station.run(*words)
        assert result.exit_code == 0, (words, result.stdout, result.stderr)
    assert station.run_json("ledger", "verify")["redacted"] == sorted(chosen)


def test_the_reports_of_a_redacted_record_say_so(case: Path, station: Workstation) -> None:
    found = entries(station)
    station.run("exhibit", "correct", "JB1", "--serial", "S2", "--because", "misread")
    assert "redacted by order" not in report_text(station, "acquisition")
    chosen = (2, *found["acquisition-started"], *found["acquisition-finished"])
    station.run("ledger", "redact", *chosen, *ORDER)
    for kind in ("acquisition", "custody"):
        text = report_text(station, kind)
        assert "NOT ACQUIRED" not in text
        assert "Crown Court, 4 May 2026" in text
        assert "misread" in text
        assert "A. Doe" not in text


def report_text(station: Workstation, kind: str) -> str:
    """What a report of the record as it stands says, its line breaks taken out."""
    with open_case(station.folder / "matter") as store:
        report = build_report(ReportKind(kind), store.exhibit_record("JB1"), Issue("X", at(1), "x"))
    return " ".join(render_text(report).split())
