"""The question to a time-stamping authority over HTTP (RFC 3161 section 3.4), and its answer, believed or refused.

The only module that speaks to the network. The address is http or https, redirections are not followed, the answer
is bounded, and nobody waits longer than the time limit, whatever a name server or a slow answer does.
"""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from casedb.timestamps import MAXIMUM_TOKEN_BYTES, NONCE_BYTES
from image.bounded_files import read_bounded
from image.errors import CaseError, DiskwitnessError, UsageError
from image.times import Instant
from workflow.laboratory import Laboratory, Timestamps

QUERY_TYPE = "application/timestamp-query"
SCHEMES = ("http://", "https://")
MAXIMUM_CERTIFICATES_BYTES = 1024 * 1024

Result = TypeVar("Result")


@dataclass(frozen=True)
class Stamped:
    """An authority's answer that is believed, with what it says."""

    answer: bytes
    nonce: int
    stamped: Instant
    authority: str


def believed_authorities(named: Sequence[Path], laboratory: Laboratory) -> tuple[bytes, ...]:
    """The certificates of the configured authority and of those that are named, as texts of PEM.

    Raises:
        UsageError: a file cannot be read, or holds none.
    """
    configured = laboratory.timestamps.authority
    return tuple(map(_read_authority, (*named, *([Path(configured)] if configured else []))))


def _read_authority(path: Path) -> bytes:
    from casedb.timestamp_token import read_certificates

    try:
        pem = read_bounded(path, MAXIMUM_CERTIFICATES_BYTES, "file of certificates")
        read_certificates(pem)
    except (DiskwitnessError, ValueError) as error:
        advice = "Give the certificates of the time-stamping authority in PEM"
        raise UsageError(f"no certificates ({error})", str(path), advice) from error
    return pem


def ask_authority(settings: Timestamps, imprint: bytes) -> Stamped:
    """Have the configured authority sign this SHA-256.

    Raises:
        UsageError: the configuration names no usable authority.
        CaseError: the authority cannot be reached, refuses, or its answer is not to be believed.
    """
    from casedb.timestamp_token import read_certificates, read_token, require_signed, token_request

    url, pem = _authority_of(settings)
    nonce = secrets.randbits(8 * NONCE_BYTES)
    try:
        question = token_request(imprint, nonce, settings.policy)
        answer = within(settings.timeout_seconds, lambda: post(url, question, settings.timeout_seconds))
        content = read_token(answer)
        require_signed(answer, read_certificates(pem), settings.policy)
    except (OSError, ValueError) as error:
        raise CaseError(f"no timestamp ({error})", url, "Try again: diskwitness ledger timestamp") from error
    if (content.imprint, content.nonce) != (imprint, nonce):
        raise CaseError("no timestamp (the answer is to another question)", url)
    return Stamped(answer, nonce, content.stamped, content.authority)


def _authority_of(settings: Timestamps) -> tuple[str, bytes]:
    """Address and certificates of the configured authority.

    Raises:
        UsageError: one is missing, or cannot be used.
    """
    advice = "Set timestamps.url and timestamps.authority; docs/reference/configuration.md tells of them"
    if settings.url is None or settings.authority is None:
        raise UsageError("no time-stamping authority is configured", do=advice)
    if not settings.url.startswith(SCHEMES):
        raise UsageError("the time-stamping authority has no http or https address", settings.url, advice)
    return settings.url, _read_authority(Path(settings.authority))


def post(url: str, question: bytes, timeout_seconds: float) -> bytes:
    """Send a question and read the answer.

    Raises:
        OSError: the authority cannot be reached, or answers with an error or a redirection.
        ValueError: the answer is too long, or the address is none.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, build_opener

    request = Request(url, question, {"Content-Type": QUERY_TYPE})  # noqa: S310  # http and https alone come here
    try:
        with build_opener(_unredirected()).open(request, timeout=timeout_seconds) as reply:
            answer = bytes(reply.read(MAXIMUM_TOKEN_BYTES + 1))
    except HTTPError as error:
        error.close()
        raise OSError(f"it answers HTTP {error.code}") from error
    except HTTPException as error:
        raise OSError(f"no answer in HTTP: {error!r:.200}") from error
    if len(answer) > MAXIMUM_TOKEN_BYTES:
        raise ValueError("the answer is too long")
    return answer


def _unredirected() -> type:
    """What refuses to be sent elsewhere: another address was not configured."""
    from urllib.request import HTTPRedirectHandler

    class Unredirected(HTTPRedirectHandler):
        def redirect_request(self, *_given: object) -> None:
            return None

    return Unredirected


def within(seconds: float, act: Callable[[], Result]) -> Result:
    """The result of an act that may take so long; one that takes longer is left to itself.

    Raises:
        TimeoutError: it took longer.
    """
    results: list[Result] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(act())
        except (OSError, ValueError) as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="time-stamping authority", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return results[0]
