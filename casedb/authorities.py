"""The time-stamping authorities that are believed, from texts of PEM; what reads tokens is loaded for the first."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from casedb.timestamp_check import CheckToken

if TYPE_CHECKING:
    from casedb.timestamp_token import Certificates


def token_check(pem: Sequence[bytes]) -> CheckToken:
    """What tells whether one of these authorities signed an answer.

    What it gives raises ValueError where the signature is not good, or a text holds no certificates.
    """

    @cache
    def certificates() -> "Certificates":
        from casedb.timestamp_token import read_certificates

        return tuple(item for text in pem for item in read_certificates(text))

    def is_believed(answer: bytes) -> bool:
        from casedb.timestamp_token import UnknownAuthorityError, require_signed

        try:
            require_signed(answer, certificates())
        except UnknownAuthorityError:
            return False
        return True

    return is_believed
