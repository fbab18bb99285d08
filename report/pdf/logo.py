"""The laboratory's logo: a PNG or JPEG picture of strangers' making, brought into plain red, green and blue.

PDF/A allows colours only of the one kind that the document names (ISO 19005-3, 6.2.4), so a picture in the
colours of printing inks, or one that lets the ground shine through, is computed anew on white.
"""

import io
import warnings

from PIL import Image

MOST_PIXELS = 16_000_000
_KINDS = ("PNG", "JPEG")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_LARGEST_SIDE = 1_600


def read_logo(data: bytes) -> Image.Image:
    """The picture on white, no larger than print can show.

    Raises:
        ValueError: not a PNG or JPEG picture, damaged, or far too large.
    """
    if not data.startswith(_SIGNATURES):
        raise ValueError("the logo is neither a PNG nor a JPEG picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_KINDS)
        if picture.width * picture.height <= MOST_PIXELS:
            return _on_white(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("the logo cannot be read: it is damaged or far too large") from error
    raise ValueError("the logo is far too large")


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture in red, green and blue, what lets the ground through laid on white."""
    picture.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    shown = picture.convert("RGBA")
    white = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(white, shown).convert("RGB")
