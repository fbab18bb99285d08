"""The exit codes: their table and which one wins."""

import pytest

from diskwitness.exit_codes import MEANINGS, ExitCode, first_that_applies
from image import errors


@pytest.mark.parametrize(
    ("applying", "wins"),
    [
        ((), 0),
        ((0, 0), 0),
        ((5, 7), 7),
        ((5, 7, 6), 6),
        ((6, 8), 8),
        ((8, 4), 4),
        ((4, 9), 9),
        ((9, 3), 3),
        ((3, 2), 2),
        ((9, 8, 7, 6, 5, 4, 3, 2, 1, 0), 1),
    ],
)
def test_of_several_codes_the_first_of_the_order_wins(applying: tuple[int, ...], wins: int) -> None:
    assert first_that_applies(applying) == wins


def test_every_code_and_every_family_of_errors_is_in_the_table() -> None:
    assert set(MEANINGS) == set(ExitCode)
    families = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert {kind.exit_code for kind in families if issubclass(kind, errors.DiskwitnessError)} <= set(ExitCode)
