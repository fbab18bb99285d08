"""`acquire --resume` on real processes and files: what was stopped goes on, and what must not go on is refused."""

import hashlib
import json
import random
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.journal_file import take_journal
from casedb.ledger_check import check_ledger
from image.progress import Progress
from image.tools import find_tool, run_tool
from tests.cli.conftest import Workstation, manifest_of
from tests.sim.block_devices import loop_device, mounted, needs_program, needs_root, tool
from workflow.acquire_exhibit import acquire_exhibit
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.clock import SystemClock
from workflow.laboratory import Laboratory
from workflow.ready_job import Hands

MIB = 1024 * 1024
QUICK = ("--no-verify", "--json")


@pytest.fixture
def disk(station: Workstation) -> Path:
    """A source file of 7 MiB: noise, zeros and text."""
    path = station.folder / "disk.img"
    noise = random.Random(3).randbytes(3 * MIB)
    path.write_bytes((noise + bytes(MIB) + b"the quick brown fox\n" * 200_000)[: 7 * MIB])
    return path


def stopped(order: AcquisitionOrder, size_bytes: int = 4 * MIB) -> ExhibitAcquired:
    """An acquisition that is asked to stop when so much was read."""
    stop = threading.Event()

    def listen(progress: Progress) -> None:
        if progress.bytes_done >= size_bytes:
            stop.set()

    hands = Hands(SystemClock(), listen, stop, lambda _: None)
    acquired = acquire_exhibit(order, Laboratory(), hands)
    assert acquired.result.manifest is None
    return acquired


def begun(disk: Path, *outputs: Path, **settings: object) -> None:
    """An image of the disk, stopped half way."""
    stopped(AcquisitionOrder(str(disk), outputs, **settings))  # type: ignore[arg-type]  # of the test's choosing


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def events(output: Path) -> list[tuple[str, str]]:
    """The events that the manifest of a finished image lists."""
    return [(event["kind"], event["detail"]) for event in manifest_of(output)["read"]["events"]]


