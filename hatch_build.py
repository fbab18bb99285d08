"""In a wheel the application's packages live under diskwitness/_app; a checkout is left as it is."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PRIVATE_PACKAGES = ("image", "acquire", "verify", "casedb", "report", "workflow")


class PrivateApp(BuildHookInterface[Any]):
    """Places our packages where no other distribution's `acquire` or `report` can meet them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add each source file of the private packages to a standard wheel; editable builds stay untouched."""
        if version != "standard":
            return
        for package in PRIVATE_PACKAGES:
            for path in sorted(Path(self.root, package).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    inside = path.relative_to(self.root).as_posix()
                    build_data["force_include"][str(path)] = f"diskwitness/_app/{inside}"
