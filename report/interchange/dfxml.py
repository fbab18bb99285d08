"""The record of an exhibit as Digital Forensics XML.

Elements and their order: DFXML schema 1.1 (dfxml_schema, dfxml.xsd). Names inside `diskwitness:image` that DFXML
does not have are those of libewf's `ewfinfo -f dfxml`; every other fact stands in `diskwitness:facts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from casedb.records import Manifest, SectorRange, SegmentRecord
from report.escape import visible
from report.interchange.exported import Exported, told_facts

DFXML = "http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
OURS = "urn:diskwitness:record:1"
VERSION = "1.1.1"
_DIGEST_TYPES = {"md5", "sha1", "sha256"}


def render_dfxml(exported: Exported) -> str:
    """The record as one DFXML document; offsets and lengths are bytes of the image's data."""
    for prefix, uri in (("", DFXML), ("dc", DUBLIN_CORE), ("diskwitness", OURS)):
        ET.register_namespace(prefix, uri)
    top = ET.Element(f"{{{DFXML}}}dfxml", version=VERSION)
    _text(ET.SubElement(top, f"{{{DFXML}}}metadata"), "type", "Disk Image", DUBLIN_CORE)
    _creator(top, exported)
    segments = _segments(exported)
    source = ET.SubElement(top, f"{{{DFXML}}}source")
    for item in segments:
        _text(source, "image_filename", item.file)
    manifest = exported.subject.manifest
    for item in segments:
        _file(top, item, manifest.media.sector_size_bytes if manifest is not None else None)
    if manifest is not None:
        _image(top, manifest)
    _facts(top, exported)
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _segments(exported: Exported) -> Sequence[SegmentRecord]:
    """The files of the image, of one made elsewhere too."""
    manifest, imported = exported.subject.manifest, exported.subject.imported
    if manifest is not None:
        return manifest.segments
    return imported.segments if imported is not None else ()


def _creator(top: ET.Element, exported: Exported) -> None:
    """The program that wrote this file, and when."""
    creator = ET.SubElement(top, f"{{{DFXML}}}creator")
    _text(creator, "program", "diskwitness")
    _text(creator, "version", exported.version)
    run = ET.SubElement(creator, f"{{{DFXML}}}execution_environment")
    _text(run, "username", exported.report.issue.issuer)
    _text(run, "start_time", str(exported.report.issue.issued))


def _file(top: ET.Element, segment: SegmentRecord, sector_size_bytes: int | None) -> None:
    """One segment file, and which bytes of the medium it holds where that is known."""
    made = ET.SubElement(top, f"{{{DFXML}}}fileobject")
    _text(made, "filename", segment.file)
    _text(made, "name_type", "r")
    _text(made, "filesize", str(segment.size_bytes))
    if sector_size_bytes is not None:
        _runs(made, (SectorRange(segment.first_sector, segment.sector_count),), sector_size_bytes)
    _digests(made, {"sha256": segment.sha256})


def _image(top: ET.Element, manifest: Manifest) -> None:
    """What the image is and holds, by the names that libewf has for it, and what could not be read."""
    made = ET.SubElement(top, f"{{{OURS}}}image")
    _named(made, "acquiry_information", _acquiry(manifest))
    source, media = manifest.job.source, manifest.media
    sectors = media.size_bytes // max(media.sector_size_bytes, 1)
    sizes = {
        "bytes_per_sector": str(media.sector_size_bytes),
        "number_of_sectors": str(sectors),
        "media_size": str(media.size_bytes),
    }
    _named(made, "media_information", sizes)
    device = {"model": source.model, "serial_number": source.serial, "device_size": str(source.size_bytes)}
    _named(made, "device_information", device)
    _digests(made, media.digests)
    unreadable = ET.SubElement(made, f"{{{OURS}}}unreadable")
    _runs(unreadable, manifest.read.unreadable, media.sector_size_bytes)


def _acquiry(manifest: Manifest) -> dict[str, str | None]:
    """Who made the image, when, of what and with what."""
    case, job = manifest.job.case, manifest.job
    return {
        "case_number": case.case_number,
        "description": case.description,
        "examiner_name": case.examiner,
        "evidence_number": case.exhibit_reference,
        "notes": case.notes,
        "acquisition_date": str(job.started),
        "acquisition_finished": str(manifest.finished),
        "acquisition_system": job.host.system,
        "acquisition_version": f"{job.tool.name} {job.tool.version}",
    }


def _facts(top: ET.Element, exported: Exported) -> None:
    """Everything else that the report says."""
    made = ET.SubElement(top, f"{{{OURS}}}facts")
    for told in told_facts(exported.report):
        section = ET.SubElement(made, f"{{{OURS}}}section", title=told.section)
        for label, value in told.facts:
            ET.SubElement(section, f"{{{OURS}}}fact", label=label).text = value


def _named(parent: ET.Element, name: str, values: Mapping[str, str | None]) -> None:
    """A group of named values; what is not recorded is left out."""
    made = ET.SubElement(parent, f"{{{OURS}}}{name}")
    for inner, value in values.items():
        if value is not None:
            _text(made, inner, value, OURS)


def _digests(parent: ET.Element, digests: Mapping[str, str]) -> None:
    """The digests of a file or of the data."""
    for name, value in digests.items():
        kind = name if name in _DIGEST_TYPES else "other"
        made = _text(parent, "hashdigest", value)
        made.set("type", kind)
        if kind == "other":
            made.set(f"{{{OURS}}}algorithm", visible(name))


def _runs(parent: ET.Element, ranges: Iterable[SectorRange], sector_size_bytes: int) -> None:
    """Ranges of sectors in bytes."""
    runs = ET.SubElement(parent, f"{{{DFXML}}}byte_runs")
    for item in ranges:
        offset, length = item.first_sector * sector_size_bytes, item.sector_count * sector_size_bytes
        ET.SubElement(runs, f"{{{DFXML}}}byte_run", img_offset=str(offset), len=str(length))


def _text(parent: ET.Element, name: str, value: str, uri: str = DFXML) -> ET.Element:
    """An element that holds this text, escaped as in print: XML has no place for control characters."""
    made = ET.SubElement(parent, f"{{{uri}}}{name}")
    made.text = visible(value)
    return made
