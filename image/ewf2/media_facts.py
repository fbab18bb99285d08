"""What an Ex01 says of its media and of the case, from its device information and case data.

Specification: "Device information", "Case data". Numbers are decimal texts; an empty one says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from image.ewf.defects import DefectError
from image.ewf.header import CaseHeader

MAXIMUM_DIGITS = 20
DRIVE_TYPES = {
    "a": "RAM disk",
    "c": "optical",
    "f": "fixed",
    "l": "logical files",
    "m": "memory",
    "p": "PALM",
    "r": "removable",
}
"""Value of `dt` -> what was imaged (specification, "Drive type")."""


@dataclass(frozen=True, slots=True)
class DeviceInformation:
    """The drive as an Ex01 tells it; sizes in sectors and bytes."""

    sector_count: int
    bytes_per_sector: int
    drive_type: str = ""
    is_physical: bool = False
    model: str = ""
    serial: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class CaseData:
    """The case as an Ex01 tells it, and how its media is cut; a number that is not told is None."""

    sectors_per_chunk: int
    chunk_count: int | None
    compression_method: int | None
    error_granularity: int | None
    description: str = ""
    case_number: str = ""
    evidence_number: str = ""
    examiner: str = ""
    notes: str = ""
    program_version: str = ""
    system_version: str = ""
    target_time: datetime | None = None
    actual_time: datetime | None = None


def device_information(attributes: Mapping[str, str]) -> DeviceInformation:
    """Read the attributes of the device information.

    Raises:
        DefectError: `volume-section`: a number is missing or is none.
    """
    return DeviceInformation(
        sector_count=_required(attributes, "ts"),
        bytes_per_sector=_required(attributes, "bp"),
        drive_type=attributes.get("dt", ""),
        is_physical=attributes.get("ph", "") == "1",
        model=attributes.get("md", ""),
        serial=attributes.get("sn", ""),
        label=attributes.get("lb", ""),
    )


def case_data(attributes: Mapping[str, str]) -> CaseData:
    """Read the attributes of the case data.

    Raises:
        DefectError: `volume-section`: a number that is needed is missing, or one is none.
    """
    return CaseData(
        sectors_per_chunk=_required(attributes, "sb"),
        chunk_count=_number(attributes, "tb"),
        compression_method=_number(attributes, "cp"),
        error_granularity=_number(attributes, "gr"),
        description=attributes.get("nm", ""),
        case_number=attributes.get("cn", ""),
        evidence_number=attributes.get("en", ""),
        examiner=attributes.get("ex", ""),
        notes=attributes.get("nt", ""),
        program_version=attributes.get("av", ""),
        system_version=attributes.get("os", ""),
        target_time=_moment(attributes.get("tt", "")),
        actual_time=_moment(attributes.get("at", "")),
    )


def case_header(device: DeviceInformation | None, case: CaseData | None) -> CaseHeader | None:
    """The case data in the words of E01; None where there is none."""
    if case is None:
        return None
    return CaseHeader(
        case_number=case.case_number,
        exhibit_reference=case.evidence_number,
        description=case.description,
        examiner=case.examiner,
        notes=case.notes,
        model=device.model if device is not None else "",
        serial=device.serial if device is not None else "",
        device_label=device.label if device is not None else "",
        program_version=case.program_version,
        system_version=case.system_version,
        acquired=case.target_time,
        system_date=case.actual_time,
    )


def _required(attributes: Mapping[str, str], tag: str) -> int:
    """The number of a tag.

    Raises:
        DefectError: `volume-section`: it is not there or is no number.
    """
    number = _number(attributes, tag)
    if number is None:
        raise DefectError("volume-section", f"attribute {tag} is empty")
    return number


def _number(attributes: Mapping[str, str], tag: str) -> int | None:
    """The number of a tag, None where it is empty.

    Raises:
        DefectError: `volume-section`: it is no number.
    """
    text = attributes.get(tag, "")
    if not text:
        return None
    if len(text) > MAXIMUM_DIGITS or not (text.isascii() and text.isdigit()):
        raise DefectError("volume-section", f"attribute {tag} is no number")
    return int(text)


def _moment(text: str) -> datetime | None:
    """Seconds since 1970 as a date; None where it is none."""
    try:
        return datetime.fromtimestamp(int(text), UTC) if text.isascii() and text.isdigit() else None
    except (ValueError, OverflowError, OSError):
        return None
