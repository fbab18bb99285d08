"""The answer of `acquire`: every output with its state and its verification, or the plan of a dry run."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from acquire.result import OutputResult, OutputState
from casedb.json_values import Json, json_value
from diskwitness.answer import Answer
from diskwitness.exit_codes import ExitCode
from diskwitness.fact_lines import digest_facts, fact_lines
from diskwitness.image_answer import (
    VERDICT_CODES,
    finding_json,
    finding_lines,
    manifest_json,
    sorted_findings,
    unreadable_lines,
    verification_json,
    verification_lines,
    worst_verdict,
)
from image.errors import DestinationError, StoppedError
from image.sectors import count_sectors
from report.phrases import bytes_text
from workflow.acquisition_order import ExhibitAcquired, OutputVerified
from workflow.acquisition_plan import AcquisitionPlan

GoOn = Callable[[Sequence[Path]], str]
"""Says how to go on with a job, with some of its outputs alone where they are named."""


def answer_acquired(
    answer: Answer,
    acquired: ExhibitAcquired,
    go_on: GoOn,
    unreadable_code: ExitCode = ExitCode.UNREADABLE_SECTORS,
) -> None:
    """Tell what became of each output, what was found, which exit codes apply, and how to go on."""
    _say_facts(answer, acquired)
    for line in _lines(acquired):
        answer.say(line)
    _apply_reading(answer, acquired, go_on)
    manifest = acquired.result.manifest
    if manifest is not None and count_sectors(manifest.read.unreadable):
        answer.apply(unreadable_code)
    for error in acquired.errors:
        answer.fail(error)
    for proof in acquired.verifications:
        if proof.result is not None:
            answer.apply(VERDICT_CODES[proof.result.verdict])


def _say_facts(answer: Answer, acquired: ExhibitAcquired) -> None:
    """The fields of the JSON answer."""
    proofs = {proof.path: proof for proof in acquired.verifications}
    outputs = [_output_json(output, proofs.get(output.path), acquired) for output in acquired.result.outputs]
    first = next((output for output in outputs if output["state"] == OutputState.COMPLETE.value), {})
    verdicts = [proof.result.verdict for proof in acquired.verifications if proof.result]
    answer.facts |= {
        "verdict": worst_verdict(verdicts).value if verdicts else None,
        "image": first.get("image"),
        "digests": first.get("digests", {}),
        "stored_digests": first.get("stored_digests", {}),
        "bad_sectors": first.get("bad_sectors", []),
        "findings": first.get("findings", []),
        "files": first.get("files"),
        "outputs": outputs,
        "source": _source_json(acquired),
        "case_link": json_value(acquired.job.case_link),
        "stopped": acquired.result.stopped,
    }


def _output_json(output: OutputResult, proof: OutputVerified | None, acquired: ExhibitAcquired) -> dict[str, Json]:
    """One output: its state, and its image where that is whole."""
    state: dict[str, Json] = {"path": str(output.path), "state": output.state.value, "reason": output.reason}
    manifest = acquired.result.manifest
    if proof is None or manifest is None:
        return state | {"image": None}
    facts = manifest_json(manifest, str(proof.first_segment))
    if proof.result is not None:
        notes = [finding_json(item) for item in sorted_findings(manifest.findings)]
        known = verification_json(proof.result)
        found = known["findings"]
        assert isinstance(found, list), "findings are a list"
        facts |= known | {"findings": found + [note for note in notes if note not in found]}
    return state | facts


def _source_json(acquired: ExhibitAcquired) -> Json:
    """The source: what it is, and where the image's first sector lies on it."""
    source, parameters = acquired.job.source, acquired.job.parameters
    return {
        "path": source.path,
        "kind": source.kind,
        "model": source.model,
        "serial": source.serial,
        "size": source.size_bytes,
        "sector_size": source.sector_size_bytes,
        "start_sector": parameters.start_sector,
        "sector_count": parameters.sector_count,
        "padded_bytes": parameters.padded_bytes,
    }


