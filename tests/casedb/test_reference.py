"""The reference page names everything that a case database holds."""

from pathlib import Path

import pytest

from casedb.entry import Entry, EntryKind
from casedb.projections import PROJECTIONS
from casedb.schema import expected_schema, steps
from image.findings import catalogue
from image.mounts import NETWORK_FILE_SYSTEMS

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "casedb.md").read_text(
    encoding="utf-8"
)

NAMES = [
    *(item.name for item in expected_schema(steps()) if item.kind in {"table", "trigger"}),
    *(kind.value for kind in EntryKind),
    *Entry.__dataclass_fields__,
    *(code for code in catalogue() if code.startswith("ledger-")),
    *(field for projection in PROJECTIONS.values() for field in projection.facts.__dataclass_fields__),
]


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_the_page_names_it(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_page_names_the_file_systems_that_are_refused() -> None:
    for kind in ("nfs", "cifs", "9p", "afs", "ceph", "glusterfs"):
        assert kind in NETWORK_FILE_SYSTEMS
        assert kind in PAGE
