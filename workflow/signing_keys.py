"""The key that a report is signed with, opened for the length of a signature."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from image.bounded_files import read_bounded
from image.errors import CaseError, ImageNotReadError, UsageError
from report.signing.errors import SigningError

if TYPE_CHECKING:
    from report.signing.credentials import Signer


@contextmanager
def open_signer(p12: Path, passphrase: bytes) -> Iterator["Signer"]:
    """The signer in a PKCS#12 file.

    Raises:
        UsageError: it cannot be read, or the passphrase is wrong.
    """
    from report.signing.credentials import MAXIMUM_P12_BYTES, open_pkcs12

    try:
        signer = open_pkcs12(read_bounded(p12, MAXIMUM_P12_BYTES, "PKCS#12 file"), passphrase or None)
    except SigningError as error:
        raise UsageError(error.what, str(p12), error.do) from error
    except ImageNotReadError as error:
        raise UsageError(error.what, str(p12), "Name a PKCS#12 file") from error
    yield signer


@contextmanager
def open_token_signer(uri: str, pin: bytes | None) -> Iterator["Signer"]:
    """The signer in a token that a URI names (RFC 7512), as the ledger's key is named.

    Raises:
        UsageError: no such URI, or the token cannot be used.
    """
    from casedb.token_key import decode_uri
    from report.signing.token_credentials import open_token

    try:
        key = decode_uri(uri, pin)
    except CaseError as error:
        raise UsageError(error.what, error.where, error.do) from error
    try:
        with open_token(key.module, key.token, key.label, key.pin) as signer:
            yield signer
    except SigningError as error:
        raise UsageError(error.what, str(key), error.do) from error
