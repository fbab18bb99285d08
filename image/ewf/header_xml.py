"""The case data of EWF-X, in its xheader section: zlib-compressed XML (specification, "Xheader")."""

import re
from html import unescape

from image.ewf.header import MAXIMUM_HEADER_BYTES, CaseHeader
from image.ewf.inflation import inflate_bounded

_NAMES = {
    b"case_number": "case_number",
    b"evidence_number": "exhibit_reference",
    b"description": "description",
    b"examiner_name": "examiner",
    b"notes": "notes",
    b"model": "model",
    b"serial_number": "serial",
    b"device_label": "device_label",
    b"acquiry_software_version": "program_version",
    b"acquiry_operating_system": "system_version",
}
"""Element in the file -> field; dates have no fixed form and are left out."""

_VALUE = re.compile(rb"<(%s)>([^<]*)</" % b"|".join(_NAMES))


def decode_xheader(data: bytes) -> CaseHeader:
    """Read the contents of an xheader section; of an element that is repeated, the first counts.

    Raises:
        DefectError: `header-section`: it does not inflate, or to more than 16 MiB.
    """
    text = inflate_bounded(data, MAXIMUM_HEADER_BYTES, "header-section")
    values: dict[str, str] = {}
    for name, value in _VALUE.findall(text):
        values.setdefault(_NAMES[name], unescape(value.decode("utf-8", "replace")))
    return CaseHeader(**values)  # type: ignore[arg-type]  # texts by their names
