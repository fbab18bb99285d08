"""What the segments of an Ex01 set say together: media, chunks, sectors, end of the set."""

from image.ewf.decoding import ChunkGeometry
from image.ewf.set_checks import MAXIMUM_CHUNK_BYTES, MAXIMUM_SECTOR_BYTES
from image.ewf2.contents import Ewf2Contents
from image.ewf2.descriptors import method_name
from image.sectors import SectorRange

MAXIMUM_MEDIA_BYTES = 2**63 - 1


def check_media(contents: Ewf2Contents) -> ChunkGeometry | None:
    """The geometry of the media, or None with a finding where nothing can be decoded."""
    device, case, add = contents.device, contents.case, contents.findings.add
    if device is None or case is None:
        add("volume-section", "no segment has both device information and case data")
        return None
    if not 0 < device.bytes_per_sector <= MAXIMUM_SECTOR_BYTES:
        add("volume-section", f"sectors of {device.bytes_per_sector} bytes")
        return None
    if device.sector_count * device.bytes_per_sector > MAXIMUM_MEDIA_BYTES:
        add("volume-section", f"{device.sector_count} sectors are more than any media has")
        return None
    chunk_bytes = case.sectors_per_chunk * device.bytes_per_sector
    if not 0 < chunk_bytes <= MAXIMUM_CHUNK_BYTES:
        add("chunk-size", f"chunks of {case.sectors_per_chunk} sectors of {device.bytes_per_sector} bytes")
        return None
    if not device.sector_count:
        add("media-empty", "the device information says 0 sectors")
    wanted = -(-device.sector_count // case.sectors_per_chunk)
    if case.chunk_count not in (wanted, None):
        detail = f"{device.sector_count} sectors do not make the chunks that the case data says"
        add("sector-count", detail, expected=str(wanted), found=str(case.chunk_count))
    if case.compression_method not in (contents.compression_method, None):
        want, have = method_name(contents.compression_method), method_name(case.compression_method or 0)
        add("volume-disagreement", "case data and file header name other compression", expected=want, found=have)
    return ChunkGeometry(chunk_bytes, case.sectors_per_chunk, device.sector_count)


def check_end(contents: Ewf2Contents, segment_count: int) -> None:
    """Whether the set ends with its last segment."""
    if contents.done_segment is None:
        contents.findings.add("set-incomplete", "no segment ends the set")
    elif contents.done_segment != segment_count - 1:
        contents.findings.add("section-order", "segments stand behind the one that ends the set")


def check_unreadable(contents: Ewf2Contents, sector_count: int) -> None:
    """Whether the error table names sectors that the image has."""
    for sectors in contents.unreadable:
        if sectors.end_sector > sector_count:
            detail = f"the error table names sectors {sectors.first_sector} to {sectors.last_sector}"
            contents.findings.add("error2-section", f"{detail} of {sector_count}")


def check_chunks(contents: Ewf2Contents, lossy_fronts: list[int], geometry: ChunkGeometry) -> None:
    """Whether the tables hold every chunk of the media, each table saying where it begins.

    `lossy_fronts` are the indexes of segments in front of which chunks can be missing; chunks that are missing
    elsewhere were never in the set.
    """
    tables, add = contents.tables, contents.findings.add
    count = -(-geometry.sector_count // geometry.chunk_sectors)
    for table, first, end in (*tables.gaps(), (len(tables), tables.end_chunk, count)):
        before = tables.segment_of(table - 1) if table else -1
        behind = tables.segment_of(table) if table < len(tables) else max(lossy_fronts, default=0)
        sectors = _sectors(first, end, geometry)
        if sectors is None:
            continue
        if not any(before < front <= behind for front in lossy_fronts):
            add("chunk-count", f"no sector table has chunks {first} to {end - 1}", sectors=sectors)
        add("media-missing", f"{end - first} chunks are in no segment that could be read", sectors=sectors)
    if tables.end_chunk > count:
        want, have = str(count), str(tables.end_chunk)
        add("chunk-count", "the sector tables hold more chunks than the media has", expected=want, found=have)


def _sectors(first_chunk: int, end_chunk: int, geometry: ChunkGeometry) -> SectorRange | None:
    """The sectors of these chunks, as far as the media has them."""
    first = first_chunk * geometry.chunk_sectors
    end = min(end_chunk * geometry.chunk_sectors, geometry.sector_count)
    return SectorRange(first, end - first) if end > first else None
