"""The things and people of a record as objects of CASE/UCO: exhibit, image, segment files, tools, persons, places.

There is no class for a forensic image: an `Image` with its digests has its segment files as fragments.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from casedb.records import Acquisition, ExhibitRecord, Job, Manifest, Person, SectorRange, SegmentRecord
from report.interchange.case_graph import CaseGraph, Node, shown
from report.limits import PAGES
from report.phrases import format_text

_OBJECT = "uco-observable:"


def add_person(graph: CaseGraph, person: Person) -> Node:
    """A person of the record, with what is known of them."""
    named = (person.role and person.role.value, person.identifier, person.organisation, person.phone, person.email)
    described = {"uco-core:name": shown(person.name), "uco-core:description": shown(", ".join(filter(None, named)))}
    return graph.add(f"person/{person.person_id}", "uco-identity:Person", described)


def add_place(graph: CaseGraph, name: str | None) -> Node | None:
    """A place, known by its name, None where it is not recorded."""
    if not shown(name):
        return None
    return graph.add(f"place/{name}", "uco-location:Location", {"uco-core:name": shown(name)})


def add_tool(graph: CaseGraph, name: str, version: str | None, sha256: str | None = None) -> Node:
    """A program that did something."""
    described = {
        "uco-core:name": shown(name),
        "uco-tool:version": shown(version),
        "uco-core:description": shown(sha256 and f"SHA-256 of the program: {sha256}"),
    }
    return graph.add(f"tool/{name}/{version}/{sha256}", "uco-tool:Tool", described)


def add_host(graph: CaseGraph, job: Job) -> Node:
    """The workstation of an acquisition."""
    key = f"host/{job.host.hostname}/{job.host.kernel}"
    facet = {_OBJECT + "hostname": shown(job.host.hostname)}
    described = {
        "uco-core:name": shown(job.host.hostname),
        "uco-core:description": shown(f"{job.host.system}, kernel {job.host.kernel}"),
        "uco-core:hasFacet": [graph.add(f"{key}/facet", _OBJECT + "ComputerSpecificationFacet", facet)],
    }
    return graph.add(key, _OBJECT + "Computer", described)


def add_blocker(graph: CaseGraph, name: str) -> Node:
    """A hardware write blocker, as it was named."""
    return graph.add(f"blocker/{name}", _OBJECT + "WriteBlocker", {"uco-core:name": shown(name)})


def add_device(graph: CaseGraph, record: ExhibitRecord, acquisition: Acquisition | None) -> Node:
    """The exhibit: what the drive says of itself, else what stands on its label."""
    exhibit, source = record.exhibit, acquisition.job.source if acquisition else None
    facet = {
        _OBJECT + "deviceType": shown(exhibit.kind),
        _OBJECT + "model": shown((source and source.model) or exhibit.model),
        _OBJECT + "serialNumber": shown((source and source.serial) or exhibit.serial),
    }
    facets = [graph.add("exhibit/device", _OBJECT + "DeviceFacet", facet)]
    if source is not None:
        size = {_OBJECT + "totalStorageCapacityInBytes": source.size_bytes}
        facets.append(graph.add("exhibit/medium", _OBJECT + "StorageMediumFacet", size))
    described = {
        "uco-core:name": shown(exhibit.reference),
        "uco-core:description": shown(exhibit.description),
        "uco-core:hasFacet": facets,
    }
    return graph.add("exhibit", _OBJECT + "Device", described)


def add_image(
    graph: CaseGraph, key: str, name: str | None, image_format: str, size_bytes: int, digests: Mapping[str, str]
) -> Node:
    """An image with the digests of its data."""
    content = {_OBJECT + "sizeInBytes": size_bytes, _OBJECT + "hash": graph.hashes(key, digests)}
    facets = [
        graph.add(
            f"{key}/image", _OBJECT + "ImageFacet", {_OBJECT + "imageType": shown(format_text(image_format))}
        ),
        graph.add(f"{key}/content", _OBJECT + "ContentDataFacet", content),
    ]
    return graph.add(key, _OBJECT + "Image", {"uco-core:name": shown(name), "uco-core:hasFacet": facets})


def add_segments(graph: CaseGraph, key: str, image: Node, segments: Sequence[SegmentRecord]) -> None:
    """The segment files of an image, each as a fragment of it."""
    for number, item in enumerate(segments):
        own = f"{key}/segment/{number}"
        facets = [
            graph.add(f"{own}/file", _OBJECT + "FileFacet", _file_facet(item)),
            graph.add(
                f"{own}/content",
                _OBJECT + "ContentDataFacet",
                {_OBJECT + "hash": graph.hashes(own, {"sha256": item.sha256})},
            ),
            graph.add(
                f"{own}/fragment",
                _OBJECT + "FragmentFacet",
                {_OBJECT + "fragmentIndex": number, _OBJECT + "totalFragments": len(segments)},
            ),
        ]
        file = graph.add(own, _OBJECT + "File", {"uco-core:hasFacet": facets})
        _relate(graph, f"{own}/of", image, file, "Has_Fragment")


def add_unreadable(graph: CaseGraph, key: str, image: Node, manifest: Manifest) -> None:
    """The first ranges that could not be read, in bytes of the image's data."""
    for item in manifest.read.unreadable[: PAGES.unreadable_ranges]:
        own = f"{key}/unreadable/{item.first_sector}"
        facet = graph.add(
            f"{own}/range", _OBJECT + "DataRangeFacet", _range_facet(item, manifest.media.sector_size_bytes)
        )
        described = {"uco-core:name": "Unreadable", "uco-core:hasFacet": [facet]}
        lost = graph.add(own, _OBJECT + "ObservableObject", described)
        _relate(graph, f"{own}/of", lost, image, "Contained_Within")


def _file_facet(segment: SegmentRecord) -> dict[str, object]:
    """Name and size of a segment file."""
    return {
        _OBJECT + "fileName": shown(PurePosixPath(segment.file).name),
        _OBJECT + "sizeInBytes": segment.size_bytes,
    }


def _range_facet(sectors: SectorRange, sector_size_bytes: int) -> dict[str, object]:
    """A range of sectors in bytes."""
    return {
        _OBJECT + "rangeOffset": sectors.first_sector * sector_size_bytes,
        _OBJECT + "rangeSize": sectors.sector_count * sector_size_bytes,
    }


def _relate(graph: CaseGraph, key: str, source: Node, target: Node, kind: str) -> None:
    """Say how one object stands to another."""
    told = {
        "uco-core:source": source,
        "uco-core:target": target,
        "uco-core:isDirectional": True,
        "uco-core:kindOfRelationship": kind,
    }
    graph.add(key, _OBJECT + "ObservableRelationship", told)
