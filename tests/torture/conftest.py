"""What every torture run has: a place for its figures."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import station as station  # the workstation of the command line tests
from tests.conftest import FIGURES

Count = Callable[..., None]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Tell the figures of a kind of run, as in `count("fault scripts", scripts=1)`: they are summed and printed."""

    def tell(kind: str, **figures: int) -> None:
        record_property(FIGURES + kind, {name.replace("_", " "): number for name, number in figures.items()})

    return tell
