"""What pyHanko would write on the terminal is not said: all that matters comes back as a value or an error."""

import logging
from functools import cache

LOGGERS = ("pyhanko", "pyhanko_certvalidator")


@cache
def silence() -> None:
    """Let the loggers of pyHanko write nowhere; once for a process."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
