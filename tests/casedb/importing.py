"""Steps of a history about images made elsewhere, files attached and images moved."""

from collections.abc import Callable

from casedb.attachments import NewAttachment
from casedb.case_store import CaseStore
from casedb.import_intake import ImageImported, ImageRelocated
from image.imported import StatedFact
from image.job import CaseFields, SourceImage
from tests.casedb.building import digest, job, manifest

Step = Callable[[CaseStore], object]


def import_image(exhibit: str, name: str, value: str, *, is_ours: bool) -> Step:
    """An image made elsewhere is recorded, with a manifest of ours or without."""
    path = f"/evidence/{digest(name)[:6]}"
    facts = ImageImported(
        path=path,
        image=SourceImage(f"{path}.E01", "ewf-e01", 1, 10, 4096, CaseFields(notes=value)),
        facts=(StatedFact("notes", value, "image header"),),
        warnings=(value,),
        digests={"sha256": digest(value)},
        manifest=manifest(job(value)) if is_ours else None,
        manifest_sha256=digest(name) if is_ours else None,
    )
    return lambda store: store.import_image(facts, exhibit)


def relocate(number: int, name: str) -> Step:
    """The image that some entry made known lies elsewhere."""

    def step(store: CaseStore) -> None:
        record = store.exhibit_record("JB1")
        images = [(item.started_sequence, item.paths) for item in record.acquisitions if item.manifest]
        images += [(item.sequence, (item.path,)) for item in record.imports]
        if images:
            sequence, paths = images[number % len(images)]
            store.relocate_image(ImageRelocated(sequence, paths[0], f"/moved/{digest(name)[:8]}", "test", 1))

    return step


def attach(exhibit: str, name: str, event: int | None) -> Step:
    """A file is attached, perhaps to an entry that is none of this exhibit."""
    sha256 = digest(name)
    facts = NewAttachment(exhibit, name, "text/plain", 5, sha256, f"attachments/{sha256}.txt", event, name)
    return lambda store: store.attach_file(facts)
