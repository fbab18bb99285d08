"""A case handed on as a bag: what comes out is what went in, and of a bag that was touched nothing comes out."""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import bagit
import pytest

from casedb.bag_layout import payload_oxum
from casedb.ledger_check import check_ledger
from casedb.registry import register_case
from casedb.store import open_case
from casedb.submissions import NewExhibit
from image.errors import CaseError, DestinationError, DiskwitnessError
from tests.casedb.building import FULL_SIZE, full_case, reopened
from tests.casedb.forging import cut_off, rewrite
from tests.casedb.test_checkpoints import kept_copy, real_signer
from tests.sim.still_clock import StillClock
from workflow.export_case import ExportedCase, export_case
from workflow.import_case import ImportedCase, import_case

FILES = {
    "reports/JB1-R1.pdf": b"pdf",
    "images/JB1/JB1.E01": b"segment",
    "images/JB1/JB1.manifest.json": b"manifest",
    "images/JB1/JB1.txt": b"the log",
    "images/A%2F1/A%2F1.E01": b"a name with a percent sign",
    "attachments/ab/photo.jpg": b"photo",
}


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case whose files are those its record tells of; nothing with a percent sign in its name yet."""
    folder = full_case(tmp_path / "case")
    for name, content in FILES.items():
        if "%" not in name:
            put(folder / name, content)
    return folder


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def exported(case: Path, with_images: bool = True) -> ExportedCase:
    return export_case(case, case.parent / "bag", with_images, StillClock())


def imported(case: Path) -> ImportedCase:
    return import_case(case.parent / "bag", case.parent / "there", ())


def contents(folder: Path) -> dict[str, object]:
    """Every file of a case folder but the lock; of the database all that it holds."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("case.lock", "case.db"))
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        database = list(connection.iterdump())
    return {"case.db": database} | {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_is_imported_is_what_was_exported(case: Path) -> None:
    done = exported(case)
    assert (done.ledger.entry_count, done.is_closed, done.bagit_agrees) == (FULL_SIZE, False, True)
    taken = imported(case)
    assert contents(case.parent / "there") == contents(case)
    assert taken.check.is_sound
    assert [item.path for item in taken.not_here] == []
    assert not list(case.parent.glob("*.partial"))


def test_a_program_of_others_and_sha512sum_find_the_bag_whole(case: Path) -> None:
    exported(case)
    bag = case.parent / "bag"
    bagit.Bag(str(bag)).validate()
    for name in ("sha256", "sha512"):
        for manifest in (f"manifest-{name}.txt", f"tagmanifest-{name}.txt"):
            run = subprocess.run(
                [f"{name}sum", "-c", "--quiet", manifest], cwd=bag, capture_output=True, check=False
            )
            assert run.returncode == 0, run.stdout
    assert (bag / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert "External-Identifier: 2026-0113\n" in (bag / "bag-info.txt").read_text()


def test_a_percent_sign_in_a_name_is_written_as_the_standard_wants_it(case: Path) -> None:
    put(case / "images/A%2F1/A%2F1.E01", b"x")
    assert not exported(case).bagit_agrees
    assert "data/images/A%252F1/A%252F1.E01\n" in (case.parent / "bag" / "manifest-sha256.txt").read_text()
    imported(case)
    assert contents(case.parent / "there") == contents(case)


def test_without_images_their_data_stays_and_what_tells_of_them_goes(case: Path) -> None:
    exported(case, with_images=False)
    taken = imported(case)
    assert "images/JB1/JB1.manifest.json" in contents(case.parent / "there")
    assert [(item.path, item.what) for item in taken.not_here] == [("images/JB1/JB1.E01", "segment")]


def test_a_closed_case_stays_closed(case: Path) -> None:
    with reopened(case) as store:
        store.close_case("judgment")
    assert exported(case).is_closed
    assert imported(case).closing is not None
    assert not (case.parent / "there" / "case.db").stat().st_mode & 0o222
    shutil.copy(case.parent / "workstation.pem", case.parent / "there.pem")
    with pytest.raises(CaseError, match="the case is closed"):
        reopened(case.parent / "there")


def test_links_and_images_in_the_making_stay_behind_and_are_told(case: Path) -> None:
    (case / "reports" / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(case / "reports" / "pipe")
    for name in ("JB2.E01", "JB2.manifest.json.partial", "JB2.map"):
        put(case / "images" / "JB2" / name, b"x")
    told = exported(case).left_out
    assert [text.partition(":")[0] for text in told] == [
        "reports/link.pdf",
        "reports/pipe",
        "images/JB2/JB2.E01",
        "images/JB2/JB2.map",
    ]
    assert not (case.parent / "bag" / "data" / "images" / "JB2").exists()


def test_a_recorded_file_that_differs_is_not_handed_on(case: Path) -> None:
    (case / "reports" / "JB1-R1.pdf").write_bytes(b"another")
    with pytest.raises(CaseError, match="report is not the one that entry 14 recorded"):
        exported(case)
    assert not (case.parent / "bag").exists()
    assert not list(case.parent.glob("*.partial"))


def test_nothing_is_overwritten_and_a_case_is_not_exported_into_itself(case: Path) -> None:
    exported(case)
    for destination in (case.parent / "bag", case / "bag", case):
        with pytest.raises(DestinationError):
            export_case(case, destination, False, StillClock())
    (case.parent / "there").symlink_to(case.parent / "nowhere")
    with pytest.raises(DestinationError, match="something of this name"):
        imported(case)


def test_a_case_without_reports_and_images_is_a_case_again(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    exported(case)
    imported(case)
    assert {"images", "reports", "checkpoints"} <= {path.name for path in (tmp_path / "there").iterdir()}


def relisted(bag: Path) -> None:
    """Let the manifests of a bag be made anew: whoever changes a bag can do that too."""
    for manifest in ("manifest-sha256", "manifest-sha512", "tagmanifest-sha256", "tagmanifest-sha512"):
        name = manifest.partition("-")[2]
        inside = (path.relative_to(bag).as_posix() for path in sorted(bag.rglob("*")) if path.is_file())
        of_payload = manifest.startswith("manifest")
        wanted = [path for path in inside if path.startswith("data/") == of_payload and "tagm" not in path]
        lines = [f"{hashlib.new(name, (bag / path).read_bytes()).hexdigest()}  {path}\n" for path in wanted]
        (bag / f"{manifest}.txt").write_text("".join(lines))
        if of_payload:
            oxum = payload_oxum((bag / path).stat().st_size for path in wanted)
            info = (bag / "bag-info.txt").read_text()
            (bag / "bag-info.txt").write_text(re.sub(r"(?<=Oxum: ).*", oxum, info))


def link(bag: Path) -> None:
    (bag / "data" / "reports" / "JB1-R1.pdf").unlink()
    (bag / "data" / "reports" / "JB1-R1.pdf").symlink_to("/etc/passwd")


def linked_folder(bag: Path) -> None:
    shutil.rmtree(bag / "data" / "reports")
    (bag / "data" / "reports").symlink_to(bag.parent / "case" / "reports")


def line(text: str) -> Callable[[Path], None]:
    """One more line in the manifest."""

    def change(bag: Path) -> None:
        with (bag / "manifest-sha256.txt").open("a") as file:
            file.write(text)

    return change


ZERO = "0" * 64
HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed byte": (lambda bag: flip(bag / "data/images/JB1/JB1.E01"), "not as listed"),
    "a changed database": (lambda bag: flip(bag / "data/case.db"), "not as listed"),
    "a changed tag file": (lambda bag: flip(bag / "bag-info.txt"), "not as listed"),
    "a file less": (lambda bag: (bag / "data/images/JB1/JB1.E01").unlink(), "is missing"),
    "a file more": (lambda bag: put(bag / "data/reports/x", b"x"), "no manifest lists"),
    "a link": (link, "a link or no regular file"),
    "a linked folder": (linked_folder, "a link or no regular file"),
    "a pipe": (lambda bag: os.mkfifo(bag / "data" / "pipe"), "a link or no regular file"),
    "files from elsewhere": (lambda bag: put(bag / "fetch.txt", b"https://x 1 data/x\n"), "to be fetched"),
    "a path upwards": (line(f"{ZERO}  data/../../x\n"), "leads out of the bag"),
    "an absolute path": (line(f"{ZERO}  /etc/passwd\n"), "leads out of the bag"),
    "a path of another system": (line(f"{ZERO}  data\\..\\x\n"), "leads out of the bag"),
    "an encoded path": (line(f"{ZERO}  data/x%0A/../y\n"), "leads out of the bag"),
    "a home": (line(f"{ZERO}  ~root/x\n"), "leads out of the bag"),
    "a path twice": (line(f"{ZERO}  data/case.db\n"), "listed twice"),
    "a line of nothing": (line("nothing\n"), "not a line of a manifest"),
    "no declaration": (lambda bag: (bag / "bagit.txt").unlink(), "not a bag"),
    "another declaration": (lambda bag: (bag / "bagit.txt").write_bytes(b"\xff" * 50), "cannot be used"),
    "no manifest": (
        lambda bag: [path.rename(path.with_suffix(".old")) for path in bag.glob("*manifest*")],
        "no manifest lists|no manifest of",
    ),
    "a huge manifest": (lambda bag: os.truncate(bag / "manifest-sha256.txt", 2**40), "too large"),
}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a case and its bag, made once."""
    folder = full_case(tmp_path_factory.mktemp("made") / "case")
    for name, content in FILES.items():
        put(folder / name, content) if "%" not in name else None
    exported(folder)
    return folder


@pytest.fixture
def bagged(made: Path, tmp_path: Path) -> Path:
    """A case beside its bag, to be tampered with."""
    shutil.copytree(made.parent, tmp_path / "here")
    return tmp_path / "here" / "case"


@pytest.mark.parametrize("what", HOSTILE)
def test_of_a_hostile_bag_nothing_is_imported(bagged: Path, what: str) -> None:
    attack, message = HOSTILE[what]
    attack(bagged.parent / "bag")
    with pytest.raises(DiskwitnessError, match=message):
        imported(bagged)
    assert {path.name for path in bagged.parent.iterdir()} == {"bag", "case", "workstation.pem"}


RELISTED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an attacked database": (lambda data: rewritten(data, None), "not what was written"),
    "history rewritten with the key": (lambda data: rewritten(data, "key"), "not that of the database"),
    "an end cut off": (lambda data: cut_off(data, 9), "not that of the database|not what was written"),
    "another report": (lambda data: flip(data / "reports/JB1-R1.pdf"), "report is not the one"),
    "another segment": (lambda data: flip(data / "images/JB1/JB1.E01"), "segment is not the one"),
    "another manifest": (lambda data: flip(data / "images/JB1/JB1.manifest.json"), "manifest is not the one"),
    "a foreign file": (lambda data: put(data / "autorun.inf", b"x"), "no part of a case"),
    "a journal that would be rolled back": (lambda data: put(data / "case.db-journal", b"x" * 512), "no part of"),
    "no database": (lambda data: (data / "case.db").unlink(), "a bag without a case"),
    "no database but a file": (lambda data: (data / "case.db").write_bytes(b"x" * 9000), "not what was written"),
    "another ledger beside it": (lambda data: flip(data / "ledger" / "entries.jsonl"), "exported ledger"),
    "a ledger with a line more": (lambda data: more_lines(data / "ledger" / "entries.jsonl"), "not that of the"),
}


def rewritten(data: Path, key: str | None) -> None:
    shutil.copytree(data, data.parent / "case")
    shutil.copy(data.parent.parent / "workstation.pem", data.parent)
    rewrite(data.parent / "case", 6, real_signer(data.parent / "case") if key else None)
    shutil.copy(data.parent / "case" / "case.db", data)
    shutil.rmtree(data.parent / "case")
    (data.parent / "workstation.pem").unlink()
    if key:
        shutil.rmtree(data / "checkpoints")


def more_lines(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"{}\n")


@pytest.mark.parametrize("what", RELISTED)
def test_a_bag_with_manifests_to_match_is_found_by_what_is_in_it(bagged: Path, what: str) -> None:
    attack, message = RELISTED[what]
    attack(bagged.parent / "bag" / "data")
    relisted(bagged.parent / "bag")
    with pytest.raises(CaseError, match=message):
        imported(bagged)
    assert {path.name for path in bagged.parent.iterdir()} == {"bag", "case", "workstation.pem"}


def test_a_bag_that_is_only_listed_anew_is_as_good(bagged: Path) -> None:
    relisted(bagged.parent / "bag")
    assert imported(bagged).check.is_sound


def test_an_older_bag_than_a_checkpoint_kept_elsewhere_is_refused(bagged: Path) -> None:
    with reopened(bagged) as store:
        store.close_case()
    copy = kept_copy(bagged)
    with pytest.raises(CaseError, match="its end was cut off"):
        import_case(bagged.parent / "bag", bagged.parent / "there", [copy])
    assert not (bagged.parent / "there").exists()


def test_a_fork_of_a_case_that_is_here_too_is_refused_and_an_older_copy_is_told(bagged: Path) -> None:
    register_case(bagged)
    with reopened(bagged) as store:
        store.add_exhibit(NewExhibit("JB7", "Another drive"))
        store.close_case()
    assert imported(bagged).also_at == (bagged.resolve(),)
    there = bagged.parent / "there"
    with reopened(there) as store:
        store.close_case("somewhere else")
    export_case(there, bagged.parent / "fork", False, StillClock())
    with pytest.raises(CaseError, match="both went on"):
        import_case(bagged.parent / "fork", bagged.parent / "third", ())
    assert not (bagged.parent / "third").exists()


def test_an_import_that_is_killed_leaves_no_case_of_that_name(bagged: Path) -> None:
    program = (
        "import os, signal, workflow.import_case as module\n"
        "from pathlib import Path\n"
        "module.compare_bundle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"module.import_case(Path({str(bagged.parent / 'bag')!r}), Path({str(bagged.parent / 'there')!r}), ())\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert not (bagged.parent / "there").exists()
    with pytest.raises(DestinationError) as refused:
        imported(bagged)
    assert refused.value.where.endswith("there.partial")
    shutil.rmtree(bagged.parent / "there.partial")
    assert check_ledger(bagged).is_sound
    assert imported(bagged).check.is_sound
    with open_case(bagged.parent / "there", read_only=True) as store:
        assert store.head().size == FULL_SIZE
