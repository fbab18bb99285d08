"""Where a person's own files of this program lie: the folders of the XDG Base Directory Specification."""

from collections.abc import Mapping
from pathlib import Path

FOLDER_NAME = "diskwitness"


def configuration_folder(environment: Mapping[str, str]) -> Path:
    """The folder of configuration and key: `diskwitness` below XDG_CONFIG_HOME, else below ~/.config."""
    return _folder(environment, "XDG_CONFIG_HOME", Path(".config"))


def state_folder(environment: Mapping[str, str]) -> Path:
    """The folder of lists and logs: `diskwitness` below XDG_STATE_HOME, else below ~/.local/state."""
    return _folder(environment, "XDG_STATE_HOME", Path(".local", "state"))


def _folder(environment: Mapping[str, str], variable: str, below_home: Path) -> Path:
    """Our folder; a variable with a relative path counts as not set (specification, "Environment variables")."""
    given = Path(environment.get(variable, ""))
    base = given if given.is_absolute() else Path(environment.get("HOME") or Path.home()) / below_home
    return base / FOLDER_NAME
