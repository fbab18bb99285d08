"""diskwitness: its own packages come first on sys.path, and nobody else's answer to their names."""

import sys
from importlib.util import find_spec
from pathlib import Path

PRIVATE_PACKAGES = ("image", "acquire", "verify", "casedb", "report", "workflow")

_here = Path(__file__).resolve().parent
_root = _here / "_app" if (_here / "_app").is_dir() else _here.parent
if str(_root) not in sys.path[:1]:
    sys.path.insert(0, str(_root))

for _name in PRIVATE_PACKAGES:
    _spec = find_spec(_name)
    if _spec is None or _spec.origin is None or not Path(_spec.origin).is_relative_to(_root):
        raise ImportError(f"{_name} is not ours: {_spec and _spec.origin}")
