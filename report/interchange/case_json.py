"""The record of an exhibit as CASE/UCO JSON-LD (CASE 1.5), as `case_validate` of case-utils accepts it."""

import json

from casedb.records import Case, ExhibitRecord
from report.interchange.case_actions import add_actions, image_key
from report.interchange.case_graph import CONTEXT, CaseGraph, Node, moment, shown
from report.interchange.case_things import add_device, add_image, add_segments
from report.interchange.exported import Exported, told_facts


def render_case(exported: Exported) -> str:
    """The record as one JSON-LD document; an object has the same name in every export of the same ledger."""
    record = exported.record
    graph = CaseGraph(record.case.ledger_id)
    device = add_device(graph, record, exported.subject.acquisition)
    _add_imports(graph, record)
    add_actions(graph, record, device)
    _add_provenance(graph, record, device)
    for number, told in enumerate(told_facts(exported.report)):
        said = [f"{label}: {value}" for label, value in told.facts]
        graph.note(f"facts/{number}", told.section, said, [device])
    _add_investigation(graph, record.case)
    return json.dumps({"@context": CONTEXT, "@graph": graph.nodes}, indent=1) + "\n"


def _add_imports(graph: CaseGraph, record: ExhibitRecord) -> None:
    """Images that were made elsewhere; those with a manifest of ours are told of as acquisitions."""
    ours = {item.started_sequence for item in record.acquisitions if item.manifest is not None}
    for item in record.imports:
        if item.sequence in ours:
            continue
        key, image = image_key(item.sequence), item.image
        name = item.first_segment
        node = add_image(graph, key, name, image.format, image.media_size_bytes, item.digests)
        add_segments(graph, key, node, item.segments)


def _add_provenance(graph: CaseGraph, record: ExhibitRecord, device: Node) -> None:
    """The exhibit number, and what bears it: the thing itself, then each image of it."""
    reference = shown(record.exhibit.reference)
    numbers = [item.started_sequence for item in record.acquisitions] + [item.sequence for item in record.imports]
    images = [graph.known(image_key(number)) for number in dict.fromkeys(numbers)]
    described = {
        "uco-core:description": shown(record.exhibit.description),
        "case-investigation:exhibitNumber": reference,
        "case-investigation:rootExhibitNumber": shown(record.exhibit.parent) or reference,
        "uco-core:objectCreatedTime": moment(record.exhibit.added),
        "uco-core:object": [device, *(item for item in images if item)],
    }
    graph.add("provenance", "case-investigation:ProvenanceRecord", described)


def _add_investigation(graph: CaseGraph, case: Case) -> None:
    """The matter, its authority and agency, and everything in it."""
    authority = None
    if shown(case.legal_authority):
        told = {"case-investigation:authorizationIdentifier": shown(case.legal_authority)}
        authority = graph.add("authorization", "case-investigation:Authorization", told)
    if shown(case.agency):
        graph.add("agency", "uco-identity:Organization", {"uco-core:name": shown(case.agency)})
    described = {
        "uco-core:name": shown(case.number),
        "uco-core:description": [text for text in (shown(case.title), shown(case.description)) if text],
        "uco-core:objectCreatedTime": moment(case.created),
        "case-investigation:relevantAuthorization": authority,
        "uco-core:object": graph.references,
    }
    graph.add("investigation", "case-investigation:Investigation", described)
