"""The language of a document: English stands in the code, its translations in report/languages (GNU gettext).

A document is built and printed within `speaking(language)`; everything it says of its own goes through `say`. What
has no translation is said in English. Values are put in afterwards and never looked up: they are the record's.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr")
"""What documents can be printed in, as ISO 639-1 names it."""
DOMAIN = "diskwitness"
FOLDER = Path(__file__).parent / "languages"

_ENGLISH = gettext.NullTranslations()
_catalogue: ContextVar[gettext.NullTranslations] = ContextVar("catalogue")


def english(text: str) -> str:
    """The same text: it stands in a table, is to be translated, and is said where it is used."""
    return text


def say(text: str, /, **values: object) -> str:
    """A text in the language of the document, its places filled with these values."""
    said = _catalogue.get(_ENGLISH).gettext(text)
    return said.format(**values) if values else said


def say_number(one: str, many: str, count: int, /, **values: object) -> str:
    """A text with a number, `{count}`, in the form that the language has for it (gettext, plural forms)."""
    return _catalogue.get(_ENGLISH).ngettext(one, many, count).format(count=count, **values)


def said(text: str | None) -> str | None:
    """A text of a table that may hold nothing."""
    return None if text is None else say(text)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let everything that is said meanwhile be in this language; one that is not known here is English."""
    with speaking_by(catalogue_of(language)):
        yield


@contextmanager
def speaking_by(catalogue: gettext.NullTranslations) -> Iterator[None]:
    """Let everything that is said meanwhile be what this catalogue makes of it."""
    before = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(before)


@cache
def catalogue_of(language: str) -> gettext.NullTranslations:
    """The translations into a language; none for English and for a language that is not known.

    Raises:
        OSError: the catalogue of a known language is not where it belongs: the installation is not whole.
    """
    if language == ENGLISH or language not in LANGUAGES:
        return _ENGLISH
    return gettext.translation(DOMAIN, FOLDER, [language])