@pytest.mark.parametrize("settings", [{"format": "e01"}, {"format": "raw", "segment_size_bytes": 2 * MIB}])
def test_a_stopped_acquisition_goes_on_without_its_options(
    station: Workstation, disk: Path, settings: dict[str, object]
) -> None:
    output = station.folder / "JB1"
    begun(disk, output, algorithms=("md5", "sha512"), **settings)
    answer = station.run_json("acquire", "disk.img", "--output", "JB1", "--resume", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["md5"] == hashlib.md5(disk.read_bytes()).hexdigest()
    told = events(output)
    assert [kind for kind, _ in told] == ["stopped", "resumed"]
    assert "stopped by the operator" in told[0][1]
    assert "64 sectors read as before" in told[1][1]
    log = (station.folder / "JB1.txt").read_text()
    assert "resumed" in log
    if settings["format"] == "e01" and find_tool("ewfverify"):
        assert run_tool("ewfverify", ["-q", str(output) + ".E01"], timeout_seconds=60).exit_status == 0


def _kill_at_progress(process: "subprocess.Popen[str]", number: signal.Signals, size_bytes: int) -> str:
    """Send the signal when so much was read; what was said that is no progress."""
    said = ""
    sent = False
    with process:
        assert process.stderr
        for line in process.stderr:
            if not line.startswith("{"):
                said += line
                continue
            progress = json.loads(line)
            if not sent and progress["stage"] == "acquire" and progress["bytes_done"] >= size_bytes:
                process.send_signal(number)
                sent = True
    return said


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("form", [("--segment-size", "8MiB"), ("--format", "raw")])
def test_a_process_that_is_stopped_again_and_again_ends_with_the_same_image(
    station: Workstation, number: signal.Signals, form: tuple[str, ...]
) -> None:
    source = station.folder / "big.img"
    chance = random.Random(int(number))
    source.write_bytes(b"".join(chance.randbytes(3 * MIB) + bytes(MIB) for _ in range(24)))
    words = ("acquire", source, "--output", "JB1", "--no-second-opinion", "--progress", "json", "--json")
    for turn in range(10):
        moment = chance.randrange(96 * MIB)
        process = station.start(*words, *(form if turn == 0 else ("--resume",)))
        said = _kill_at_progress(process, number, moment)
        assert process.returncode in (0, 9, -signal.SIGKILL), said
        if process.returncode == 9 and "verification was stopped" not in said:
            assert f"diskwitness acquire {source} --resume --output {station.folder}/JB1" in said
    answer = station.run_json("acquire", source, "--output", "JB1", "--resume", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == digest(source)


def test_with_nothing_there_it_starts_afresh_and_says_so(station: Workstation, disk: Path) -> None:
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-verify")
    assert answer["exit_code"] == 0
    assert any("nothing to resume" in line for line in answer["warnings"])
    assert answer["digests"]["sha256"] == digest(disk)


def test_an_empty_journal_that_a_kill_left_is_begun_afresh(station: Workstation, disk: Path) -> None:
    (station.folder / "JB1.manifest.json.partial").touch()
    (station.folder / "JB1.manifest.json.partial.new").write_text("half a jour")
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-verify")
    assert answer["exit_code"] == 0
    assert not list(station.folder.glob("*.stale*"))
    assert not list(station.folder.glob("*.partial*"))


def test_segments_without_a_readable_journal_are_set_aside(station: Workstation, disk: Path) -> None:
    begun(disk, station.folder / "JB1")
    before = digest(station.folder / "JB1.E01")
    journal = station.folder / "JB1.manifest.json.partial"
    journal.write_bytes(journal.read_bytes().replace(b'"next_sector"', b'"next_tector"'))
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-verify")
    assert answer["exit_code"] == 0
    assert digest(station.folder / "JB1.stale-1" / "JB1.E01") == before
    assert any("JB1.stale-1" in line for line in answer["warnings"])


def test_a_complete_image_is_said_to_be_complete_and_verified_as_asked(station: Workstation, disk: Path) -> None:
    assert station.run("acquire", disk, "--output", "JB1", "--no-verify").exit_code == 0
    before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    disk.unlink()
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-verify")
    assert (answer["exit_code"], answer["verdict"]) == (0, None)
    assert any("is complete" in line for line in answer["warnings"])
    verified = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-second-opinion")
    assert (verified["exit_code"], verified["verdict"]) == (0, "PASSED")
    after = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    assert {name: after[name] for name in before if name != "disk.img"} == {
        name: contents for name, contents in before.items() if name != "disk.img"
    }
    assert "JB1.verification.json" in after


def test_a_whole_image_whose_manifest_lacks_its_name_gets_it(station: Workstation, disk: Path) -> None:
    assert station.run("acquire", disk, "--output", "JB1", "--no-verify").exit_code == 0
    manifest = station.folder / "JB1.manifest.json"
    contents = manifest.read_bytes()
    manifest.rename(station.folder / "JB1.manifest.json.partial")
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert manifest.read_bytes() == contents


def test_another_process_at_work_is_waited_for_by_the_person(station: Workstation, disk: Path) -> None:
    begun(disk, station.folder / "JB1")
    held = take_journal(station.folder / "JB1")
    assert held is not None
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume")
    assert answer["exit_code"] == 4
    assert "another diskwitness" in answer["error"]["what"]


DIFFERENT = [
    (("--format", "raw"), "--format was e01 and is raw"),
    (("--compression", "best"), "--compression was fast and is best"),
    (("--hash", "md5"), "--hash was md5, sha1, sha256 and is md5"),
    (("--segment-size", "1GiB"), "--segment-size was"),
    (("--chunk-sectors", "128"), "--chunk-sectors was 64 and is 128"),
    (("--start", "1"), "--start was 0 and is 1"),
    (("--sectors", "10"), "--sectors was 14336 and is 10"),
    (("--retries", "9"), "--retries was 2 and is 9"),
    (("--error-granularity", "8"), "--error-granularity was 1 and is 8"),
    (("--examiner", "B. Roe"), "--examiner was not given and is B. Roe"),
]


def test_a_given_option_that_differs_is_refused_with_what_differs(station: Workstation, disk: Path) -> None:
    begun(disk, station.folder / "JB1")
    before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    for words, told in DIFFERENT:
        answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", *words)
        assert answer["exit_code"] == 2, words
        assert told in answer["error"]["what"]
    assert {path.name: path.read_bytes() for path in station.folder.iterdir()} == before
    same = ("--format", "e01", "--hash", "sha256,md5,sha1", "--retries", "2", "--start", "0", "--no-verify")
    assert station.run("acquire", disk, "--output", "JB1", "--resume", *same).exit_code == 0


@pytest.mark.parametrize("words", [("--same-device",), ("--resume", "--dry-run")])
def test_options_that_make_no_sense_are_refused(station: Workstation, disk: Path, words: tuple[str, ...]) -> None:
    assert station.run("acquire", disk, "--output", "JB1", *words).exit_code == 2
    assert not list(station.folder.glob("JB1*"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "reads otherwise now": lambda path: path.write_bytes(b"\1" + path.read_bytes()[1:]),
    "capacity in bytes was": lambda path: path.write_bytes(path.read_bytes() + bytes(512)),
    "there is no such source": Path.unlink,
}


@pytest.mark.parametrize("told", CHANGES)
def test_a_changed_source_is_refused_with_what_differs(station: Workstation, disk: Path, told: str) -> None:
    begun(disk, station.folder / "JB1")
    CHANGES[told](disk)
    before = digest(station.folder / "JB1.manifest.json.partial"), digest(station.folder / "JB1.E01")
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume")
    assert answer["exit_code"] == 3
    assert told in answer["error"]["what"]
    after = digest(station.folder / "JB1.manifest.json.partial"), digest(station.folder / "JB1.E01")
    assert after == before


def test_the_same_disk_under_another_name_goes_on(station: Workstation, disk: Path) -> None:
    begun(disk, station.folder / "JB1")
    renamed = disk.rename(station.folder / "other.img")
    assert station.run("acquire", renamed, "--output", "JB1", "--resume", "--no-verify").exit_code == 0
    assert "the source's name was" in events(station.folder / "JB1")[1][1]


def test_of_two_outputs_the_lost_one_goes_on_alone(station: Workstation, disk: Path) -> None:
    outputs = (station.folder / "one" / "JB1", station.folder / "two" / "JB1")
    for output in outputs:
        output.parent.mkdir()
    begun(disk, *outputs)
    words = ("acquire", disk, "--resume", "--no-verify", "--output")
    assert station.run(*words, outputs[0]).exit_code == 0
    both = station.run_json(*words, outputs[0], "--output", outputs[1])
    assert both["exit_code"] == 0
    assert [output["state"] for output in both["outputs"]] == ["complete"]
    for output in outputs:
        answer = station.run_json("verify", f"{output}.E01", "--no-second-opinion")
        assert (answer["verdict"], answer["digests"]["sha256"]) == ("PASSED", digest(disk))


def test_an_output_with_nothing_beside_one_with_a_part_is_refused(station: Workstation, disk: Path) -> None:
    (station.folder / "two").mkdir()
    begun(disk, station.folder / "JB1")
    answer = station.run_json("acquire", disk, "--output", "JB1", "--output", "two/JB1", "--resume")
    assert answer["exit_code"] == 4
    assert "nothing to resume" in answer["error"]["what"]


@pytest.fixture
def matter(station: Workstation) -> Path:
    """A case with the exhibit JB1."""
    return station.begin_case()


def test_in_a_case_each_stop_and_resumption_is_in_the_ledger(
    station: Workstation, disk: Path, matter: Path
) -> None:
    stopped(AcquisitionOrder(str(disk), (), matter, "JB1"))
    words = ("acquire", disk, "--exhibit", "JB1", "--case", matter, "--resume", "--no-second-opinion")
    answer = station.run_json(*words)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")["record"]
    assert [item["state"] for item in shown["acquisitions"]] == ["complete"]
    acquired = [item["note"] for item in shown["custody"] if item["kind"] == "acquire"]
    assert len(acquired) == 2
    assert acquired[1].startswith("resumed at sector 8192")
    assert check_ledger(matter).is_sound
    assert station.run("report", "issue", "JB1", "--case", "matter").exit_code == 0
    again = station.run_json(*words)
    assert again["exit_code"] == 0
    assert check_ledger(matter).is_sound


def test_an_exhibit_without_an_image_gets_its_first(station: Workstation, disk: Path, matter: Path) -> None:
    words = ("acquire", disk, "--exhibit", "JB1", "--case", matter, "--resume", "--no-verify")
    assert station.run_json(*words)["exit_code"] == 0
    assert (matter / "images" / "JB1" / "JB1.manifest.json").exists()


def test_a_job_of_a_case_is_not_resumed_without_it(station: Workstation, disk: Path, matter: Path) -> None:
    stopped(AcquisitionOrder(str(disk), (station.folder / "JB1",), matter, "JB1"))
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume")
    assert answer["exit_code"] == 2
    assert "belongs to a case" in answer["error"]["what"]


def test_a_job_without_a_case_is_not_resumed_in_one(station: Workstation, disk: Path, matter: Path) -> None:
    begun(disk, station.folder / "JB1")
    answer = station.run_json("acquire", disk, "--output", "JB1", "--resume", "--case", matter)
    assert answer["exit_code"] == 2
    assert "begun without a case" in answer["error"]["what"]


@needs_root
def test_a_full_destination_is_gone_on_with_when_there_is_room(station: Workstation, disk: Path) -> None:
    with mounted("tmpfs", station.folder / "small", "-t", "tmpfs", "-o", "size=4m") as small:
        words = ("acquire", disk, "--output", small / "JB1", "--format", "raw", "--no-verify", "--json")
        full = station.run(*words)
        assert full.exit_code == 4
        assert "--resume" in full.stderr
        assert station.run(*words[:4], "--resume", *QUICK).exit_code == 4
        tool("mount", "-o", "remount,size=64m", str(small))
        assert station.run(*words[:4], "--resume", *QUICK).exit_code == 0
        assert digest(small / "JB1.raw") == digest(disk)


@needs_root
@needs_program("losetup", "blockdev")
def test_the_flag_that_a_killed_job_left_is_put_back_and_set_again(station: Workstation, disk: Path) -> None:
    with loop_device(disk) as device:
        stopped(AcquisitionOrder(device, (station.folder / "JB1",)))
        journal = station.folder / "JB1.manifest.json.partial"
        assert json.loads(journal.read_text())["job"]["protection"]["flag_before"] is False
        tool("blockdev", "--setro", device)
        assert station.run("acquire", device, "--output", "JB1", "--resume", *QUICK).exit_code == 0
        assert tool("blockdev", "--getro", device) == "0"
        manifest = station.manifest()
        protection = manifest["job"]["protection"]
        assert (protection["flag_before"], protection["flag_during"], protection["flag_after"]) == (
            False,
            True,
            False,
        )


@needs_root
@needs_program("losetup", "blockdev")
def test_a_drive_whose_size_changed_is_refused_and_does_not_keep_the_flag(station: Workstation, disk: Path) -> None:
    with loop_device(disk) as device:
        stopped(AcquisitionOrder(device, (station.folder / "JB1",)))
        tool("blockdev", "--setro", device)
        with disk.open("ab") as file:
            file.write(bytes(4096))
        tool("losetup", "--set-capacity", device)
        answer = station.run_json("acquire", device, "--output", "JB1", "--resume")
        assert answer["exit_code"] == 3
        assert tool("blockdev", "--getro", device) == "0"
