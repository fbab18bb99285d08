"""Where the templates of statements are found: the laboratory's own first, then those of the program."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from image.bounded_files import read_bounded
from image.errors import ImageNotReadError, UsageError
from image.user_folders import configuration_folder
from report.kinds.statement import unknown_places
from report.statement_template import MAXIMUM_TEMPLATE_BYTES, StatementTemplate, decode_template

OURS, THEIRS = "templates", "statements"
SUFFIX = ".toml"


def template_names(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The names of every template there is."""
    own = own_folder(os.environ if environment is None else environment)
    found = {path.stem for path in own.glob(f"*{SUFFIX}")} if own.is_dir() else set()
    ours = {item.name for item in files("report").joinpath(OURS).iterdir() if item.name.endswith(SUFFIX)}
    return tuple(sorted(found | {name.removesuffix(SUFFIX) for name in ours}))


def own_folder(environment: Mapping[str, str]) -> Path:
    """The folder of the laboratory's own templates."""
    return configuration_folder(environment) / THEIRS


def read_template(name: str, environment: Mapping[str, str] | None = None) -> tuple[str, StatementTemplate]:
    """The template of this name: its text and what it says.

    Raises:
        UsageError: no such template, or one that cannot be used; says why.
    """
    if name not in template_names(environment):
        known = ", ".join(template_names(environment))
        raise UsageError(f"no template of a statement is called {name!r}", "", f"One of: {known}")
    own = own_folder(os.environ if environment is None else environment) / f"{name}{SUFFIX}"
    where = str(own) if own.exists() else name
    try:
        text = _text(name, own)
        template = decode_template(text)
    except (ValueError, ImageNotReadError) as error:
        raise UsageError(f"{error}", where, "Mend it; docs/reference/statements.md says how") from error
    unknown = unknown_places(template)
    if unknown:
        do = "Declare it under [[fields]], or use a name of docs/reference/statements.md"
        raise UsageError(f"the template names {unknown[0]!r}, which nothing fills", where, do)
    return text, template


def _text(name: str, own: Path) -> str:
    """The text of a template; the laboratory's own comes first."""
    if own.exists():
        return read_bounded(own, MAXIMUM_TEMPLATE_BYTES, "template").decode("utf-8")
    return files("report").joinpath(OURS, f"{name}{SUFFIX}").read_text(encoding="utf-8")