def _lines(acquired: ExhibitAcquired) -> list[str]:
    """The answer for a person."""
    lines = [line for output in acquired.result.outputs for line in _output_lines(output)]
    manifest = acquired.result.manifest
    if manifest is None:
        return lines
    lines += finding_lines(manifest.findings)
    results = [proof.result for proof in acquired.verifications if proof.result is not None]
    if results:
        return [*lines, "", *(line for result in results for line in verification_lines(result))]
    facts: list[tuple[str, object]] = [("Media", bytes_text(manifest.media.size_bytes))]
    facts += digest_facts(manifest.media.digests)
    unreadable = unreadable_lines(manifest.read.unreadable, manifest.findings)
    return [*lines, *fact_lines(facts, "  "), *unreadable, "  Not verified."]


def _output_lines(output: OutputResult) -> list[str]:
    """One output in a line, and why it is not complete."""
    reason = f": {output.reason}" if output.reason else ""
    return [f"{output.state.value.upper()}  {output.path}{reason}"]


def _apply_reading(answer: Answer, acquired: ExhibitAcquired, go_on: GoOn) -> None:
    """The exit codes of the reading itself."""
    result = acquired.result
    lost = [output for output in result.outputs if output.state is OutputState.FAILED]
    for output in lost:
        what = f"an output was lost ({output.reason})"
        answer.fail(DestinationError(what, str(output.path), go_on([output.path])))
    if result.stopped and len(lost) < len(result.outputs) and not acquired.errors:
        answer.fail(StoppedError(result.stopped, do=go_on(())))


def answer_plan(answer: Answer, plan: AcquisitionPlan) -> None:
    """Tell what an acquisition would do."""
    preflight = plan.preflight
    answer.facts |= {"dry_run": True, "plan": _plan_json(plan)}
    for output, limits in zip(preflight.outputs, preflight.destinations, strict=True):
        facts: list[tuple[str, object]] = [
            ("Source", preflight.source.path),
            ("Sectors", f"{plan.sectors.sector_count} from {plan.sectors.first_sector}"),
            ("Sector size", f"{preflight.source.sector_size_bytes} bytes"),
            ("Image", output.path),
            ("Format", output.format),
            ("Chunk", f"{output.chunk_sectors} sectors" if output.chunk_sectors else "none"),
            ("Segments", f"at most {output.segment_count}, of at most {bytes_text(output.largest_file_bytes)}"),
            ("Space", f"at most {bytes_text(output.worst_case_bytes)}; {bytes_text(limits.free_bytes)} free"),
            ("File system", limits.file_system),
            *(
                ("Then", f"{item.folder}; {bytes_text(item.free_bytes)} free")
                for item in preflight.next_destinations
            ),
            ("Time", _time_text(preflight.estimated_seconds)),
            ("Clock", preflight.clock),
        ]
        for line in fact_lines(facts):
            answer.say(line)
    for note in plan.notes:
        answer.warn(note)


def _time_text(seconds: float | None) -> str | None:
    """The estimate in words: what the digests alone take on this machine."""
    return None if seconds is None else f"at least {math.ceil(seconds)} s; a slow drive or destination takes longer"


def _plan_json(plan: AcquisitionPlan) -> Json:
    """The plan as JSON; sizes in bytes."""
    preflight = plan.preflight
    return {
        "source": preflight.source.path,
        "sector_size": preflight.source.sector_size_bytes,
        "start_sector": plan.sectors.first_sector,
        "sector_count": plan.sectors.sector_count,
        "padded_bytes": preflight.padded_bytes,
        "outputs": json_value(preflight.outputs),
        "destinations": json_value(preflight.destinations),
        "next_destinations": json_value(preflight.next_destinations),
        "estimated_seconds": preflight.estimated_seconds,
        "clock": str(preflight.clock),
        "can_inhibit_sleep": preflight.can_inhibit_sleep,
        "automounters": json_value(preflight.automounters),
    }
