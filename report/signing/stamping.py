"""Timestamps (RFC 3161) for signatures: whoever calls brings the way to the authority."""

from collections.abc import Callable

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from report.signing.errors import StampingError

Ask = Callable[[bytes], bytes]
"""Sends a request, DER, to an authority and gives its reply, DER."""


class AskingStamper(TimeStamper):
    """Asks one authority by the function it was given."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # it has no types
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One request and its reply.

        Raises:
            StampingError: what came is no reply.
        """
        try:
            reply = tsp.TimeStampResp.load(self._ask(req.dump()), strict=True)
            reply["status"]["status"].native  # noqa: B018  # asn1crypto reads when it is asked, and then raises
        except (ValueError, TypeError, KeyError) as error:
            raise StampingError("the answer of the time-stamping authority is no timestamp") from error
        return reply
