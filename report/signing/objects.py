"""Looking into the objects of a PDF; pyHanko's own `get` gives a reference where the object stands elsewhere."""

from pyhanko.pdf_utils import generic


def entry(holder: object, key: str) -> generic.PdfObject | None:
    """The value of a dictionary at a key, wherever it stands; None where there is none, or no dictionary."""
    if not isinstance(holder, generic.DictionaryObject) or key not in holder:
        return None
    found: generic.PdfObject = holder[key]
    return found


def items(holder: object, key: str) -> generic.ArrayObject:
    """The array at a key, an empty one where there is none."""
    found = entry(holder, key)
    return found if isinstance(found, generic.ArrayObject) else generic.ArrayObject()


def dictionaries(array: generic.ArrayObject) -> list[generic.DictionaryObject]:
    """The dictionaries in an array, wherever they stand."""
    found = (item.get_object() for item in array)
    return [item for item in found if isinstance(item, generic.DictionaryObject)]
