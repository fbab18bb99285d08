"""In a wheel the application's packages live under diskwitness/_app; a checkout is left as it is.

Both get the library of image/ewf/chunk_batches.c where there is a C compiler; without one, chunks go one by one.
"""

import os
import shlex
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PRIVATE_PACKAGES = ("image", "acquire", "verify", "casedb", "report", "workflow")
SOURCE = Path("image", "ewf", "chunk_batches.c")
LIBRARY = Path("image", "ewf", "libchunk_batches.so")
COMPILER_OPTIONS = ("-std=c11", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Wl,--build-id=none")


class PrivateApp(BuildHookInterface[Any]):
    """Places our packages where no other distribution's `acquire` or `report` can meet them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is in C, and add each file of the private packages to a standard wheel."""
        is_compiled = self._compile()
        if version != "standard":
            return
        for package in PRIVATE_PACKAGES:
            for path in sorted(Path(self.root, package).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    inside = path.relative_to(self.root).as_posix()
                    build_data["force_include"][str(path)] = f"diskwitness/_app/{inside}"
        if is_compiled:
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data.update(pure_python=False, tag=f"py3-none-{platform}")

    def _compile(self) -> bool:
        """Make the library anew; False, with a word about it, where that cannot be done."""
        library = Path(self.root, LIBRARY)
        library.unlink(missing_ok=True)
        compiler = shlex.split(os.environ.get("CC", "cc"))
        words = [*compiler, *COMPILER_OPTIONS, "-o", str(library), str(Path(self.root, SOURCE))]
        try:
            subprocess.run(words, check=True, cwd=self.root)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"without {LIBRARY.name} diskwitness is slower, not different: {error}")
        return library.is_file()
