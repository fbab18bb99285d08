"""The answer of `convert`: that of an acquisition, and what the image that was converted stated and came to."""

from collections.abc import Sequence
from pathlib import Path

from acquire.event_kinds import EventKind
from casedb.json_values import Json, json_value
from diskwitness.acquire_answer import answer_acquired
from diskwitness.answer import Answer
from diskwitness.exit_codes import ExitCode
from diskwitness.fact_lines import fact_lines
from diskwitness.image_answer import finding_json, finding_lines, sorted_findings
from image.findings import Finding
from image.job import SourceImage
from report.phrases import counted
from workflow.conversion_order import ImageConverted
from workflow.source_check import DamagedImageError


def answer_converted(answer: Answer, converted: ImageConverted) -> None:
    """Tell what became of each output and what was found in the source image, and which exit codes apply."""
    answer_acquired(answer, converted.acquired, _begin_again, unreadable_code=ExitCode.DONE)
    answer.facts["source_image"] = _origin_json(converted.origin)
    answer.facts["source_findings"] = _findings_json(converted.findings)
    for line in _origin_lines(converted):
        answer.say(line)


def answer_refused(answer: Answer, refusal: DamagedImageError) -> None:
    """Tell why an image is not converted, with all that was found in it so far."""
    answer.facts |= {"verdict": None, "image": None, "outputs": []}
    answer.facts["source_findings"] = _findings_json(refusal.findings)
    for line in finding_lines(refusal.findings):
        answer.say(line)
    answer.fail(refusal)


def _begin_again(_: Sequence[Path]) -> str:
    """What to do about a conversion that did not reach its end."""
    return "A conversion is not gone on with: give another --output and begin again"


def _origin_json(origin: SourceImage) -> Json:
    """The source image as JSON; sizes in bytes."""
    return {
        "path": origin.path,
        "format": origin.format,
        "segment_count": origin.segment_count,
        "size": origin.stored_bytes,
        "media_size": origin.media_size_bytes,
        "case": json_value(origin.case),
        "acquired": origin.acquired,
        "program": origin.program,
        "system": origin.system,
        "model": origin.model,
        "serial": origin.serial,
        "set_identifier": origin.set_identifier,
        "digests": json_value(origin.digests),
        "unreadable_sectors": origin.unreadable_sectors,
        "manifest_sha256": origin.manifest_sha256,
        "case_link": json_value(origin.case_link),
        "accepts_damage": origin.accepts_damage,
    }


def _findings_json(findings: Sequence[Finding]) -> list[Json]:
    """Findings as JSON."""
    return [finding_json(item) for item in sorted_findings(findings)]


def _origin_lines(converted: ImageConverted) -> list[str]:
    """The source image for a person."""
    origin = converted.origin
    compared = [
        event.detail
        for event in (converted.acquired.result.manifest.read.events if converted.acquired.result.manifest else ())
        if event.kind == EventKind.SOURCE_COMPARED
    ]
    facts: list[tuple[str, object]] = [
        ("Converted from", f"{origin.path} ({origin.format}, {counted(origin.segment_count, 'segment')})"),
        ("Acquired", origin.acquired),
        ("Compared", "; ".join(compared) or None),
    ]
    return ["", *fact_lines(facts, "  "), *finding_lines(converted.findings)]
