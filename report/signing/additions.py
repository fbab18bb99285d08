"""What stands between a report as it was issued and its first signature: only what a signature needs may.

pyHanko's difference analysis looks at what comes behind a signature. The report before it is one that the ledger
knows, so the same analysis is put to work from there on.
"""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification

from report.signing.first_form import PERMISSIONS, POLICY
from report.signing.objects import dictionaries, entry, items


def additions_problem(reader: PdfFileReader) -> str | None:
    """What was added to the first revision and belongs to no signature, or None."""
    try:
        found = POLICY.review_file(reader, 0)
    except (PdfError, SuspiciousModification, ValueError, TypeError, KeyError, AttributeError) as error:
        return f"the changes cannot be told ({error})"
    if isinstance(found, SuspiciousModification):
        return str(found)
    return _permissions_problem(reader)


def visible_additions(reader: PdfFileReader) -> tuple[str, ...]:
    """The names of fields that were added behind the first revision and cover part of a page."""
    before = {name for name, _ in _widgets(reader.get_historical_root(0))}
    return tuple(name for name, area in _widgets(reader.root) if area and name not in before)


def _permissions_problem(reader: PdfFileReader) -> str | None:
    """Whether the catalog's permissions name anything but a signature."""
    permissions = entry(reader.root, PERMISSIONS)
    if permissions is None:
        return None
    if not isinstance(permissions, generic.DictionaryObject) or set(permissions) != {"/DocMDP"}:
        return "the permissions of the document name something else than a certifying signature"
    return None


def _widgets(root: generic.DictionaryObject) -> list[tuple[str, float]]:
    """Name and area, in square points, of each field of a form and of its children."""
    fields = dictionaries(items(entry(root, "/AcroForm"), "/Fields"))
    return [
        (str(entry(field, "/T") or ""), _area(item))
        for field in fields
        for item in (field, *dictionaries(items(field, "/Kids")))
    ]


def _area(widget: generic.DictionaryObject) -> float:
    """The area that a widget covers, in square points; one that cannot be told counts."""
    if "/Rect" not in widget:
        return 0.0
    try:
        left, low, right, high = (float(number) for number in items(widget, "/Rect"))
    except (TypeError, ValueError):
        return 1.0
    return abs((right - left) * (high - low))
