"""The form of a signature's own bytes, which it cannot cover itself: nothing may hide in them."""

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


def form_problem(signature: EmbeddedPdfSignature, pdf: bytes) -> str | None:
    """What is wrong with the place that holds the signature, or None.

    Behind its DER there may be zeros only, and its hex digits are all small or all capital letters.
    """
    content = signature.pkcs7_content
    if content[_der_length(content) :].strip(b"\0") or not _is_filled(content):
        return "there are bytes behind the signature's end, in the room that was left for it"
    ranges = signature.byte_range
    digits = pdf[ranges[1] + 1 : ranges[2] - 1]
    if digits not in (content.hex().encode(), content.hex().upper().encode()):
        return "the signature is not written as it was put in"
    return None


def _is_filled(content: bytes) -> bool:
    """Whether the outermost value holds its two parts and nothing else (RFC 5652, section 3)."""
    end = _der_length(content)
    at = 2 + (content[1] & 0x7F if content[1:2] >= b"\x80" else 0)
    for _ in range(2):
        at += _der_length(content[at:end])
    return at == end


def _der_length(content: bytes) -> int:
    """How many bytes the outermost value takes (X.690, 8.1.3)."""
    if len(content) < 2:
        return len(content)
    first = content[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count], "big")
