"""What the segments of an E01 set say together: media, chunks, sectors, case data, end of the set."""

from itertools import combinations

from image.ewf.decoding import ChunkGeometry
from image.ewf.header import CaseHeader
from image.ewf.section_reader import EwfContents
from image.ewf.sections import Volume
from image.sectors import SectorRange

MAXIMUM_SECTOR_BYTES = 64 * 1024
MAXIMUM_CHUNK_BYTES = 128 * 1024 * 1024
_COMPARED = ("case_number", "exhibit_reference", "description", "examiner", "notes")


def check_volume(contents: EwfContents) -> ChunkGeometry | None:
    """The geometry of the media, or None with a finding where nothing can be decoded."""
    volume, add = contents.volume, contents.findings.add
    if volume is None:
        add("volume-section", "no section describes the media")
        return None
    if not 0 < volume.bytes_per_sector <= MAXIMUM_SECTOR_BYTES:
        add("volume-section", f"sectors of {volume.bytes_per_sector} bytes")
        return None
    if not 0 < volume.chunk_bytes <= MAXIMUM_CHUNK_BYTES:
        add("chunk-size", f"chunks of {volume.sectors_per_chunk} sectors of {volume.bytes_per_sector} bytes")
        return None
    if not volume.sector_count:
        add("media-empty", "the volume section says 0 sectors")
    wanted = -(-volume.sector_count // volume.sectors_per_chunk)
    if wanted != volume.chunk_count:
        detail = f"{volume.sector_count} sectors do not make the chunks the volume section says"
        add("sector-count", detail, expected=str(wanted), found=str(volume.chunk_count))
    return ChunkGeometry(volume.chunk_bytes, volume.sectors_per_chunk, volume.sector_count)


def check_end(contents: EwfContents, segment_count: int) -> None:
    """Whether the set ends with its last segment."""
    if contents.done_segment is None:
        contents.findings.add("set-incomplete", "no segment ends the set")
    elif contents.done_segment != segment_count - 1:
        contents.findings.add("section-order", "segments stand behind the one that ends the set")


def check_headers(contents: EwfContents) -> None:
    """Whether header, header2 and xheader tell the same case data, as far as each of them can."""
    for (first_kind, (_, first)), (kind, (_, second)) in combinations(contents.headers.items(), 2):
        for name in _COMPARED:
            told = {first_kind: getattr(first, name), kind: getattr(second, name)}
            if told[first_kind] != told[kind] and _is_telling(told):
                detail = f"{name} differs between {first_kind} and {kind}"
                contents.findings.add("header-disagreement", detail)


def _is_telling(told: dict[str, str]) -> bool:
    """Whether each form could have held the text: header has its code page, xheader only what was known early."""
    plain = told.get("header", "")
    return plain.isascii() and "?" not in plain and told.get("xheader") != ""


def check_digests(contents: EwfContents) -> None:
    """Whether hash, digest and xhash store the same digests."""
    stored: dict[str, tuple[str, str]] = {}
    for kind, digests in contents.digests:
        for algorithm, value in digests.as_hex().items():
            first_kind, first = stored.setdefault(algorithm, (kind, value))
            if value != first:
                detail = f"{algorithm} differs between {first_kind} and {kind}"
                contents.findings.add("digest-disagreement", detail, expected=first, found=value)


def check_sizes(contents: EwfContents) -> None:
    """Whether all sections state their size, or none does (specification, "Section descriptor")."""
    absent, stated = contents.stated_sizes[False], contents.stated_sizes[True]
    if absent and stated:
        detail = f"{absent} sections do not state their size, {stated} others do"
        contents.findings.add("dual-image", detail)
    elif absent:
        contents.findings.add("size-absent", f"none of {absent} sections states its size")


def check_unreadable(contents: EwfContents, volume: Volume) -> None:
    """Whether error2 and session name sectors that the image has."""
    for first, count in contents.unreadable.pairs():
        if first + count > volume.sector_count:
            detail = f"error2 names sectors {first} to {first + count - 1}"
            contents.findings.add("error2-section", f"{detail} of {volume.sector_count}")
    for session in contents.sessions:
        if session.first_sector >= volume.sector_count:
            detail = f"a session begins at sector {session.first_sector} of {volume.sector_count}"
            contents.findings.add("session-section", detail)


def place_chunks(contents: EwfContents, gaps: list[int], geometry: ChunkGeometry) -> tuple[SectorRange | None, int]:
    """Find what is lost between segments: the missing sectors, and from which table on places are unknown.

    `gaps` are the indexes of the segments in front of which chunks can be missing. With one gap everything
    behind it has its place from the end of the image; with several, only what stands in front of the first.
    """
    tables = contents.tables
    count = -(-geometry.sector_count // geometry.chunk_sectors)
    lost = count - tables.chunk_count
    if lost <= 0:
        if lost < 0:
            detail = "the tables hold more chunks than the media has"
            contents.findings.add("chunk-count", detail, expected=str(count), found=str(tables.chunk_count))
        return None, len(tables)
    if not gaps:
        detail = "the tables hold fewer chunks than the media has"
        contents.findings.add("chunk-count", detail, expected=str(count), found=str(tables.chunk_count))
    first_table = tables.tables_before(min(gaps)) if gaps else len(tables)
    first_chunk = tables.first_chunk(first_table) if first_table < len(tables) else tables.chunk_count
    tables.leave_out(first_table, lost)
    end_chunk = count if len(gaps) > 1 else first_chunk + lost
    first = first_chunk * geometry.chunk_sectors
    missing = SectorRange(first, min(end_chunk * geometry.chunk_sectors, geometry.sector_count) - first)
    detail = f"{lost} chunks are in no segment that could be read"
    contents.findings.add("media-missing", detail, sectors=missing)
    return missing, first_table if len(gaps) > 1 else len(tables)


def merged_header(contents: EwfContents) -> CaseHeader | None:
    """The case data: header2 where there is one, since it holds every character."""
    for kind in ("header2", "header", "xheader"):
        if kind in contents.headers:
            return contents.headers[kind][1]
    return None
