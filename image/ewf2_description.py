"""What an Ex01 says of itself; loaded where there is one."""

from dataclasses import replace
from uuid import UUID

from image.description import ImageDescription
from image.ewf2.descriptors import method_name
from image.ewf2.media_facts import DRIVE_TYPES
from image.ewf2.reader import Ewf2Image
from image.opening import OpenImage
from image.sectors import merge_ranges


def with_ewf2_facts(plain: ImageDescription, image: OpenImage) -> ImageDescription:
    """The description with what an Ex01 says."""
    if not isinstance(image, Ewf2Image):
        return plain
    device, case, identifier = image.contents.device, image.contents.case, image.set_identifier
    plain = replace(
        plain,
        header=image.header,
        compression=method_name(image.contents.compression_method),
        set_identifier=str(UUID(bytes_le=identifier)) if identifier is not None else None,
        stored_digests={algorithm: value for _, algorithm, value in image.stored_digests},
        unreadable=merge_ranges(image.unreadable),
        sessions=image.contents.sessions,
    )
    if device is not None:
        known = DRIVE_TYPES.get(device.drive_type, f"unknown ({device.drive_type})")
        plain = replace(plain, media_type=known, is_physical=device.is_physical)
    if case is None:
        return plain
    return replace(
        plain,
        chunk_sectors=case.sectors_per_chunk,
        chunk_count=case.chunk_count,
        error_granularity_sectors=case.error_granularity,
    )
