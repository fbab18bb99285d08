"""Which files of a case folder go into an export, and which payload of a bag makes a case folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from casedb.attachments import ATTACHMENTS_FOLDER
from casedb.case_files import DATABASE_FILE
from casedb.image_paths import CHECKPOINTS_FOLDER, IMAGES_FOLDER, REPORTS_FOLDER
from image.sidecars import Sidecar, is_file_of_image

LEDGER_FOLDER = "ledger"
FOLDERS = (CHECKPOINTS_FOLDER, REPORTS_FOLDER, ATTACHMENTS_FOLDER, IMAGES_FOLDER)
IN_A_BAG = frozenset({*FOLDERS, LEDGER_FOLDER})
DRAFTS = (".new", ".partial")

_FACTS_OF_IMAGES = (Sidecar.MANIFEST, Sidecar.CHECKSUMS, Sidecar.MAP, Sidecar.LOG, Sidecar.VERIFICATION)
_SMALL = tuple(item.value for item in (*_FACTS_OF_IMAGES, Sidecar.CHECKPOINT))


@dataclass
class Selection:
    """The files that go, by their paths in the case folder, and what stays behind, with why."""

    names: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def select_files(folder: Path, with_images: bool) -> Selection:
    """The files of a case folder beside its database; of images without their data only what tells of them."""
    chosen = Selection()
    for path in _files(folder, chosen):
        name = path.relative_to(folder).as_posix()
        is_image = name.startswith(f"{IMAGES_FOLDER}/")
        if is_image and _is_unfinished(path):
            chosen.left_out.append(f"{name}: its acquisition has not ended")
        elif not is_image or with_images or name.endswith(_SMALL):
            chosen.names.append(name)
    return chosen


def _files(folder: Path, chosen: Selection) -> Iterator[Path]:
    """The regular files of a case folder in order; anything else is told."""
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            mode = path.lstat().st_mode
            if S_ISREG(mode) and not path.name.endswith(DRAFTS):
                yield path
            elif path.is_symlink() or not (S_ISREG(mode) or path.is_dir()):
                chosen.left_out.append(f"{path.relative_to(folder).as_posix()}: a link or no regular file")


def _is_unfinished(path: Path) -> bool:
    """Whether a file belongs to an image that is still being made."""
    journals = path.parent.glob(f"*{Sidecar.JOURNAL.value}")
    stems = (item.name.removesuffix(Sidecar.JOURNAL.value) for item in journals)
    return any(is_file_of_image(path.name, stem) for stem in stems)


def foreign_names(paths: Iterable[str]) -> list[str]:
    """The paths of a payload (inside `data/`) that are no part of a case."""
    return [path for path in paths if path != DATABASE_FILE and path.partition("/")[0] not in IN_A_BAG]
