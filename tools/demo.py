"""The main job on a small disk, through the command line as an examiner uses it.

    python -m tools.demo build/demo

Needs no root and no service. As root on Linux it also images a loop device, which is what a drive looks like.
"""

import lzma
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

PACKED_DISK = Path(__file__).resolve().parent.parent / "tests" / "data" / "demo" / "disk.raw.xz"
MARKER = ".diskwitness-demo"
PIECE_BYTES = 64 * 1024
# Small enough that a disk of 28 MiB becomes a set of several files.
SEGMENT_SIZE = "128KiB"


def main() -> None:
    """Run the demo in the folder of the first argument, which is emptied first."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.demo FOLDER")
    folder = Path(sys.argv[1])
    begin_anew(folder)
    Demo(folder).run()


def begin_anew(folder: Path) -> None:
    """Make the folder empty; one that an earlier demo did not make is left alone."""
    if folder.exists():
        if not (folder / MARKER).is_file():
            sys.exit(f"{folder} is there and is no folder of an earlier demo. Name another one.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()


class Demo:
    """One run: the folder it works in and the environment its programs see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = folder / "disk.raw"
        self.case = folder / "case"
        settings = (folder / "settings").resolve()
        # The examiner's own keys and list of cases stay as they are.
        own = {
            "XDG_CONFIG_HOME": str(settings),
            "XDG_STATE_HOME": str(settings),
            "DISKWITNESS_CASE": str(self.case),
        }
        self.environment = os.environ | own
        self.environment.pop("DISKWITNESS_KEY", None)

    def run(self) -> None:
        """Every step; the first that fails ends the demo with its exit code."""
        unpack(PACKED_DISK, self.disk)
        self.open_case()
        self.image_the_disk()
        self.check_with_other_programs()
        if can_attach_loop_devices():
            self.image_a_loop_device()
        else:
            say("Not root, or no loop devices: no block device is imaged this time.")
        self.issue_reports()

    def open_case(self) -> None:
        """A case, and an exhibit that was seized and handed in."""
        create = [
            "case",
            "create",
            str(self.case),
            "--number",
            "2026-0117",
            "--agency",
            "Harbour Police, Digital Unit",
        ]
        self.diskwitness(*create, "--examiner", "A. Lindqvist")
        self.diskwitness("exhibit", "add", "JB1", "--description", "Disk of a laptop, black, found on board")
        seized = ["--kind", "seize", "--received-by", "M. Roy", "--to-place", "Berth 14", "--seal-in", "K-1044"]
        self.diskwitness("custody", "add", "JB1", *seized)
        handed = ["--kind", "transfer", "--released-by", "M. Roy", "--received-by", "A. Lindqvist"]
        self.diskwitness(
            "custody", "add", "JB1", *handed, "--reason", "Imaging", "--to-place", "Digital Unit, lab 2"
        )

    def image_the_disk(self) -> None:
        """The exhibit as a split E01 in the case folder, verified, and verified again by itself."""
        self.diskwitness("acquire", str(self.disk), "--exhibit", "JB1", "--segment-size", SEGMENT_SIZE)
        self.diskwitness("verify", str(self.image("JB1")))
        self.diskwitness("info", str(self.image("JB1")))

    def check_with_other_programs(self) -> None:
        """What the opposing expert would do: other people's programs on our files."""
        image = self.image("JB1")
        checks = [["sha256sum", "--check", "--quiet", "JB1.sha256"], ["ewfverify", "-q", image.name]]
        for check in checks:
            if shutil.which(check[0]):
                self.command(check, within=image.parent)
            else:
                say(f"{check[0]} is not installed: left out.")

    def image_a_loop_device(self) -> None:
        """The same disk behind a block device: a second exhibit."""
        self.diskwitness("exhibit", "add", "JB2", "--description", "The same disk as a block device")
        device = output_of(["losetup", "--find", "--show", str(self.disk)])
        try:
            self.diskwitness("devices")
            self.diskwitness("acquire", device, "--exhibit", "JB2")
            self.diskwitness("report", "issue", "JB2")
            if output_of(["blockdev", "--getro", device]) != "0":
                sys.exit(f"{device} is still read-only: the flag was not put back")
        finally:
            # A read-only flag that was left behind would meet the next user of this device.
            subprocess.run(["blockdev", "--setrw", device], check=False)
            subprocess.run(["losetup", "--detach", device], check=True)

    def issue_reports(self) -> None:
        """The documents for the court, and the proof that the record was not rewritten."""
        self.diskwitness("report", "issue", "JB1")
        self.diskwitness("report", "issue", "JB1", "--kind", "custody")
        self.diskwitness("report", "issue", "JB1", "--kind", "verification")
        self.diskwitness("report", "issue", "JB1", "--kind", "receipt")
        self.diskwitness("report", "issue", "--kind", "label")
        self.diskwitness("report", "issue", "--kind", "summary")
        self.diskwitness("ledger", "verify")
        for document in sorted((self.case / "reports").glob("*.pdf")):
            say(f"Report: {document}")

    def image(self, exhibit: str) -> Path:
        """The first segment of an exhibit's image."""
        return self.case / "images" / exhibit / f"{exhibit}.E01"

    def diskwitness(self, *arguments: str) -> None:
        """Run our program as a child."""
        say(f"\n$ diskwitness {shlex.join(arguments)}")
        program = Path(sys.executable).with_name("diskwitness")
        self.finish([str(program), *arguments], None)

    def command(self, command: list[str], within: Path) -> None:
        """Run another program in a folder."""
        say(f"\n$ {shlex.join(command)}")
        self.finish(command, within)

    def finish(self, command: list[str], within: Path | None) -> None:
        """Run it to its end; its failure is ours."""
        run = subprocess.run(command, cwd=within, env=self.environment, stdin=subprocess.DEVNULL, check=False)
        if run.returncode:
            sys.exit(f"exit code {run.returncode}: {shlex.join(command)}")


def unpack(packed: Path, disk: Path) -> None:
    """Unpack the disk with holes where it holds zeros."""
    with lzma.open(packed) as source, disk.open("xb") as target:
        while piece := source.read(PIECE_BYTES):
            if piece.strip(b"\0"):
                target.write(piece)
            else:
                target.seek(len(piece), os.SEEK_CUR)
        target.truncate(target.tell())


def can_attach_loop_devices() -> bool:
    """Whether this is root on a system with loop devices and the programs that manage them."""
    tools = all(shutil.which(name) for name in ("losetup", "blockdev"))
    return os.geteuid() == 0 and Path("/dev/loop-control").exists() and tools


def output_of(command: list[str]) -> str:
    """What a small program prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def say(text: str) -> None:
    """Tell the person at the terminal, in order with what the children print."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
