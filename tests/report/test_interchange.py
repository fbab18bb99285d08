"""The record in five forms: the same facts in each, by the rules of each, whatever a stranger wrote in it."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from casedb.records import ExhibitRecord
from report.escape import visible
from report.interchange.dfxml import DFXML, OURS
from report.interchange.exported import Exported, exported_of
from report.interchange.formats import ExportFormat, render_export
from tests.report.hostile import hostile_record
from tests.report.samples import ISSUE, damaged_record, healthy_record, many_scripts_record

CASE_ONTOLOGIES = ("https://ontology.caseontology.org/", "https://ontology.unifiedcyberontology.org/")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)")
RECORDS: dict[str, Callable[[], ExhibitRecord]] = {
    "healthy": healthy_record,
    "damaged": lambda: damaged_record(12, 40),
    "many scripts": many_scripts_record,
    "hostile": hostile_record,
}


def exported(record: ExhibitRecord) -> Exported:
    """The export of this record."""
    return exported_of(record, ISSUE, "0.1.0")


def written(record: ExhibitRecord, export_format: ExportFormat) -> str:
    """The record in this form."""
    return render_export(exported(record), export_format).decode()


def case_objects(record: ExhibitRecord) -> list[dict[str, Any]]:
    """The objects of the CASE form."""
    objects: list[dict[str, Any]] = json.loads(written(record, ExportFormat.CASE))["@graph"]
    return objects


def strings_in(text: str, export_format: ExportFormat) -> str:
    """All that a reader of this form finds in it, as one text without line breaks and blanks."""
    if export_format in {ExportFormat.CASE, ExportFormat.JSON}:
        found = [*values_of(json.loads(text))]
    elif export_format is ExportFormat.DFXML:
        nodes = [*ET.fromstring(text).iter()]
        found = [part for node in nodes for part in (node.text or "", *node.attrib.values())]
    elif export_format is ExportFormat.HTML:
        page = Page()
        page.feed(text)
        found = page.texts
    else:
        found = [text]
    return visible("\n".join(found)).replace("[U+000A]", "\n")


def values_of(value: object) -> list[str]:
    """Every text and number in a JSON value."""
    if isinstance(value, dict):
        return [part for item in value.values() for part in values_of(item)]
    if isinstance(value, list):
        return [part for item in value for part in values_of(item)]
    return [str(value)]


def squeezed(text: str) -> str:
    """A text without blanks and line breaks, in which lines may have been wrapped."""
    return "".join(text.split()).casefold()


class Page(HTMLParser):
    """The elements of a page, their attributes and the texts between them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that holds nothing."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """See that what ends is what was begun last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def required_facts(record: ExhibitRecord) -> list[str]:
    """What whoever reads the record must find in it, as text."""
    acquisition = record.acquisitions[0]
    manifest = acquisition.manifest
    assert manifest is not None
    source, job = manifest.job.source, manifest.job
    facts = [
        record.case.number,
        record.case.title,
        record.case.agency,
        record.case.legal_authority,
        record.exhibit.reference,
        record.exhibit.description,
        record.exhibit.seal_number,
        source.model,
        source.serial,
        str(source.size_bytes),
        str(manifest.media.sector_size_bytes),
        *manifest.media.digests.values(),
        job.tool.version,
        job.tool.program_sha256,
        job.host.hostname,
        job.host.operator,
        job.host.kernel,
        job.protection.blocker,
        record.verifications[0].result.verdict.value,
        record.head.root_sha256,
    ]
    for item in manifest.segments:
        facts += [item.file, item.sha256, str(item.size_bytes)]
    for event in record.custody:
        people = (event.released_by, event.received_by)
        facts += [event.to_place, event.seal_out, event.seal_in, *(person.name for person in people if person)]
    for finding in (*manifest.findings, *record.verifications[0].result.findings):
        facts += [finding.code]
    return [fact for fact in facts if fact and fact.strip()]


def moments(record: ExhibitRecord) -> set[datetime]:
    """The moments that every form must tell, to the second."""
    acquisition, result = record.acquisitions[0], record.verifications[0].result
    assert acquisition.finished is not None
    told = [acquisition.started, acquisition.finished, result.started, result.finished]
    told += [event.at for event in record.custody]
    return {item.as_datetime().replace(microsecond=0) for item in told}


@pytest.mark.parametrize("export_format", ExportFormat)
@pytest.mark.parametrize("name", ["healthy", "damaged", "many scripts"])
def test_the_same_facts_stand_in_every_form(name: str, export_format: ExportFormat) -> None:
    record = RECORDS[name]()
    text = strings_in(written(record, export_format), export_format)
    found = squeezed(text)
    lost = [
        fact
        for fact in required_facts(record)
        if any(squeezed(visible(line)) not in found for line in fact.splitlines() if line.strip())
    ]
    assert not lost
    times = {datetime.fromisoformat(item).replace(microsecond=0) for item in TIME.findall(text)}
    assert moments(record) <= times


