"""Whether a test run left tests out that this machine could have run.

    python -m tools.skipped_tests build/tests.xml

A skipped test is fine only where its reason names something that is really absent and that no package installs.
"""

import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

# What a reason says, and whether it is true here.
ALLOWED: tuple[tuple[str, Callable[[], bool]], ...] = (
    (r"^root may", lambda: os.geteuid() == 0),
    (r"^(?!root may).*\broot\b", lambda: os.geteuid() != 0),
    (r"\bloop\b", lambda: not Path("/dev/loop-control").exists()),
    (r"\bFUSE\b|/dev/fuse", lambda: not Path("/dev/fuse").exists()),
    (r"kernel's messages", lambda: not os.access("/dev/kmsg", os.R_OK)),
    (r"\bshared\b", lambda: not Path("../shared").is_dir()),
)


def main() -> None:
    """Print every skip that should not have been one, and fail if there is any."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.skipped_tests RESULTS.xml")
    skips = read_skips(Path(sys.argv[1]))
    wrong = [(test, reason) for test, reason in skips if not is_allowed(reason)]
    for test, reason in wrong:
        print(f"left out without need: {test}: {reason}")
    print(f"{len(skips)} tests left out, {len(wrong)} of them without need")
    sys.exit(1 if wrong else 0)


def read_skips(results: Path) -> list[tuple[str, str]]:
    """The name and the reason of each skipped test in a JUnit file that our own run wrote."""
    cases = ET.parse(results).getroot().iter("testcase")
    skipped = [(case, case.find("skipped")) for case in cases]
    return [
        (f"{case.get('classname')}.{case.get('name')}", skip.get("message", ""))
        for case, skip in skipped
        if skip is not None
    ]


def is_allowed(reason: str) -> bool:
    """Whether the reason names a cause that is allowed, and true on this machine."""
    return any(re.search(pattern, reason, re.IGNORECASE) and holds() for pattern, holds in ALLOWED)


if __name__ == "__main__":
    main()
