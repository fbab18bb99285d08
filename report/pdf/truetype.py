"""TrueType files as reportlab can embed them: every glyph with an advance of its own.

A font may end its list of advances early, all further glyphs having the last one (OpenType specification,
"hmtx"). reportlab scales that last one twice (pdfbase/ttfonts.py, 5.1.0), so that fonts whose em is not 1000
units get wrong widths; with the list written out the case does not arise.
"""

import struct

_DIRECTORY_OFFSET = 12
_RECORD_SIZE = 16
_METRIC_COUNT_OFFSET = 34


def with_all_advances(data: bytes) -> bytes:
    """The same font with `hmtx` written out for every glyph.

    Raises:
        ValueError: not a TrueType font with the tables that are needed.
    """
    try:
        return _rewritten(data)
    except (struct.error, KeyError) as error:
        raise ValueError(f"not a usable TrueType font: {error}") from error


def _rewritten(data: bytes) -> bytes:
    """The font with a longer `hmtx` at its end, when it needs one."""
    tables = _directory(data)
    head_offset, metrics_offset = tables[b"hhea"][1], tables[b"hmtx"][1]
    (glyph_count,) = struct.unpack_from(">H", data, tables[b"maxp"][1] + 4)
    (metric_count,) = struct.unpack_from(">H", data, head_offset + _METRIC_COUNT_OFFSET)
    if not 0 < metric_count < glyph_count:
        return data
    last_advance = data[metrics_offset + 4 * (metric_count - 1) :][:2]
    bearings = data[metrics_offset + 4 * metric_count :][: 2 * (glyph_count - metric_count)]
    more = b"".join(last_advance + bearings[at : at + 2] for at in range(0, len(bearings), 2))
    metrics = data[metrics_offset : metrics_offset + 4 * metric_count] + more
    changed = bytearray(data + bytes(-len(data) % 4))
    struct.pack_into(">H", changed, head_offset + _METRIC_COUNT_OFFSET, len(metrics) // 4)
    struct.pack_into(">LL", changed, tables[b"hmtx"][0] + 8, len(changed), len(metrics))
    return bytes(changed) + metrics


def _directory(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Each table's record offset and table offset, by tag (OpenType specification, "Table directory")."""
    (table_count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for index in range(table_count):
        record_offset = _DIRECTORY_OFFSET + _RECORD_SIZE * index
        tag, _checksum, table_offset, _length = struct.unpack_from(">4sLLL", data, record_offset)
        tables[tag] = (record_offset, table_offset)
    return tables
