"""The catalogues of report/languages: what documents say is collected from the code, and translations are compiled.

    python -m tools.messages

writes diskwitness.pot anew, brings the .po of each language up to date and compiles each to its .mo. Translators
edit the .po alone; a text that is new there is empty, and is printed in English until somebody fills it.
"""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from casedb.custody_warning import custody_warning_meanings
from casedb.finding_meanings import finding_meanings
from report.wording import DOMAIN, ENGLISH, FOLDER, LANGUAGES

ROOT = Path(__file__).parent.parent
FORMS = {"say": 1, "english": 1, "say_number": 2}
"""The functions of report/wording.py, and how many forms of a text each is given."""
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)
_OUTSIDE = ("workflow/report_attachments.py",)
_UNPRINTED = ("ledger-", "report-")
"""Findings of the ledger and of reports: they stand on the screen, and in no document."""
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""Catalogues bear no date of their own: the same texts are the same bytes."""


def sources() -> tuple[Path, ...]:
    """The files in which documents say something."""
    return (*sorted((ROOT / "report").rglob("*.py")), *(ROOT / name for name in _OUTSIDE))


def texts() -> Iterator[str | tuple[str, str]]:
    """Every text that a document can say in English; of one with a number both forms."""
    for path in sources():
        yield from texts_of(path.read_text(encoding="utf-8"))
    yield from custody_warning_meanings().values()
    yield from (meaning for code, meaning in finding_meanings().items() if not code.startswith(_UNPRINTED))


def texts_of(code: str) -> Iterator[str | tuple[str, str]]:
    """The texts in this code, those inside formatted strings too, which babel's own reader passes over."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORMS:
            given = [item.value for item in node.args if isinstance(item, ast.Constant)]
            forms = [text for text in given if isinstance(text, str)]
            if forms:
                yield forms[0] if FORMS[node.func.id] == 1 else (forms[0], forms[1])


def template() -> Catalog:
    """The catalogue of what there is to be translated."""
    catalog = _dated(Catalog(project=DOMAIN, domain=DOMAIN, fuzzy=False))
    for text in texts():
        catalog.add(text)
    return catalog


def read_catalogue(path: Path, language: str) -> Catalog:
    """The translations into a language as they stand in its .po; none where there is no file."""
    if not path.exists():
        return Catalog(locale=language, project=DOMAIN, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(catalog: Catalog) -> Catalog:
    """The same translations for the texts that there are now."""
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    return _dated(catalog)


def po_bytes(catalog: Catalog) -> bytes:
    """A catalogue as a person edits it: one text after the other in their order, without places in the code."""
    file = io.BytesIO()
    write_po(file, catalog, width=116, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """A catalogue as the program reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def template_path() -> Path:
    """Where the texts to be translated are."""
    return FOLDER / f"{DOMAIN}.pot"


def language_path(language: str, suffix: str) -> Path:
    """Where the translations into a language are, `.po` or `.mo`."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def main() -> None:
    """Bring every catalogue up to date."""
    FOLDER.mkdir(exist_ok=True)
    template_path().write_bytes(po_bytes(template()))
    for language in TRANSLATED:
        path = language_path(language, ".po")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(updated(read_catalogue(path, language))))
        language_path(language, ".mo").write_bytes(mo_bytes(read_catalogue(path, language)))


def _dated(catalog: Catalog) -> Catalog:
    """A catalogue whose head is always the same."""
    catalog.creation_date = catalog.revision_date = _MOMENT
    catalog.header_comment = "# What the documents of diskwitness say."
    catalog.version = catalog.msgid_bugs_address = ""
    catalog.last_translator = catalog.language_team = ""
    return catalog


if __name__ == "__main__":
    main()
