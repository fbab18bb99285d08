"""`diskwitness info`: what an image says of itself."""

from pathlib import Path

import click

from casedb.json_values import Json, json_value
from diskwitness.answer import Answer, answering
from diskwitness.fact_lines import digest_facts, fact_lines
from diskwitness.image_answer import finding_json, finding_lines, segment_json, sorted_findings, unreadable_lines
from diskwitness.parameters import path
from image.description import ImageDescription
from image.ewf.header import CaseHeader
from image.manifest import Manifest
from report.phrases import bytes_text, digest_name
from workflow.describe_image import DescribedImage, look_at_image

MAXIMUM_SHOWN = 500
"""Characters of a text in an image that are printed; a hostile one may have millions."""


@click.command("info")
@click.argument("image", type=path, metavar="IMAGE")
@answering
def command(answer: Answer, image: Path) -> None:
    """Show what IMAGE, named by its first segment, and its manifest say; only `verify` proves it."""
    described = look_at_image(image)
    answer.facts |= _facts(described)
    for line in _lines(described):
        answer.say(line)
    if described.problem:
        answer.warn(described.problem)


def _facts(described: DescribedImage) -> dict[str, Json]:
    """The fields of the JSON answer; sizes in bytes."""
    image, manifest = described.description, described.manifest
    return {
        "image": {
            "path": image.path,
            "format": image.format,
            "media_size": image.media_size_bytes,
            "sector_size": image.sector_size_bytes,
            "segments": [{"file": segment.name, "size": segment.size_bytes} for segment in image.segments],
        },
        "missing_segments": json_value(image.missing_segments),
        "header": json_value(image.header),
        "media_type": image.media_type,
        "physical": image.is_physical,
        "compression": image.compression,
        "sub_format": image.sub_format,
        "chunk_sectors": image.chunk_sectors,
        "error_granularity": image.error_granularity_sectors,
        "set_identifier": image.set_identifier,
        "sessions": json_value(image.sessions),
        "stored_digests": json_value(image.stored_digests or {}),
        "bad_sectors": json_value(manifest.read.unreadable if manifest else image.unreadable),
        "findings": [finding_json(finding) for finding in sorted_findings(image.findings)],
        "manifest": _manifest_json(manifest) if manifest else None,
    }


def _manifest_json(manifest: Manifest) -> Json:
    """What the manifest says of the acquisition; raw answers of other programs are left to the file itself."""
    job = manifest.job
    return {
        "case": json_value(job.case),
        "source": {
            "path": job.source.path,
            "model": job.source.model,
            "serial": job.source.serial,
            "size": job.source.size_bytes,
            "sector_size": job.source.sector_size_bytes,
            "start_sector": job.parameters.start_sector,
        },
        "parameters": json_value(job.parameters),
        "protection": json_value(job.protection),
        "tool": json_value(job.tool),
        "host": json_value(job.host),
        "case_link": json_value(job.case_link),
        "digests": json_value(manifest.media.digests),
        "segments": [segment_json(segment) for segment in manifest.segments],
        "started": str(job.started),
        "finished": str(manifest.finished),
        "findings": [finding_json(finding) for finding in sorted_findings(manifest.findings)],
    }


def _lines(described: DescribedImage) -> list[str]:
    """The answer for a person."""
    image, manifest = described.description, described.manifest
    lines = fact_lines(_image_facts(image))
    if image.missing_segments:
        lines.append(f"Missing segments: {', '.join(image.missing_segments[:20])}")
    if image.header is not None:
        lines += ["", "In its header:", *fact_lines(_header_facts(image.header), "  ")]
    if manifest is not None:
        lines += ["", "In its manifest:", *fact_lines(_manifest_facts(manifest), "  ")]
        lines += finding_lines(manifest.findings)
    lines += finding_lines(image.findings)
    return lines + unreadable_lines(manifest.read.unreadable if manifest else image.unreadable)


def _image_facts(image: ImageDescription) -> list[tuple[str, object]]:
    """Facts of the format; those that the format cannot say are left out."""
    held = sum(segment.size_bytes for segment in image.segments)
    facts: list[tuple[str, object]] = [
        ("Image", image.path),
        ("Format", image.format),
        ("Segments", f"{len(image.segments)}, together {bytes_text(held)}"),
        ("Media", f"{bytes_text(image.media_size_bytes)}, sectors of {image.sector_size_bytes} bytes"),
    ]
    chunk = f"{image.chunk_sectors} sectors, {image.chunk_count} chunks" if image.chunk_sectors else None
    kind = {True: "a whole device", False: "a part of a device"}.get(image.is_physical or False)
    optional: list[tuple[str, object]] = [
        ("Medium", f"{image.media_type}, {kind}" if image.media_type else None),
        ("Kind", image.sub_format),
        ("Compression", image.compression),
        ("Chunk", chunk),
        ("Set identifier", image.set_identifier),
        ("Sessions", len(image.sessions) or None),
    ]
    facts += [fact for fact in optional if fact[1] is not None]
    return facts + [(f"Stored {digest_name(name)}", value) for name, value in (image.stored_digests or {}).items()]


def _header_facts(header: CaseHeader) -> list[tuple[str, object]]:
    """What the examiner and the program wrote into the image, overlong texts by their beginning."""
    facts: list[tuple[str, object]] = [
        ("Case", header.case_number),
        ("Exhibit", header.exhibit_reference),
        ("Description", header.description),
        ("Examiner", header.examiner),
        ("Notes", header.notes),
        ("Model", header.model),
        ("Serial", header.serial),
        ("Label", header.device_label),
        ("Program", header.program_version),
        ("System", header.system_version),
        ("Acquired", header.acquired.isoformat() if header.acquired else None),
    ]
    return [(name, _beginning(value) if isinstance(value, str) else value) for name, value in facts]


def _beginning(text: str) -> str:
    """A text as far as a person will read it."""
    more = len(text) - MAXIMUM_SHOWN
    return f"{text[:MAXIMUM_SHOWN]} [and {more} more characters; --json has all]" if more > 0 else text


def _manifest_facts(manifest: Manifest) -> list[tuple[str, object]]:
    """How the image was made."""
    job = manifest.job
    facts: list[tuple[str, object]] = [
        ("Case", job.case.case_number),
        ("Exhibit", job.case.exhibit_reference),
        ("Examiner", job.case.examiner),
        ("Source", job.source.path),
        ("Model", job.source.model),
        ("Serial", job.source.serial),
        ("First sector", job.parameters.start_sector),
        ("Started", job.started),
        ("Finished", manifest.finished),
        ("Program", f"{job.tool.name} {job.tool.version}"),
    ]
    return facts + digest_facts(manifest.media.digests)
