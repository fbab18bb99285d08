"""A rescue that another program began: a rescue file and a map by our names, and no journal."""

from collections.abc import Sequence
from pathlib import Path

from acquire.destination import existing_files
from image.sidecars import Sidecar


def has_foreign_rescue(outputs: Sequence[Path]) -> bool:
    """Whether a rescue file and a map stand at the first output, and nothing else of an image at any."""
    if not outputs:
        return False
    foreign = {Sidecar.RESCUE.beside(outputs[0]), Sidecar.MAP.beside(outputs[0])}
    return {path for output in outputs for path in existing_files(output)} == foreign
