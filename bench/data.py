"""The data that is imaged: 40 % file content, 30 % random, 30 % zeros, interleaved in runs.

File content is that of the interpreter's own library, so the same interpreter makes the same bytes anywhere.
"""

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

SEED = 20260105
RUN_BYTES = 256 * 1024
# Ten runs in this proportion, in an order drawn anew each time.
MIXTURE = ("file",) * 4 + ("random",) * 3 + ("zeros",) * 3
POOL_BYTES = 64 * 1024 * 1024


def write_data(path: Path, size_bytes: int) -> None:
    """Create a file of this many bytes, a whole number of 512-byte sectors."""
    with path.open("xb") as target:
        left_bytes = size_bytes
        for piece in _runs():
            target.write(piece[:left_bytes])
            left_bytes -= min(left_bytes, len(piece))
            if not left_bytes:
                return


def _runs() -> Iterator[memoryview]:
    """Runs of 256 KiB without end, drawn with a fixed seed."""
    draw = random.Random(SEED)
    pools = {"file": _file_content(), "random": memoryview(draw.randbytes(POOL_BYTES))}
    zeros = memoryview(bytes(RUN_BYTES))
    places = {"file": 0}
    while True:
        for kind in draw.sample(MIXTURE, len(MIXTURE)):
            if kind == "zeros":
                yield zeros
                continue
            last = len(pools[kind]) - RUN_BYTES
            # Files follow one another as on a disk; random bytes are cut anywhere, so that no run comes twice.
            first = places["file"] if kind == "file" else draw.randrange(last)
            places["file"] = (first + RUN_BYTES) % last if kind == "file" else places["file"]
            yield pools[kind][first : first + RUN_BYTES]


def _file_content() -> memoryview:
    """The interpreter's library, compiled modules and sources alike, in the order of their names."""
    library = Path(sysconfig.get_path("stdlib"))
    content = bytearray()
    for path in sorted(library.rglob("*")):
        kept = path.suffix in {".py", ".so", ".txt", ".a"} and "site-packages" not in path.parts
        if kept and path.is_file() and len(content) < POOL_BYTES:
            content += path.read_bytes()
    return memoryview(bytes(content))
