"""Whose signatures under reports are believed: the configuration's certificates and those that are named."""

from collections.abc import Callable, Iterable
from pathlib import Path

from image.bounded_files import read_bounded
from image.errors import DiskwitnessError, UsageError
from image.times import Clock
from workflow.laboratory import Laboratory
from workflow.pdf_child import Believed

MAXIMUM_BYTES = 16 * 1024 * 1024


def read_believed(named: Iterable[Path], laboratory: Laboratory, clock: Clock) -> Believed:
    """The certificates and revocation lists, read and found good.

    Raises:
        UsageError: a file that cannot be read, or holds none.
    """
    from report.signing.certificates import read_certificates, read_revocations

    settings = laboratory.signing
    authority = laboratory.timestamps.authority
    trusted = [*named, *map(Path, settings.trust), *([Path(authority)] if authority else [])]
    roots = tuple(_read(path, "certificate", read_certificates) for path in trusted)
    crls = tuple(_read(Path(name), "revocation list", read_revocations) for name in settings.crls)
    return Believed(clock.now().as_datetime(), roots, crls)


def _read(path: Path, what: str, decode: Callable[[bytes], object]) -> bytes:
    """The bytes of one file, after a look at them."""
    try:
        data = read_bounded(path, MAXIMUM_BYTES, what)
        decode(data)
    except (DiskwitnessError, ValueError, TypeError) as error:
        raise UsageError(f"no {what} can be read ({error})", str(path), "Give it as PEM or DER") from error
    return data
