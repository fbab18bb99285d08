"""Our own modules compiled before anything is measured, as they are wherever the program is installed.

With PYTHONDONTWRITEBYTECODE set, a checkout would be compiled anew in each run and the compiler be measured.
"""

import compileall
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("acquire", "casedb", "diskwitness", "image", "report", "verify", "workflow")


def compile_program() -> None:
    """Write the bytecode of every package of the program beside it."""
    for package in PACKAGES:
        spec = find_spec(package)
        assert spec is not None, f"{package} is not installed"
        assert spec.origin is not None, f"{package} has no file"
        compileall.compile_dir(Path(spec.origin).parent, quiet=2)
