"""A statement as a laboratory writes it: a text with named places, kept in a data file and checked when it is read.

Places are `{name}`; the names are those of report/statement_fields.py, which the record fills, and those that the
template declares itself, which a person fills.
"""

import re
import tomllib
from dataclasses import dataclass

import msgspec

MAXIMUM_TEMPLATE_BYTES = 64 * 1024
DECLARANT = "declarant"
PLACE = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class PersonField:
    """Something that only a person can say: its name and its label."""

    name: str
    label: str


@dataclass(frozen=True)
class StatementPart:
    """One part of a statement: its paragraphs, the facts under them by name, and who signs it.

    `signed_by` names the field that holds the name of the person who signs.
    """

    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...] = ()
    signer: str | None = None
    signed_by: str = DECLARANT


@dataclass(frozen=True)
class StatementTemplate:
    """A statement: its title, its parts, and what persons fill in. A draft says on its face that it is one.

    `language` is the one that it is written in (ISO 639-1), where it says so: a document of it is all in that one.
    """

    title: str
    parts: tuple[StatementPart, ...]
    fields: tuple[PersonField, ...] = ()
    draft: bool = True
    source: str | None = None
    language: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """Every name that the text or its facts refer to, each once."""
        texts = [text for part in self.parts for text in part.paragraphs]
        named = [name for text in texts for name in PLACE.findall(text)]
        return tuple(dict.fromkeys((*named, *(name for part in self.parts for name in part.facts))))


def decode_template(text: str) -> StatementTemplate:
    """The template in this TOML.

    Raises:
        ValueError: not TOML, of another shape, too large, or with a name that cannot be one; says which.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAXIMUM_TEMPLATE_BYTES:
        raise ValueError(f"a template has at most {MAXIMUM_TEMPLATE_BYTES} bytes")
    try:
        template = msgspec.convert(tomllib.loads(text), StatementTemplate)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError(f"not a template of a statement: {error}") from error
    wrong = [item.name for item in template.fields if not _NAME.fullmatch(item.name)]
    if wrong or not template.parts:
        raise ValueError(
            f"not a template of a statement: {f'the name {wrong[0]!r}' if wrong else 'it has no part'}"
        )
    return template
