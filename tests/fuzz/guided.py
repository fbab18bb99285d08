"""Fuzzes one target with atheris, in this process, which ends with it: python -m tests.fuzz.guided NAME SECONDS.

New inputs go to build/fuzz, those that end badly too. The product is loaded here and nowhere before, since atheris
must see it being loaded.
"""

import sys
from pathlib import Path

PRODUCT = ["image", "verify", "casedb", "acquire", "workflow"]
FOUND = Path(__file__).resolve().parents[2] / "build" / "fuzz"
LIMITS = ("-rss_limit_mb=700", "-timeout=20", "-print_final_stats=1", "-verbosity=0")
"""The counters of atheris take memory too; the tests hold the kept inputs to 300 MiB without them."""


def main() -> None:
    """Fuzz until the time is up."""
    import atheris

    with atheris.instrument_imports(include=PRODUCT):
        from tests.fuzz.kept import FOLDER
        from tests.fuzz.targets import TARGETS

    target, seconds = TARGETS[sys.argv[1]], int(sys.argv[2])
    found = FOUND / target.name
    found.mkdir(parents=True, exist_ok=True)
    limits = (*LIMITS, f"-max_total_time={seconds}", f"-max_len={target.maximum_bytes}")
    words = [sys.argv[0], *limits, f"-artifact_prefix={found}/ended-badly-", str(found), str(FOLDER / target.name)]
    atheris.Setup(words, target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
