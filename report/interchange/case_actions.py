"""What was done with an exhibit as investigative actions of CASE: custody, acquisitions, verifications."""

from collections.abc import Mapping
from dataclasses import dataclass

from casedb.records import Acquisition, CustodyEvent, ExhibitRecord, Instant, Person, Verification
from report.interchange.case_graph import CaseGraph, Node, moment, shown
from report.interchange.case_things import (
    add_blocker,
    add_host,
    add_image,
    add_person,
    add_place,
    add_segments,
    add_tool,
    add_unreadable,
)
from report.phrases import digest_name, image_name
from report.sections.custody import CUSTODY_WORDS, events_in_time

_ACTION = "case-investigation:InvestigativeAction"


@dataclass(frozen=True)
class Done:
    """One action, ready to be added: when it began, by which key it is known, and what is said of it."""

    at: Instant
    key: str
    properties: Mapping[str, object]


def add_actions(graph: CaseGraph, record: ExhibitRecord, device: Node) -> None:
    """Add every action, each informed by the one before it in time."""
    done = [_custody(graph, event, device) for event in events_in_time(record)]
    done += [_acquired(graph, item, record, device) for item in record.acquisitions]
    done += [_verified(graph, item) for item in record.verifications]
    before: Node | None = None
    for item in sorted(done, key=lambda item: (item.at.as_datetime(), item.key)):
        before = graph.add(item.key, _ACTION, {**item.properties, "case-investigation:wasInformedBy": before})
    for verification in record.verifications:
        _note_verdict(graph, verification)


def image_key(sequence: int) -> str:
    """The key of the image that an acquisition or import came to."""
    return f"image/{sequence}"


def _custody(graph: CaseGraph, event: CustodyEvent, device: Node) -> Done:
    """One custody event."""
    people = [person for person in _people(event) if person is not None]
    nodes = [add_person(graph, person) for person in people]
    properties = {
        "uco-core:name": f"Exhibit {CUSTODY_WORDS[event.kind]}",
        "uco-core:description": [line for line in _told(event) if line],
        "uco-action:startTime": moment(event.at),
        "uco-action:endTime": moment(event.at),
        "uco-action:performer": nodes[0] if nodes else None,
        "uco-action:participant": nodes[1:],
        "uco-action:location": add_place(graph, event.to_place),
        "uco-action:object": device,
    }
    return Done(event.at, f"custody/{event.sequence}", properties)


def _people(event: CustodyEvent) -> tuple[Person | None, ...]:
    """Who had a part in an event, who did it first."""
    return event.performed_by, event.received_by, event.released_by, event.witness


def _told(event: CustodyEvent) -> list[str]:
    """What is told of an event and has no property of its own."""
    named: tuple[tuple[str, str | None], ...] = (
        ("Ledger entry", str(event.sequence)),
        ("Released by", _name(event.released_by)),
        ("Received by", _name(event.received_by)),
        ("Witness", _name(event.witness)),
        ("From", event.from_place),
        ("Seal taken off", event.seal_out),
        ("Seal put on", event.seal_in),
        ("Reason", event.reason),
        ("Condition", event.condition),
        ("Authority", event.authority),
        ("Method", event.method),
        ("Note", event.note),
    )
    return [f"{label}: {shown(value)}" for label, value in named if shown(value)]


def _name(person: Person | None) -> str | None:
    """The name of a person who had a part."""
    return person.name if person is not None else None


def _acquired(graph: CaseGraph, acquisition: Acquisition, record: ExhibitRecord, device: Node) -> Done:
    """One acquisition, and the image that it came to."""
    job = acquisition.job
    blocker = job.protection.blocker
    tools = [add_tool(graph, job.tool.name, job.tool.version, job.tool.program_sha256)]
    properties = {
        "uco-core:name": "Acquisition" if job.converted_from is None else "Conversion of an image",
        "uco-core:description": f"State: {acquisition.state.value}; ledger entry {acquisition.started_sequence}",
        "uco-action:startTime": moment(acquisition.started),
        "uco-action:endTime": moment(acquisition.finished),
        "uco-action:performer": add_person(graph, record.case.examiner),
        "uco-action:instrument": tools + ([add_blocker(graph, blocker)] if blocker and blocker.strip() else []),
        "uco-action:environment": add_host(graph, job),
        "uco-action:object": device,
        "uco-action:result": _images(graph, acquisition),
    }
    return Done(acquisition.started, f"acquisition/{acquisition.started_sequence}", properties)


def _images(graph: CaseGraph, acquisition: Acquisition) -> list[Node]:
    """The image of a finished acquisition, with its files and what could not be read."""
    manifest = acquisition.manifest
    if manifest is None:
        return []
    key, media = image_key(acquisition.started_sequence), manifest.media
    image_format = manifest.job.parameters.format
    image = add_image(graph, key, image_name(manifest), image_format, media.size_bytes, media.digests)
    add_segments(graph, key, image, manifest.segments)
    add_unreadable(graph, key, image, manifest)
    return [image]


def _verified(graph: CaseGraph, verification: Verification) -> Done:
    """One verification; what came out of it is a note, added behind it."""
    result = verification.result
    properties = {
        "uco-core:name": f"Verification: {result.verdict_text}",
        "uco-core:description": f"Ledger entry {verification.sequence}",
        "uco-action:startTime": moment(result.started),
        "uco-action:endTime": moment(result.finished),
        "uco-action:instrument": add_tool(
            graph, "diskwitness", verification.tool_version, verification.program_sha256
        ),
        "uco-action:object": _image(graph, verification),
    }
    return Done(result.started, f"verification/{verification.sequence}", properties)


def _image(graph: CaseGraph, verification: Verification) -> Node | None:
    """The image that was verified, where the graph has it."""
    return graph.known(image_key(verification.acquisition)) if verification.acquisition is not None else None


def _note_verdict(graph: CaseGraph, verification: Verification) -> None:
    """The verdict, the digests that were computed, and the findings."""
    result = verification.result
    key = f"verification/{verification.sequence}"
    said = [f"Verdict: {result.verdict_text}"]
    said += [f"{digest_name(name)} computed: {shown(value)}" for name, value in result.digests.items()]
    said += [f"{item.severity.value} {item.code}: {shown(item.detail)}" for item in result.findings]
    about = graph.known(key)
    graph.note(f"{key}/verdict", "Result of the verification", said, [about] if about else [])