@pytest.mark.parametrize("name", RECORDS)
def test_every_unreadable_range_stands_in_every_form(name: str) -> None:
    record = RECORDS[name]()
    manifest = record.acquisitions[0].manifest
    assert manifest is not None
    size = manifest.media.sector_size_bytes
    ranges = [(item.first_sector, item.sector_count) for item in manifest.read.unreadable]
    in_bytes = sorted((first * size, count * size) for first, count in ranges)
    whole = json.loads(written(record, ExportFormat.JSON))["record"]
    listed = whole["acquisitions"][0]["manifest"]["read"]["unreadable"]
    assert [(item["first_sector"], item["sector_count"]) for item in listed] == ranges
    top = ET.fromstring(written(record, ExportFormat.DFXML))
    runs = top.findall(f"{{{OURS}}}image/{{{OURS}}}unreadable/{{{DFXML}}}byte_runs/{{{DFXML}}}byte_run")
    assert [(int(run.attrib["img_offset"]), int(run.attrib["len"])) for run in runs] == in_bytes
    facets = [item for item in case_objects(record) if item["@type"] == "uco-observable:DataRangeFacet"]
    lost = [(item["uco-observable:rangeOffset"], item["uco-observable:rangeSize"]) for item in facets]
    assert sorted(lost) == in_bytes
    for export_format in (ExportFormat.TEXT, ExportFormat.HTML):
        found = strings_in(written(record, export_format), export_format)
        assert not [first for first, _ in ranges if str(first) not in found]


@pytest.mark.parametrize("export_format", ExportFormat)
def test_the_same_record_gives_the_same_bytes(export_format: ExportFormat) -> None:
    assert written(healthy_record(), export_format) == written(healthy_record(), export_format)


@pytest.mark.parametrize("name", RECORDS)
def test_a_reference_of_the_case_form_leads_to_an_object_in_it(name: str) -> None:
    objects = case_objects(RECORDS[name]())
    names = {item["@id"] for item in objects}
    assert len(names) == len(objects)
    assert not set(references(objects)) - names


def references(value: object) -> list[str]:
    """The names of objects that other objects refer to."""
    if isinstance(value, list):
        return [name for item in value for name in references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["@id"]] if set(value) == {"@id"} else []
    return own + [name for item in value.values() for name in references(item)]


def test_an_action_of_the_case_form_is_informed_by_the_one_before_it() -> None:
    objects = {item["@id"]: item for item in case_objects(healthy_record())}
    actions = [item for item in objects.values() if item["@type"] == "case-investigation:InvestigativeAction"]
    begun = "uco-action:startTime"
    pairs = [
        (objects[item["case-investigation:wasInformedBy"]["@id"]][begun]["@value"], item[begun]["@value"])
        for item in actions
        if "case-investigation:wasInformedBy" in item
    ]
    assert len(pairs) == len(actions) - 1 == 4
    assert all(datetime.fromisoformat(before) <= datetime.fromisoformat(after) for before, after in pairs)


def test_the_elements_of_dfxml_stand_in_the_order_of_its_schema() -> None:
    top = ET.fromstring(written(damaged_record(3, 3), ExportFormat.DFXML))
    kinds = [child.tag.removeprefix(f"{{{DFXML}}}") for child in top]
    assert kinds == [
        *("metadata", "creator", "source", "fileobject", "fileobject", "fileobject"),
        *(f"{{{OURS}}}image", f"{{{OURS}}}facts"),
    ]
    file = top.find(f"{{{DFXML}}}fileobject")
    assert file is not None
    inside = [child.tag.removeprefix(f"{{{DFXML}}}") for child in file]
    assert inside == ["filename", "name_type", "filesize", "byte_runs", "hashdigest"]


@pytest.mark.parametrize("name", RECORDS)
def test_the_page_holds_only_plain_elements_and_loads_nothing(name: str) -> None:
    text = written(RECORDS[name](), ExportFormat.HTML)
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open
    plain = (
        "html head meta title style body header main nav section h1 h2 h3 p strong div dl dt dd code pre ol li a"
    )
    tables = "table caption thead tbody tr th td figure figcaption svg text rect polyline polygon circle"
    assert {tag for tag, _ in page.elements} <= {*plain.split(), *tables.split()}
    attributes = {name for _, found in page.elements for name in found}
    assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcset"}]
    targets = [found["href"] for _, found in page.elements if "href" in found]
    assert all(re.fullmatch(r"#s\d+", target or "") for target in targets)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def test_the_policy_of_the_page_allows_its_own_style_and_nothing_else() -> None:
    text = written(healthy_record(), ExportFormat.HTML)
    page = Page()
    page.feed(text)
    policies = [found["content"] for tag, found in page.elements if "http-equiv" in found]
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_draws_map_speed_and_timeline() -> None:
    page = Page()
    page.feed(written(damaged_record(3, 40), ExportFormat.HTML))
    pictures = [found["aria-label"] for tag, found in page.elements if tag == "svg"]
    assert len(pictures) == 3
    fills = [found.get("fill") for tag, found in page.elements if tag == "rect"]
    assert "#e6731f" in fills or "#e67321" in fills
    assert len([tag for tag, _ in page.elements if tag == "polygon"]) == 1
    assert len([tag for tag, _ in page.elements if tag == "circle"]) >= 4


@pytest.mark.parametrize("export_format", [ExportFormat.CASE, ExportFormat.DFXML, ExportFormat.HTML])
def test_what_cannot_be_seen_is_printed_as_its_number(export_format: ExportFormat) -> None:
    text = written(hostile_record(), export_format)
    assert "\u202e" not in text
    assert "\\u202e" not in text
    assert "[U+202E][U+0000][U+0007]" in strings_in(text, export_format)


def test_json_keeps_every_string_exactly() -> None:
    record = hostile_record()
    whole = json.loads(written(record, ExportFormat.JSON))
    assert whole["record"]["exhibit"]["description"] == record.exhibit.description
    assert whole["record"]["verifications"][0]["result"]["verdict"] == "FAILED"
